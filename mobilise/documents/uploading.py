"""How far an upload is: told by who receives it, read by the screen of who sends it."""

import re
import secrets
import time
from datetime import timedelta

from mobilise import db

SECONDS_BETWEEN = 0.5
_TICKET = re.compile(r"[0-9a-f]{32}")


def ticket() -> str:
    """A name for an upload to come, which nobody guesses."""
    return secrets.token_hex(16)


class Meter:
    """Counts what arrives, and writes it down now and then."""

    def __init__(
        self, database: db.Database, person_id: int, ticket: str, whole: int | None
    ) -> None:
        self._db, self._person_id, self._whole = database, person_id, whole
        self._ticket = ticket if _TICKET.fullmatch(ticket) else ""
        self._received = 0
        self._next = 0.0

    async def count(self, size: int) -> None:
        self._received += size
        is_whole = self._whole is not None and self._received >= self._whole
        if self._ticket and (is_whole or time.monotonic() >= self._next):
            self._next = time.monotonic() + SECONDS_BETWEEN
            await self._note()

    async def _note(self) -> None:
        await db.run(
            self._db,
            """
            insert into uploads_under_way (person_id, ticket, received, whole)
            values (:person_id, :ticket, :received, :whole)
            on conflict (person_id, ticket) do update
            set received = excluded.received, whole = excluded.whole, at = now()
            """,
            person_id=self._person_id,
            ticket=self._ticket,
            received=self._received,
            whole=self._whole,
        )


async def how_far(database: db.Database, person_id: int, ticket: str) -> db.Record | None:
    """`received` and `whole` in bytes (whole: None when unknown), and whether it `stands_still`;
    None when nothing arrived yet."""
    return await db.row(
        database,
        """
        select received, whole, received < coalesce(whole, received + 1)
          and at < now() - interval '20 seconds' as stands_still
        from uploads_under_way
        where person_id = :person_id and ticket = :ticket
        """,
        person_id=person_id,
        ticket=ticket,
    )


async def forget(database: db.Database, kept: timedelta = timedelta(days=1)) -> None:
    await db.run(
        database, "delete from uploads_under_way where at < now() - :kept::interval", kept=kept
    )
