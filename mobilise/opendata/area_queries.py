"""What signatures are counted from by place and language, and the tables that come of it."""

from datetime import date, datetime
from typing import Any

from mobilise import db
from mobilise.petitions.reading import OPENED

LISTED = str(OPENED)
Figure = tuple[str, str, str, int | None, int | None]
"""Code, country, name, inhabitants, year."""


async def due(
    database: db.Database, until: datetime, day: date, *, grace_over: datetime, fewest: int
) -> list[db.Record]:
    """Petitions that get a table to the end of `day`, which ended at `until`: a week after the
    last one, or closed before `grace_over` and not told so yet; if enough are new."""
    return await db.rows(
        database,
        f"""
        select p.id, coalesce(p.closed_at < :grace_over, false) as is_over,
          coalesce(s.number, 0) as number,
          (select count(*) from count_events e
           where e.petition_id = p.id and e.method = 'email' and e.what = 'confirmed'
             and e.at < :until
             and (last.until is null or e.at >= last.until)) >= :fewest as has_enough
        from petitions p
        left join area_states s on s.petition_id = p.id
        left join lateral (
          select max(day) as day, (max(day) + 1)::timestamp at time zone :zone as until
          from area_releases where petition_id = p.id) last on true
        where p.state in {LISTED}
          and (s.petition_id is not null or last.day is null)
          and (last.day is null or last.day <= :day::date - 7 or p.closed_at < :grace_over)
          and (last.day is null or last.day < :day::date)
        order by p.id
        """,
        until=until,
        day=day,
        grace_over=grace_over,
        fewest=fewest,
        zone=str(until.tzinfo),
    )


async def last_day(database: db.Database, petition_id: int) -> date | None:
    """To the end of which day the newest table counts."""
    found: date | None = await db.value(
        database,
        "select max(day) from area_releases where petition_id = :petition_id",
        petition_id=petition_id,
    )
    return found


async def state(database: db.Database, petition_id: int) -> db.Record | None:
    """What the last table was made from; None: there was none, or it was the last."""
    return await db.row(
        database,
        """
        select s.number, s.exact, e.id as edition_id, e.pairs,
          (select day from area_releases where petition_id = :petition_id and number = s.number)
            as day
        from area_states s join area_editions e on e.id = s.edition_id
        where s.petition_id = :petition_id
        """,
        petition_id=petition_id,
    )


async def lock(database: db.Database, petition_id: int) -> db.Record:
    """Where people may sign from; whoever else makes a table of it waits."""
    return await db.one(
        database,
        "select postcodes from petitions where id = :petition_id for no key update",
        petition_id=petition_id,
    )


async def counted(
    database: db.Database, petition_id: int, until: datetime, since: datetime | None
) -> db.Record:
    """How many counted at `until` by postcode and by language, and how many were taken off since,
    from wherever: also those who corrected where they live, up to now, because they are counted
    where they live now."""
    return await db.one(
        database,
        """
        with net as (
          select signature_id, sum(case when what in ('confirmed', 'restored') then 1 else -1 end) n
          from count_events
          where petition_id = :petition_id and method = 'email' and at < :until
          group by signature_id
        ), standing as (
          select s.country, s.postcode, s.language from net
          join signatures s on s.petition_id = :petition_id and s.id = net.signature_id
          where net.n = 1 and s.country <> ''
        )
        select
          coalesce((select jsonb_agg(jsonb_build_array(country, postcode, n)) from (
            select country, postcode, count(*) as n from standing group by 1, 2) p), '[]'
          ) as places,
          coalesce((select jsonb_object_agg(language, n) from (
            select language, count(*) as n from standing group by 1) l), '{}') as languages,
          (select count(*) from count_events
           where petition_id = :petition_id and what in ('withdrawn', 'invalidated')
             and at < :until and at >= coalesce(:since, :until))
          + (select count(*) from signatures s
             cross join jsonb_array_elements(s.consents -> 'corrected') correction
             where s.petition_id = :petition_id and jsonb_exists(s.consents, 'corrected')
               and (correction -> 'what') @> any(array['"postcode"', '"country"']::jsonb[])
               and (correction ->> 'at')::timestamptz >= coalesce(:since, :until)) as lost
        """,
        petition_id=petition_id,
        until=until,
        since=since,
    )


