"""Mail as a whole: whether it flows, since when it does not, and what the mail server said."""

from datetime import timedelta

from mobilise import db


async def stand_still(
    database: db.Database, code: int | None, error: str, wait: timedelta | None = None
) -> None:
    """No letter leaves: the relay refuses us, or cannot be reached. Noted for the keeper's desk.

    `wait`: all letters wait that long before one is tried again.
    """
    await db.run(
        database,
        """
        insert into streams (name, paused_until, wrong_since, last_code, last_error, at)
        values ('mail', now() + :wait::interval, now(), :code, :error, now())
        on conflict (name) do update set
          paused_until = greatest(excluded.paused_until, streams.paused_until),
          wrong_since = coalesce(streams.wrong_since, excluded.wrong_since),
          last_code = excluded.last_code, last_error = excluded.last_error, at = now()
        """,
        wait=wait,
        code=code,
        error=error[:300],
    )


async def flow(database: db.Database) -> None:
    """The mail server takes letters again."""
    await db.run(
        database,
        """
        update streams set wrong_since = null, paused_until = null, at = now()
        where name = 'mail' and wrong_since is not null
        """,
    )


async def paused(database: db.Database) -> db.Record | None:
    """Why mail stands still, while it does."""
    return await db.row(database, "select * from streams where paused_until > now()")


async def wrong(database: db.Database) -> db.Record | None:
    """Since when no letter leaves, and what the mail server said last; None while they do."""
    return await db.row(
        database,
        """
        select wrong_since, paused_until, last_code, last_error, at from streams
        where name = 'mail' and wrong_since is not null
        """,
    )


async def try_now(database: db.Database) -> int:
    """Ends the pause, and the wait of each letter that was tried in vain; how many those were."""
    return await db.run(
        database,
        """
        with ended as (update streams set paused_until = null where name = 'mail')
        update letters set due_at = now()
        where state = 'waiting' and due_at > now() and tries > 0
        """,
    )
