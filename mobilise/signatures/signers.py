"""The list of signers, for who answers for it: looked at, looked up, taken along as a whole.

Every look and every copy leaves a line in the trail: who, which filter, how many rows; no names.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting, signers_queries

A_PAGE = 50
A_BATCH = 2000
LAST = 2**63 - 1  # before it come all numbers
STATES = {"confirmed": ("confirmed",), "waiting": ("pending", "held")}
SOUGHT_LONGEST = 30  # it travels in an address
GONE = N_("The list is gone: what we keep of signers was erased when its time was over.")
WAYS = {  # of confirming
    "button": N_("button in the email"),
    "same_browser": N_("link, same browser"),
    "code": N_("code"),
    "demo": N_("demonstration"),
}


@dataclass(frozen=True)
class Look:
    """Which rows: those in one state, whose name holds these words, from below a number on."""

    state: str = "confirmed"
    sought: str = ""
    before: int = LAST


@dataclass(frozen=True)
class Signer:
    """One row as the group sees it."""

    id: int
    name: str
    postcode: str
    country: str
    at: datetime  # when it was confirmed; while it waits, when the form was sent
    confirmed_by: str | None
    public_name: bool


@dataclass(frozen=True)
class Part:
    """A page of the list; `following` begins the next one, None on the last."""

    signers: list[Signer]
    following: int | None


async def look(database: db.Database, petition: Petition, person_id: int, wanted: Look) -> None:
    """Writes the look down. The rows themselves are read by `part`."""
    async with db.tx(database):
        await _refuse_if_gone(database, petition)
        found = await part(database, petition, wanted)
        await trail.write(
            database,
            "signers.look",
            person_id=person_id,
            petition_id=petition.id,
            state=wanted.state,
            by_name=bool(wanted.sought),
            rows=len(found.signers),
        )


async def part(database: db.Database, petition: Petition, wanted: Look) -> Part:
    rows = await signers_queries.newest(
        database,
        petition.id,
        states=STATES[wanted.state],
        patterns=reading.patterns(wanted.sought),
        before=wanted.before,
        limit=A_PAGE + 1,
    )
    found = [Signer(**row) for row in rows[:A_PAGE]]
    return Part(found, found[-1].id if len(rows) > A_PAGE else None)


async def take(
    database: db.Database, petition: Petition, person_id: int, how: str, **more: str
) -> None:
    """Writes down that the whole list is taken along; `how`: "print" or "file"."""
    async with db.tx(database):
        await _refuse_if_gone(database, petition)
        tally = await counting.tally(database, petition)
        await trail.write(
            database,
            f"signers.{how}",
            person_id=person_id,
            petition_id=petition.id,
            state="confirmed",
            rows=tally.online,
            **more,
        )


async def all_confirmed(database: db.Database, petition_id: int) -> AsyncIterator[list[Signer]]:
    """Everybody who confirmed, in batches, oldest first. Between two batches nothing is held: a
    slow reader keeps no connection."""
    after = 0
    while rows := await signers_queries.confirmed_after(database, petition_id, after, A_BATCH):
        yield [Signer(**row) for row in rows]
        after = rows[-1]["id"]


async def gone_since(database: db.Database, petition: Petition) -> datetime | None:
    """When the rows were erased; None while they are there."""
    found = await signers_queries.erased_at(database, petition.id)
    return found["erased_at"] if found else None


async def _refuse_if_gone(database: db.Database, petition: Petition) -> None:
    if await gone_since(database, petition):
        raise NotNow(GONE)
