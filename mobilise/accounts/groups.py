"""Groups: made, described, and who is in them with which role. An owner is never missing."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mobilise import db, i18n, prose
from mobilise.accounts import group_queries, queries
from mobilise.accounts import invitation_queries as invitations
from mobilise.audit import trail
from mobilise.errors import N_, ChangedMeanwhile, NotFound, NotNow
from mobilise.mail import outbox

LAST_OWNER = N_("A group needs an owner. Make somebody else the owner first.")


@dataclass(frozen=True)
class Owned:
    """One of somebody's groups. `label`: its name, with more where another one has it too."""

    id: int
    name: str
    label: str

    def is_called(self, name: str) -> bool:
        return prose.folded(self.name) == prose.folded(name)


async def owned(database: db.Database, person_id: int) -> tuple[Owned, ...]:
    """The groups that this person owns, oldest first."""
    found = await queries.owned_groups(database, person_id)
    labels = told_apart(found)
    return tuple(Owned(row["id"], row["name"], labels[row["id"]]) for row in found)


def told_apart(found: Sequence[db.Record]) -> dict[int, str]:
    """What to call each group in a list: two of one name carry the end of their addresses. A new
    name may be that of another group, and so may the one that is handed over."""
    same = Counter(prose.folded(row["name"]) for row in found)
    return {
        row["id"]: f"{row['name']} ({row['slug']})"
        if same[prose.folded(row["name"])] > 1
        else row["name"]
        for row in found
    }


async def own(database: db.Database, person_id: int, name: str) -> int:
    """The group of that name which this person owns; a new one when there is none. It speaks the
    language of who makes it.

    Inside the caller's transaction: two petitions begun at once share one new group.
    """
    await queries.lock_person(database, person_id)
    found = await queries.owned_group(database, person_id, name)
    if found is not None:
        return found
    group_id = None
    while group_id is None:  # None: somebody took the slug between reading and writing
        code = secrets.token_hex(4)
        slug, language = prose.slug(name), i18n.language()
        group_id = await queries.add_group(database, slug, code, name, language)
    await queries.add_member(database, group_id, person_id, "owner")
    return group_id


async def make(database: db.Database, person_id: int, name: str) -> str:
    """Another group of this person's, or the one of that name; its slug."""
    async with db.tx(database):
        group_id = await own(database, person_id, name)
        slug = await group_queries.slug_of(database, group_id)
        await trail.write(database, "group.made", person_id=person_id, group_id=group_id)
    return str(slug)


async def describe(
    database: db.Database,
    group_id: int,
    person_id: int,
    words: dict[str, str],
    seen: str | None = None,
) -> None:
    """`words`: name, about, place and the language that these are in. `seen`: `mark` of those that
    stood in the form; ChangedMeanwhile when others stand there by now."""
    async with db.tx(database):
        before = await group_queries.description(database, group_id)
        if seen is not None and seen != mark(before):
            raise ChangedMeanwhile()
        await group_queries.describe(database, group_id, **words)
        await trail.write(database, "group.described", person_id=person_id, group_id=group_id)


def mark(words: db.Record) -> str:
    """What tells one description from another."""
    return prose.mark(*(words[name] for name in ("name", "about", "place", "language")))


async def change_role(
    database: db.Database, group_id: int, member_id: int, role: str, by: int
) -> None:
    async with db.tx(database):
        if not await group_queries.change_role(database, group_id, member_id, role):
            await _refuse(database, group_id, member_id)
        if role != "owner" and by != member_id:
            await invitations.end_those_by(database, group_id, member_id)
        await trail.write(
            database,
            "group.role_changed",
            person_id=by,
            group_id=group_id,
            member_id=member_id,
            role=role,
        )


async def remove(database: db.Database, group_id: int, member_id: int, by: int) -> None:
    """Takes somebody out of the group, with the invitations that she wrote: else she came back
    through one of them. Whoever does it to herself leaves, and what she wrote stays good."""
    async with db.tx(database):
        if not await group_queries.remove(database, group_id, member_id):
            await _refuse(database, group_id, member_id)
        if by != member_id:
            await invitations.end_those_by(database, group_id, member_id)
        deed = "group.left" if by == member_id else "group.member_removed"
        await trail.write(database, deed, person_id=by, group_id=group_id, member_id=member_id)


async def hand_over(
    database: db.Database,
    group_id: int,
    owner: int,
    to: int,
    recipient: Callable[[str], bytes],
) -> None:
    """`to` becomes the owner and gets a letter, `owner` an editor."""
    async with db.tx(database):
        given = owner != to and await group_queries.hand_over(database, group_id, owner, to)
        if not given:
            raise NotNow(N_("Only an owner hands over, to somebody who is in the group."))
        key = await queries.key_of(database, to)
        await outbox.add(
            database, "handed_over", recipient=recipient(key), person_id=to, about=group_id
        )
        await trail.write(
            database, "group.handed_over", person_id=owner, group_id=group_id, member_id=to
        )


async def _refuse(database: db.Database, group_id: int, member_id: int) -> None:
    """Why nothing was changed: nobody of that number is in, or nobody else is owner."""
    if await group_queries.member(database, group_id, member_id) is None:
        raise NotFound()
    raise NotNow(LAST_OWNER)
