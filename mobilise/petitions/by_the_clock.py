"""What happens to petitions by itself: opening on a day, a word before closing, closing."""

from contextlib import suppress
from datetime import date
from zoneinfo import ZoneInfo

from mobilise import db
from mobilise.errors import NotNow
from mobilise.petitions import life_queries, lifecycle
from mobilise.petitions.lifecycle import Moderation
from mobilise.tokens import Tokens

WARNED_DAYS = 3  # before its last day the group hears that it closes


async def open_due(
    database: db.Database, tokens: Tokens, today: date, moderation: Moderation
) -> None:
    """What its group, or the keeper, cleared for a day that has come. A text that was changed
    since goes back to be read, where somebody reads."""
    for row in await life_queries.due_to_open(database, today):
        with suppress(NotNow):  # somebody took it back a moment ago
            async with db.tx(database):
                await life_queries.hold(database, row["id"])
                changed = await life_queries.is_changed(database, row["id"])
                if changed and await lifecycle.reads_first(database, row["group_id"], moderation):
                    continue
                if row["was_read"] and not changed:
                    await life_queries.note_reading(database, row["id"])
                await lifecycle.move(database, "let_open", row["id"], "clock", None)
                await lifecycle.tell_group(database, tokens, "opened", row["id"])


async def close_overdue(database: db.Database, tokens: Tokens, today: date, zone: ZoneInfo) -> None:
    """What was to close before today did so when its last day ended; and what has been open for
    too long closes now: the data of its signers must go."""
    for row in await life_queries.overdue(database, today, lifecycle.MONTHS_OPEN, str(zone)):
        with suppress(NotNow):  # somebody closed it a moment ago
            async with db.tx(database):
                await lifecycle.move(
                    database, "close", row["id"], "clock", None, closed_at=row["ended_at"]
                )
                await lifecycle.tell_group(database, tokens, "closed", row["id"])


async def warn(database: db.Database, tokens: Tokens, today: date) -> None:
    """Three days before its last day the group gets a letter, once."""
    async with db.tx(database):
        for petition_id in await life_queries.warn(database, today, WARNED_DAYS):
            await lifecycle.tell_group(database, tokens, "closes_soon", petition_id)
