"""All petitions of the instance in one table and in one list, written while they are sent.

A part is read, written and forgotten before the next, so that memory does not grow with them.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from mobilise import db, i18n, tables
from mobilise.errors import N_
from mobilise.opendata import instance_queries, licenses, package
from mobilise.opendata.columns import Column
from mobilise.opendata.editions import said
from mobilise.opendata.licenses import License
from mobilise.petitions.reading import OPENED
from mobilise.settings import Settings
from mobilise.tables import Cell

A_PART = 1000
BINARY = ("xlsx", "sqlite")
Typed = Cell | bool
PATH = "/data/"
_REQUIRED = {"required": True}
_KEY = {"required": True, "unique": True}
_NUMBER = {"required": True, "minimum": 0}
_SLUG = {"pattern": "^[a-z0-9-]+$"}
COLUMNS = (
    Column("petition", "string", "The last part of its address. Newest first.", _KEY | _SLUG),
    Column("group", "string", "The last part of the address of the group.", _REQUIRED | _SLUG),
    Column("state", "string", "delivered: handed over.", _REQUIRED | {"enum": list(OPENED)}),
    Column("demonstration", "boolean", "Invented, to show how the site works.", _REQUIRED),
    Column(
        "languages",
        "string",
        "Of its text, the first one first, such as nl/fr.",
        _REQUIRED | {"pattern": f"^({'|'.join(i18n.LANGUAGES)})(/({'|'.join(i18n.LANGUAGES)}))*$"},
    ),
    Column("goal", "integer", "What the group hopes for, where it said so.", {"minimum": 1}),
    Column("confirmed", "integer", "What counts, at this moment: online + paper.", _NUMBER),
    Column("online", "integer", "Confirmed through the email to the signer.", _NUMBER),
    Column("paper", "integer", "Counted on paper sheets.", _NUMBER),
    Column("withdrawn", "integer", "Taken back by the signer.", _NUMBER),
    Column("removed", "integer", "Taken off by those who run the count.", _NUMBER),
    Column("opened_on", "date", "The first day on which one could sign.", _REQUIRED),
    Column("closes_on", "date", "The last day on which one may sign, where it is known."),
    Column("closed_on", "date", "The day on which it closed."),
    Column("delivered_on", "date", "The day of the hand-over, as the group says."),
    Column("answered_on", "date", "The day of the answer, as the group says."),
    Column("version", "integer", "Of its text; more than 1 where it was changed.", {"minimum": 1}),
    Column("documents", "integer", "In its dossier.", _NUMBER),
)


@dataclass(frozen=True)
class Whole:
    """A file about all petitions. `what`: a sentence of the catalogue."""

    name: str
    what: str
    description: str
    media_type: str
    license: License


TABLE = Whole(
    "petitions.csv",
    N_("All petitions: state, days, counts; codes and numbers only"),
    "Every petition that opened here: state, days and counts of this moment. Titles are in "
    "petitions.json.",
    tables.MEDIA_TYPE,
    licenses.COUNTS,
)
LIST = Whole(
    "petitions.json",
    N_("The same with titles and the names of the groups"),
    "The same with the titles and the names of the groups, and an address for each.",
    "application/json",
    licenses.TEXTS,
)
PACKAGE = Whole(
    "datapackage.json",
    N_("What each file and each column means, for R and Python"),
    "Data Package 2.0.",
    "application/json",
    licenses.COUNTS,
)


async def table(database: db.Database, settings: Settings) -> AsyncIterator[bytes]:
    """petitions.csv, piece by piece."""
    width = len(COLUMNS)
    yield tables.lines([[column.name for column in COLUMNS]], width)
    async for rows in parts(database, settings):
        yield tables.lines(map(_cells, rows), width)


async def listed(database: db.Database, settings: Settings) -> AsyncIterator[bytes]:
    """petitions.json, piece by piece: one petition a line."""
    head = {
        "as_of": said(datetime.now(UTC), settings.zone),
        "license": LIST.license.name,
        "license_url": LIST.license.path,
        "describedby": f"{settings.base_url}{PATH}{PACKAGE.name}",
    }
    yield orjson.dumps(head)[:-1] + b',"petitions":['
    between = b"\n"
    async for rows in parts(database, settings):
        pieces = []
        for row in rows:
            pieces += [between, orjson.dumps(_told(row, settings.base_url))]
            between = b",\n"
        yield b"".join(pieces)
    yield b"\n]}\n"


async def parts(database: db.Database, settings: Settings) -> AsyncIterator[list[db.Record]]:
    """Every petition that opened, newest first, some at a time."""
    after = None
    while rows := await instance_queries.part(database, settings.timezone, after, A_PART):
        yield rows
        if len(rows) < A_PART:
            return
        after = (rows[-1]["opened_at"], rows[-1]["id"])


def _cells(row: db.Record) -> list[Cell]:
    """In the order of the columns."""
    return [
        row["slug"],
        row["group_slug"],
        row["state"],
        "true" if row["demo"] else "false",
        "/".join(row["languages"]),
        row["goal"],
        row["online"] + row["paper"],
        row["online"],
        row["paper"],
        row["withdrawn"],
        row["invalidated"],
        row["opened_on"],
        row["closes_on"],
        row["closed_on"],
        row["delivered_on"],
        row["answered_on"],
        row["version"],
        row["documents"],
    ]


def typed(row: db.Record) -> tuple[Typed, ...]:
    """The cells where each has a type of its own: yes and no are no words."""
    cells = zip(COLUMNS, _cells(row), strict=True)
    return tuple(cell == "true" if column.type == "boolean" else cell for column, cell in cells)


def _told(row: db.Record, site: str) -> dict[str, Any]:
    """The cells by their names, with words and addresses."""
    found: dict[str, Any] = {
        column.name: cell for column, cell in zip(COLUMNS, _cells(row), strict=True)
    }
    slug = row["slug"]
    return found | {
        "demonstration": row["demo"],
        "languages": list(row["languages"]),
        "titles": row["titles"],
        "group_name": row["group_name"],
        "page": f"{site}/{row['languages'][0]}/petitions/{slug}",
        "url": f"{site}/api/petitions/{slug}",
        "data": f"{site}/petitions/{slug}/data/datapackage.json",
    }


def described(settings: Settings, files: Sequence[Whole]) -> dict[str, Any]:
    """The Data Package of these files. The numbers are those of the moment of asking, so no
    checksum stands in it; the package of each petition has them for its closed days."""
    site = settings.base_url
    return {
        "$schema": f"{package.PROFILES}/datapackage.json",
        "name": "petitions",
        "id": f"{site}{PATH}{PACKAGE.name}",
        "title": f"Petitions at {settings.name}",
        "description": "Every petition that opened on this site, with its count. "
        "No row is about one person.",
        "homepage": f"{site}/data",
        "created": said(datetime.now(UTC), settings.zone),
        "keywords": ["petition", "signatures", "participation"],
        "contributors": [{"title": settings.name, "roles": ["publisher"]}],
        "licenses": [licenses.COUNTS.described, licenses.TEXTS.described],
        "resources": [_resource(file) for file in files],
    }


def _resource(file: Whole) -> dict[str, Any]:
    stem, _, kind = file.name.rpartition(".")
    table = package.table(COLUMNS, ["petition"]) if file is TABLE else {}
    return (
        table
        | {
            "name": stem if file is TABLE else file.name,
            "path": file.name,
            "description": file.description,
            "format": package.WORKBOOKS.get(kind, kind),
            "mediatype": file.media_type.partition(";")[0],
            "licenses": [file.license.described],
        }
        | ({} if kind in BINARY else {"encoding": "utf-8"})
    )
