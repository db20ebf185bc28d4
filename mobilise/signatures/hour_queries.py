"""Closed hours, and closed days by method, read from what is written and what is not yet."""

from datetime import date

from mobilise import db


async def closed_hours(
    database: db.Database, petition_id: int, zone: str, today: date
) -> list[db.Record]:
    """Merged hours of the days before `today`, written or not."""
    return await db.rows(
        database,
        """
        select day, from_hour::int, until_hour::int, confirmed from hours
        where petition_id = :petition_id and day < :today
        union all
        select merged.* from recounts r
        cross join lateral merged_hours(r.petition_id, :zone,
          coalesce(r.hours_until, date '1970-01-01'), :today) merged
        where r.petition_id = :petition_id
        order by day, from_hour
        """,
        petition_id=petition_id,
        zone=zone,
        today=today,
    )


async def fold_hours(database: db.Database, zone: str, today: date) -> int:
    """Writes the hours of each closed day; what stands is never changed."""
    return await db.run(
        database,
        """
        with unfolded as (
          select petition_id, coalesce(hours_until, date '1970-01-01') as since from recounts
          where hours_until is null or hours_until < :today
          for update
        ), folded as (
          insert into hours (petition_id, day, from_hour, until_hour, confirmed)
          select unfolded.petition_id, merged.*
          from unfolded
          cross join lateral
            merged_hours(unfolded.petition_id, :zone, unfolded.since, :today) merged
          on conflict do nothing
        )
        update recounts set hours_until = :today
        from unfolded where recounts.petition_id = unfolded.petition_id
        """,
        zone=zone,
        today=today,
    )


async def closed_methods(
    database: db.Database, petition_id: int, zone: str, today: date
) -> list[db.Record]:
    """What each method added and took away before `today`, a line for each."""
    return await db.rows(
        database,
        """
        select every.method, coalesce(sum(confirmed), 0)::int as confirmed,
          coalesce(sum(withdrawn), 0)::int as withdrawn,
          coalesce(sum(invalidated), 0)::int as invalidated,
          coalesce(sum(restored), 0)::int as restored
        from (values ('email'), ('paper')) every (method)
        left join (
          select method, confirmed, withdrawn, invalidated, restored
          from days where petition_id = :petition_id and day < :today
          union all
          select e.method,
            count(*) filter (where what = 'confirmed'), count(*) filter (where what = 'withdrawn'),
            count(*) filter (where what = 'invalidated'), count(*) filter (where what = 'restored')
          from count_events e
          where e.petition_id = :petition_id
            and e.at >= coalesce((select folded_until from recounts
              where petition_id = :petition_id), date '1970-01-01')::timestamp at time zone :zone
            and e.at < :today::timestamp at time zone :zone
          group by 1
        ) part on part.method = every.method
        group by every.method order by every.method
        """,
        petition_id=petition_id,
        zone=zone,
        today=today,
    )
