"""The public tables: one list, from which every format of each of them is made.

CSV, JSON, a sheet of XLSX and ODS, a table of SQLite, and the two descriptions of columns follow
from a name, its columns and its rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mobilise import tables
from mobilise.errors import N_
from mobilise.opendata import columns, licenses, rows
from mobilise.opendata.columns import Column
from mobilise.opendata.editions import Edition
from mobilise.opendata.licenses import License
from mobilise.opendata.sheets import Sheet


@dataclass(frozen=True)
class Table:
    """`name`: signatures-by-day; the files are called after it. `key`: the columns that together
    stand once. `count`: how many rows, without making them."""

    name: str
    what: str  # a sentence of the catalogue
    description: str  # the same for machines, in English
    columns: tuple[Column, ...]
    rows: Callable[[Edition], Iterator[rows.Row]]
    count: Callable[[Edition], int]
    key: tuple[str, ...]
    license: License = licenses.COUNTS

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def sheet(self, edition: Edition) -> Sheet:
        return Sheet(self.name, self.columns, self.rows(edition), self.key)

    def csv(self, edition: Edition) -> Iterator[bytes]:
        return tables.chunks(self.header, self.rows(edition))

    def objects(self, edition: Edition) -> Iterator[dict[str, Any]]:
        """Each row as JSON has it."""
        for row in self.rows(edition):
            yield dict(zip(self.header, row, strict=True))


BY_DAY = Table(
    "signatures-by-day",
    N_("What was added and taken off, per day"),
    "Signatures confirmed, withdrawn, taken off and put back, per past day, and the total.",
    columns.DAYS,
    rows.day_rows,
    lambda edition: len(edition.series),
    key=("day",),
)
BY_HOUR = Table(
    "signatures-by-hour",
    N_("What was added per hour, at least ten together"),
    "Signatures confirmed per clock hour of past days; hours with few are taken together.",
    columns.HOURS,
    rows.hour_rows,
    lambda edition: len(edition.hours),
    key=("day", "from_hour"),
)
BY_METHOD = Table(
    "signatures-by-method",
    N_("By email and on paper: added, taken off, total"),
    "Signatures confirmed, withdrawn, taken off and put back, by email and on paper.",
    columns.METHODS,
    rows.method_rows,
    lambda edition: len(edition.methods),
    key=("method",),
)
TEXT_VERSIONS = Table(
    "text-versions",
    N_("When the text changed, and in which language"),
    "Every public version of the text: its number, language, kind and day.",
    columns.TEXTS,
    rows.text_rows,
    lambda edition: len(edition.texts),
    key=("version", "language"),
)
DOCUMENTS = Table(
    "documents",
    N_("All documents: date, pages, checksum, address"),
    "The documents that the group published, without their titles.",
    columns.DOCUMENTS,
    rows.document_rows,
    lambda edition: len(edition.documents),
    key=("id",),
)
TABLES = (BY_DAY, BY_HOUR, BY_METHOD, TEXT_VERSIONS, DOCUMENTS)
