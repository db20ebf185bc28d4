"""The states of a petition and what was decided about it, as SQL."""

from datetime import date, datetime
from typing import Any, cast

from mobilise import db

# Somebody changed a text after it was cleared: it is read again before it opens.
_CHANGED_SINCE = """exists (select from petition_texts t
    where t.petition_id = p.id and t.at > p.cleared_at)"""
WAITS_FOR_A_KEEPER = f"(p.state = 'submitted' and (p.cleared_at is null or {_CHANGED_SINCE}))"


async def move(
    database: db.Database,
    petition_id: int,
    begins: list[str],
    ends: str | None,
    closed_at: datetime | None,
) -> db.Record | None:
    """From one of these states to that one (None: back to where it was suspended).

    Answers with the state it was in and the new one; None when it is in none of them.
    """
    return await db.row(
        database,
        """
        with before as materialized (
          select id, state, coalesce(:ends, suspended_from) as ends from petitions
          where id = :petition_id and state = any(:begins::text[])
            and coalesce(:ends, suspended_from) is not null
          for update
        )
        update petitions p set state = before.ends,
          suspended_from = case when before.ends = 'suspended' then before.state end,
          opened_at = case before.ends when 'open' then coalesce(p.opened_at, now())
                                       else p.opened_at end,
          closed_at = case before.ends when 'open' then null
            when 'closed' then coalesce(:closed_at::timestamptz, p.closed_at, now())
            else p.closed_at end,
          submitted_at = case before.ends when 'submitted' then now() when 'draft' then null
                                          else p.submitted_at end,
          cleared_at = case when before.ends in ('draft', 'submitted') then null
                            else p.cleared_at end,
          delivered_at = case when before.state = 'closed' and before.ends = 'delivered'
                              then now() else p.delivered_at end
        from before where p.id = before.id
        returning before.state as begins, p.state as ends
        """,
        petition_id=petition_id,
        begins=begins,
        ends=ends,
        closed_at=closed_at,
    )


async def clear(
    database: db.Database, petition_id: int, until: datetime | None, today: date
) -> date | None:
    """What is handed in may open on its day, with texts written until then (None: with any).

    The day; None when it is not handed in, or may open today already.
    """
    found = await db.value(
        database,
        """
        update petitions set cleared_at = coalesce(:until::timestamptz, 'infinity')
        where id = :petition_id and state = 'submitted' and opens_on > :today
        returning opens_on
        """,
        petition_id=petition_id,
        until=until,
        today=today,
    )
    return cast("date | None", found)


async def note_reading(database: db.Database, petition_id: int) -> None:
    """A keeper has read it as it opens."""
    await db.run(
        database,
        "update petitions set read_at = now() where id = :petition_id",
        petition_id=petition_id,
    )


async def open_at_once(database: db.Database, petition_id: int) -> None:
    """The group waits for no day any more."""
    await db.run(database, "update petitions set opens_on = null where id = :id", id=petition_id)


async def is_over(database: db.Database, petition_id: int, today: date) -> bool:
    """Is the last day behind us of something that has not opened yet?"""
    return bool(
        await db.value(
            database,
            """
            select closes_on < :today from petitions
            where id = :petition_id and state in ('draft', 'submitted')
            """,
            petition_id=petition_id,
            today=today,
        )
    )


async def hold(database: db.Database, petition_id: int) -> None:
    """Until the transaction ends nobody else writes its texts or moves it."""
    await db.run(
        database,
        "select from petitions where id = :petition_id for update",
        petition_id=petition_id,
    )


async def text_changed_at(database: db.Database, petition_id: int) -> datetime:
    return cast(
        datetime,
        await db.value(
            database,
            "select max(at) from petition_texts where petition_id = :petition_id",
            petition_id=petition_id,
        ),
    )


async def note_hand_over(database: db.Database, petition_id: int, day: date) -> None:
    await db.run(
        database,
        "update petitions set delivered_on = :day where id = :petition_id",
        petition_id=petition_id,
        day=day,
    )


async def note_answer(database: db.Database, petition_id: int, day: date) -> None:
    await db.run(
        database,
        "update petitions set answered_on = :day where id = :petition_id",
        petition_id=petition_id,
        day=day,
    )


async def reopening(
    database: db.Database, petition_id: int, today: date, closed: int, opened: int
) -> db.Record | None:
    """What stands in the way of reopening, while nobody else moves it. `closed`, `opened`: for how
    many months after it the data of signers are kept."""
    return await db.row(
        database,
        """
        select p.state, coalesce(p.closes_on < :today, false) as is_over,
          r.erased_at is not null
            or coalesce(least(p.closed_at + make_interval(months => :closed),
                              p.opened_at + make_interval(months => :opened)) < now(), false)
            as is_erased
        from petitions p join recounts r on r.petition_id = p.id
        where p.id = :petition_id for update of p
        """,
        petition_id=petition_id,
        today=today,
        closed=closed,
        opened=opened,
    )


# --- by the clock -------------------------------------------------------------------------


async def due_to_open(database: db.Database, today: date) -> list[db.Record]:
    """Handed in and cleared, and their day has come. `was_read`: by a keeper, until then."""
    return await db.rows(
        database,
        """
        select p.id, p.group_id, p.cleared_at < 'infinity' as was_read from petitions p
        where p.state = 'submitted' and p.cleared_at is not null
          and (p.opens_on is null or p.opens_on <= :today)
          and (p.closes_on is null or p.closes_on >= :today)
        order by p.id
        """,
        today=today,
    )


async def is_changed(database: db.Database, petition_id: int) -> bool:
    """Was a text written since it was cleared? Only `hold` keeps the answer true."""
    return bool(
        await db.value(
            database,
            f"select {_CHANGED_SINCE} from petitions p where p.id = :petition_id",
            petition_id=petition_id,
        )
    )


async def overdue(database: db.Database, today: date, months: int, zone: str) -> list[db.Record]:
    """Open petitions whose last day is over, with the moment it ended, or that opened so many
    months ago."""
    return await db.rows(
        database,
        """
        select id, case when closes_on < :today
          then (closes_on + 1)::timestamp at time zone :zone - interval '1 second' end as ended_at
        from petitions
        where state = 'open'
          and (closes_on < :today or opened_at < now() - make_interval(months => :months))
        order by id
        """,
        today=today,
        months=months,
        zone=zone,
    )


async def warn(database: db.Database, today: date, days: int) -> list[int]:
    """Open petitions that close within so many days, each once."""
    found = await db.rows(
        database,
        """
        update petitions set warned_at = now()
        where state = 'open' and warned_at is null
          and closes_on between :today::date and :today::date + :days::int
          and opened_at < now() - interval '1 day'
        returning id
        """,
        today=today,
        days=days,
    )
    return [row["id"] for row in found]


# --- decisions ----------------------------------------------------------------------------


async def add_decision(database: db.Database, **values: Any) -> int:
    return int(
        await db.value(
            database,
            """
            insert into decisions (petition_id, move, reason, same_as, words, language)
            values (:petition_id, :move, :reason, :same_as, :words, :language) returning id
            """,
            **values,
        )
    )


async def last_decision(database: db.Database, petition_id: int) -> db.Record | None:
    """The newest decision of a keeper, whatever it was."""
    return await db.row(
        database,
        """
        select * from decisions where petition_id = :petition_id order by at desc, id desc limit 1
        """,
        petition_id=petition_id,
    )
