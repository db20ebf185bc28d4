"""People, groups, memberships, sessions and log-ins, as SQL."""

from datetime import timedelta
from typing import cast

from mobilise import db


async def role(database: db.Database, person_id: int, group_id: int) -> str | None:
    """The role of a person in a group; None for a stranger."""
    found = await db.value(
        database,
        """
        select role from memberships where group_id = :group_id and person_id = :person_id
        """,
        group_id=group_id,
        person_id=person_id,
    )
    return cast("str | None", found)


async def add_session(database: db.Database, key: bytes, person_id: int, replaced: bytes) -> None:
    """A session for this person; the one that this browser had before ends."""
    await db.run(
        database,
        """
        with ended as (delete from sessions where id = :replaced)
        insert into sessions (id, person_id) values (:key, :person_id)
        """,
        key=key,
        person_id=person_id,
        replaced=replaced,
    )


async def session(
    database: db.Database, key: bytes, idle: timedelta, longest: timedelta, fresh: timedelta
) -> db.Record | None:
    """The person behind a session that has neither slept nor lived too long."""
    return await db.row(
        database,
        """
        select people.id, people.name, people.email, people.language,
               sessions.fresh_at > now() - :fresh::interval as fresh,
               now() - sessions.seen_at as unseen_for
        from sessions
        join people on people.id = sessions.person_id
        where sessions.id = :key
          and sessions.seen_at > now() - :idle::interval
          and sessions.created_at > now() - :longest::interval
        """,
        key=key,
        idle=idle,
        longest=longest,
        fresh=fresh,
    )


async def note_session(database: db.Database, key: bytes) -> None:
    await db.run(database, "update sessions set seen_at = now() where id = :key", key=key)


async def end_session(database: db.Database, key: bytes) -> None:
    await db.run(database, "delete from sessions where id = :key", key=key)


async def end_sessions(database: db.Database, person_id: int) -> None:
    await db.run(database, "delete from sessions where person_id = :person_id", person_id=person_id)
