"""Questions to a group, as SQL. One function, one statement."""

from datetime import timedelta
from typing import Any

from mobilise import db
from mobilise.petitions.lifecycle import MONTHS_CLOSED, MONTHS_OPEN

UNPROVEN_KEPT = timedelta(days=14)


async def add(database: db.Database, **values: Any) -> int:
    return int(
        await db.value(
            database,
            """
            insert into questions
              (petition_id, name, email, email_key, language, question, may_show)
            values (:petition_id, :name, :email, :email_key, :language, :question, :may_show)
            returning id
            """,
            **values,
        )
    )


async def question(database: db.Database, petition_id: int, question_id: int) -> db.Record | None:
    return await db.row(
        database,
        "select * from questions where petition_id = :petition_id and id = :question_id",
        petition_id=petition_id,
        question_id=question_id,
    )


async def prove(database: db.Database, petition_id: int, question_id: int) -> bool:
    """True for the first press of the button."""
    return bool(
        await db.run(
            database,
            """
            update questions set state = 'waiting', proven_at = now()
            where petition_id = :petition_id and id = :question_id and state = 'unproven'
            """,
            petition_id=petition_id,
            question_id=question_id,
        )
    )


async def answer(database: db.Database, **values: Any) -> db.Record | None:
    """The group's answer, new or mended. `news`: these words were not sent before."""
    return await db.row(
        database,
        """
        with before as materialized (
          select petition_id, id, state, answer from questions
          where petition_id = :petition_id and id = :question_id and state <> 'unproven'
          for update
        )
        update questions q set state = 'answered', answer = :answer,
          shown = q.may_show and :shown::boolean,
          answered_at = case when before.answer = :answer then q.answered_at else now() end
        from before where q.petition_id = before.petition_id and q.id = before.id
        returning q.email_key, before.answer <> :answer as news
        """,
        **values,
    )


async def put(database: db.Database, petition_id: int, question_id: int, aside: bool) -> bool:
    """Aside, or back to where it was. False: it is not there (any more)."""
    return bool(
        await db.run(
            database,
            """
            update questions set shown = false,
              state = case when :aside::boolean then 'aside'
                           when answer <> '' then 'answered' else 'waiting' end
            where petition_id = :petition_id and id = :question_id
              and (:aside::boolean and state in ('waiting', 'answered')
                   or not :aside::boolean and state = 'aside')
            """,
            petition_id=petition_id,
            question_id=question_id,
            aside=aside,
        )
    )


async def take_back(database: db.Database, petition_id: int, question_id: int) -> bool:
    return bool(
        await db.run(
            database,
            "delete from questions where petition_id = :petition_id and id = :question_id",
            petition_id=petition_id,
            question_id=question_id,
        )
    )


async def in_state(
    database: db.Database, petition_id: int, state: str, *, most: int, before: int
) -> list[db.Record]:
    """For the desk: those that wait, oldest first; the others, newest first."""
    return await db.rows(
        database,
        f"""
        select id, name, question, answer, language, may_show, shown, proven_at, answered_at
        from questions where petition_id = :petition_id and state = :state
        order by id {"asc" if state == "waiting" else "desc"} limit :most offset :before
        """,
        petition_id=petition_id,
        state=state,
        most=most,
        before=before,
    )


async def shown(
    database: db.Database, petition_id: int, *, most: int, before: int
) -> list[db.Record]:
    """For every reader: without the name but the first, and without the address."""
    return await db.rows(
        database,
        """
        select id, split_part(name, ' ', 1) as first_name, question, answer, language, answered_at
        from questions where petition_id = :petition_id and state = 'answered' and shown
        order by id desc limit :most offset :before
        """,
        petition_id=petition_id,
        most=most,
        before=before,
    )


async def totals(database: db.Database, petition_id: int) -> dict[str, int]:
    found = await db.one(
        database,
        """
        select count(*) filter (where state = 'waiting')::int as waiting,
          count(*) filter (where state = 'answered')::int as answered,
          count(*) filter (where state = 'aside')::int as aside
        from questions where petition_id = :petition_id
        """,
        petition_id=petition_id,
    )
    return dict(found)


async def forget(database: db.Database) -> int:
    """What no mailbox stood for, and all of a petition that closed long ago.

    A hand-over ends nothing here, as it does for its signers: people ask what came of it.
    """
    return await db.run(
        database,
        f"""
        delete from questions q using petitions p
        where p.id = q.petition_id and (
          q.state = 'unproven' and q.at < now() - :unproven_kept::interval
          or least(p.closed_at + interval '{MONTHS_CLOSED} months',
                   p.opened_at + interval '{MONTHS_OPEN} months') < now())
        """,
        unproven_kept=UNPROVEN_KEPT,
    )
