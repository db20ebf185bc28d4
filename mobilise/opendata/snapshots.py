"""All petitions as they stood when a month began, kept for good.

Codes, days and numbers alone: titles stay out, because what is kept here cannot be taken away when
a petition has to be.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

from mobilise import db
from mobilise.opendata import instance, instance_books, snapshot_queries
from mobilise.opendata.editions import said
from mobilise.opendata.instance import PACKAGE, Whole
from mobilise.opendata.snapshot_queries import File
from mobilise.opendata.written import written
from mobilise.petitions import releasing
from mobilise.settings import Settings
from mobilise.store import Store

TABLES = (
    (instance.TABLE, instance.table),
    (instance_books.BOOK, instance_books.book),
    (instance_books.BASE, instance_books.base),
)
MONTH = "[0-9]{4}-(?:0[1-9]|1[0-2])"
"""What a snapshot is called in addresses, as a pattern."""


def called(month: date) -> str:
    return f"{month:%Y-%m}"


def folder(month: date) -> str:
    return f"{instance.PATH}{called(month)}/"


async def keep(database: db.Database, store: Store, settings: Settings, now: datetime) -> bool:
    """That of the month in which `now` is. False when it is there already."""
    month = now.date().replace(day=1)
    if await snapshot_queries.is_kept(database, month):
        return False
    files = [await _stored(store, file, pieces(database, settings)) for file, pieces in TABLES]
    description = _described(settings, month, now, files)
    files.append(await _stored(store, PACKAGE, _once(written(description))))
    async with releasing.claimed(database, store, [file[3] for file in files]):
        return await snapshot_queries.add(database, month, files)


async def _stored(store: Store, file: Whole, pieces: AsyncIterator[bytes]) -> File:
    draft = store.draft()
    try:
        async for piece in pieces:
            await asyncio.to_thread(draft.write, piece)
        await asyncio.to_thread(draft.finish)
        await store.keep(draft)
    finally:
        draft.discard()
    return file.name, file.media_type, draft.size, draft.sha256


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _described(settings: Settings, month: date, now: datetime, files: list[File]) -> dict[str, Any]:
    """The Data Package, with lengths and checksums: nothing here changes any more."""
    found = instance.described(settings, [file for file, _ in TABLES])
    measured = {name: {"bytes": size, "hash": f"sha256:{sha}"} for name, _, size, sha in files}
    return found | {
        "id": f"{settings.base_url}{folder(month)}{PACKAGE.name}",
        "version": f"{month.year}.{month.month}.1",
        "created": said(now, settings.zone),
        "resources": [each | measured[each["path"]] for each in found["resources"]],
    }


async def listed(database: db.Database, settings: Settings) -> list[dict[str, Any]]:
    """Every month that was kept, the newest first."""
    found: dict[date, dict[str, Any]] = {}
    for row in await snapshot_queries.every(database):
        month = row["month"]
        one = found.setdefault(
            month,
            {
                "month": called(month),
                "made_at": said(row["made_at"], settings.zone),
                "files": [],
            },
        )
        one["files"].append(
            {
                "name": row["name"],
                "url": settings.base_url + folder(month) + row["name"],
                "media_type": row["media_type"],
                "bytes": row["size"],
                "sha256": row["sha256"],
            }
        )
    return list(found.values())
