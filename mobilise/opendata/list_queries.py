"""Petitions of the whole instance, a part at a time. This room writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from mobilise import db
from mobilise.opendata.cursor import Place
from mobilise.petitions.queries import FOUND
from mobilise.petitions.reading import OPENED

LISTED = f"petitions.state in {OPENED!r} and petitions.opened_at is not null"


@dataclass(frozen=True)
class Filter:
    """None and an empty list ask for all. `patterns` are those of `reading.patterns`."""

    state: str | None = None
    group: str | None = None
    language: str | None = None
    patterns: tuple[str, ...] = ()
    opened_from: datetime | None = None
    opened_before: datetime | None = None


async def listed(
    database: db.Database, wanted: Filter, after: Place | None, limit: int
) -> list[db.Record]:
    """Petitions that opened, newest first, from behind that place in the list."""
    return await db.rows(
        database,
        f"""
        select petitions.id, petitions.slug, petitions.state, petitions.demo, petitions.languages,
          petitions.goal, petitions.opened_at, petitions.closes_on, petitions.closed_at,
          groups.name as group_name, groups.slug as group_slug, said.titles, counted.confirmed
        from petitions join groups on groups.id = petitions.group_id
        join lateral (
          select jsonb_object_agg(language, title) as titles from (
            select distinct on (language) language, title from petition_texts
            where petition_id = petitions.id and version <= petitions.version
            order by language, version desc) newest) said on true
        cross join lateral (
          select coalesce(sum(online + paper), 0)::bigint as confirmed
          from tallies where petition_id = petitions.id) counted
        where {LISTED} and {FOUND}
          and (:state::text is null or petitions.state = :state)
          and (:group_slug::text is null or groups.slug = :group_slug)
          and (:language::text is null or :language = any(petitions.languages))
          and (:opened_from::timestamptz is null or petitions.opened_at >= :opened_from)
          and (:opened_before::timestamptz is null or petitions.opened_at < :opened_before)
          and (:at::timestamptz is null or (petitions.opened_at, petitions.id) < (:at, :number))
        order by petitions.opened_at desc, petitions.id desc
        limit :most
        """,
        state=wanted.state,
        group_slug=wanted.group,
        language=wanted.language,
        patterns=list(wanted.patterns),
        opened_from=wanted.opened_from,
        opened_before=wanted.opened_before,
        at=after[0] if after else None,
        number=after[1] if after else 0,
        most=limit,
    )


async def place_of(database: db.Database, slug: str) -> Place | None:
    """Where a petition stands in the list; None when it does not."""
    found = await db.row(
        database,
        f"select opened_at, id from petitions where slug = :slug and {LISTED}",
        slug=slug,
    )
    return cast("Place", tuple(found)) if found else None
