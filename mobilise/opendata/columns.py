"""The columns of the public tables: what each means, and what may stand in it.

Header, description and constraints come from one list, so they cannot drift apart, whatever the
format of a table is.
"""

from dataclasses import dataclass, field
from typing import Any

from mobilise import i18n
from mobilise.documents.kinds import MEDIA_TYPES
from mobilise.documents.rights import RIGHTS


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
