"""The files of a petition: one list, from which page, addresses, description and bundle are made.

A file is written piece by piece and may be written again: first to measure it, then to send it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from mobilise import tables
from mobilise.errors import N_
from mobilise.opendata import about, csvw, explaining, json_table, licenses, ods, sqlite, xlsx
from mobilise.opendata.columns import Column
from mobilise.opendata.editions import Edition
from mobilise.opendata.licenses import License
from mobilise.opendata.sheets import Sheet
from mobilise.opendata.table import TABLES, Table
from mobilise.opendata.written import JSON, written

PACKAGE_NAME = "datapackage.json"
PACKAGE_WHAT = N_("What each file and each column means, for R and Python")


@dataclass(frozen=True)
class Measure:
    size: int
    sha256: str


@dataclass(frozen=True)
class File:
    """`rows` counts them, where the file is one table; `columns` and `key` describe it, where it is
    CSV. `what` is empty where the list for people leaves it out."""

    name: str
    what: str  # a sentence of the catalogue
    description: str  # the same for machines, in English
    license: License
    media_type: str
    pieces: Callable[[Edition], Iterator[bytes]]
    rows: Callable[[Edition], int] | None = None
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()

    @property
    def route(self) -> str:
        """signatures_by_day_csv: what its address is called in the code."""
        return self.name.replace("-", "_").replace(".", "_")


def measure(pieces: Iterable[bytes]) -> Measure:
    """Length and checksum, without keeping the bytes."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    return Measure(size, digest.hexdigest())


def measure_of(file: File, edition: Edition) -> Measure:
    """The same of a file of an edition, measured once."""
    found: Measure | None = edition.measures.get(file.name)
    if found is None:
        found = edition.measures[file.name] = measure(file.pieces(edition))
    return found


def _csv(table: Table) -> File:
    return File(
        f"{table.name}.csv",
        table.what,
        table.description,
        table.license,
        tables.MEDIA_TYPE,
        table.csv,
        table.count,
        table.columns,
        table.key,
    )


def _json(table: Table) -> File:
    return File(
        f"{table.name}.json",
        table.what,
        f"{table.description} As JSON.",
        table.license,
        JSON,
        partial(json_table.pieces, table),
        table.count,
    )


def _about_the_count(edition: Edition) -> Iterator[bytes]:
    yield written(about.count(edition))


def _petition(edition: Edition) -> Iterator[bytes]:
    yield written(about.petition(edition))


def _sheets(edition: Edition) -> Iterator[Sheet]:
    return (table.sheet(edition) for table in TABLES)


def _xlsx(edition: Edition) -> Iterator[bytes]:
    return xlsx.pieces(explaining.lines(edition), _sheets(edition), edition.closed_at)


def _ods(edition: Edition) -> Iterator[bytes]:
    return ods.pieces(explaining.lines(edition), _sheets(edition), edition.closed_at)


def _sqlite(edition: Edition) -> Iterator[bytes]:
    return sqlite.pieces(explaining.lines(edition), _sheets(edition))


FILES = (
    *(_csv(table) for table in TABLES),
    File(
        "about-the-count.json",
        N_("How we count, what we check, what we cannot know"),
        "The rules of the count, the limits in force, the sums until yesterday, the drift.",
        licenses.COUNTS,
        JSON,
        _about_the_count,
    ),
    File(
        "petition.json",
        N_("The text in all its versions, and the titles of the documents"),
        "The petition in its languages and versions, its dates, its group, its documents.",
        licenses.TEXTS,
        JSON,
        _petition,
    ),
    File(
        "data.xlsx",
        N_("All tables for Excel, a sheet each"),
        "All tables as sheets of one workbook with typed cells, and a sheet that explains them.",
        licenses.COUNTS,
        xlsx.MEDIA_TYPE,
        _xlsx,
    ),
    File(
        "data.ods",
        N_("All tables for LibreOffice, a sheet each"),
        "All tables as sheets of one OpenDocument file with typed cells, and one that explains.",
        licenses.COUNTS,
        ods.MEDIA_TYPE,
        _ods,
    ),
    File(
        "data.sqlite",
        N_("All tables in one database file"),
        "All tables as strict tables of one SQLite file, and one that explains them.",
        licenses.COUNTS,
        sqlite.MEDIA_TYPE,
        _sqlite,
    ),
    *(_json(table) for table in TABLES),
    File(
        csvw.NAME,
        N_("The CSV files described as the W3C has it"),
        "Metadata for tabular data (CSVW).",
        licenses.COUNTS,
        JSON,
        csvw.pieces,
    ),
)
