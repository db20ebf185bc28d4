"""A petition begins: kept from its first page on, and made with its group and its writer."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mobilise import db, prose
from mobilise.accounts import entering, groups
from mobilise.accounts import queries as people
from mobilise.addresses import Address
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.mail import outbox
from mobilise.petitions import queries, start_queries, steps
from mobilise.petitions.forms import Writer
from mobilise.tokens import DRAFT_DAYS

KEPT = timedelta(days=DRAFT_DAYS)
"""A draft that nobody touches is erased after so long."""
CODE_LETTERS = "bcdfghjkmnpqrstvwxz"  # none that look alike, and no vowels to make words with
CODE_LENGTH = 6
CHANGED = N_("Something in it changed. Look at it once more.")
GONE = N_("This draft is not here any more. It became a petition, or it was thrown away.")


@dataclass(frozen=True)
class Draft:
    """A petition while it is written. `words`: what was typed, by field, right or wrong."""

    id: int
    person_id: int | None
    language: str
    words: steps.Words
    changed_at: datetime

    @property
    def title(self) -> str:
        return self.words.get("title", "")


@dataclass(frozen=True)
class Unfinished:
    """A draft as a list shows it. `step`: where its writer stopped."""

    id: int
    title: str
    changed_at: datetime
    step: str


async def keep(
    database: db.Database,
    draft: Draft | None,
    person_id: int | None,
    language: str | None,
    words: dict[str, str],
) -> int:
    """What was typed on one page, in this draft or in a new one; its number.

    `language`: of the page, where it says in which language the petition is.
    """
    async with db.tx(database):
        if draft is None:
            return await start_queries.add(database, person_id, language or "", words)
        if not await start_queries.change(database, draft.id, person_id, words, language):
            raise NotNow(GONE)
        return draft.id


async def drafts(database: db.Database, ids: Sequence[int], person_id: int | None) -> list[Draft]:
    """What this browser wrote, and this person; the one worked on last first."""
    return [_draft(row) for row in await start_queries.readable(database, list(ids), person_id)]


async def by_letter(database: db.Database, start_id: int) -> Draft | None:
    """The draft that a letter leads to."""
    row = await start_queries.one(database, start_id)
    return None if row is None else _draft(row)


async def unfinished(database: db.Database, person_id: int) -> list[Unfinished]:
    """The drafts of a person, for her desk."""
    found = await drafts(database, [], person_id)
    today = datetime.now(UTC).date()
    writer = Writer(today, person_id, await groups.owned(database, person_id))
    return [
        Unfinished(
            each.id,
            each.title,
            each.changed_at,
            steps.stopped_at(each.words, writer),
        )
        for each in found
    ]


async def throw_away(database: db.Database, draft: Draft, person_id: int | None) -> None:
    async with db.tx(database):
        await start_queries.take(database, draft.id, person_id)


async def send(database: db.Database, draft: Draft, address: Address, recipient: bytes) -> None:
    """A letter whose button brings its reader back to the draft."""
    async with db.tx(database):
        await start_queries.note_address(database, draft.id, address.sent)
        await outbox.add(database, "resume", recipient=recipient, about=draft.id)


async def finish(database: db.Database, draft: Draft, person_id: int, writer: Writer) -> str | None:
    """The draft of who is logged in becomes a petition, once; its slug."""
    async with db.tx(database):
        taken = await start_queries.take(database, draft.id, person_id)
        if taken is None:
            return None
        if steps.amiss(taken["words"], writer):  # changed on another device a moment ago
            raise NotNow(CHANGED)
        said = steps.said(taken["words"], writer)
        return await start(database, person_id, taken["language"], said)


async def start(
    database: db.Database, person_id: int, language: str, draft: Mapping[str, Any]
) -> str:
    """A petition of this person's group, not yet public; where none is chosen by its number, the
    one of that name that she owns, or a new one.

    `draft`: title, addressee, why (Markdown), goal (or None), group, group_id (or None); days and
    picture, if any. The answer is the slug.
    """
    async with db.tx(database):
        group_id = draft.get("group_id")
        if group_id is None:
            group_id = await groups.own(database, person_id, draft["group"])
        elif not await people.hold_ownership(database, person_id, group_id):
            raise NotNow(CHANGED)  # handed over a moment ago
        made = None
        while made is None:  # None: somebody took the slug or the code at the same moment
            made = await queries.add_petition(
                database,
                slug=prose.slug(draft["title"]),
                code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
                group_id=group_id,
                person_id=person_id,
                language=language,
                goal=draft["goal"],
                opens_on=draft.get("opens_on"),
                closes_on=draft.get("closes_on"),
                picture=draft.get("picture"),
                narrow=draft.get("picture_narrow"),
                focus=draft.get("picture_focus") or [50, 50],
                alt=draft.get("picture_alt") or "",
                title=draft["title"],
                addressee=draft["addressee"],
                body=draft["why"],
            )
        await trail.write(database, "petition.started", person_id=person_id, petition_id=made["id"])
    return str(made["slug"])


@dataclass(frozen=True)
class Begun:
    person_id: int
    start_id: int
    slug: str | None  # None: a draft still, with something to look at again


async def begin(database: db.Database, login_id: int, today: date) -> Begun | None:
    """What the link of a start letter does, once: person, group and petition in one go."""
    async with db.tx(database):
        return await _begun(database, await entering.claim(database, login_id, "start"), today)


async def begin_by_code(
    database: db.Database, browser: bytes, matching: int | None, today: date
) -> Begun | None:
    async with db.tx(database):
        claimed = await entering.claim_code(database, browser, "start", matching)
        return await _begun(database, claimed, today)


async def _begun(database: db.Database, claimed: db.Record | None, today: date) -> Begun | None:
    """The letter proves the mailbox; what is made of it is the draft as it stands by now."""
    if claimed is None:
        return None
    name = claimed["draft"]["name"]
    person_id = await entering.welcome(database, claimed, new_name=name)
    if person_id is None:
        return None
    start_id = int(claimed["draft"]["start"])
    writer = Writer(today, person_id, await groups.owned(database, person_id))
    found = await start_queries.one(database, start_id)
    if found is not None and steps.amiss(found["words"], writer):
        await start_queries.change(database, start_id, person_id, {}, None)
        return Begun(person_id, start_id, None)
    taken = await start_queries.take(database, start_id, person_id)
    if taken is None:
        return None
    said = steps.said(taken["words"], writer)
    slug = await start(database, person_id, taken["language"], said)
    return Begun(person_id, start_id, slug)


def _draft(row: db.Record) -> Draft:
    return Draft(
        row["id"], row["person_id"], row["language"], steps.Words(row["words"]), row["changed_at"]
    )
