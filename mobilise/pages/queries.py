"""What several rooms show together, read at once. Nothing is written here."""

from dataclasses import dataclass

from mobilise import db
from mobilise.petitions.reading import Petition

CONFIRMED = """
    cross join lateral (
        select coalesce(sum(online + paper), 0)::bigint as confirmed
        from tallies where tallies.petition_id = petitions.id
    ) counted
"""


@dataclass(frozen=True)
class Listed(Petition):
    """A petition with its count."""

    confirmed: int


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
