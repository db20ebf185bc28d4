"""All petitions of the instance as a workbook and as a database file, for whoever opens them."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

from mobilise import db, workbook
from mobilise.errors import N_
from mobilise.opendata import instance, licenses, sqlite, xlsx
from mobilise.opendata.instance import Whole
from mobilise.opendata.sheets import PIECE, Sheet
from mobilise.settings import Settings

NAME = "petitions"
BOOK = Whole(
    "petitions.xlsx",
    N_("The table for Excel"),
    "The same table as petitions.csv, in a workbook.",
    xlsx.MEDIA_TYPE,
    licenses.COUNTS,
)
BASE = Whole(
    "petitions.sqlite",
    N_("The table as a database file"),
    "The same table as petitions.csv, in a database file.",
    sqlite.MEDIA_TYPE,
    licenses.COUNTS,
)
FILES = (instance.TABLE, instance.LIST, BOOK, BASE, instance.PACKAGE)


async def book(database: db.Database, settings: Settings) -> AsyncIterator[bytes]:
    """petitions.xlsx, sent while it is written."""
    made = workbook.Workbook()
    made.sheet(NAME, [column.name for column in instance.COLUMNS])
    async for rows in instance.parts(database, settings):
        xml = "".join(workbook.row(instance.typed(row)) for row in rows)
        yield await asyncio.to_thread(made.rows, xml)
    yield made.end()


async def base(database: db.Database, settings: Settings) -> AsyncIterator[bytes]:
    """petitions.sqlite: made on disk first, for a database is not written from its beginning on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / BASE.name
        await _made(path, database, settings)
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece


async def _made(path: Path, database: db.Database, settings: Settings) -> None:
    table = Sheet(NAME, instance.COLUMNS, (), ("petition",))
    # One thread after the other writes to it, never two.
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as file:
        file.execute("begin")
        sqlite.create(file, table)
        async for rows in instance.parts(database, settings):
            await asyncio.to_thread(sqlite.insert, file, table, list(map(instance.typed, rows)))
        file.execute("commit")
