"""A draft that begins again with the words of a rejected petition, and one that is thrown away, as
SQL."""

from mobilise import db


async def copy(
    database: db.Database, petition_id: int, person_id: int, slug: str, code: str
) -> db.Record | None:
    """A new draft of the same group with the newest texts; None when slug or code is taken."""
    return await db.row(
        database,
        """
        with made as (
          insert into petitions (slug, code, group_id, person_id, goal, languages, postcodes,
            minimum_age, picture, picture_narrow, picture_focus)
          select free.slug, :code, p.group_id, :person_id, p.goal, p.languages, p.postcodes,
            p.minimum_age, p.picture, p.picture_narrow, p.picture_focus
          from petitions p, (
            select :slug || case n when 1 then '' when 100 then '-' || :code::text
                            else '-' || n end as slug, n
            from generate_series(1, 100) n) free
          where p.id = :petition_id
            and not exists (select from petitions taken where taken.slug = free.slug)
          order by n limit 1
          on conflict do nothing
          returning id, slug
        ), written as (
          insert into petition_texts
            (petition_id, language, version, title, addressee, body, picture_alt)
          select made.id, t.language, 1, t.title, t.addressee, t.body, t.picture_alt
          from made, lateral (
            select distinct on (language) * from petition_texts
            where petition_id = :petition_id order by language, version desc) t
        )
        select id, slug from made
        """,
        petition_id=petition_id,
        person_id=person_id,
        slug=slug,
        code=code,
    )


async def delete_draft(database: db.Database, petition_id: int) -> bool:
    """Everything that hangs on it goes with it. False: it is no draft."""
    return bool(
        await db.run(
            database,
            "delete from petitions where id = :petition_id and state = 'draft'",
            petition_id=petition_id,
        )
    )


async def content(database: db.Database, petition_id: int) -> list[str]:
    """Checksums of all that a petition keeps in the store."""
    found = await db.rows(
        database,
        """
        select unnest(array[sha256, published]) as sha256 from document_versions
        where petition_id = :petition_id
        union
        select unnest(array[picture, small]) from document_pages where petition_id = :petition_id
        union
        select unnest(array[picture, picture_narrow]) from petitions where id = :petition_id
        """,
        petition_id=petition_id,
    )
    return sorted(row["sha256"] for row in found if row["sha256"])
