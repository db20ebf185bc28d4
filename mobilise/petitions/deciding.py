"""What a keeper decides about a petition: each decision has its reason, its letter to the group
and its line in the trail, stored together."""

from dataclasses import dataclass
from datetime import date, datetime

from mobilise import db, i18n
from mobilise.errors import N_, NotFound, NotNow
from mobilise.petitions import life_queries, lifecycle, queries
from mobilise.reasons import HIDES_THE_TEXT, REASONS
from mobilise.tokens import Tokens

CHANGED = N_("Its text was changed while you read it. Read it once more.")
# The letter that tells the group of each.
LETTERS = {
    "send_back": "sent_back",
    "reject": "rejected",
    "suspend": "suspended",
    "resume": "resumed",
    "remove": "removed",
}


@dataclass(frozen=True)
class Ruling:
    """Why, in a code and in the keeper's own words, which are in `language`."""

    reason: str = ""
    words: str = ""
    language: str = "en"
    same_as: str = ""  # slug of the petition that asks the same


async def let_open(
    database: db.Database,
    tokens: Tokens,
    petition_id: int,
    person_id: int | None,
    today: date,
    *,
    read_until: datetime | None = None,
) -> bool:
    """The keeper has read it: it opens, or on its day. False: it waits for that day.

    `read_until`: when the newest text was written that he read; None for as it stands.
    """
    async with db.tx(database):
        await life_queries.hold(database, petition_id)
        newest = await life_queries.text_changed_at(database, petition_id)
        if read_until is not None and newest > read_until:
            raise NotNow(CHANGED)
        await lifecycle.refuse_what_is_over(database, petition_id, today)
        if await lifecycle.plan(database, petition_id, person_id, newest, today):
            await lifecycle.tell_group(database, tokens, "cleared", petition_id)
            return False
        await life_queries.note_reading(database, petition_id)
        await lifecycle.move(database, "let_open", petition_id, "keeper", person_id)
        await lifecycle.tell_group(database, tokens, "opened", petition_id)
        return True


async def let_open_by_name(database: db.Database, tokens: Tokens, slug: str, today: date) -> bool:
    """The same, from the command line."""
    petition_id = await queries.id_of(database, slug)
    if petition_id is None:
        raise NotFound()
    return await let_open(database, tokens, petition_id, None, today)


async def decide(
    database: db.Database,
    tokens: Tokens,
    name: str,
    petition_id: int,
    person_id: int | None,
    ruling: Ruling,
) -> str:
    """Sends back, rejects, suspends, resumes or removes (`name` is the move's). The new state."""
    async with db.tx(database):
        # Before its decision is written: that shares the row, and two who share it and then wait
        # to move it wait for each other.
        await life_queries.hold(database, petition_id)
        decision = await life_queries.add_decision(
            database, petition_id=petition_id, move=name, **vars(ruling)
        )
        await lifecycle.tell_group(database, tokens, LETTERS[name], petition_id, about=decision)
        return await lifecycle.move(
            database, name, petition_id, "keeper", person_id, reason=ruling.reason
        )


@dataclass(frozen=True)
class Decision:
    """As everybody may read it. `words` are the keeper's own, in `language`."""

    move: str
    reason: str
    same_as: str
    words: str
    language: str
    at: datetime

    @property
    def sentence(self) -> str:
        """The reason in the reader's language; nothing where there is none."""
        return i18n.gettext(REASONS[self.reason]) if self.reason in REASONS else ""

    @property
    def hides_the_text(self) -> bool:
        return self.reason in HIDES_THE_TEXT


async def last(database: db.Database, petition_id: int) -> Decision | None:
    """The newest decision about a petition."""
    found = await life_queries.last_decision(database, petition_id)
    if found is None:
        return None
    return Decision(**{name: found[name] for name in Decision.__dataclass_fields__})
