"""Who may read which bytes, as SQL: what an address means, and what its petition allows."""

from mobilise import db
from mobilise.petitions.queries import HIDDEN

# What its petition allows; a petition that nobody should read is `hidden`.
_STATE = f"case when {HIDDEN} then 'hidden' else petitions.state end as state"


async def behind(database: db.Database, sha256: str, name: str) -> list[db.Record]:
    """The copies that a download address may mean, with what their petition allows."""
    return await db.rows(
        database,
        f"""
        select v.name, v.kind, v.closed_at, {_STATE}, petitions.group_id
        from document_versions v join petitions on petitions.id = v.petition_id
        where v.published = :sha256 and v.name = :name
        """,
        sha256=sha256,
        name=name,
    )


async def made_of(database: db.Database, sha256: str, name: str) -> list[db.Record]:
    """Copies of a file that was sent under this name, with what their petition allows."""
    return await db.rows(
        database,
        f"""
        select v.published, v.closed_at, {_STATE}, petitions.group_id
        from document_versions v join petitions on petitions.id = v.petition_id
        where v.sha256 = :sha256 and v.name = :name and v.published is not null
        order by v.closed_at nulls first
        """,
        sha256=sha256,
        name=name,
    )


async def pictured(database: db.Database, sha256: str) -> list[db.Record]:
    """The petitions that have this picture."""
    return await db.rows(
        database,
        f"select {_STATE}, group_id from petitions where :sha256 in (picture, picture_narrow)",
        sha256=sha256,
    )


async def page_pictured(database: db.Database, sha256: str) -> list[db.Record]:
    """The petitions with a page that has this picture."""
    return await db.rows(
        database,
        f"""
        select distinct {_STATE}, petitions.group_id
        from document_pages p join petitions on petitions.id = p.petition_id
        join document_versions v on v.petition_id = p.petition_id
          and v.document_id = p.document_id and v.number = p.version and v.closed_at is null
        where p.picture = :sha256 or p.small = :sha256
        """,
        sha256=sha256,
    )


async def leaf(database: db.Database, sha256: str, page: int) -> list[db.Record]:
    """A page of a copy that can be read, as it can be enlarged, with what its petition allows."""
    return await db.rows(
        database,
        f"""
        select v.kind, p.width, p.height, p.points, {_STATE}, petitions.group_id
        from document_versions v
        join document_pages p on p.petition_id = v.petition_id and p.document_id = v.document_id
          and p.version = v.number and p.page = :page and p.picture is not null
        join petitions on petitions.id = v.petition_id
        where v.published = :sha256 and v.closed_at is null
        """,
        sha256=sha256,
        page=page,
    )
