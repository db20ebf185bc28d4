"""Which parts of pages may lie on a disk, as SQL."""

from collections.abc import Collection

from mobilise import db


async def readable(database: db.Database, copies: Collection[str]) -> set[str]:
    """Those of these checksums whose copy somebody may still read."""
    found = await db.rows(
        database,
        """
        select distinct published from document_versions
        where published = any(:copies) and closed_at is null
        """,
        copies=list(copies),
    )
    return {row["published"] for row in found}
