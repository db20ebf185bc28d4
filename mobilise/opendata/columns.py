"""The columns of the public tables: what each means, and what may stand in it.

Header, description and constraints come from one list, so they cannot drift apart, whatever the
format of a table is.
"""

from dataclasses import dataclass, field
from typing import Any

from mobilise import i18n
from mobilise.documents.kinds import MEDIA_TYPES
from mobilise.documents.rights import RIGHTS
from mobilise.opendata.areas import REST


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

HOURS = (
    Column("day", "date", "The civil day, in the time zone of the instance.", {"required": True}),
    Column(
        "from_hour",
        "integer",
        "The clock hour with which it begins; 14 is 14:00.",
        {"required": True, "minimum": 0, "maximum": 23},
    ),
    Column(
        "until_hour",
        "integer",
        "The clock hour before which it ends; 24 is midnight.",
        {"required": True, "minimum": 1, "maximum": 24},
    ),
    Column(
        "confirmed",
        "integer",
        "Signatures that began to count. Neighbouring hours of a day are taken together until there"
        " are ten; a day with fewer is one line.",
        {"required": True, "minimum": 1},
    ),
)

METHODS = (
    Column(
        "method",
        "string",
        "email: confirmed through the email to the signer. paper: counted on paper sheets.",
        {**_KEY, "enum": ["email", "paper"]},
    ),
    Column("confirmed", "integer", "Signatures that began to count.", _NUMBER),
    Column(
        "withdrawn", "integer", "Taken back by the signer or the owner of the mailbox.", _NUMBER
    ),
    Column("invalidated", "integer", "Taken off by those who run the count.", _NUMBER),
    Column("restored", "integer", "Put back after they had been taken off.", _NUMBER),
    Column(
        "total",
        "integer",
        "confirmed + restored - withdrawn - invalidated, at the end of the last day.",
        _NUMBER,
    ),
)

TEXTS = (
    Column(
        "version",
        "integer",
        "Number of the version, the same in all languages.",
        {"required": True, "minimum": 1},
    ),
    Column(
        "language",
        "string",
        "Language of the text; the text itself is in petition.json.",
        {"required": True, "enum": list(i18n.LANGUAGES)},
    ),
    Column(
        "kind",
        "string",
        "What it was: the first text, a change before anybody signed, a correction after that, a"
        " translation.",
        {"required": True, "enum": ["first", "change", "correction", "translation"]},
    ),
    Column("published_on", "date", "The day on which it became public.", {"required": True}),
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
