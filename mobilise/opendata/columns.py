"""The columns of the public tables: what each means, what may stand in it, and the rows.

Header, description and constraints come from one list, so they cannot drift apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mobilise import i18n
from mobilise.documents.kinds import MEDIA_TYPES
from mobilise.documents.rights import RIGHTS
from mobilise.opendata.areas import REST, Release, Row
from mobilise.opendata.editions import Edition
from mobilise.tables import Cell, Name


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    description: str
    constraints: dict[str, Any] = field(default_factory=dict)
    format: str = ""

    @property
    def described(self) -> dict[str, Any]:
        """As a Table Schema has it."""
        described: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.format:
            described["format"] = self.format
        return {**described, "description": self.description, "constraints": self.constraints}


_KEY = {"required": True, "unique": True}
_NUMBER = {"required": True, "minimum": 0}

DAYS = (
    Column("day", "date", "The civil day, in the time zone of the instance. Only past days.", _KEY),
    Column("confirmed", "integer", "Signatures that began to count: online + paper.", _NUMBER),
    Column("online", "integer", "Confirmed through the email to the signer.", _NUMBER),
    Column("paper", "integer", "Counted on paper sheets.", _NUMBER),
    Column(
        "withdrawn", "integer", "Taken back by the signer or the owner of the mailbox.", _NUMBER
    ),
    Column(
        "invalidated",
        "integer",
        "Taken off by those who run the count; the JSON files say removed.",
        _NUMBER,
    ),
    Column("restored", "integer", "Put back after they had been taken off.", _NUMBER),
    Column(
        "total",
        "integer",
        "The count at the end of the day: the day before + confirmed + restored - withdrawn"
        " - invalidated.",
        _NUMBER,
    ),
)

DOCUMENTS = (
    Column("id", "integer", "Number of the document; its title is in petition.json.", _KEY),
    Column(
        "sha256",
        "string",
        "Checksum of the bytes that the address gives.",
        {"required": True, "pattern": "^[0-9a-f]{64}$"},
    ),
    Column("bytes", "integer", "Length.", {"required": True, "minimum": 1}),
    Column("pages", "integer", "Pages, where a document has pages.", {"minimum": 1}),
    Column("kind", "string", "Kind of file.", {"required": True, "enum": list(MEDIA_TYPES)}),
    Column("dated", "date", "The date that the document bears, where it is known."),
    Column("added_on", "date", "The day on which the group published it.", {"required": True}),
    Column("url", "string", "Where the bytes are.", {"required": True}, format="uri"),
    Column(
        "version",
        "integer",
        "How often the file was replaced, plus one.",
        {"required": True, "minimum": 1},
    ),
    Column(
        "original_sha256",
        "string",
        "Checksum of what the group received; the published copy is cleaned.",
        {"required": True, "pattern": "^[0-9a-f]{64}$"},
    ),
    Column(
        "rights", "string", "What may be done with it.", {"required": True, "enum": list(RIGHTS)}
    ),
)

_TO_THE_END = Column("day", "date", "Counted to the end of this day.", {"required": True})
_ROUNDED = Column(
    "confirmed",
    "integer",
    "Signatures that count, rounded down to 5. Less than 10 is never told apart.",
    {"required": True, "minimum": 10},
)
_OTHER = "OTHER for all that are not told apart, together."

AREAS = (
    _TO_THE_END,
    Column(
        "level",
        "string",
        "municipality; country, where the municipality is not known; postcode, where two"
        " municipalities share it.",
        {"required": True, "enum": ["municipality", "country", "postcode"]},
    ),
    Column("code", "string", f"A code of areas.csv, or {_OTHER}", {"required": True}),
    _ROUNDED,
)
POSTCODES = (
    _TO_THE_END,
    Column("area", "string", "The municipality or country of areas.csv.", {"required": True}),
    Column("code", "string", f"Country and four digits, or {_OTHER}", {"required": True}),
    _ROUNDED,
)
LANGUAGES = (
    _TO_THE_END,
    Column(
        "language",
        "string",
        f"The language in which was signed, or {_OTHER}",
        {"required": True, "enum": [*i18n.LANGUAGES, REST]},
    ),
    _ROUNDED,
)
PLACES = (
    Column("code", "string", "NIS or CBS code; country and postcode; ISO 3166-1.", _KEY),
    Column(
        "level",
        "string",
        "What kind of place it is.",
        {"required": True, "enum": ["municipality", "country", "postcode"]},
    ),
    Column("parent", "string", "Of a postcode: its municipality, where it has one alone."),
    Column("country", "string", "ISO 3166-1, two letters; ZZ for any other.", {"required": True}),
    Column("name_nl", "string", "Name in Dutch, where there is one."),
    Column("name_fr", "string", "Name in French, where there is one."),
    Column("name_de", "string", "Name in German, where there is one."),
    Column("name_en", "string", "Name in English, where there is one."),
    Column("population", "integer", "Inhabitants, where they were loaded.", {"minimum": 0}),
    Column("population_year", "integer", "On the first of January of this year."),
)


def day_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    for day in edition.series:
        yield (
            day.day,
            day.confirmed + day.paper,
            day.confirmed,
            day.paper,
            day.withdrawn,
            day.invalidated,
            day.restored,
            day.total,
        )


def document_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    zone = edition.closed_at.tzinfo
    for document in edition.documents:
        yield (
            document["id"],
            document["sha256"],
            document["size"],
            document["pages"],
            document["kind"],
            document["dated"],
            document["added_at"].astimezone(zone).date(),
            edition.document_url(document),
            document["version"],
            document["original"],
            document["rights"],
        )


def area_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    """Of the newest table; none before the first one."""
    for release, row in _released(edition):
        if row.level in ("municipality", "country") or (row.level == "postcode" and not row.parent):
            yield (release.day, row.level, row.code, row.confirmed)


def postcode_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    for release, row in _released(edition):
        if row.level == "postcode" and row.parent:
            yield (release.day, row.parent, row.code, row.confirmed)


def language_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    for release, row in _released(edition):
        if row.level == "language":
            yield (release.day, row.code, row.confirmed)


def place_rows(edition: Edition) -> Iterator[tuple[Cell, ...]]:
    """Every place that a table may name."""
    for each in edition.places:
        named = [Name(each.names[code]) if code in each.names else None for code in _NAMED]
        yield (
            each.code,
            each.level,
            each.parent,
            each.country,
            *named,
            each.population,
            each.population_year,
        )


_NAMED = ("nl", "fr", "de", "en")


def _released(edition: Edition) -> Iterator[tuple[Release, Row]]:
    if edition.areas is not None:
        for row in edition.areas.rows:
            yield edition.areas, row
