"""The columns of the public tables: what each means, what may stand in it, and the rows.

Header, description and constraints come from one list, so they cannot drift apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from mobilise.documents.kinds import MEDIA_TYPES
from mobilise.documents.rights import RIGHTS
from mobilise.opendata.editions import Edition
from mobilise.tables import Cell


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
