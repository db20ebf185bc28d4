"""The life of a petition: started, changed, published, closed.

Every deed is decided by one statement that looks at the state itself, and leaves its line in
the trail in the same transaction.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from mobilise import db, prose
from mobilise.accounts import entering, groups
from mobilise.audit import trail
from mobilise.errors import N_, NotFound, NotNow
from mobilise.petitions import queries
from mobilise.petitions.reading import Petition

Moderation = Literal["off", "first", "all"]
CODE_LETTERS = "bcdfghjkmnpqrstvwxz"  # none that look alike, and no vowels to make words with
CODE_LENGTH = 6


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
EDITABLE = ("draft", "submitted", "open")
FROZEN = N_(
    "Somebody has signed this text, so it stays as it is. You can add documents that explain it."
)
READ = N_("This text was read before it opened, so it stays as it is.")


async def start(
    database: db.Database, person_id: int, language: str, draft: Mapping[str, Any]
) -> str:
    """A draft of this person's group; the group is made when she owns none of that name.

    `draft`: title, addressee, why (Markdown), goal (or None), group. The answer is the slug.
    """
    async with db.tx(database):
        group_id = await groups.own(database, person_id, draft["group"])
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
                title=draft["title"],
                addressee=draft["addressee"],
                body=draft["why"],
            )
        await trail.write(database, "petition.started", person_id=person_id, petition_id=made["id"])
    return str(made["slug"])


@dataclass(frozen=True)
class Begun:
    person_id: int
    slug: str


async def begin(database: db.Database, login_id: int) -> Begun | None:
    """What the link of a start letter does, once: person, group and draft in one transaction."""
    async with db.tx(database):
        return await _begun(database, await entering.claim(database, login_id, "start"))


async def begin_by_code(
    database: db.Database, browser: bytes, matching: int | None
) -> Begun | None:
    async with db.tx(database):
        claimed = await entering.claim_code(database, browser, "start", matching)
        return await _begun(database, claimed)


async def _begun(database: db.Database, claimed: db.Record | None) -> Begun | None:
    if claimed is None:
        return None
    draft = claimed["draft"]
    person_id = await entering.welcome(database, claimed, new_name=draft["name"])
    if person_id is None:
        return None
    return Begun(person_id, await start(database, person_id, claimed["language"], draft))


async def change(
    database: db.Database,
    petition: Petition,
    person_id: int,
    text: Mapping[str, Any],
    moderation: Moderation,
) -> None:
    """Another text, until somebody signed it. What is open already gets a new, dated version."""
    async with db.tx(database):
        version = await queries.change_text(
            database,
            petition_id=petition.id,
            states=list(_editable(moderation)),
            language=petition.language,
            title=text["title"],
            addressee=text["addressee"],
            body=text["why"],
            goal=text["goal"],
            picture_alt=petition.picture_alt,
        )
        if version is None:
            raise NotNow(why_not_editable(petition, moderation) or FROZEN)
        await trail.write(
            database,
            "petition.changed",
            person_id=person_id,
            petition_id=petition.id,
            version=version,
        )


def _editable(moderation: Moderation) -> tuple[str, ...]:
    """What a keeper read before it opened must not change behind his back."""
    return EDITABLE if moderation == "off" else EDITABLE[:2]


def why_not_editable(petition: Petition, moderation: Moderation) -> str | None:
    """The sentence for a text that stays as it is; None while it may be changed."""
    if petition.is_frozen:
        return FROZEN
    if petition.state in _editable(moderation):
        return None
    return READ if petition.state == "open" else MOVES["close"].otherwise


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


async def freeze(database: db.Database, petition_id: int) -> None:
    """Called before the first signature is stored; later calls change nothing."""
    await queries.freeze(database, petition_id)
