"""bundle.zip: explains itself, is the same twice, and is never held as a whole."""

import asyncio
import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata import bundle, editions, json_table
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import measure
from mobilise.opendata.package import EVERY
from mobilise.opendata.table import DOCUMENTS
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY, ago, data


async def unpacked(client: httpx.AsyncClient) -> zipfile.ZipFile:
    answer = await client.get(data("bundle.zip"))
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


async def test_it_holds_every_file_as_it_is_served(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await make.document(db, store, park)
    archive = await unpacked(client)
    assert archive.namelist()[:3] == ["README.md", "LICENSE.md", "datapackage.json"]
    assert archive.namelist() == [file.name for file in EVERY]
    for name in archive.namelist():
        assert archive.read(name) == (await client.get(data(name))).content


async def test_its_checksums_hold_once_it_is_unpacked(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    archive = await unpacked(client)
    for resource in json.loads(archive.read("datapackage.json"))["resources"]:
        digest = hashlib.sha256(archive.read(resource["path"])).hexdigest()
        assert resource["hash"] == f"sha256:{digest}"


async def test_it_explains_itself_in_four_languages(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title="A park", nl={"title": "Een park"})
    archive = await unpacked(client)
    readme = archive.read("README.md").decode("utf-8")
    chapters = [line for line in readme.splitlines() if line.startswith("# ")]
    assert chapters == ["# A park", "# Een park", "# A park", "# A park"]
    assert readme.count("`signatures-by-day.csv`") == 4
    for code in ("nl", "fr", "de", "en"):
        assert f"{settings.base_url}/{code}/petitions/a-park/data" in readme
    notes = archive.read("LICENSE.md").decode("utf-8")
    assert "CC0-1.0" in notes and "https://creativecommons.org/licenses/by/4.0/" in notes


async def test_words_of_the_group_cannot_break_the_readme(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title=f"A park\n\n# Free money\n{NASTY}")
    readme = (await unpacked(client)).read("README.md").decode("utf-8")
    assert "\n# Free money" not in readme


async def test_two_downloads_of_a_day_are_the_same_bytes(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    first = await client.get(data("bundle.zip"))
    await make.signature(db, park, at=datetime.now(UTC))
    second = await stranger.get(data("bundle.zip"), headers={"accept-language": "nl"})
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    midnight = datetime.combine(ago(settings, 0), datetime.min.time())
    for member in zipfile.ZipFile(io.BytesIO(first.content)).infolist():
        assert member.date_time == midnight.timetuple()[:6]
        assert member.external_attr >> 16 == bundle.MODE


async def test_a_new_document_is_a_new_edition(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings)
    before = (await client.get(data("bundle.zip"))).headers
    await make.document(db, store, park)
    after = (await client.get(data("bundle.zip"))).headers
    assert before["etag"] != after["etag"]


# --- never held as a whole ----------------------------------------------------------------


async def edition_of(db: Database, settings: Settings) -> Edition:
    await past.park(db, settings)
    return await editions.edition(db, settings, "a-park")


async def test_pieces_leave_before_the_last_file_is_written(
    db: Database, settings: Settings
) -> None:
    edition = await edition_of(db, settings)
    asked: list[str] = []

    class Watched(tuple[Any, ...]):
        """The days, which note when they are read."""

        def __iter__(self) -> Iterator[Any]:
            asked.append("days")
            return super().__iter__()

    watched = replace(edition, texts=Watched(edition.texts))
    pieces = bundle.pieces(watched)
    first = next(iter(pieces))
    asked.clear()  # the description has measured all files; now they are written
    assert first.startswith(b"PK")
    rest = list(pieces)
    assert len(rest) > 5, "a piece at least for each file"
    assert asked, "petition.json was written after the first piece had left"


async def test_the_server_sends_it_in_pieces(
    app: Starlette, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    messages: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": data("bundle.zip"),
        "raw_path": data("bundle.zip").encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()  # the reader asks nothing more, and stays to the end
        raise AssertionError

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    bodies = [m for m in messages if m["type"] == "http.response.body" and m.get("body")]
    assert messages[0]["status"] == 200 and len(bodies) > 5
    assert all(body["more_body"] for body in bodies[:-1])


@pytest.mark.parametrize(
    "write", [DOCUMENTS.csv, partial(json_table.pieces, DOCUMENTS)], ids=["csv", "json"]
)
async def test_a_long_dossier_takes_no_more_memory(
    db: Database,
    owner: "asyncpg.Connection[asyncpg.Record]",
    settings: Settings,
    write: Callable[[Edition], Iterator[bytes]],
) -> None:
    park = await past.park(db, settings)
    await sql.run(
        db,
        """with added as (
             insert into documents (petition_id, title)
             select :id, 'Letter ' || i from generate_series(1, 8000) i returning id)
           insert into document_versions (petition_id, document_id, number, name, kind, size,
             sha256, published, published_size, state)
           select :id, id, 1, id || '.pdf', 'pdf', 1000, encode(sha256(id::text::bytea), 'hex'),
             encode(sha256(id::text::bytea), 'hex'), 1000, 'ready'
           from added""",
        id=park.id,
    )
    await owner.execute("analyze documents, document_versions")  # as the server does by itself
    edition = await editions.edition(db, settings, "a-park")
    tracemalloc.start()
    size = measure(write(edition)).size
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 800_000
    assert most < size / 4
