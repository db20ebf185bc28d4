"""Every petition of the instance with its numbers, read as SQL, a part at a time."""

from mobilise import db
from mobilise.opendata.cursor import Place
from mobilise.opendata.list_queries import LISTED


async def part(
    database: db.Database, zone: str, after: Place | None, limit: int
) -> list[db.Record]:
    """Petitions that opened, newest first, from behind that place; days in the zone."""
    return await db.rows(
        database,
        f"""
        with chosen as materialized (
          select petitions.* from petitions
          where {LISTED}
            and (:at::timestamptz is null or (petitions.opened_at, petitions.id) < (:at, :number))
          order by petitions.opened_at desc, petitions.id desc limit :most)
        select chosen.id, chosen.slug, chosen.state, chosen.demo, chosen.languages, chosen.goal,
          chosen.opened_at, (chosen.opened_at at time zone :zone)::date as opened_on,
          chosen.closes_on, (chosen.closed_at at time zone :zone)::date as closed_on,
          chosen.delivered_on, chosen.answered_on, chosen.version,
          groups.slug as group_slug, groups.name as group_name, said.titles,
          counted.online, counted.paper, counted.withdrawn, counted.invalidated,
          (select count(*) from documents
           where petition_id = chosen.id and withdrawn_at is null) as documents
        from chosen join groups on groups.id = chosen.group_id
        cross join lateral (
          select jsonb_object_agg(language, title) as titles from (
            select distinct on (language) language, title from petition_texts
            where petition_id = chosen.id and version <= chosen.version
            order by language, version desc) newest) said
        cross join lateral (
          select coalesce(sum(online), 0)::bigint as online,
            coalesce(sum(paper), 0)::bigint as paper,
            coalesce(sum(withdrawn), 0)::bigint as withdrawn,
            coalesce(sum(invalidated), 0)::bigint as invalidated
          from tallies where petition_id = chosen.id) counted
        order by chosen.opened_at desc, chosen.id desc
        """,
        zone=zone,
        at=after[0] if after else None,
        number=after[1] if after else 0,
        most=limit,
    )


async def totals(database: db.Database) -> db.Record:
    """For people: how many petitions opened here, how many signatures count in them, and how many
    demonstrations stand beside them."""
    return await db.one(
        database,
        f"""
        select count(*) filter (where not demo) as petitions,
          coalesce(sum(counted.confirmed) filter (where not demo), 0)::bigint as confirmed,
          count(*) filter (where demo) as demonstrations
        from petitions left join (
          select petition_id, sum(online + paper) as confirmed from tallies
          group by petition_id) counted on counted.petition_id = petitions.id
        where {LISTED}
        """,
    )
