"""What changes in a petition beside its text while nobody has signed it, as SQL."""

from typing import Any

from mobilise import db


async def change_goal(database: db.Database, **values: Any) -> None:
    """Another goal, other days."""
    await db.run(
        database,
        """
        update petitions set goal = :goal, opens_on = :opens_on, closes_on = :closes_on
        where id = :petition_id
        """,
        **values,
    )
