"""Accounts that move to another mailbox, and those that end, as SQL."""

from datetime import timedelta
from typing import cast

from mobilise import db


async def ask(
    database: db.Database, person_id: int, session: bytes, email: str, email_key: str
) -> int:
    """A wish to move; an earlier one that waits still ends."""
    await db.run(
        database,
        """
        update mailbox_changes set ended_at = now()
        where person_id = :person_id and ended_at is null
        """,
        person_id=person_id,
    )
    return cast(
        int,
        await db.value(
            database,
            """
            insert into mailbox_changes (person_id, session, email, email_key)
            values (:person_id, :session, :email, :email_key)
            returning id
            """,
            person_id=person_id,
            session=session,
            email=email,
            email_key=email_key,
        ),
    )


async def change(database: db.Database, change_id: int) -> db.Record | None:
    """What a link in one of the two letters stands for."""
    return await db.row(
        database,
        """
        select c.id, c.person_id, c.email, people.email as old_email, c.new_agreed_at,
          c.old_agreed_at, c.ended_at, now() - c.asked_at as age
        from mailbox_changes c join people on people.id = c.person_id
        where c.id = :change_id
        """,
        change_id=change_id,
    )


async def waiting(database: db.Database, person_id: int, valid: timedelta) -> db.Record | None:
    """The move that this person asked for, while it waits for a mailbox."""
    return await db.row(
        database,
        """
        select id, email, new_agreed_at, old_agreed_at from mailbox_changes
        where person_id = :person_id and ended_at is null and asked_at > now() - :valid::interval
        order by id desc limit 1
        """,
        person_id=person_id,
        valid=valid,
    )


async def agree(
    database: db.Database, change_id: int, side: str, valid: timedelta
) -> db.Record | None:
    """One mailbox says yes; None when the wish is over. `ready`: both have."""
    return await db.row(
        database,
        """
        update mailbox_changes set
          new_agreed_at = case :side::text when 'new' then coalesce(new_agreed_at, now())
                               else new_agreed_at end,
          old_agreed_at = case :side::text when 'old' then coalesce(old_agreed_at, now())
                               else old_agreed_at end
        where id = :change_id and ended_at is null and asked_at > now() - :valid::interval
        returning id, person_id, session, email, email_key,
          new_agreed_at is not null and old_agreed_at is not null as ready
        """,
        change_id=change_id,
        side=side,
        valid=valid,
    )


async def end(database: db.Database, change_id: int) -> bool:
    return bool(
        await db.run(
            database,
            """
            update mailbox_changes set ended_at = now()
            where id = :change_id and ended_at is null
            """,
            change_id=change_id,
        )
    )


async def move(database: db.Database, person_id: int, email: str, email_key: str) -> bool:
    """False when somebody else has that mailbox by now."""
    return bool(
        await db.run(
            database,
            """
            update people set email = :email, email_key = :email_key
            where id = :person_id and not exists (
              select from people other
              where other.email_key = :email_key and other.id <> :person_id)
            """,
            person_id=person_id,
            email=email,
            email_key=email_key,
        )
    )


async def forget_logins(database: db.Database, email_key: str) -> None:
    """Links and codes that a mailbox still holds open nothing any more."""
    await db.run(
        database, "delete from login_tokens where email_key = :email_key", email_key=email_key
    )


async def say_farewell(database: db.Database, person_id: int) -> int:
    """Keeps what the last letter needs, until it has gone."""
    return cast(
        int,
        await db.value(
            database,
            """
            insert into farewells (email, name, language)
            select email, name, language from people where id = :person_id
            returning id
            """,
            person_id=person_id,
        ),
    )


async def erase(database: db.Database, person_id: int) -> bool:
    """The account, and with it its sessions, memberships and wishes."""
    return bool(
        await db.run(database, "delete from people where id = :person_id", person_id=person_id)
    )


async def unused(database: db.Database, months: int, limit: int) -> list[db.Record]:
    """Accounts that nobody used for so long, and that were not told so since."""
    return await db.rows(
        database,
        """
        select id, email_key from people
        where seen_at < now() - make_interval(months => :months) and not keeper
          and (warned_at is null or warned_at < seen_at)
        order by seen_at limit :limit
        """,
        months=months,
        limit=limit,
    )


async def note_warning(database: db.Database, person_id: int) -> None:
    await db.run(
        database, "update people set warned_at = now() where id = :person_id", person_id=person_id
    )


async def warned(database: db.Database, wait: timedelta) -> list[int]:
    """Accounts that were told so long ago, and that nobody used since."""
    found = await db.rows(
        database,
        """
        select id from people
        where warned_at < now() - :wait::interval and seen_at < warned_at and not keeper
        order by id
        """,
        wait=wait,
    )
    return [row["id"] for row in found]


async def forget(database: db.Database, kept: timedelta) -> None:
    """Wishes that are over, and farewells whose letter has gone or never will."""
    await db.run(
        database,
        """
        with gone as (delete from mailbox_changes where asked_at < now() - :kept::interval)
        delete from farewells f
        where f.at < now() - :kept::interval and not exists (
          select from letters l
          where l.kind = 'account_erased' and l.about = f.id and l.state = 'waiting')
        """,
        kept=kept,
    )
