"""What is published, read as SQL. This room writes nothing."""

from mobilise import db
from mobilise.petitions.reading import OPENED

LISTED = str(OPENED)  # ('open', …): those that could be signed at some time


async def texts(database: db.Database, petition_id: int) -> list[db.Record]:
    """Every public version of the text in every language, oldest first."""
    return await db.rows(
        database,
        """
        select t.language, t.version, t.kind, t.title, t.addressee, t.body, t.note, t.at
        from petition_texts t join petitions p on p.id = t.petition_id
        where t.petition_id = :petition_id and t.version <= p.version
        order by t.version, array_position(p.languages, t.language)
        """,
        petition_id=petition_id,
    )


async def count_facts(database: db.Database, petition_id: int) -> db.Record:
    """What the hourly and nightly work noted, and when the dossier last changed."""
    return await db.one(
        database,
        """
        select coalesce(max(r.pending), 0) as pending, coalesce(max(r.drift), 0)::bigint as drift,
          (select max(at) from (
             select greatest(added_at, withdrawn_at) as at from documents
             where petition_id = :petition_id
             union all select greatest(added_at, closed_at) from document_versions
             where petition_id = :petition_id) changed) as dossier_changed_at
        from (select) as nobody left join recounts r on r.petition_id = :petition_id
        """,
        petition_id=petition_id,
    )


async def listed(database: db.Database, after: str | None, limit: int) -> list[db.Record]:
    """Petitions that opened, newest first, from behind the one whose slug is `after`."""
    return await db.rows(
        database,
        f"""
        select p.slug, p.state, p.demo, p.goal, p.opened_at, p.closes_on, p.closed_at,
          g.name as group_name, said.titles,
          (select coalesce(sum(online + paper), 0)::bigint from tallies
           where petition_id = p.id) as confirmed
        from petitions p
        join groups g on g.id = p.group_id
        join lateral (
          select jsonb_object_agg(language, title) as titles from (
            select distinct on (language) language, title from petition_texts
            where petition_id = p.id and version <= p.version
            order by language, version desc
          ) newest
        ) said on true
        where p.state in {LISTED} and p.opened_at is not null
          and (:after::text is null or (p.opened_at, p.id) <
               (select opened_at, id from petitions where slug = :after))
        order by p.opened_at desc, p.id desc
        limit :most
        """,
        after=after,
        most=limit,
    )


async def can_be_listed(database: db.Database, slug: str) -> bool:
    return bool(
        await db.value(
            database,
            f"""select exists (select from petitions
                where slug = :slug and opened_at is not null and state in {LISTED})""",
            slug=slug,
        )
    )
