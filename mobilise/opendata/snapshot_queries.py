"""Snapshots of all petitions, as SQL. They are added to, never changed."""

from collections.abc import Sequence
from datetime import date

from mobilise import db

File = tuple[str, str, int, str]  # name, media type, size and checksum


async def is_kept(database: db.Database, month: date) -> bool:
    return bool(
        await db.value(
            database, "select exists (select from snapshots where month = :month)", month=month
        )
    )


async def add(database: db.Database, month: date, files: Sequence[File]) -> bool:
    """False when it is there already."""
    added = await db.run(
        database,
        """
        with snapshot as (
          insert into snapshots (month) values (:month) on conflict do nothing returning month)
        insert into snapshot_files (month, name, media_type, size, sha256)
        select month, file.* from snapshot, unnest(
          :names::text[], :types::text[], :sizes::bigint[], :checksums::text[]) file
        """,
        month=month,
        names=[file[0] for file in files],
        types=[file[1] for file in files],
        sizes=[file[2] for file in files],
        checksums=[file[3] for file in files],
    )
    return added > 0


async def every(database: db.Database) -> list[db.Record]:
    """Each month with its files, the newest first."""
    return await db.rows(
        database,
        """
        select s.month, s.made_at, f.name, f.media_type, f.size, f.sha256
        from snapshots s join snapshot_files f using (month)
        order by s.month desc, f.name
        """,
    )


async def file(database: db.Database, month: date, name: str) -> db.Record | None:
    return await db.row(
        database,
        """
        select f.media_type, f.size, f.sha256, s.made_at
        from snapshot_files f join snapshots s using (month)
        where f.month = :month and f.name = :name
        """,
        month=month,
        name=name,
    )
