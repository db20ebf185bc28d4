"""Why signatures went off the count, read from what is written and what is not yet."""

from datetime import date

from mobilise import db


async def closed_reasons(
    database: db.Database, petition_id: int, zone: str, today: date
) -> list[db.Record]:
    """How many went off before `today`: withdrawn first, then the most frequent."""
    return await db.rows(
        database,
        """
        select what, reason, sum(number)::int as number from (
          select what, reason, number from off_by_reason
          where petition_id = :petition_id and day < :today
          union all
          select e.what, coalesce(e.reason, ''), 1 from count_events e
          where e.petition_id = :petition_id and e.what in ('withdrawn', 'invalidated')
            and e.at >= coalesce((select folded_until from recounts
              where petition_id = :petition_id), date '1970-01-01')::timestamp at time zone :zone
            and e.at < :today::timestamp at time zone :zone
        ) part
        group by what, reason
        order by what desc, sum(number) desc, reason
        """,
        petition_id=petition_id,
        zone=zone,
        today=today,
    )
