"""A draft is thrown away: nothing of it stays but its line in the trail."""

import asyncio
from contextlib import suppress
from pathlib import Path

from mobilise import db, i18n, store
from mobilise.accounts import group_queries
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.mail import outbox
from mobilise.petitions import draft_queries, reading
from mobilise.petitions.reading import Petition

NO_DRAFT = N_("Only a draft can be thrown away.")


async def delete(
    database: db.Database, root: Path, petition: Petition, person_id: int | None
) -> None:
    """The draft with its texts, letters and documents. `root`: the store, from which the bytes go
    that no other petition shows."""
    aside: list[str] = []
    try:
        async with db.tx(database):
            content = await draft_queries.content(database, petition.id)
            for sha256 in content:  # in one order for everybody
                await draft_queries.lock_content(database, sha256)
            await outbox.forget_petition(database, petition.id)
            if not await draft_queries.delete_draft(database, petition.id):
                raise NotNow(NO_DRAFT)
            for sha256 in content:
                if not await draft_queries.is_shown(database, sha256):
                    store.set_aside(root, sha256)
                    aside.append(sha256)
            await trail.write(
                database,
                "petition.delete",
                person_id=person_id,
                petition_id=petition.id,
                **{"from": "draft"},
            )
    except BaseException:
        for sha256 in aside:  # the commit failed: the draft is still there
            store.bring_back(root, sha256)
        raise
    for sha256 in aside:
        await asyncio.to_thread(store.forget_aside, root, sha256)


async def delete_deserted(database: db.Database, root: Path) -> None:
    """Drafts of groups in which nobody is left: out of everybody's reach, and now gone."""
    for petition_id in await group_queries.deserted_drafts(database):
        petition = await reading.by_id(database, petition_id, i18n.FALLBACK)
        with suppress(NotNow):  # the keeper was faster
            await delete(database, root, petition, None)
