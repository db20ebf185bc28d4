"""Documents of a petition, as SQL. A withdrawn one keeps its row and leaves every list."""

from datetime import date, datetime

from mobilise import db

# The list of what rows point at stands with the petitions, whose pictures are content too: rooms
# import downwards only.
from mobilise.petitions.content_queries import is_pointed_at as is_pointed_at
from mobilise.petitions.content_queries import lock_content as lock_content
from mobilise.petitions.content_queries import pointed_at as pointed_at
from mobilise.petitions.queries import HIDDEN

# What its petition allows; a petition that nobody should read is `hidden`.
_STATE = f"case when {HIDDEN} then 'hidden' else petitions.state end as state"


async def of_petition(database: db.Database, petition_id: int) -> list[db.Record]:
    """The dossier in the group's own order."""
    return await db.rows(
        database,
        """
        select * from documents
        where petition_id = :petition_id and withdrawn_at is null
        order by position, id
        """,
        petition_id=petition_id,
    )


async def one(database: db.Database, petition_id: int, document_id: int) -> db.Record | None:
    """A document of this petition that is not withdrawn."""
    return await db.row(
        database,
        """
        select * from documents
        where petition_id = :petition_id and id = :document_id and withdrawn_at is null
        """,
        petition_id=petition_id,
        document_id=document_id,
    )


async def weight(database: db.Database, petition_id: int) -> db.Record:
    """How many documents a dossier holds, and how many bytes together."""
    return await db.one(
        database,
        """
        select count(*) as total, coalesce(sum(size), 0)::bigint as bytes from documents
        where petition_id = :petition_id and withdrawn_at is null
        """,
        petition_id=petition_id,
    )


async def add(
    database: db.Database,
    petition_id: int,
    *,
    title: str,
    note: str,
    source: str,
    dated: date | None,
    name: str,
    kind: str,
    size: int,
    sha256: str,
    pages: int | None,
    added_by: int | None,
    added_at: datetime | None,
) -> int:
    """Adds a document at the end of the dossier; returns its number."""
    return int(
        await db.value(
            database,
            """
            insert into documents (petition_id, title, note, source, dated, name, kind, size,
                                   sha256, pages, added_by, added_at, position)
            select :petition_id, :title, :note, :source, :dated, :name, :kind, :size,
                   :sha256, :pages, :added_by, coalesce(:added_at, now()),
                   coalesce(max(position), 0) + 1
            from documents where petition_id = :petition_id
            returning id
            """,
            petition_id=petition_id,
            title=title,
            note=note,
            source=source,
            dated=dated,
            name=name,
            kind=kind,
            size=size,
            sha256=sha256,
            pages=pages,
            added_by=added_by,
            added_at=added_at,
        )
    )


async def change(
    database: db.Database,
    petition_id: int,
    document_id: int,
    *,
    title: str,
    note: str,
    source: str,
    dated: date | None,
) -> bool:
    """What is said about a document; its bytes never change. False: it is not there."""
    return bool(
        await db.run(
            database,
            """
            update documents
            set title = :title, note = :note, source = :source, dated = :dated
            where petition_id = :petition_id and id = :document_id and withdrawn_at is null
            """,
            petition_id=petition_id,
            document_id=document_id,
            title=title,
            note=note,
            source=source,
            dated=dated,
        )
    )


async def move(database: db.Database, petition_id: int, document_id: int, step: int) -> bool:
    """Changes places with a neighbour: `step` is -1 for up, 1 for down. False: no neighbour."""
    return bool(
        await db.run(
            database,
            """
            with places as (
              select id, row_number() over (order by position, id) as place from documents
              where petition_id = :petition_id and withdrawn_at is null),
            moving as (select place from places where id = :document_id)
            update documents set position = case places.place
                when moving.place then moving.place + :step
                when moving.place + :step then moving.place
                else places.place end
            from places, moving
            where documents.petition_id = :petition_id and documents.id = places.id
              and exists (select from places where place = moving.place + :step)
            """,
            petition_id=petition_id,
            document_id=document_id,
            step=step,
        )
    )


async def withdraw(database: db.Database, petition_id: int, document_id: int) -> bool:
    """Takes a document out of the dossier. False: it was not there."""
    return bool(
        await db.run(
            database,
            """
            update documents set withdrawn_at = now()
            where petition_id = :petition_id and id = :document_id and withdrawn_at is null
            """,
            petition_id=petition_id,
            document_id=document_id,
        )
    )


async def behind(database: db.Database, sha256: str, name: str) -> list[db.Record]:
    """The documents that a download address may mean, with what their petition allows."""
    return await db.rows(
        database,
        f"""
        select documents.name, documents.kind, documents.withdrawn_at,
               {_STATE}, petitions.group_id
        from documents join petitions on petitions.id = documents.petition_id
        where documents.sha256 = :sha256 and documents.name = :name
        """,
        sha256=sha256,
        name=name,
    )


async def shown_in(database: db.Database, sha256: str) -> list[str]:
    """Where readers miss it: the short name of each petition, and the name of the document."""
    found = await db.rows(
        database,
        """
        select petitions.slug || ': ' || documents.name as place
        from documents join petitions on petitions.id = documents.petition_id
        where documents.sha256 = :sha256 and documents.withdrawn_at is null
        union
        select slug || ': picture' from petitions where :sha256 in (picture, picture_narrow)
        order by 1
        """,
        sha256=sha256,
    )
    return [row["place"] for row in found]


async def pictured(database: db.Database, sha256: str) -> list[db.Record]:
    """The petitions that have this picture."""
    return await db.rows(
        database,
        f"select {_STATE}, group_id from petitions where :sha256 in (picture, picture_narrow)",
        sha256=sha256,
    )
