"""SQLite's own checks of the file, and that its tables refuse what the columns do not allow."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from mobilise.db import Database
from mobilise.opendata.table import TABLES
from tests import make
from tests.opendata.past import data
from tests.standards.test_csv import csv_rows


@pytest.fixture
def file(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "data.sqlite")) as database:
        yield database


async def test_it_is_whole_and_its_tables_are_strict(file: sqlite3.Connection) -> None:
    assert file.execute("pragma integrity_check").fetchall() == [("ok",)]
    listed = file.execute(
        "select name, strict from pragma_table_list"
        " where schema = 'main' and name not like 'sqlite%'"
    ).fetchall()
    names = ["about", *(table.name.replace("-", "_") for table in TABLES)]
    assert sorted(listed) == sorted((name, 1) for name in names)


async def test_it_holds_what_the_csv_files_hold(file: sqlite3.Connection, folder: Path) -> None:
    for table in TABLES:
        name = table.name.replace("-", "_")
        found = file.execute(f"select * from {name} order by {', '.join(table.key)}").fetchall()
        shown = [["" if cell is None else str(cell) for cell in row] for row in found]
        assert sorted(shown) == sorted(csv_rows(folder, table.name))
        types = {"integer": int, "date": str, "string": str}
        for row in found:
            for column, cell in zip(table.columns, row, strict=True):
                assert cell is None or type(cell) is types[column.type], column.name
    (total,) = file.execute("select max(total) from signatures_by_day").fetchone()
    assert total == 162
    assert any("CC0-1.0" in row for row in file.execute("select * from about"))


@pytest.mark.parametrize(
    "statement",
    [
        "update signatures_by_day set total = 'many'",
        "update signatures_by_day set total = -1",
        "update signatures_by_day set total = null",
        "update signatures_by_hour set until_hour = 25",
        "update signatures_by_method set method = 'fax'",
        "insert into signatures_by_day select * from signatures_by_day",
        "update documents set kind = 'exe'",
    ],
)
async def test_what_the_columns_do_not_allow_is_refused(
    file: sqlite3.Connection, statement: str
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        file.execute(statement)


async def test_a_damaged_file_would_be_found(folder: Path, tmp_path: Path) -> None:
    content = bytearray((folder / "data.sqlite").read_bytes())
    content[4096:4200] = b"\xff" * 104
    (tmp_path / "damaged.sqlite").write_bytes(content)
    with closing(sqlite3.connect(tmp_path / "damaged.sqlite")) as database:
        try:
            found = database.execute("pragma integrity_check").fetchall()
        except sqlite3.DatabaseError:
            return
    assert found != [("ok",)]


async def test_a_petition_that_just_opened_has_a_file_with_empty_tables(
    client: httpx.AsyncClient, db: Database, tmp_path: Path
) -> None:
    await make.petition(db, slug="a-park")
    answers = [(await client.get(data("data.sqlite"))).content for _ in range(2)]
    assert len({hashlib.sha256(each).hexdigest() for each in answers}) == 1
    (tmp_path / "data.sqlite").write_bytes(answers[0])
    with closing(sqlite3.connect(tmp_path / "data.sqlite")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("select count(*) from signatures_by_day").fetchone() == (0,)
