"""A draft is thrown away: nothing of it stays but its line in the trail."""

from contextlib import suppress
from datetime import timedelta

from mobilise import db, i18n
from mobilise.accounts import group_queries
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.mail import outbox
from mobilise.petitions import draft_queries, picture_queries, reading, releasing
from mobilise.petitions.reading import Petition
from mobilise.store import Store

NO_DRAFT = N_("Only a draft can be thrown away.")
JUST_NOW = timedelta(hours=1)
"""A picture that was sent since is left to the night: another draft may be about to show it."""


async def delete(
    database: db.Database, store: Store, petition: Petition, person_id: int | None
) -> None:
    """The draft with its texts, letters and documents; their bytes go that nothing else shows."""
    async with db.tx(database):
        content = await draft_queries.content(database, petition.id)
        await outbox.forget_petition(database, petition.id)
        if not await draft_queries.delete_draft(database, petition.id):
            raise NotNow(NO_DRAFT)
        await picture_queries.forget_notes(database, content, JUST_NOW)
        await trail.write(
            database,
            "petition.delete",
            person_id=person_id,
            petition_id=petition.id,
            **{"from": "draft"},
        )
    await releasing.release(database, store, content)


async def delete_deserted(database: db.Database, store: Store) -> None:
    """Drafts of groups in which nobody is left: out of everybody's reach, and now gone."""
    for petition_id in await group_queries.deserted_drafts(database):
        petition = await reading.by_id(database, petition_id, i18n.FALLBACK)
        with suppress(NotNow):  # the keeper was faster
            await delete(database, store, petition, None)
