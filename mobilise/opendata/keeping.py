"""Keeping an edition: its files go into the store, and its rows say so for good.

A day is kept once, by the clock. Where something in it was wrong it is made again, as a version of
its own with a reason; the one before stays where it was.
"""

import asyncio
import logging
from datetime import date

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import NotFound, NotNow, Refusal
from mobilise.opendata import edition_queries, editions
from mobilise.opendata.bundle import EVERY, WHOLE
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import File
from mobilise.petitions import releasing
from mobilise.settings import Settings
from mobilise.store import Draft, Store

log = logging.getLogger(__name__)
CORRECTED = "edition.corrected"
NO_REASON = "Say why, in one sentence."
NOTHING_NEW = "It would be the same as it is. Nothing was changed."
Stored = tuple[str, str, list[str], int, str]


async def keep_due(database: db.Database, store: Store, settings: Settings, day: date) -> int:
    """Keeps a closed day of every petition of which something moved; tells how many. The fault of
    one holds up no other."""
    kept = 0
    for slug in await edition_queries.due(database, day, str(settings.zone)):
        try:
            kept += await keep(database, store, settings, slug, day)
        except (Refusal, OSError) as error:
            log.warning("%s: the edition of %s is not kept yet: %s", slug, day, error)
    return kept


async def keep(
    database: db.Database, store: Store, settings: Settings, slug: str, day: date
) -> bool:
    """The first version of a day; False when it is there already."""
    edition = await editions.edition(database, settings, slug, day)
    petition_id = edition.petition.id
    stored = await _store(edition, store)
    checksums = [file[4] for file in stored]
    async with releasing.claimed(database, store, checksums):
        is_new = await edition_queries.add(database, petition_id, day, 1, "")
        if is_new:
            await edition_queries.add_files(database, petition_id, day, 1, stored)
    if not is_new:
        await releasing.release(database, store, checksums)
    return is_new


async def correct(
    database: db.Database, store: Store, settings: Settings, slug: str, day: date, because: str
) -> int:
    """A day that was kept is made again from what is known now; tells the new version. NotFound
    for a day that was not kept."""
    because = " ".join(because.split())
    if not because:
        raise Refusal(NO_REASON)
    edition = await editions.edition(database, settings, slug, day)
    petition_id = edition.petition.id
    version = await edition_queries.newest(database, petition_id, day)
    if version is None:
        raise NotFound()
    stored = await _store(edition, store)
    before = await edition_queries.files(database, petition_id, day, version)
    if {row["name"]: row["sha256"] for row in before} == {file[0]: file[4] for file in stored}:
        raise NotNow(NOTHING_NEW)
    async with releasing.claimed(database, store, [file[4] for file in stored]):
        if not await edition_queries.add(database, petition_id, day, version + 1, because):
            raise NotNow()
        await edition_queries.add_files(database, petition_id, day, version + 1, stored)
        await trail.write(
            database, CORRECTED, petition_id=petition_id, day=day.isoformat(), version=version + 1
        )
    return version + 1


async def _store(edition: Edition, store: Store) -> list[Stored]:
    """Every file and the bundle, their bytes in the store."""
    stored: list[Stored] = []
    for file in (*EVERY, WHOLE):
        draft = store.draft()
        try:
            await asyncio.to_thread(_write, draft, file, edition)
            await store.keep(draft)
        finally:
            draft.discard()
        stored.append((file.name, file.media_type, _licenses(file), draft.size, draft.sha256))
    return stored


def _licenses(file: File) -> list[str]:
    """Of the bundle, those of what is in it."""
    files = EVERY if file is WHOLE else (file,)
    return sorted({each.license.name for each in files})


def _write(draft: Draft, file: File, edition: Edition) -> None:
    for piece in file.pieces(edition):
        draft.write(piece)
    draft.finish()
