"""One SQLite file: a strict table for each table, with the rules of its columns as checks."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from mobilise.opendata import sheets
from mobilise.opendata.columns import Column
from mobilise.opendata.sheets import Line, Sheet
from mobilise.tables import Cell

MEDIA_TYPE = "application/vnd.sqlite3"
_TYPES = {"integer": "integer", "date": "text", "string": "text", "boolean": "integer"}


def pieces(lines: Iterable[Line], tables: Iterable[Sheet]) -> Iterator[bytes]:
    """`about` explains; days are text, 2026-05-12, as SQLite's own functions read them. The same
    content gives the same bytes with the same SQLite."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as database:
        database.execute("begin")
        database.execute(
            f"create table {sheets.ABOUT}"
            " (line integer primary key, label text not null, says text not null,"
            " more text not null) strict"
        )
        database.executemany(
            f"insert into {sheets.ABOUT} values (?, ?, ?, ?)",
            ((n, *line) for n, line in enumerate(lines, start=1)),
        )
        for table in tables:
            create(database, table)
            insert(database, table, table.rows)
        database.execute("commit")
        content = database.serialize()
    for start in range(0, len(content), sheets.PIECE):
        yield content[start : start + sheets.PIECE]


def create(database: sqlite3.Connection, table: Sheet) -> None:
    columns = ", ".join(_column(each) for each in table.columns)
    key = ", ".join(f'"{each}"' for each in table.key)
    database.execute(
        f"create table {table.sql_name} ({columns}, primary key ({key})) strict, without rowid"
    )


def insert(database: sqlite3.Connection, table: Sheet, rows: Iterable[tuple[Cell, ...]]) -> None:
    places = ", ".join("?" * len(table.columns))
    database.executemany(
        f"insert into {table.sql_name} values ({places})",
        (tuple(map(_stored, row)) for row in rows),
    )


def _column(column: Column) -> str:
    """`"group" text not null`: quoted, for a name may be a word of SQL. All are our own."""
    name, rules = f'"{column.name}"', column.constraints
    said = [name, _TYPES[column.type]]
    if rules.get("required"):
        said.append("not null")
    if "minimum" in rules:
        said.append(f"check ({name} >= {rules['minimum']:d})")
    if "maximum" in rules:
        said.append(f"check ({name} <= {rules['maximum']:d})")
    if "enum" in rules:
        known = ", ".join("'" + code.replace("'", "''") + "'" for code in rules["enum"])
        said.append(f"check ({name} in ({known}))")
    return " ".join(said)


def _stored(cell: Cell) -> int | str | None:
    return cell if isinstance(cell, int | str) or cell is None else cell.isoformat()