async def pairs(database: db.Database) -> list[db.Record]:
    """Postcodes with municipalities that the keeper loaded."""
    return await db.rows(
        database, "select postcode, municipality from area_pairs order by postcode, municipality"
    )


async def figures(database: db.Database) -> list[db.Record]:
    """Names and inhabitants that the keeper loaded."""
    return await db.rows(
        database,
        """
        select code, country, name, population, population_year from area_figures
        order by code collate "C"
        """,
    )


async def keep_edition(database: db.Database, digest: str, pairs: dict[str, Any]) -> int:
    return int(
        await db.value(
            database,
            """
            with added as (
              insert into area_editions (digest, pairs) values (:digest, :pairs::jsonb)
              on conflict (digest) do nothing returning id)
            select id from added
            union all select id from area_editions where digest = :digest limit 1
            """,
            digest=digest,
            pairs=pairs,
        )
    )


async def add(
    database: db.Database,
    petition_id: int,
    number: int,
    edition_id: int,
    day: date,
    rows: list[tuple[str, str, str, int]],
) -> None:
    """`rows`: level, parent, code, rounded count."""
    await db.run(
        database,
        """
        with release as (
          insert into area_releases (petition_id, number, edition_id, day)
          values (:petition_id, :number, :edition_id, :day)
        )
        insert into area_release_rows (petition_id, number, level, parent, code, confirmed)
        select :petition_id, :number, * from unnest(
          :levels::text[], :parents::text[], :codes::text[], :counts::int[])
        """,
        petition_id=petition_id,
        number=number,
        edition_id=edition_id,
        day=day,
        levels=[row[0] for row in rows],
        parents=[row[1] for row in rows],
        codes=[row[2] for row in rows],
        counts=[row[3] for row in rows],
    )


async def keep_state(
    database: db.Database, petition_id: int, number: int, edition_id: int, exact: dict[str, Any]
) -> None:
    await db.run(
        database,
        """
        insert into area_states (petition_id, number, edition_id, exact)
        values (:petition_id, :number, :edition_id, :exact::jsonb)
        on conflict (petition_id) do update
        set number = excluded.number, edition_id = excluded.edition_id, exact = excluded.exact
        """,
        petition_id=petition_id,
        number=number,
        edition_id=edition_id,
        exact=exact,
    )


async def forget_state(database: db.Database, petition_id: int) -> None:
    """No other table will come: the exact counts go."""
    await db.run(
        database,
        "delete from area_states where petition_id = :petition_id",
        petition_id=petition_id,
    )


async def newest(database: db.Database, petition_id: int, until: date) -> list[db.Record]:
    """What may be seen of the newest table that counts to that day or to one before; of one
    without rows a single line of nulls."""
    return await db.rows(
        database,
        """
        select number, day, is_last, level, parent, code, confirmed from public_areas
        where petition_id = :petition_id and number = (
          select max(number) from area_releases
          where petition_id = :petition_id and day <= :until)
        order by array_position(array['municipality', 'country', 'postcode', 'language'], level),
          parent collate "C", code = 'OTHER', code collate "C"
        """,
        petition_id=petition_id,
        until=until,
    )


async def forget_stale_states(database: db.Database) -> None:
    """Nobody keeps exact counts of what was removed, or whose signers are erased."""
    await db.run(
        database,
        """
        delete from area_states s using petitions p left join recounts r on r.petition_id = p.id
        where p.id = s.petition_id and (p.state = 'removed' or r.erased_at is not null)
        """,
    )
