"""Sessions, as SQL."""

from datetime import timedelta

from mobilise import db


async def begin(
    database: db.Database, key: bytes, person_id: int, replaced: bytes, agent: str
) -> None:
    """A session for this person. One that this browser had before goes on under the new secret,
    as fresh as if it began; one of somebody else ends."""
    await db.run(
        database,
        """
        with used as (update people set seen_at = now() where id = :person_id),
        renewed as (
          update sessions set id = :key, fresh_at = now(), seen_at = now(), agent = :agent
          where id = :replaced and person_id = :person_id
          returning id),
        ended as (delete from sessions where id = :replaced and person_id <> :person_id)
        insert into sessions (id, person_id, agent)
        select :key, :person_id, :agent where not exists (select from renewed)
        """,
        key=key,
        person_id=person_id,
        replaced=replaced,
        agent=agent,
    )


async def session(
    database: db.Database, key: bytes, idle: timedelta, longest: timedelta
) -> db.Record | None:
    """The person behind a session that has neither slept nor lived too long."""
    return await db.row(
        database,
        """
        select people.id, people.name, people.email, people.language, people.keeper,
               now() - sessions.seen_at as unseen_for,
               now() - sessions.fresh_at as proven_for,
               (select wrong_since from streams where name = 'mail') as mail_waits_since
        from sessions
        join people on people.id = sessions.person_id
        where sessions.id = :key
          and sessions.seen_at > now() - :idle::interval
          and sessions.created_at > now() - :longest::interval
        """,
        key=key,
        idle=idle,
        longest=longest,
    )


async def of_person(
    database: db.Database, person_id: int, key: bytes, idle: timedelta, longest: timedelta
) -> list[db.Record]:
    """Where this person is in, this browser first. `here`: the session of `key`."""
    return await db.rows(
        database,
        """
        select number, agent, created_at, seen_at, id = :key as here from sessions
        where person_id = :person_id
          and seen_at > now() - :idle::interval and created_at > now() - :longest::interval
        order by id = :key desc, seen_at desc, number desc
        """,
        person_id=person_id,
        key=key,
        idle=idle,
        longest=longest,
    )


async def note(database: db.Database, key: bytes) -> None:
    await db.run(
        database,
        """
        with seen as (update sessions set seen_at = now() where id = :key returning person_id)
        update people set seen_at = now() from seen where people.id = seen.person_id
        """,
        key=key,
    )


async def end(database: db.Database, key: bytes) -> None:
    await db.run(database, "delete from sessions where id = :key", key=key)


async def end_number(database: db.Database, person_id: int, number: int) -> bool:
    """One of this person's own; False when there is none of that number."""
    return bool(
        await db.run(
            database,
            "delete from sessions where person_id = :person_id and number = :number",
            person_id=person_id,
            number=number,
        )
    )


async def end_all(database: db.Database, person_id: int, but: bytes = b"") -> int:
    return await db.run(
        database,
        "delete from sessions where person_id = :person_id and id <> :but",
        person_id=person_id,
        but=but,
    )


async def forget(database: db.Database, idle: timedelta, longest: timedelta) -> int:
    return await db.run(
        database,
        """
        delete from sessions
        where seen_at < now() - :idle::interval or created_at < now() - :longest::interval
        """,
        idle=idle,
        longest=longest,
    )
