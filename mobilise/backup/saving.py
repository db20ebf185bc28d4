"""Backing up, while the site goes on: one moment of the database, the documents, the keys."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from mobilise import __version__, db, origins, store
from mobilise.backup import tables
from mobilise.backup.archive import Manifest, Writer, written
from mobilise.settings import Settings
from mobilise.store import Store

if TYPE_CHECKING:
    import asyncpg

DEED = "instance.backup"
Told = Callable[[int, int], None]
"""Called with the bytes that are done and about how many there are."""


@dataclass(frozen=True)
class Saved:
    """What went into the file."""

    rows: int
    documents: int
    size: int  # of the file, in bytes


async def save(settings: Settings, path: Path, told: Told = lambda done, of: None) -> Saved:
    """Writes the whole instance to a new file.

    The tables are those of one moment. Documents are read after them: one that comes later is
    harmless, and one that is taken away in that minute is left out.
    """
    url = settings.database_owner_url or settings.database_url or ""
    keys = "\n".join(settings.signing_keys) + "\n"
    documents = store.opened(settings)
    weight = sum([size async for _, size in documents.kept()])
    with written(path) as writer:
        writer.add("settings.json", _snapshot(settings))
        writer.add("secret_keys", keys.encode())
        connection = await db.direct_owner(url)
        try:
            of = await tables.size(connection) + weight
            progress = _Progress(told, of)
            manifest = await _save_tables(connection, settings, writer, progress)
        finally:
            await connection.close()
        number = await _save_documents(documents, writer, progress)
        writer.list(manifest)
    rows = sum(table["rows"] for table in manifest.tables.values())
    return Saved(rows, number, path.stat().st_size)


def _snapshot(settings: Settings) -> bytes:
    """The settings without secrets, for whoever sets the instance up anew."""
    found = {each.name: each.value for each in origins.in_force(settings)}
    return orjson.dumps(found, option=orjson.OPT_INDENT_2)


async def _save_tables(
    connection: "asyncpg.Connection[asyncpg.Record]",
    settings: Settings,
    writer: Writer,
    progress: "_Progress",
) -> Manifest:
    known: dict[str, tables.Table] = {}
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        ran = await connection.fetch("select name, sha256 from migrations order by name")
        for table, names in (await tables.columns(connection)).items():
            number = 0

            def take(piece: bytes, table: str = table) -> None:
                nonlocal number
                number += 1
                writer.add(f"database/{table}/{number:06d}", piece)
                progress.add(len(piece))

            rows = await tables.copy_out(connection, table, names, take)
            known[table] = {"columns": names, "rows": rows}
        reached = await tables.sequences(connection)
    return Manifest(
        version=__version__,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        base_url=settings.base_url,
        migrations={row["name"]: row["sha256"] for row in ran},
        tables=known,
        sequences=reached,
        members=writer.members,
    )


async def _save_documents(documents: Store, writer: Writer, progress: "_Progress") -> int:
    number = 0
    async for sha256, _ in documents.kept():
        try:
            async with documents.at_hand(sha256) as path:
                progress.add(writer.add_file(f"documents/{sha256}", path))
                number += 1
        except FileNotFoundError:
            continue
    return number


class _Progress:
    def __init__(self, told: Told, of: int) -> None:
        self._told, self._of, self._done = told, of, 0

    def add(self, size: int) -> None:
        self._done += size
        self._told(self._done, max(self._of, self._done))
