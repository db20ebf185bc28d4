"""The life of a petition: published, read, opened, closed.

Every deed is decided by one statement that looks at the state itself, and leaves its line in
the trail in the same transaction.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import N_, NotFound, NotNow
from mobilise.petitions import queries
from mobilise.petitions.reading import Petition

Moderation = Literal["off", "first", "all"]


@dataclass(frozen=True)
class Move:
    """From which states to which one, and what to say in any other."""

    begins: tuple[str, ...]
    ends: str
    otherwise: str


MOVES = {
    "submit": Move(
        ("draft",), "submitted", N_("This petition is not a draft any more. Look at its desk.")
    ),
    "publish": Move(
        ("draft",), "open", N_("This petition is not a draft any more. Look at its desk.")
    ),
    "let_open": Move(
        ("draft", "submitted"), "open", N_("Only a petition that waits can be opened.")
    ),
    "close": Move(("open",), "closed", N_("Only an open petition can be closed.")),
}


async def publish(
    database: db.Database, petition: Petition, person_id: int, moderation: Moderation
) -> str:
    """Opens the petition, or hands it to the keeper to read first. The answer is its state."""
    async with db.tx(database):
        reads = moderation == "all" or (
            moderation == "first" and not await queries.has_opened(database, petition.group_id)
        )
        return await _move(database, "submit" if reads else "publish", petition.id, person_id)


async def let_open(database: db.Database, slug: str) -> None:
    """The keeper has read it: it opens."""
    async with db.tx(database):
        petition_id = await queries.id_of(database, slug)
        if petition_id is None:
            raise NotFound()
        await _move(database, "let_open", petition_id, None)


async def close(database: db.Database, petition: Petition, person_id: int) -> None:
    """No more signatures; everything stays to be read."""
    async with db.tx(database):
        await _move(database, "close", petition.id, person_id)


async def close_overdue(database: db.Database, today: date, months: int) -> None:
    """What was to close before today does, and what has been open for so many months: the data
    of its signers must go."""
    for petition_id in await queries.overdue(database, today, months):
        with suppress(NotNow):  # somebody closed it a moment ago
            async with db.tx(database):
                await _move(database, "close", petition_id, None)


async def _move(database: db.Database, name: str, petition_id: int, person_id: int | None) -> str:
    """Decided by one UPDATE that looks at the state; NotNow when it is another one."""
    move = MOVES[name]
    if not await queries.move(database, petition_id, list(move.begins), move.ends):
        raise NotNow(move.otherwise)
    await trail.write(
        database, f"petition.{name}", person_id=person_id, petition_id=petition_id, to=move.ends
    )
    return move.ends
