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


async def nightly(place: Workplace) -> None:
    """Ended sessions go, and what nobody came back for: log-ins, drafts, invitations, groups."""
    await session_queries.forget(place.db, sessions.IDLE, sessions.LONGEST)
    await logins.forget(place.db, entering.KEPT)
    await invitations.forget(place.db, inviting.VALID)
    await groups.forget_deserted(place.db)
    await mailbox_queries.forget(place.db, leaving.KEPT)
    await leaving.warn_unused(place.db, place.tokens.recipient)
    await leaving.erase_unused(place.db, place.tokens.recipient)


JOBS = [Job("accounts.nightly", "20 2 * * *", nightly)]
