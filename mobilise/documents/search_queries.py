"""Full-text search, as SQL. One index holds the words of all pages and the mark of their petition.

A word that stands on every page has as many hits as there are pages: the first MOST are ranked,
the others are not looked at (ranking all of 100,000 took 241 ms, the first 1,000 took 6 ms).
"""

from collections.abc import Sequence

from mobilise import db
from mobilise.documents.page_queries import CONFIGURATION, FOLDED

MOST = 1000
_LANGUAGES = ("nl", "fr", "de", "en", "simple")
_WISH = f"websearch_to_tsquery({CONFIGURATION.format('{0}')}, {FOLDED.format(':words::text')})"
_WISHES = ",\n".join(f"{_WISH.format(repr(each))} as {each}" for each in _LANGUAGES)
# Each document is asked in its own language; the index at once in all that the dossier has.
_MEANT = "case d.language " + " ".join(
    f"when '{each}' then wish.{each}" for each in _LANGUAGES
) + " end"  # fmt: skip
_ANY = " || ".join(
    f"case when '{each}' = any(languages) then {each} else '' end" for each in _LANGUAGES
)


async def hits(database: db.Database, petition_id: int, words: str) -> list[db.Record]:
    """Pages with the words, best first: document_id, page, section_id. At most MOST."""
    # Where all documents are of one language, what the index found needs no second look, for which
    # the words of each page are unpacked. `offset 0` keeps the planner from beginning with the
    # documents, and asking the index again for each of them, or with all pages of the petition.
    return await db.rows(
        database,
        f"""
        with spoken as materialized (
          select array_agg(distinct language) as languages from documents
          where petition_id = :petition_id and withdrawn_at is null
        ),
        wish as materialized (
          select *, {_ANY} as any_of_them, cardinality(languages) = 1 as is_one_language
          from spoken, (select {_WISHES}) asked
        ),
        found as materialized (
          select p.document_id, p.page, d.section_id, ts_rank(p.words, {_MEANT}) as rank
          from wish, document_pages p, lateral (
            select language, section_id from documents
            where petition_id = :petition_id and petition_id = p.petition_id
              and id = p.document_id and withdrawn_at is null
            offset 0) d
          where numnode(wish.any_of_them) > 0
            and p.words @@ (wish.any_of_them && :mark::tsquery)
            and (wish.is_one_language or p.words @@ {_MEANT})
          limit {MOST}
        )
        select document_id, page, section_id from found
        order by max(rank) over (partition by document_id) desc, document_id, rank desc, page
        """,
        petition_id=petition_id,
        words=words,
        mark=f"'#{petition_id}'",
    )


async def passages(
    database: db.Database, petition_id: int, words: str, pages: Sequence[db.Record]
) -> dict[tuple[int, int], db.Record]:
    """The text of these pages, and the same with a mark around each word that was asked for."""
    found = await db.rows(
        database,
        f"""
        with wish as materialized (select {_WISHES})
        select p.document_id, p.page, p.title, p.small, p.text,
          ts_headline({CONFIGURATION.format("d.language")}, {FOLDED.format("p.text")}, {_MEANT},
            'HighlightAll=true, StartSel=' || chr(2) || ', StopSel=' || chr(3)) as marked
        from wish, unnest(:documents::bigint[], :pages::int[]) as asked (document_id, page)
        join document_pages p on p.petition_id = :petition_id
          and p.document_id = asked.document_id and p.page = asked.page and p.words is not null
        join documents d on d.petition_id = p.petition_id and d.id = p.document_id
        """,
        petition_id=petition_id,
        words=words,
        documents=[row["document_id"] for row in pages],
        pages=[row["page"] for row in pages],
    )
    return {(row["document_id"], row["page"]): row for row in found}
