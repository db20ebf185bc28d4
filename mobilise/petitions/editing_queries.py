"""What changes in a petition beside its text while nobody has signed it, as SQL."""

from typing import Any

from mobilise import db
from mobilise.petitions.queries import EDITABLE


async def change_goal(database: db.Database, **values: Any) -> bool:
    """Another goal, other days; False when it is not to be changed any more."""
    changed = await db.value(
        database,
        f"""
        update petitions set goal = :goal, opens_on = :opens_on, closes_on = :closes_on
        where id = :petition_id and {EDITABLE}
        returning id
        """,
        **values,
    )
    return changed is not None
