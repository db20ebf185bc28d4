"""Asked log-ins, as SQL: one row a letter, claimed once."""

from datetime import timedelta
from typing import Any, cast

from mobilise import db


async def add_login(
    database: db.Database, *, typed: str, email_key: str, draft: dict[str, Any], **values: Any
) -> int:
    """Somebody asks to come in. `email` is the account's own spelling where there is one."""
    return cast(
        int,
        await db.value(
            database,
            """
            insert into login_tokens
              (purpose, email, email_key, language, nonce, browser, draft, tries)
            values
              (:purpose,
               coalesce((select email from people where email_key = :email_key), :typed),
               :email_key, :language, :nonce, :browser, :draft, :tries)
            returning id
            """,
            typed=typed,
            email_key=email_key,
            draft=draft,
            **values,
        ),
    )


async def login(database: db.Database, login_id: int) -> db.Record | None:
    """What a link in a letter stands for."""
    return await db.row(
        database,
        """
        select id, purpose, email, email_key, language, nonce, browser, draft, used_at
        from login_tokens where id = :login_id
        """,
        login_id=login_id,
    )


async def last_login(database: db.Database, browser: bytes, purpose: str) -> db.Record | None:
    """The newest that this browser asked for."""
    return await db.row(
        database,
        """
        select id, draft from login_tokens
        where browser = :browser and purpose = :purpose
        order by id desc limit 1
        """,
        browser=browser,
        purpose=purpose,
    )


async def claim(database: db.Database, login_id: int, purpose: str) -> db.Record | None:
    """Of all who claim at once, one gets the row."""
    return await db.row(
        database,
        """
        update login_tokens set used_at = now()
        where id = :login_id and purpose = :purpose and used_at is null
        returning email, email_key, language, draft
        """,
        login_id=login_id,
        purpose=purpose,
    )


async def open_logins(
    database: db.Database, browser: bytes, purpose: str, valid: timedelta
) -> list[db.Record]:
    """What a code typed in this browser may open."""
    return await db.rows(
        database,
        """
        select id, nonce, email_key from login_tokens
        where browser = :browser and purpose = :purpose and used_at is null
          and created_at > now() - :valid::interval
        """,
        browser=browser,
        purpose=purpose,
        valid=valid,
    )


async def claim_code(
    database: db.Database,
    browser: bytes,
    purpose: str,
    matching: int | None,
    valid: timedelta,
    most: int,
) -> db.Record | None:
    """A try is counted for each log-in of this browser in the statement that may claim one."""
    return await db.row(
        database,
        """
        with tried as (
          update login_tokens
          set tries = tries + 1, used_at = case when id = :matching::bigint then now() end
          where browser = :browser and purpose = :purpose and used_at is null
            and created_at > now() - :valid::interval and tries < :most
          returning email, email_key, language, draft, used_at)
        select * from tried where used_at is not null
        """,
        browser=browser,
        purpose=purpose,
        matching=matching,
        valid=valid,
        most=most,
    )


async def forget(database: db.Database, kept: timedelta) -> int:
    return await db.run(
        database,
        "delete from login_tokens where created_at < now() - :kept::interval",
        kept=kept,
    )
