"""Versions of a text, its languages, and who may sign it, as SQL."""

from mobilise import db


async def rule_to_change(
    database: db.Database, petition_id: int, states: list[str]
) -> db.Record | None:
    """Who may sign now, held until the transaction ends; None when it is fixed."""
    return await db.row(
        database,
        """
        select postcodes, minimum_age from petitions
        where id = :petition_id and frozen_at is null and state = any(:states::text[])
        for update
        """,
        petition_id=petition_id,
        states=states,
    )


async def set_rule(
    database: db.Database, petition_id: int, postcodes: list[str], minimum_age: int | None
) -> None:
    await db.run(
        database,
        """
        update petitions set postcodes = :postcodes, minimum_age = :minimum_age
        where id = :petition_id
        """,
        petition_id=petition_id,
        postcodes=postcodes,
        minimum_age=minimum_age,
    )
