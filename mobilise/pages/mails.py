"""The letters of a petition on their way: stations with numbers, and the same in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mobilise import db
from mobilise.errors import N_
from mobilise.pages import desk_queries
from mobilise.petitions.reading import Petition

KINDS = {
    "confirm": N_("Confirm a signature"),
    "already_signed": N_("Signed before"),
    "group": N_("To the group and others"),
}


@dataclass(frozen=True)
class Kind:
    """`answered`: sent today and confirmed since; only a letter that asks for it has one."""

    name: str
    ready: int
    leaving: int
    sent: int
    answered: int | None
    failed: int


@dataclass(frozen=True)
class Mails:
    kinds: Sequence[Kind]
    ready: int
    leaving: int
    sent: int
    answered: int
    failed: int


async def mails(database: db.Database, petition: Petition, midnight: datetime) -> Mails:
    found = await desk_queries.letters(database, petition.id, midnight)
    kinds = [
        Kind(
            KINDS[row["kind"]],
            row["ready"],
            row["leaving"],
            row["sent"],
            row["answered"] if row["kind"] == "confirm" else None,
            row["failed"],
        )
        for row in sorted(found, key=lambda row: list(KINDS).index(row["kind"]))
    ]
    return Mails(
        kinds,
        sum(kind.ready for kind in kinds),
        sum(kind.leaving for kind in kinds),
        sum(kind.sent for kind in kinds),
        sum(kind.answered or 0 for kind in kinds),
        sum(kind.failed for kind in kinds),
    )
