"""All petitions as they stood when a month began; and as a workbook and a database file."""

import csv
import hashlib
import io
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import frictionless
import httpx
import openpyxl
import pytest

from mobilise.db import Database, run
from mobilise.opendata import instance, instance_books, snapshots
from mobilise.settings import Settings
from mobilise.store import Store
from tests import buckets, make
from tests.opendata import past
from tests.opendata.past import NASTY

MAY = datetime(2026, 5, 1, 0, 35, tzinfo=UTC)
NAMES = ["datapackage.json", "petitions.csv", "petitions.sqlite", "petitions.xlsx"]


@pytest.fixture
async def park(db: Database, settings: Settings) -> Any:
    return await past.park(db, settings, title=NASTY, nl={"title": "Een park"})


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


# --- the two files ------------------------------------------------------------------------


async def test_the_workbook_holds_the_table_with_types(
    client: httpx.AsyncClient, db: Database, park: Any
) -> None:
    await make.petition(db, "closed", slug="closed-one", goal=None)
    header, *lines = table((await client.get("/data/petitions.csv")).text)
    answer = await client.get("/data/petitions.xlsx")
    assert answer.headers["content-type"] == instance_books.BOOK.media_type
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    first, *found = book["petitions"].iter_rows(values_only=True)
    assert list(first) == header and len(found) == len(lines) == 2
    for row, line in zip(found, lines, strict=True):
        assert [_said(cell) for cell in row] == line
    kinds = {name: type(cell) for name, cell in zip(header, found[-1], strict=True)}
    assert kinds["confirmed"] is int and kinds["demonstration"] is bool
    assert kinds["opened_on"] is datetime


def _said(cell: Any) -> str:
    """As CSV has it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return (
        cell.date().isoformat() if isinstance(cell, datetime) else "" if cell is None else str(cell)
    )


async def test_the_database_file_is_sound_and_holds_the_table(
    client: httpx.AsyncClient, db: Database, park: Any, tmp_path: Path
) -> None:
    header = table((await client.get("/data/petitions.csv")).text)[0]
    path = tmp_path / "petitions.sqlite"
    path.write_bytes((await client.get("/data/petitions.sqlite")).content)
    with sqlite3.connect(path) as file:
        assert file.execute("pragma integrity_check").fetchall() == [("ok",)]
        found = file.execute("select * from petitions")
        assert [column[0] for column in found.description] == header
        (row,) = found.fetchall()
        assert row[header.index("confirmed")] == 171 and row[header.index("demonstration")] == 0
        with pytest.raises(sqlite3.IntegrityError):
            file.execute("update petitions set confirmed = 'many'")
    file.close()


async def test_both_are_whole_when_there_is_nothing_yet(client: httpx.AsyncClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO((await client.get("/data/petitions.xlsx")).content))
    assert book["petitions"].max_row == 1
    assert (await client.get("/data/petitions.sqlite")).content.startswith(b"SQLite format 3\x00")
    for name in ("petitions.xlsx", "petitions.sqlite"):
        assert (await client.head(f"/data/{name}")).status_code == 200


async def test_long_tables_come_in_parts(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "A_PART", 2)
    for n in range(5):
        await make.petition(db, slug=f"petition-{n}")
    book = openpyxl.load_workbook(io.BytesIO((await client.get("/data/petitions.xlsx")).content))
    assert book["petitions"].max_row == 6


# --- snapshots ----------------------------------------------------------------------------


@buckets.ON_BOTH
async def test_a_month_stays_as_it_began(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, park: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    served = (await client.get("/data/petitions.csv")).content
    assert await snapshots.keep(db, store, settings, MAY)
    await past.happened(db, settings, park, 0, confirmed=40)
    assert not await snapshots.keep(db, store, settings, MAY.replace(day=20)), "once a month"
    for name in NAMES:
        answer = await client.get(f"/data/2026-05/{name}")
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
        (tmp_path / name).write_bytes(answer.content)
        known = {"if-none-match": answer.headers["etag"]}
        again = await client.get(f"/data/2026-05/{name}", headers=known)
        assert again.status_code == 304
    assert (tmp_path / "petitions.csv").read_bytes() == served
    assert (await client.get("/data/petitions.csv")).content != served
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type"])
    (tmp_path / "petitions.csv").write_bytes(served.replace(b",171,", b",172,"))
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid
    (month,) = (await client.get("/data/snapshots.json")).json()["snapshots"]
    assert month["month"] == "2026-05" and [each["name"] for each in month["files"]] == NAMES
    for each in month["files"]:
        assert (await client.get(each["url"])).status_code == 200


async def test_no_words_are_kept_for_good(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, park: Any
) -> None:
    """Who has to be taken away would stay in it."""
    await snapshots.keep(db, store, settings, MAY)
    for name in NAMES:
        content = (await client.get(f"/data/2026-05/{name}")).content
        assert b"Een park" not in content and b"HYPERLINK" not in content
    assert (await client.get("/data/2026-05/petitions.json")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "2026-04/petitions.csv",
        "2026-13/petitions.csv",
        "0000-01/petitions.csv",
        "2026-05/nothing.csv",
        "2026-05",
    ],
)
async def test_what_was_not_kept_is_not_found(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, path: str
) -> None:
    await snapshots.keep(db, store, settings, MAY)
    assert (await client.get(f"/data/{path}")).status_code == 404


async def test_nobody_rewrites_a_month(db: Database, store: Store, settings: Settings) -> None:
    await snapshots.keep(db, store, settings, MAY)
    for statement in (
        "update snapshots set made_at = now()", "delete from snapshots",
        "update snapshot_files set sha256 = 'x'", "delete from snapshot_files",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run(db, statement)


def test_months_are_called_as_everybody_calls_them() -> None:
    assert snapshots.folder(date(2026, 5, 1)) == "/data/2026-05/"
