"""Restoring: all of a backup, or nothing.

Rows are loaded in one transaction. Documents come into the store of this instance meanwhile, and
are taken away again when it fails; no row shows them before. Keys wait beside their place.
"""

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from mobilise import db, store
from mobilise.backup import archive, tables
from mobilise.backup.archive import Damaged, Manifest, Member, Progress
from mobilise.errors import Refusal
from mobilise.settings import Settings
from mobilise.store import Away, Store

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

DEED = "instance.restore"
Parts = Iterator[tuple[str, Member]]


class InUse(Refusal):
    """Somebody works with this instance now."""


class NotEmpty(Refusal):
    """There is something here that a restore would throw away."""

    def __init__(self, there: "There") -> None:
        super().__init__(f"This instance is not empty: {there}.")
        self.there = there


@dataclass(frozen=True)
class There:
    """What stands here now."""

    rows: dict[str, int]
    documents: int

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __str__(self) -> str:
        named = ("people", "groups", "petitions", "signatures", "documents")
        shown = [f"{self.rows[name]} {name}" for name in named if name in self.rows]
        others = sum(total for name, total in self.rows.items() if name not in named)
        shown += [f"{others} other rows"] if others else []
        return ", ".join([*shown, f"{self.documents} files"])


async def there(settings: Settings) -> There:
    """What a restore would throw away."""
    async with db.owning(_owner(settings)) as connection:
        rows = await tables.contents(connection)
    return There(rows, len([sha256 async for sha256, _ in store.opened(settings).kept()]))


async def look_whether_alone(settings: Settings) -> None:
    """Raises InUse while a site, a postman or jobs are connected to this database."""
    async with db.owning(_owner(settings)) as connection:
        found = await connection.fetch(
            "select distinct application_name as name from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
            " and application_name like 'mobilise %' order by 1"
        )
    if found:
        names = ", ".join(row["name"] for row in found)
        raise InUse(f"Somebody works with this database: {names}. Stop them first.")


async def restore(
    settings: Settings,
    path: Path,
    manifest: Manifest,
    *,
    replace: bool = False,
    progress: Progress = lambda _: None,
) -> list[str]:
    """Puts everything back that `archive.checked` found in the file; tells which newer migrations
    ran after it. Raises NotEmpty unless it may `replace` what is there."""
    tables.look_whether_known(manifest.migrations, manifest.version)
    found = await there(settings)
    if found and not replace:
        raise NotEmpty(found)
    waiting = _Files(settings, manifest)
    try:
        async with db.owning(_owner(settings)) as connection:
            async with connection.transaction():
                await _load(connection, archive.members(path, progress), manifest, waiting)
                newer = await db.bring_up(connection)
            await waiting.keep(only_these=replace)
    finally:
        await waiting.clear()
    return newer


def _owner(settings: Settings) -> str:
    return settings.database_owner_url or settings.database_url or ""


async def _load(
    connection: "Connection", parts: Parts, manifest: Manifest, waiting: "_Files"
) -> None:
    await tables.rebuild(connection, manifest.migrations)
    loaded = {name: 0 for name in manifest.tables}
    async with tables.AsTheyCome(connection):
        for folder, together in groupby(parts, key=lambda part: part[0].rpartition("/")[0]):
            if folder.startswith("database/"):
                table = folder.partition("/")[2]
                names = manifest.tables[table]["columns"]
                pieces = _pieces(together, manifest)
                loaded[table] = await tables.copy_in(connection, table, names, pieces)
            else:
                for name, member in together:
                    await waiting.take(name, member)
        await tables.set_sequences(connection, manifest.sequences)
    wrong = [name for name, rows in loaded.items() if rows != manifest.tables[name]["rows"]]
    if wrong:
        raise Damaged(f"The backup has another number of rows than it says: {wrong[0]}.")


async def _pieces(parts: Iterable[tuple[str, Member]], manifest: Manifest) -> AsyncIterator[bytes]:
    for name, member in parts:
        while piece := member.read(archive.PIECE):
            yield piece
        _look_whether_as_written(name, member, manifest)


def _look_whether_as_written(name: str, member: Member, manifest: Manifest) -> None:
    """It was right when the file was checked; it is read a second time now."""
    if manifest.members.get(name) != (member.size, member.sha256):
        raise Damaged(f"The backup changed while it was read: {name}.")


class _Files:
    """Documents and keys on their way to their places."""

    def __init__(self, settings: Settings, manifest: Manifest) -> None:
        self._manifest = manifest
        self._store: Store = store.opened(settings)
        self._key = settings.data / "secret_keys"
        self._new_key = settings.data / "secret_keys.restoring"
        self._placed: list[str] = []

    async def take(self, name: str, member: Member) -> None:
        """Puts a document in its place, and the keys beside theirs; parts that are for reading
        only stay in the file."""
        if name == "secret_keys":
            self._take_keys(member)
        elif name.startswith("documents/"):
            await self._take_document(name.partition("/")[2], member)
        else:
            return
        _look_whether_as_written(name, member, self._manifest)

    def _take_keys(self, member: Member) -> None:
        self._new_key.parent.mkdir(parents=True, exist_ok=True)
        self._new_key.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(self._new_key, flags, 0o600), "wb") as file:
            file.write(member.read())
            file.flush()
            os.fsync(file.fileno())

    async def _take_document(self, sha256: str, member: Member) -> None:
        """Documents only come: what stands there already has the same bytes."""
        draft = self._store.draft()
        try:
            while piece := member.read(archive.PIECE):
                draft.write(piece)
            draft.finish()
            if draft.sha256 != sha256:
                raise Damaged(f"A document is not what its name says: {sha256}.")
            if await self._store.keep(draft):
                self._placed.append(sha256)
        finally:
            draft.discard()

    async def keep(self, *, only_these: bool) -> None:
        """The rows are in: the keys go with them, and what they do not know of may go."""
        os.replace(self._new_key, self._key)
        self._placed = []
        if only_these:
            ours = set(self._manifest.documents)
            async for sha256, _ in self._store.kept():
                if sha256 not in ours:
                    await self._store.forget(sha256)

    async def clear(self) -> None:
        """Nothing waits any more; after a failure nothing came."""
        self._new_key.unlink(missing_ok=True)
        with suppress(Away):  # then the night removes it
            for sha256 in self._placed:
                await self._store.forget(sha256)
