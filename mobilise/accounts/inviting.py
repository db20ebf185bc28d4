"""Inviting somebody into a group by letter, and what its one button does, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mobilise import db, i18n, limits
from mobilise.accounts import group_queries, queries
from mobilise.accounts import invitation_queries as invitations
from mobilise.addresses import Address
from mobilise.audit import trail
from mobilise.errors import N_, NotFound, NotNow
from mobilise.mail import outbox
from mobilise.tokens import INVITATION_DAYS

VALID = timedelta(days=INVITATION_DAYS)


async def invite(
    database: db.Database,
    *,
    group_id: int,
    by: int,
    address: Address,
    role: str,
    greeting: str,
    recipient: bytes,
    write: bool,
) -> None:
    """Notes the invitation and puts its letter in the outbox.

    `write`: False when this address had enough letters. Whoever invites sees no difference.
    """
    async with db.tx(database):
        invitation_id = await invitations.invite(
            database,
            group_id=group_id,
            by=by,
            typed=address.sent,
            email_key=address.key,
            role=role,
            greeting=greeting,
            language=i18n.language(),
        )
        if write:
            await outbox.add(database, "invitation", recipient=recipient, about=invitation_id)
        await trail.write(database, "group.invited", person_id=by, group_id=group_id, role=role)


async def send_again(
    database: db.Database, invitation_id: int, group_id: int, recipient: Callable[[str], bytes]
) -> None:
    """The letter once more, unless this address had enough."""
    async with db.tx(database):
        found = await invitations.send_again(database, invitation_id, group_id)
        if found is None:
            raise NotFound()
        key = recipient(found["email_key"])
        if await limits.take(database, limits.INVITE_ADDRESS, key):
            await outbox.add(database, "invitation", recipient=key, about=invitation_id)


async def take_back(
    database: db.Database, invitation_id: int, group_id: int, person_id: int
) -> None:
    async with db.tx(database):
        if not await invitations.take_back(database, invitation_id, group_id):
            raise NotNow(N_("This invitation was answered already. Look at who is in the group."))
        await trail.write(
            database, "group.invitation_taken_back", person_id=person_id, group_id=group_id
        )


@dataclass(frozen=True)
class Joined:
    person_id: int
    group_slug: str
    new: bool  # the account was made just now


async def accept(database: db.Database, invitation_id: int, new_name: str | None) -> Joined | None:
    """What the button does; whoever pressed it has read the letter, so the mailbox is proven.

    With `new_name` the account is made when there is none. None when the invitation is over.
    """
    async with db.tx(database):
        claimed = await invitations.claim(database, invitation_id, "accepted", VALID)
        if claimed is None:
            return None
        email, key = claimed["email"], claimed["email_key"]
        person_id = await invitations.person_of(database, email, key)
        new = person_id is None
        if new and new_name:
            await queries.add_person(database, new_name, email, key, claimed["language"])
            person_id = await invitations.person_of(database, email, key)
        if person_id is None:  # the letter proved another spelling than that of the account
            raise NotNow(N_("This invitation is over. Ask for a new one."))
        return await _join(database, claimed, person_id, new)


async def accept_as(database: db.Database, invitation_id: int, person_id: int) -> str:
    """The same for who is logged in; the answer is the slug of the group."""
    async with db.tx(database):
        if not await invitations.is_for(database, invitation_id, person_id):
            raise NotFound()
        claimed = await invitations.claim(database, invitation_id, "accepted", VALID)
        if claimed is None:
            raise NotNow(N_("This invitation is over. Ask for a new one."))
        return (await _join(database, claimed, person_id, False)).group_slug


async def decline(database: db.Database, invitation_id: int) -> None:
    """No, thank you: nothing more comes of it. Twice is as good as once."""
    async with db.tx(database):
        await invitations.claim(database, invitation_id, "declined", VALID)


async def decline_as(database: db.Database, invitation_id: int, person_id: int) -> None:
    if not await invitations.is_for(database, invitation_id, person_id):
        raise NotFound()
    await decline(database, invitation_id)


async def _join(database: db.Database, claimed: db.Record, person_id: int, new: bool) -> Joined:
    group_id, role = claimed["group_id"], claimed["role"]
    await invitations.join(database, group_id, person_id, role)
    slug = await group_queries.slug_of(database, group_id)
    assert slug is not None, "an invitation goes with its group"
    await trail.write(database, "group.joined", person_id=person_id, group_id=group_id, role=role)
    return Joined(person_id, slug, new)
