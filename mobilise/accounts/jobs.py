"""What the door forgets by itself."""

from mobilise.accounts import (
    entering,
    inviting,
    leaving,
    logins,
    mailbox_queries,
    session_queries,
    sessions,
)
from mobilise.accounts import group_queries as groups
from mobilise.accounts import invitation_queries as invitations
from mobilise.jobs import Job, Workplace


async def forget_expired(place: Workplace) -> None:
    """Ended sessions go, and what nobody came back for: log-ins, drafts, invitations, moves."""
    await session_queries.forget(place.db, sessions.IDLE, sessions.LONGEST)
    await logins.forget(place.db, entering.KEPT)
    await invitations.forget(place.db, inviting.VALID)
    await mailbox_queries.forget(place.db, leaving.KEPT)


async def forget_deserted(place: Workplace) -> None:
    """Groups that everybody left."""
    await groups.forget_deserted(place.db)


async def forget_unused(place: Workplace) -> None:
    """Accounts that nobody uses: first a letter, then the end."""
    await leaving.warn_unused(place.db, place.tokens.recipient)
    await leaving.erase_unused(place.db, place.tokens.recipient)


# Each stands alone, so that the fault of one holds up no other.
JOBS = [
    Job("accounts.forget_expired", "20 2 * * *", forget_expired),
    Job("accounts.forget_deserted", "25 2 * * *", forget_deserted),
    Job("accounts.forget_unused", "30 2 * * *", forget_unused),
]
