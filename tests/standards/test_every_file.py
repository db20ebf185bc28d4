"""Every file that the page lists stands before a reader that somebody else wrote.

The list is that of the code. A new file without a reader fails here; so does a reader that
takes a damaged file for a whole one.
"""

import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frictionless
import httpx
import openpyxl
import pytest
import python_calamine
from geojson_pydantic import FeatureCollection
from lxml import etree
from markdown_it import MarkdownIt
from PIL import Image

from mobilise.db import Database
from mobilise.opendata.graphics import GRAPHICS
from mobilise.opendata.package import EVERY
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY, data
from tests.opendata.test_data_page import PAGE, Read

SPACE = "{http://www.w3.org/2000/svg}"
Schema = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """`reads` raises, or tells what is wrong; `spoils` makes a file that it must not take."""

    reads: Callable[[bytes, Schema], object]
    spoils: Callable[[bytes], bytes]


def _csv(content: bytes, schema: Schema) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "table.csv").write_bytes(content)
        resource = frictionless.Resource(
            path="table.csv", basepath=folder, schema=frictionless.Schema.from_descriptor(schema)
        )
        return [error for (error,) in resource.validate().flatten(["type"])]


def _json(content: bytes, _schema: Schema) -> list[str]:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(dict(pairs)) == len(pairs), "a name that stands twice"
        return dict(pairs)

    found = json.loads(content.decode("utf-8"), object_pairs_hook=once)
    return [] if isinstance(found, dict) and "NaN" not in repr(found) else ["no object"]


def _sqlite(content: bytes, _schema: Schema) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.sqlite"
        path.write_bytes(content)
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("pragma integrity_check").fetchall()
            return [] if found == [("ok",)] else [str(found)]


def _xlsx(content: bytes, _schema: Schema) -> list[str]:
    return [] if openpyxl.load_workbook(io.BytesIO(content)).sheetnames else ["no sheet"]


def _ods(content: bytes, _schema: Schema) -> list[str]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return [] if len(book.sheet_names) > 1 else ["no sheet"]


def _markdown(content: bytes, _schema: Schema) -> list[str]:
    kinds = [each.type for each in MarkdownIt("commonmark").parse(content.decode("utf-8"))]
    return [] if kinds.count("heading_open") > 1 and "html_block" not in kinds else ["no text"]


def _svg(content: bytes, _schema: Schema) -> list[str]:
    drawn = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    ids = [each.get("id") for each in drawn.iter() if each.get("id")]
    told = [drawn.find(f"{SPACE}{name}") is not None for name in ("title", "desc")]
    whole = drawn.tag == f"{SPACE}svg" and len(set(ids)) == len(ids) and all(told)
    return [] if whole else ["no drawing"]


def _png(content: bytes, _schema: Schema) -> list[str]:
    Image.open(io.BytesIO(content)).verify()  # the checksum of each part
    return [] if Image.open(io.BytesIO(content)).format == "PNG" else ["no PNG"]


def _geojson(content: bytes, _schema: Schema) -> list[str]:
    found = FeatureCollection.model_validate_json(content)
    return [] if found.type == "FeatureCollection" else ["no collection"]


def _without_its_end(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def _turned(content: bytes) -> bytes:
    """One byte in the middle is another."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


READERS = {
    "csv": Reader(_csv, lambda content: content.replace(b",", b";", 3)),
    "json": Reader(_json, _without_its_end),
    "sqlite": Reader(_sqlite, _without_its_end),
    "xlsx": Reader(_xlsx, _without_its_end),
    "ods": Reader(_ods, _without_its_end),
    "md": Reader(_markdown, lambda content: content.replace(b"#", b"")),
    "svg": Reader(_svg, _without_its_end),
    "png": Reader(_png, _turned),
    "geojson": Reader(_geojson, _without_its_end),
}
PICTURES = [f"{graphic.name}.{kind}" for graphic in GRAPHICS for kind in ("svg", "png")]
NAMES = [*(file.name for file in EVERY), *PICTURES, "areas.geojson"]


def reader(name: str) -> Reader:
    kind = name.rpartition(".")[2]
    assert kind in READERS, f"{name}: nobody else's reader is asked about it"
    return READERS[kind]


async def schemas(client: httpx.AsyncClient) -> dict[str, Schema]:
    resources = (await client.get(data("datapackage.json"))).json()["resources"]
    return {each["path"]: each.get("schema", {}) for each in resources}


@pytest.fixture
async def park(client: httpx.AsyncClient, db: Database, store: Store, settings: Settings) -> None:
    found = await past.park(db, settings, title=NASTY)
    await past.told_apart(db, settings, found)
    await make.document(db, store, found, title=NASTY)


@pytest.mark.usefixtures("park")
async def test_every_row_of_the_page_has_a_reader(client: httpx.AsyncClient) -> None:
    page = Read((await client.get(PAGE)).text)
    listed = [name for row in page.named["download"][1:] for name in row[0].split()]
    assert len(listed) >= 5
    for name in listed:
        assert name in NAMES and reader(name)
    linked = {each.rpartition("/")[2] for each in page.links if "/data/" in each}
    kinds = {each.rpartition(".")[2] for each in linked if "." in each}
    assert kinds - {"zip"} <= set(READERS), "what is offered is read by somebody"


@pytest.mark.usefixtures("park")
@pytest.mark.parametrize("name", NAMES)
async def test_somebody_else_reads_it_and_no_damaged_one(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.get(data(name))
    assert answer.status_code == 200
    schema = (await schemas(client)).get(name, {})
    assert not reader(name).reads(answer.content, schema)
    try:
        told = reader(name).reads(reader(name).spoils(answer.content), schema)
    except (ValueError, OSError, SyntaxError, KeyError, AttributeError) as error:
        told = error
    except (sqlite3.Error, zipfile.BadZipFile, python_calamine.CalamineError) as error:
        told = error
    assert told, "a damaged file was taken for a whole one"


def test_a_kind_that_nobody_reads_is_noticed() -> None:
    with pytest.raises(AssertionError, match=r"data\.parquet"):
        reader("data.parquet")
