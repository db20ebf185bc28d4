"""What the home page shows, read in one statement. Nothing is written here."""

from dataclasses import dataclass

from mobilise import db
from mobilise.pages.queries import CONFIRMED, Listed
from mobilise.petitions.queries import COLUMNS, FOUND, HIDDEN, SOURCE
from mobilise.petitions.reading import PUBLIC

GROUPS_SHOWN = 12
# When a petition came onto its shelf: opened, answered, closed, or handed in.
_SINCE = """
    case petitions.state when 'open' then coalesce(petitions.opened_at, petitions.created_at)
    else coalesce(petitions.answered_on::timestamptz, petitions.closed_at, petitions.opened_at,
                  petitions.created_at) end
"""


@dataclass(frozen=True)
class Hosting:
    """A group with something that everybody may read."""

    slug: str
    name: str
    place: str
    petitions_total: int


@dataclass(frozen=True)
class Shelf:
    """`totals`: how many were found in each state. `is_first`: it begins with the newest."""

    petitions: list[Listed]
    totals: dict[str, int]
    groups: list[Hosting]
    is_first: bool


async def shelf(
    database: db.Database,
    language: str,
    patterns: list[str],
    states: list[str],
    limit: int,
    after: str = "",
    before: str = "",
) -> Shelf:
    """Petitions in these states with their counts, newest first: those older than `after`, or
    the oldest of those that are newer than `before`. A slug that nobody has is no bound."""
    found = await db.rows(
        database,
        f"""
        with found as materialized (
          select petitions.id, petitions.state, petitions.group_id, {_SINCE} as since
          from petitions join groups on groups.id = petitions.group_id
          where petitions.state = any(:public::text[]) and not {HIDDEN} and {FOUND}),
        edge as (
          select {_SINCE} as since, petitions.id, petitions.slug = :before as is_end
          from petitions where petitions.slug = nullif(coalesce(nullif(:before, ''), :after), '')),
        chosen as (
          select found.id, found.since from found left join edge on true
          where found.state = any(:states::text[])
            and (edge.id is null
                 or (edge.is_end and (found.since, found.id) > (edge.since, edge.id))
                 or (not edge.is_end and (found.since, found.id) < (edge.since, edge.id)))
          order by case when edge.is_end then found.since end,
                   case when edge.is_end then found.id end,
                   found.since desc, found.id desc
          limit :most),
        shown as (
          select {COLUMNS}, counted.confirmed, chosen.since
          from {SOURCE} {CONFIRMED} join chosen on chosen.id = petitions.id)
        select totals.*, shown.*
        from (
          select (select jsonb_object_agg(state, total)
                  from (select state, count(*) as total from found group by state) each_state)
                   as totals,
                 (select jsonb_agg(hosting) from (
                    select groups.slug, groups.name, groups.place, count(*) as petitions_total
                    from found join groups on groups.id = found.group_id
                    where found.state <> 'rejected'
                    group by groups.id
                    order by max(found.since) desc, groups.id desc limit :groups) hosting) as hosts,
                 not exists (select from edge) as is_first) totals
        left join shown on true
        order by shown.since desc, shown.id desc
        """,
        language=language,
        patterns=patterns,
        public=list(PUBLIC),
        states=states,
        after=after,
        before=before,
        most=limit,
        groups=GROUPS_SHOWN,
    )
    first = found[0]
    return Shelf(
        [Listed.of(row, confirmed=row["confirmed"]) for row in found if row["id"] is not None],
        first["totals"] or {},
        [Hosting(**each) for each in first["hosts"] or []],
        first["is_first"],
    )
