"""What several rooms show together, read at once. Nothing is written here."""

from dataclasses import dataclass
from datetime import datetime

from mobilise import db
from mobilise.petitions.queries import COLUMNS, FOUND, SOURCE
from mobilise.petitions.reading import Petition
from mobilise.signatures.counting import rounded_down

_CONFIRMED = """
    cross join lateral (
        select coalesce(sum(online + paper), 0)::bigint as confirmed
        from tallies where tallies.petition_id = petitions.id
    ) counted
"""


@dataclass(frozen=True)
class Listed(Petition):
    """A petition with its count."""

    confirmed: int


@dataclass(frozen=True)
class Mine(Listed):
    """A petition of my group, with what its desk tells first. `pending` is the last full hour's."""

    today: int
    pending: int
    role: str


async def open_petitions(
    database: db.Database, language: str, patterns: list[str], limit: int
) -> list[Listed]:
    """Open petitions, newest first, each with its count."""
    found = await db.rows(
        database,
        f"""
        select {COLUMNS}, counted.confirmed
        from {SOURCE} {_CONFIRMED}
        where petitions.state = 'open' and {FOUND}
        order by petitions.opened_at desc nulls last, petitions.id desc
        limit :most
        """,
        language=language,
        patterns=patterns,
        most=limit,
    )
    return [Listed.of(row, confirmed=row["confirmed"]) for row in found]


async def mine(
    database: db.Database, person_id: int, language: str, midnight: datetime
) -> list[Mine]:
    """The petitions of my groups: drafts first, then by age."""
    found = await db.rows(
        database,
        f"""
        select {COLUMNS}, counted.confirmed, memberships.role,
               coalesce(recounts.pending, 0) as pending, since.added as today
        from {SOURCE} {_CONFIRMED}
        join memberships on memberships.group_id = petitions.group_id
                        and memberships.person_id = :person_id
        left join recounts on recounts.petition_id = petitions.id
        cross join lateral (
            select count(*) filter (where what in ('confirmed', 'restored'))
                 - count(*) filter (where what in ('withdrawn', 'invalidated')) as added
            from count_events
            where count_events.petition_id = petitions.id and at >= :midnight
        ) since
        where petitions.state <> 'removed'
        order by petitions.state <> 'draft', petitions.created_at desc, petitions.id desc
        """,
        person_id=person_id,
        language=language,
        midnight=midnight,
    )
    return [
        Mine.of(
            row,
            confirmed=row["confirmed"],
            today=row["today"],
            pending=rounded_down(row["pending"]),
            role=row["role"],
        )
        for row in found
    ]


async def letters(database: db.Database, petition_id: int, midnight: datetime) -> db.Record:
    """How the letters of a petition fare."""
    return await db.one(
        database,
        """
        select count(*) filter (where state = 'sent' and sent_at >= :midnight) as sent_today,
               count(*) filter (where state = 'waiting') as waiting,
               count(*) filter (where state = 'failed') as failed
        from letters where petition_id = :petition_id
        """,
        petition_id=petition_id,
        midnight=midnight,
    )


async def public_slugs(
    database: db.Database, states: tuple[str, ...], limit: int
) -> list[db.Record]:
    """For the sitemap: what everybody may read, newest first, with its languages."""
    return await db.rows(
        database,
        """
        select slug, languages from petitions
        where state = any(:states::text[])
        order by opened_at desc nulls last, id desc limit :most
        """,
        states=list(states),
        most=limit,
    )
