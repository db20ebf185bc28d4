"""What changes in a petition beside its text while nobody has signed it, as SQL."""

from typing import Any

from mobilise import db


async def change_goal(database: db.Database, **values: Any) -> bool:
    """Another goal, other days; False when it is frozen or in another state."""
    changed = await db.value(
        database,
        """
        update petitions set goal = :goal, opens_on = :opens_on, closes_on = :closes_on
        where id = :petition_id and frozen_at is null and state = any(:states::text[])
        returning id
        """,
        **values,
    )
    return changed is not None
