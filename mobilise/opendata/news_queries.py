"""What happened to petitions, read as SQL."""

from mobilise import db
from mobilise.opendata.list_queries import LISTED


async def told(
    database: db.Database,
    zone: str,
    *,
    slug: str | None = None,
    group: str | None = None,
    limit: int,
) -> list[db.Record]:
    """The petitions that a feed tells of: one, those of a group, or all; those to which something
    happened last come first."""
    return await db.rows(
        database,
        f"""
        with moved as (
          select petitions.*, groups.slug as group_slug, groups.name as group_name,
            groups.language as group_language,
            greatest(petitions.opened_at, petitions.closed_at, petitions.delivered_at,
              petitions.answered_on::timestamp at time zone :zone) as moved_at
          from petitions join groups on groups.id = petitions.group_id
          where {LISTED}
            and (:slug::text is null or petitions.slug = :slug)
            and (:group_slug::text is null or groups.slug = :group_slug)
          order by moved_at desc, petitions.id desc limit :most)
        select moved.id, moved.slug, moved.languages[1] as language, moved.demo, moved.state,
          moved.goal, moved.opened_at, moved.closes_on, moved.closed_at, moved.delivered_on,
          moved.delivered_at, moved.answered_on, moved.group_slug, moved.group_name,
          moved.group_language, moved.moved_at, texts.title, texts.at as written_at
        from moved join lateral (
          select title, at from petition_texts
          where petition_id = moved.id and version <= moved.version
            and language = moved.languages[1]
          order by version desc limit 1) texts on true
        order by moved.moved_at desc, moved.id desc
        """,
        zone=zone,
        slug=slug,
        group_slug=group,
        most=limit,
    )


async def texts(database: db.Database, petition_ids: list[int], limit: int) -> list[db.Record]:
    """Later versions of the texts: petition_id, version, language, kind, note, at; newest first."""
    return await db.rows(
        database,
        """
        select t.petition_id, t.version, t.language, t.kind, t.note, t.at
        from petition_texts t join petitions p on p.id = t.petition_id
        where t.petition_id = any(:petition_ids::bigint[]) and t.version > 1
          and t.version <= p.version and t.at > p.opened_at
        order by t.at desc, t.version desc limit :most
        """,
        petition_ids=petition_ids,
        most=limit,
    )
