"""Pages of a version, and the words that are searched in them, as SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from mobilise import db

# How PostgreSQL is told in which language words bend. What is in none of ours bends not at all.
CONFIGURATION = """(case {0} when 'nl' then 'dutch' when 'fr' then 'french' when 'de' then 'german'
    when 'en' then 'english' else 'simple' end)::regconfig"""
# Accents fold one sign for one sign, so that a place in the folded text is a place in the text.
FOLD_FROM = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉčďēĕėęěĝğĥĩīĭįĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżž’"
FOLD_TO = "aaaaaaceeeeiiiinooooouuuuyyaaacccdeeeeegghiiiijklllnnnooorrrssssttuuuuuuwyzzz'"
FOLDED = f"translate(lower({{0}}), '{FOLD_FROM}', '{FOLD_TO.replace(chr(39), chr(39) * 2)}')"
# The mark of a petition stands among the words of its pages: one index finds both at once.
WORDS = f"""to_tsvector({CONFIGURATION.format("{1}")}, {FOLDED.format("{0}")})
    || array_to_tsvector(array['#' || {{2}}])"""

PAGE = {
    "page": "int",
    "title": "text",
    "picture": "text",
    "small": "text",
    "width": "int",
    "height": "int",
    "points": "int",
    "text": "text",
    "boxes": "bytea",
    "cells": "text",  # JSON: a list of rows would be taken for an array of more dimensions
    "total": "int",
}
"""What is known of a page, by its column, and of which type."""
_PAGE = ", ".join(f"p.{name}" if name != "cells" else "p.cells::jsonb" for name in PAGE)
_PAGES = ", ".join(f":{name}::{kind}[]" for name, kind in PAGE.items())


async def pages(
    database: db.Database, petition_id: int, document_id: int, version: int, first: int, last: int
) -> list[db.Record]:
    """Pages `first` to `last` as far as they are made."""
    return await db.rows(
        database,
        """
        select * from document_pages
        where petition_id = :petition_id and document_id = :document_id and version = :version
          and page between :first and :last
        order by page
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
        first=first,
        last=last,
    )


async def words_of(
    database: db.Database, petition_id: int, document_id: int, version: int, first: int, last: int
) -> list[db.Record]:
    """Number, text and boxes of pages `first` to `last` as far as they are made."""
    return await db.rows(
        database,
        """
        select page, text, boxes from document_pages
        where petition_id = :petition_id and document_id = :document_id and version = :version
          and page between :first and :last
        order by page
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
        first=first,
        last=last,
    )


async def pages_made(
    database: db.Database, petition_id: int, document_id: int, version: int
) -> list[int]:
    """Numbers of the pages that are there; the job goes on with those that are not."""
    found = await db.rows(
        database,
        """
        select page from document_pages
        where petition_id = :petition_id and document_id = :document_id and version = :version
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
    )
    return [row["page"] for row in found]


async def add_pages(
    database: db.Database,
    petition_id: int,
    document_id: int,
    version: int,
    pages: Sequence[Mapping[str, Any]],
) -> int:
    """Tells how many were added: none of those that are there already, or none at all when the
    version was closed meanwhile. Each has every key of `PAGE`."""
    return await db.run(
        database,
        f"""
        insert into document_pages (petition_id, document_id, version, {", ".join(PAGE)}, words)
        select :petition_id, :document_id, :version, {_PAGE},
          case when not exists (select from document_versions newer
              where newer.petition_id = :petition_id and newer.document_id = :document_id
                and newer.number > :version and newer.published is not null)
            then {WORDS.format("p.text", "d.language", ":mark::text")} end
        from document_versions v
        join documents d on d.petition_id = v.petition_id and d.id = v.document_id,
          unnest({_PAGES}) p ({", ".join(PAGE)})
        where v.petition_id = :petition_id and v.document_id = :document_id
          and v.number = :version and v.closed_at is null
        for share of v  -- whoever closes the version meanwhile waits, and takes these pages too
        on conflict do nothing
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
        mark=str(petition_id),
        **{name: [page[name] for page in pages] for name in PAGE if name != "cells"},
        cells=[_written(page["cells"]) for page in pages],
    )


def _written(cells: Any) -> str | None:
    return None if cells is None else orjson.dumps(cells).decode()


async def read_in(database: db.Database, petition_id: int, document_id: int, language: str) -> None:
    """The pages that are searched are searched in another language from now on."""
    await db.run(
        database,
        f"""
        update document_pages set words = {WORDS.format("text", ":language::text", ":mark::text")}
        where petition_id = :petition_id and document_id = :document_id and words is not null
        """,
        petition_id=petition_id,
        document_id=document_id,
        language=language,
        mark=str(petition_id),
    )
