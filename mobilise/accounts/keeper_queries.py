"""Who keeps the instance, as SQL."""

from typing import cast

from mobilise import db


async def set_keeper(database: db.Database, email_key: str, *, keeper: bool) -> int | None:
    """Gives the account of a mailbox this instance to keep, or takes it away; the person."""
    found = await db.value(
        database,
        "update people set keeper = :keeper where email_key = :email_key returning id",
        keeper=keeper,
        email_key=email_key,
    )
    return cast("int | None", found)
