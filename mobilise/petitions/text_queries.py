"""Versions of a text, its languages, and who may sign it, as SQL."""

from typing import Any

from mobilise import db
from mobilise.petitions.queries import EDITABLE


async def rule_to_change(database: db.Database, petition_id: int) -> db.Record | None:
    """Who may sign now, held until the transaction ends; None when it is fixed."""
    return await db.row(
        database,
        f"""
        select postcodes, minimum_age from petitions
        where id = :petition_id and {EDITABLE}
        for update
        """,
        petition_id=petition_id,
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


async def standing(database: db.Database, petition_id: int) -> db.Record:
    """The petition as its next version finds it, held until the transaction ends."""
    return await db.one(
        database,
        f"""
        select state, frozen_at, {EDITABLE} as is_editable, version, languages from petitions
        where id = :petition_id for update
        """,
        petition_id=petition_id,
    )


async def newest(database: db.Database, petition_id: int, language: str) -> db.Record | None:
    """The text that counts now in that language; None when the petition has none."""
    return await db.row(
        database,
        """
        select t.* from petition_texts t join petitions p on p.id = t.petition_id
        where p.id = :petition_id and t.language = :language and t.version <= p.version
          and t.language = any(p.languages)
        order by t.version desc limit 1
        """,
        petition_id=petition_id,
        language=language,
    )


async def texts_now(database: db.Database, petition_id: int) -> list[db.Record]:
    """The newest text of each language that the petition has, its own language first."""
    return await db.rows(
        database,
        """
        select distinct on (place) array_position(p.languages, t.language) as place, t.*
        from petition_texts t join petitions p on p.id = t.petition_id
        where p.id = :petition_id and t.version <= p.version and t.language = any(p.languages)
        order by place, t.version desc
        """,
        petition_id=petition_id,
    )


async def versions(database: db.Database, petition_id: int) -> list[db.Record]:
    """Every text that the petition ever showed, oldest first."""
    return await db.rows(
        database,
        """
        select t.*, t.language = any(p.languages) as offered
        from petition_texts t join petitions p on p.id = t.petition_id
        where p.id = :petition_id and t.version <= p.version
        order by t.version, array_position(p.languages, t.language)
        """,
        petition_id=petition_id,
    )


async def write(database: db.Database, **values: Any) -> None:
    """A text at a version; a draft is written over."""
    await db.run(
        database,
        """
        insert into petition_texts
          (petition_id, language, version, kind, title, addressee, body, picture_alt, note)
        values (:petition_id, :language, :version, :kind, :title, :addressee, :body,
                :picture_alt, :note)
        on conflict (petition_id, language, version) do update
        set title = excluded.title, addressee = excluded.addressee, body = excluded.body,
            picture_alt = excluded.picture_alt, at = now()
        """,
        **values,
    )


async def number(
    database: db.Database, petition_id: int, version: int, languages: list[str]
) -> None:
    """The version that counts from now on, and the languages that it is in."""
    await db.run(
        database,
        """
        update petitions set version = :version, languages = :languages
        where id = :petition_id and version <= :version
        """,
        petition_id=petition_id,
        version=version,
        languages=languages,
    )


async def forget(database: db.Database, petition_id: int, language: str) -> None:
    """A translation that nobody outside the group ever saw."""
    await db.run(
        database,
        "delete from petition_texts where petition_id = :petition_id and language = :language",
        petition_id=petition_id,
        language=language,
    )
