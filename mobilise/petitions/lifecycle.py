"""The life of a petition: which moves there are, and those that its group makes.

Every move is decided by one statement that looks at the state itself, and leaves its line in the
trail, with where it came from and where it went, in the same transaction. What the keeper decides
is in `deciding`, what happens by itself in `by_the_clock`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.mail import outbox
from mobilise.petitions import life_queries, queries
from mobilise.petitions.reading import Petition
from mobilise.tokens import Tokens

Moderation = Literal["off", "first", "all"]
Who = Literal["owner", "keeper", "clock"]
MONTHS_OPEN = 21  # then the data of the first signers must go, and it closes by itself
MONTHS_CLOSED = 6  # so long they are kept after closing
DAYS_DELIVERED = 30  # and so long after the hand-over


@dataclass(frozen=True)
class Move:
    """From which states to which one, who makes it, and what to say in any other.

    Where several are named in `ends`, it goes back to the one that it was suspended in.
    """

    begins: tuple[str, ...]
    ends: tuple[str, ...]
    who: tuple[Who, ...]
    otherwise: str


_NO_DRAFT = N_("This petition is not a draft any more. Look at its desk.")
_NOT_WAITING = N_("This petition does not wait to be read. Look at its page.")
_SHOWN = ("open", "closed", "delivered", "answered")

MOVES: dict[str, Move] = {
    "submit": Move(("draft",), ("submitted",), ("owner",), _NO_DRAFT),
    "take_back": Move(
        ("submitted",), ("draft",), ("owner",), N_("Only what waits to open can be taken back.")
    ),
    "publish": Move(("draft",), ("open",), ("owner",), _NO_DRAFT),
    "let_open": Move(
        ("submitted",),
        ("open",),
        ("keeper", "clock"),
        N_("Only a petition that waits can be opened."),
    ),
    "send_back": Move(("submitted",), ("draft",), ("keeper",), _NOT_WAITING),
    "reject": Move(("submitted",), ("rejected",), ("keeper",), _NOT_WAITING),
    "close": Move(
        ("open",), ("closed",), ("owner", "clock"), N_("Only an open petition can be closed.")
    ),
    "reopen": Move(
        ("closed",),
        ("open",),
        ("owner",),
        N_("Only a closed petition that was not handed over can be opened again."),
    ),
    "deliver": Move(
        ("closed",), ("delivered",), ("owner",), N_("Close the petition before you hand it over.")
    ),
    "answer": Move(
        ("delivered",), ("answered",), ("owner",), N_("An answer comes after the hand-over.")
    ),
    "suspend": Move(
        _SHOWN, ("suspended",), ("keeper",), N_("Only what everybody can read can be suspended.")
    ),
    "resume": Move(("suspended",), _SHOWN, ("keeper",), N_("This petition is not suspended.")),
    "remove": Move(
        (*_SHOWN, "rejected", "suspended"),
        ("removed",),
        ("keeper",),
        N_("Only what everybody could read can be removed."),
    ),
}
TOO_LATE = N_("Its last day to sign is over. Choose another day first.")
ERASED = N_("It closed too long ago: what we had of its signers is erased, or soon will be.")
OVER = N_("Its last day was announced and is over, so it stays closed.")


async def publish(
    database: db.Database,
    tokens: Tokens,
    petition: Petition,
    person_id: int,
    moderation: Moderation,
    today: date,
    *,
    at_once: bool = False,
) -> Literal["published", "planned", "submitted"]:
    """Opens the petition, today or on its day; or hands it to the keeper first.

    `at_once`: the group does not wait for the day that it had chosen.
    """
    async with db.tx(database):
        await refuse_what_is_over(database, petition.id, today)
        if at_once:
            await life_queries.open_at_once(database, petition.id)
        later = not at_once and petition.opens_on is not None and petition.opens_on > today
        if await reads_first(database, petition.group_id, moderation):
            await move(database, "submit", petition.id, "owner", person_id)
            return "submitted"
        if later:
            await move(database, "submit", petition.id, "owner", person_id)
            await plan(database, petition.id, person_id, None, today)
            return "planned"
        await move(database, "publish", petition.id, "owner", person_id)
        await tell_group(database, tokens, "opened", petition.id, but_not=person_id)
        return "published"


async def take_back(database: db.Database, petition: Petition, person_id: int) -> None:
    """What waits to open becomes a draft again."""
    async with db.tx(database):
        await move(database, "take_back", petition.id, "owner", person_id)


async def close(database: db.Database, tokens: Tokens, petition: Petition, person_id: int) -> None:
    """No more signatures; everything stays to be read."""
    async with db.tx(database):
        await move(database, "close", petition.id, "owner", person_id)
        await tell_group(database, tokens, "closed", petition.id, but_not=person_id)


async def reopen(
    database: db.Database, tokens: Tokens, petition: Petition, person_id: int, today: date
) -> None:
    """Opens it again, while its signers are not erased and its last day has not passed."""
    async with db.tx(database):
        why = await why_not_reopened(database, petition, today)
        if why:
            raise NotNow(why)
        await move(database, "reopen", petition.id, "owner", person_id)
        await tell_group(database, tokens, "opened", petition.id, but_not=person_id)


async def why_not_reopened(database: db.Database, petition: Petition, today: date) -> str | None:
    """The sentence for a closed petition that stays closed; None while it may open again."""
    found = await life_queries.reopening(database, petition.id, today, MONTHS_CLOSED, MONTHS_OPEN)
    if found is None or found["state"] != "closed":
        return MOVES["reopen"].otherwise
    if found["is_erased"]:
        return ERASED
    return OVER if found["is_over"] else None


async def deliver(database: db.Database, petition: Petition, person_id: int, day: date) -> None:
    """The group handed it over on that day."""
    async with db.tx(database):
        await life_queries.note_hand_over(database, petition.id, day)
        await move(database, "deliver", petition.id, "owner", person_id, day=day.isoformat())


async def answer(database: db.Database, petition: Petition, person_id: int, day: date) -> None:
    """The answer came on that day."""
    async with db.tx(database):
        await life_queries.note_answer(database, petition.id, day)
        await move(database, "answer", petition.id, "owner", person_id, day=day.isoformat())


# --- what every move is made of -----------------------------------------------------------


async def reads_first(database: db.Database, group_id: int, moderation: Moderation) -> bool:
    """Does a keeper read what this group writes before it opens?"""
    if moderation == "first":
        return not await queries.has_opened(database, group_id)
    return moderation == "all"


async def refuse_what_is_over(database: db.Database, petition_id: int, today: date) -> None:
    """What opened now would close at once: NotNow."""
    if await life_queries.is_over(database, petition_id, today):
        raise NotNow(TOO_LATE)


async def plan(
    database: db.Database,
    petition_id: int,
    person_id: int | None,
    read_until: datetime | None,
    today: date,
) -> bool:
    """What is handed in opens by itself on its day. False: it may open today already."""
    day = await life_queries.clear(database, petition_id, read_until, today)
    if day is None:
        return False
    await trail.write(
        database,
        "petition.plan",
        person_id=person_id,
        petition_id=petition_id,
        opens_on=day.isoformat(),
    )
    return True


async def move(
    database: db.Database,
    name: str,
    petition_id: int,
    who: Who,
    person_id: int | None,
    *,
    closed_at: datetime | None = None,
    **details: Any,
) -> str:
    """Inside the caller's transaction; NotNow when the state is another one. The new state."""
    made = MOVES[name]
    assert who in made.who, f"{name} is not for the {who}"
    ends = made.ends[0] if len(made.ends) == 1 else None
    moved = await life_queries.move(database, petition_id, list(made.begins), ends, closed_at)
    if moved is None:
        raise NotNow(made.otherwise)
    await trail.write(
        database,
        f"petition.{name}",
        person_id=person_id,
        petition_id=petition_id,
        by=who,
        **{"from": moved["begins"], "to": moved["ends"]},
        **details,
    )
    return str(moved["ends"])


async def tell_group(
    database: db.Database,
    tokens: Tokens,
    kind: str,
    petition_id: int,
    *,
    about: int | None = None,
    but_not: int | None = None,
) -> None:
    """A letter to owners and editors; whoever did it herself knows."""
    await outbox.add_to_group(
        database,
        kind,
        tokens.recipient,
        petition_id=petition_id,
        about=about,
        but_not=but_not,
    )
