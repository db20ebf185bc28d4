"""What the catalogue says of each petition, read as SQL."""

from mobilise import db
from mobilise.opendata.cursor import Place
from mobilise.opendata.list_queries import LISTED


async def listed(database: db.Database, after: Place | None, limit: int) -> list[db.Record]:
    """Petitions that opened, newest first, with when their group last changed something."""
    return await db.rows(
        database,
        f"""
        with chosen as materialized (
          select petitions.* from petitions
          where {LISTED}
            and (:at::timestamptz is null or (petitions.opened_at, petitions.id) < (:at, :number))
          order by petitions.opened_at desc, petitions.id desc limit :most)
        select chosen.id, chosen.slug, chosen.demo, chosen.opened_at,
          chosen.closed_at, chosen.postcodes, chosen.languages,
          groups.name as group_name, groups.slug as group_slug, groups.language as group_language,
          said.titles,
          greatest(chosen.opened_at, chosen.closed_at, said.at, put.at) as changed_at
        from chosen join groups on groups.id = chosen.group_id
        cross join lateral (
          select jsonb_object_agg(language, title) as titles, max(at) as at from (
            select distinct on (language) language, title, at from petition_texts
            where petition_id = chosen.id and version <= chosen.version
            order by language, version desc) newest) said
        cross join lateral (
          select max(greatest(added_at, closed_at)) as at from document_versions
          where petition_id = chosen.id) put
        order by chosen.opened_at desc, chosen.id desc
        """,
        at=after[0] if after else None,
        number=after[1] if after else 0,
        most=limit,
    )
