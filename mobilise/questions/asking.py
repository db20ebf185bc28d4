"""Ask the group, and be answered. Nobody asks in another's name: the mailbox says yes first.

Addresses stay here: the group reads name and question, and answers at its desk.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from mobilise import db, limits
from mobilise.audit import trail
from mobilise.errors import N_, Gone, NotFound, NotNow
from mobilise.mail import outbox, traces
from mobilise.petitions import lifecycle
from mobilise.petitions.reading import Petition
from mobilise.questions import queries
from mobilise.tokens import Tokens

State = Literal["waiting", "answered", "aside"]
STATES: tuple[State, ...] = ("waiting", "answered", "aside")
A_PAGE = 30
GONE = N_("This question is no longer here. You can ask it again.")
NOT_NOW = N_("The group takes no questions about this petition any more.")
CHANGED = N_("This question was taken back or changed a moment ago.")
_KINDS = ("question_confirm", "question_asked", "question_answered")


@dataclass(frozen=True)
class Question:
    """What an accepted form says. `may_show`: with the first name, beside its answer."""

    name: str
    email: str
    email_key: str
    language: str
    question: str
    may_show: bool


def takes_questions(petition: Petition) -> bool:
    """While somebody answers for it, and what is asked need not be erased at once."""
    if petition.state not in ("open", "closed", "delivered", "answered"):
        return False
    kept = timedelta(days=30 * lifecycle.MONTHS_CLOSED)
    return petition.closed_at is None or petition.closed_at > datetime.now(UTC) - kept


async def ask(database: db.Database, tokens: Tokens, petition: Petition, asked: Question) -> None:
    """Kept until its mailbox says yes. At most three letters a day to one address, and nothing
    tells whether this one went."""
    if not takes_questions(petition):
        raise NotNow(NOT_NOW)
    recipient = tokens.recipient(asked.email_key)
    async with db.tx(database):
        if await limits.take(database, limits.ASK_ADDRESS, recipient):
            question_id = await queries.add(database, petition_id=petition.id, **vars(asked))
            await outbox.add(
                database, "question_confirm", recipient=recipient, about=question_id,
                petition_id=petition.id,
            )  # fmt: skip


async def own(database: db.Database, petition_id: int, question_id: int) -> db.Record:
    """For whoever holds its link. Raises Gone once it was taken back or erased."""
    found = await queries.question(database, petition_id, question_id)
    if found is None:
        raise Gone(GONE)
    return found


async def prove(database: db.Database, tokens: Tokens, petition_id: int, question_id: int) -> None:
    """The button in the asker's mailbox: the group is told, once."""
    async with db.tx(database):
        if await queries.prove(database, petition_id, question_id):
            await outbox.add_to_group(
                database, "question_asked", tokens.recipient, petition_id=petition_id,
                about=question_id,
            )  # fmt: skip
            await trail.write(
                database, "question.asked", petition_id=petition_id, question_id=question_id
            )


async def take_back(database: db.Database, petition_id: int, question_id: int) -> None:
    """The asker's: question, answer and letters are erased at once."""
    async with db.tx(database):
        if await queries.take_back(database, petition_id, question_id):
            await traces.forget_letters(database, petition_id, about=question_id, kinds=_KINDS)
            await trail.write(
                database, "question.taken_back", petition_id=petition_id, question_id=question_id
            )


async def answer(
    database: db.Database,
    tokens: Tokens,
    petition: Petition,
    person_id: int,
    question_id: int,
    words: str,
    *,
    shown: bool,
) -> None:
    """To the asker by letter; on the page when both wish it. Mended words go out again."""
    async with db.tx(database):
        done = await queries.answer(
            database, petition_id=petition.id, question_id=question_id, answer=words, shown=shown
        )
        if done is None:
            raise NotNow(CHANGED)
        if done["news"]:
            await outbox.add(
                database, "question_answered", recipient=tokens.recipient(done["email_key"]),
                about=question_id, petition_id=petition.id,
            )  # fmt: skip
        await trail.write(
            database, "question.answered", person_id=person_id, petition_id=petition.id,
            question_id=question_id, shown=shown,
        )  # fmt: skip


async def put(
    database: db.Database, petition: Petition, person_id: int, question_id: int, *, aside: bool
) -> None:
    """Aside, where nobody sees it, or back again."""
    async with db.tx(database):
        if not await queries.put(database, petition.id, question_id, aside):
            raise NotNow(CHANGED)
        await trail.write(
            database, "question.aside" if aside else "question.back", person_id=person_id,
            petition_id=petition.id, question_id=question_id,
        )  # fmt: skip


async def at_desk(database: db.Database, petition: Petition, question_id: int) -> db.Record:
    """One question for the group; not before its mailbox said yes."""
    found = await queries.question(database, petition.id, question_id)
    if found is None or found["state"] == "unproven":
        raise NotFound()
    return found


async def listed(
    database: db.Database, petition_id: int, state: State, page: int
) -> list[db.Record]:
    """One page for the desk, and one more when there is a next page."""
    return await queries.in_state(
        database, petition_id, state, most=A_PAGE + 1, before=(page - 1) * A_PAGE
    )


async def answered(database: db.Database, petition_id: int, page: int) -> list[db.Record]:
    """One page for every reader, and one more when there is a next page."""
    return await queries.shown(database, petition_id, most=A_PAGE + 1, before=(page - 1) * A_PAGE)


async def newest(
    database: db.Database, petition_id: int, most: int
) -> tuple[list[db.Record], bool]:
    """The last few that are shown, and whether there are more."""
    found = await queries.shown(database, petition_id, most=most + 1, before=0)
    return found[:most], len(found) > most


async def totals(database: db.Database, petition_id: int) -> dict[str, int]:
    return await queries.totals(database, petition_id)


async def waiting(database: db.Database, petition_id: int) -> int:
    """How many the group has not answered yet: for its desk."""
    return (await totals(database, petition_id))["waiting"]
