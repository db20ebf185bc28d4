"""CSV as RFC 4180 and the W3C have it, read by hand and by `csvw`, with a fault for each rule."""

import csv
import io
import json
import warnings
from pathlib import Path

import httpx
import pytest
from csvw import CSVW

from mobilise.db import Database
from mobilise.opendata.table import TABLES
from tests import make
from tests.opendata.past import data
from tests.standards.test_datapackage import change

NAMES = [f"{table.name}.csv" for table in TABLES]
METADATA = "csv-metadata.json"


def faults(content: bytes) -> list[str]:
    """What is not as RFC 4180 has it, in words."""
    found = []
    if content.startswith(b"\xef\xbb\xbf"):
        found.append("a mark in front")
    if not content.endswith(b"\r\n"):
        found.append("no line end at the end")
    if content.count(b"\n") != content.count(b"\r\n") or content.count(b"\r") != content.count(
        b"\r\n"
    ):
        found.append("a line end that is no CRLF")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return [*found, "no UTF-8"]
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if len({len(row) for row in rows}) != 1:
        found.append("rows of different lengths")
    if len(set(rows[0])) != len(rows[0]) or not all(name.isidentifier() for name in rows[0]):
        found.append("a header that does not name its columns")
    if any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row):
        found.append("a formula")
    return found


def csv_rows(folder: Path, table: str) -> list[list[str]]:
    """The rows of a table, without its header."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))[1:]


@pytest.mark.parametrize("name", NAMES)
async def test_each_table_keeps_the_rules_of_csv(folder: Path, name: str) -> None:
    assert faults((folder / name).read_bytes()) == []


@pytest.mark.parametrize(
    "old, new, fault",
    [
        (b"day,", b"\xef\xbb\xbfday,", "a mark in front"),
        (b"\r\n", b"\n", "a line end that is no CRLF"),
        (b",40,40,", b",40,\xe9,", "no UTF-8"),
        (b",40,40,0", b",40,40", "rows of different lengths"),
        (b"day,confirmed,", b"day,day,", "a header that does not name its columns"),
        (b",40,40,0", b",40,-40,0", "a formula"),
    ],
)
async def test_a_broken_rule_would_be_found(
    folder: Path, old: bytes, new: bytes, fault: str
) -> None:
    content = (folder / "signatures-by-day.csv").read_bytes()
    assert fault in faults(content.replace(old, new, 1))


# --- CSV on the Web -----------------------------------------------------------------------


def is_valid(folder: Path) -> bool:
    """As `csvwvalidate` says, which warns of what is wrong."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            return bool(CSVW(str(folder / METADATA), validate=True).is_valid) and not told
        except ValueError:
            return False


async def test_csvw_finds_nothing_wrong(folder: Path) -> None:
    described = json.loads((folder / METADATA).read_text("utf-8"))
    assert [table["url"] for table in described["tables"]] == NAMES
    read = CSVW(str(folder / METADATA), validate=True)
    assert read.is_valid, read.warnings
    days = next(table for table in read.to_json()["tables"] if "by-day" in table["url"])
    last = days["row"][-1]["describes"][0]
    assert last["total"] == 162, "read as a number"


async def test_csvw_finds_nothing_wrong_with_a_petition_that_just_opened(
    client: httpx.AsyncClient, db: Database, tmp_path: Path
) -> None:
    await make.petition(db, slug="a-park")
    for name in (*NAMES, METADATA):
        (tmp_path / name).write_bytes((await client.get(data(name))).content)
    assert is_valid(tmp_path)


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("signatures-by-day.csv", ",40,40,0", ",many,40,0"),
        ("signatures-by-day.csv", ",40,40,0", ",-40,40,0"),
        ("signatures-by-hour.csv", "from_hour", "since_hour"),
        ("signatures-by-hour.csv", ",24,40", ",25,40"),
        ("signatures-by-method.csv", "paper,", "fax,"),
        ("signatures-by-method.csv", "paper,", "email,"),
        ("text-versions.csv", "1,nl,first", ",nl,first"),
        ("documents.csv", ",txt,", ",exe,"),
        (METADATA, '"integer"', '"whole"'),
    ],
)
async def test_csvw_would_find_what_is_wrong(folder: Path, name: str, old: str, new: str) -> None:
    change(folder, name, old, new)
    assert not is_valid(folder)
