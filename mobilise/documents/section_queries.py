"""Sections of a dossier, as SQL."""

from mobilise import db


async def of_petition(database: db.Database, petition_id: int) -> list[db.Record]:
    """Each with how many documents stand in it."""
    return await db.rows(
        database,
        """
        select s.id, s.title, s.about,
          (select count(*) from documents d
            where d.petition_id = s.petition_id and d.section_id = s.id
              and d.withdrawn_at is null) as total
        from sections s where s.petition_id = :petition_id order by s.position, s.id
        """,
        petition_id=petition_id,
    )


async def add(
    database: db.Database, petition_id: int, title: str, about: str, most: int
) -> int | None:
    """Its number; None when there are as many as there may be."""
    found: int | None = await db.value(
        database,
        """
        insert into sections (petition_id, title, about, position)
        select :petition_id, :title, :about, coalesce(max(position), 0) + 1
        from sections where petition_id = :petition_id
        having count(*) < :most
        returning id
        """,
        petition_id=petition_id,
        title=title,
        about=about,
        most=most,
    )
    return found


async def change(
    database: db.Database, petition_id: int, section_id: int, title: str, about: str
) -> bool:
    """False: it is not there."""
    return bool(
        await db.run(
            database,
            """
            update sections set title = :title, about = :about
            where petition_id = :petition_id and id = :section_id
            """,
            petition_id=petition_id,
            section_id=section_id,
            title=title,
            about=about,
        )
    )


async def move(database: db.Database, petition_id: int, section_id: int, step: int) -> bool:
    """Changes places with a neighbour. False: no neighbour."""
    return bool(
        await db.run(
            database,
            """
            with places as (
              select id, row_number() over (order by position, id) as place from sections
              where petition_id = :petition_id),
            moving as (select place from places where id = :section_id)
            update sections set position = case places.place
                when moving.place then moving.place + :step
                when moving.place + :step then moving.place
                else places.place end
            from places, moving
            where sections.petition_id = :petition_id and sections.id = places.id
              and exists (select from places where place = moving.place + :step)
            """,
            petition_id=petition_id,
            section_id=section_id,
            step=step,
        )
    )


async def remove(database: db.Database, petition_id: int, section_id: int) -> bool:
    """False: it was not there."""
    return bool(
        await db.run(
            database,
            "delete from sections where petition_id = :petition_id and id = :section_id",
            petition_id=petition_id,
            section_id=section_id,
        )
    )
