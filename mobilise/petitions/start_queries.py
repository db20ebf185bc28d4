"""Petitions while they are written, as SQL. A draft is for the browser that wrote it, until its
writer is logged in: from then on it is hers alone."""

from datetime import timedelta
from typing import cast

from mobilise import db

_MAY = "(person_id is null or person_id = :person_id::bigint)"


async def add(
    database: db.Database, person_id: int | None, language: str, words: dict[str, str]
) -> int:
    return cast(
        int,
        await db.value(
            database,
            """
            insert into starts (person_id, language, words)
            values (:person_id, :language, :words) returning id
            """,
            person_id=person_id,
            language=language,
            words=words,
        ),
    )


async def change(
    database: db.Database,
    start_id: int,
    person_id: int | None,
    words: dict[str, str],
    language: str | None,
) -> bool:
    """Adds what was typed; False when the draft is gone. `language`: another one from now on."""
    changed = await db.value(
        database,
        f"""
        update starts
        set words = words || :words, changed_at = now(),
            person_id = coalesce(person_id, :person_id::bigint),
            language = coalesce(:language, language)
        where id = :start_id and {_MAY}
        returning id
        """,
        start_id=start_id,
        person_id=person_id,
        words=words,
        language=language,
    )
    return changed is not None


async def readable(database: db.Database, ids: list[int], person_id: int | None) -> list[db.Record]:
    """Those of a browser and those of a person, the one worked on last first."""
    return await db.rows(
        database,
        f"""
        select id, person_id, language, words, changed_at from starts
        where (id = any(:ids::bigint[]) and {_MAY}) or person_id = :person_id::bigint
        order by changed_at desc, id desc
        """,
        ids=ids,
        person_id=person_id,
    )


async def one(database: db.Database, start_id: int) -> db.Record | None:
    return await db.row(
        database,
        "select id, person_id, language, words, changed_at from starts where id = :start_id",
        start_id=start_id,
    )


async def take(database: db.Database, start_id: int, person_id: int | None) -> db.Record | None:
    """Of all who finish a draft at once, one gets its words; it is no draft any more."""
    return await db.row(
        database,
        f"delete from starts where id = :start_id and {_MAY} returning language, words",
        start_id=start_id,
        person_id=person_id,
    )


async def note_address(database: db.Database, start_id: int, email: str) -> None:
    """Where a letter to go on goes to; read when the letter is written."""
    await db.run(
        database,
        "update starts set email = :email, changed_at = now() where id = :start_id",
        start_id=start_id,
        email=email,
    )


async def forget(database: db.Database, kept: timedelta) -> int:
    """Erases drafts that nobody has touched for so long."""
    return await db.run(
        database, "delete from starts where changed_at < now() - :kept::interval", kept=kept
    )
