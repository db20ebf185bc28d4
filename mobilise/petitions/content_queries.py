"""Which content of the store rows point at, as SQL: the one list of it for all rooms."""

from collections.abc import Sequence

from mobilise import db

# Every column that holds a checksum of the store. `needed`: somebody reads it there, so it must be
# in the store; a picture that was merely noted may not have arrived.
_POINTED = """(
    select sha256, true as needed from document_versions where original_is_kept
    union all
    select published, true from document_versions
    where published is not null and closed_at is null
    union all
    select picture, true from document_pages where picture is not null
    union all
    select small, true from document_pages where small is not null
    union all
    select unnest(array[picture, picture_narrow]), true from petitions
    union all
    select unnest(array[words ->> 'picture', words ->> 'picture_narrow']), true from starts
    union all
    select sha256, true from edition_files
    union all
    select sha256, true from snapshot_files
    union all
    select sha256, false from pictures
  ) pointed"""


async def pointed_at(
    database: db.Database, after: str = "", most: int = 1000
) -> list[tuple[str, bool]]:
    """Checksums that rows point at, in their order, `most` of them `after` one; and whether the
    content is needed, or only not to be removed."""
    found = await db.rows(
        database,
        f"""
        select sha256, bool_or(needed) as needed from {_POINTED}
        where sha256 > :after::text group by sha256 order by sha256 limit :most
        """,
        after=after,
        most=most,
    )
    return [(row["sha256"], row["needed"]) for row in found]


async def is_pointed_at(database: db.Database, sha256: str) -> bool:
    """Does any row still point at this content?"""
    return bool(
        await db.value(
            database,
            f"select exists (select from {_POINTED} where sha256 = :sha256::text)",
            sha256=sha256,
        )
    )


async def lock_content(database: db.Database, sha256: str) -> None:
    """Until the transaction ends nobody else removes these bytes, or writes a row for them."""
    await lock_contents(database, [sha256])


async def lock_contents(database: db.Database, checksums: Sequence[str]) -> None:
    """The same for many, one after the other as they stand here. Whoever locks several has them in
    the order of `sorted`, else two wait for each other."""
    await db.rows(
        database,
        """
        select pg_advisory_xact_lock(hashtextextended('document ' || sha256, 0))
        from unnest(:checksums::text[]) sha256
        """,
        checksums=checksums,
    )
