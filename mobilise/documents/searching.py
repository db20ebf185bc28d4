"""Full-text search in a dossier: hits by page, the passage around each, grouped by document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mobilise import db, prose
from mobilise.documents import search_queries
from mobilise.documents.dossier import Document
from mobilise.documents.search_queries import MOST

A_DOCUMENT = 3
"""Hits of one document that a list over all of them shows."""
A_PAGE_OF_DOCUMENTS = 5
A_PAGE_OF_HITS = 20
BEFORE, AROUND = 70, 200
LONGEST_QUERY = 100
_MARK = re.compile("\x02(.*?)\x03", re.S)

Passage = list[tuple[str, bool]]
"""Pieces of a text, and whether each is what was asked for."""


@dataclass(frozen=True)
class Hit:
    """A page on which the words stand."""

    page: int
    title: str
    small: str | None
    passage: Passage


@dataclass(frozen=True)
class Found:
    """The hits of one document; `total` is all of them."""

    document_id: int
    total: int
    hits: list[Hit]


@dataclass(frozen=True)
class Answer:
    """What was asked, and what was found. `section` and `only`: in which section, in which document
    alone. `is_more`: there are more than were looked at. `sections`: hits by section, under None
    those of none."""

    words: str
    section: int | None
    only: int | None
    page: int
    total: int
    documents_total: int
    is_more: bool
    sections: dict[int | None, int]
    found: list[Found]


def asked(words: str) -> str:
    """What is searched for: one line, not too long."""
    return " ".join(words.split())[:LONGEST_QUERY].strip()


async def search(
    database: db.Database,
    petition_id: int,
    words: str,
    *,
    section: int | None = None,
    document: int | None = None,
    page: int = 1,
) -> Answer:
    """Documents with the best hits first. With `document` all the hits in that one, by page."""
    rows = await search_queries.hits(database, petition_id, words)
    sections: dict[int | None, int] = {}
    for row in rows:
        sections[row["section_id"]] = sections.get(row["section_id"], 0) + 1
    wanted = [
        row
        for row in rows
        if (section is None or (row["section_id"] or 0) == section)
        and (document is None or row["document_id"] == document)
    ]
    by_document: dict[int, list[db.Record]] = {}
    for row in wanted:
        by_document.setdefault(row["document_id"], []).append(row)
    if document is None:
        start = (page - 1) * A_PAGE_OF_DOCUMENTS
        shown = {
            number: found[:A_DOCUMENT]
            for number, found in list(by_document.items())[start : start + A_PAGE_OF_DOCUMENTS]
        }
    else:
        start = (page - 1) * A_PAGE_OF_HITS
        found = sorted(by_document.get(document, []), key=lambda row: int(row["page"]))
        shown = {document: found[start : start + A_PAGE_OF_HITS]} if found else {}
    passages = await search_queries.passages(
        database, petition_id, words, [row for found in shown.values() for row in found]
    )
    return Answer(
        words=words,
        section=section,
        only=document,
        page=page,
        total=len(wanted),
        documents_total=len(by_document),
        is_more=len(rows) >= MOST,
        sections=sections,
        found=[
            Found(
                number,
                len(by_document[number]),
                [
                    _hit(passages[row["document_id"], row["page"]])
                    for row in found
                    if (row["document_id"], row["page"]) in passages
                ],
            )
            for number, found in shown.items()
        ],
    )


def said(documents: Sequence[Document], words: str, section: int | None) -> list[Document]:
    """Documents whose title, source or note hold all of the words."""
    wanted = prose.folded(words).split()
    found = []
    for each in documents:
        there = prose.folded(f"{each.title} {each.source} {each.note}")
        is_here = section is None or (each.section_id or 0) == section
        if is_here and all(word in there for word in wanted):
            found.append(each)
    return found


def _hit(row: db.Record) -> Hit:
    return Hit(row["page"], row["title"], row["small"], passage(row["text"], row["marked"]))


def marks(marked: str) -> list[tuple[int, int]]:
    """Where the words stand that the database marked, as places in the text without marks."""
    found = []
    for taken, match in enumerate(_MARK.finditer(marked)):
        start = match.start() - 2 * taken  # each place before this one had two marks
        found.append((start, start + len(match[1])))
    return found


def passage(text: str, marked: str) -> Passage:
    """The text around the first hit, in pieces; "…" where it goes on."""
    places = marks(marked)
    start = places[0][0] if places else 0
    begin = max(0, start - BEFORE)
    if begin:
        begin = text.find(" ", begin, start) + 1 or begin
    end = min(len(text), begin + AROUND)
    if end < len(text):
        end = max(text.rfind(" ", start, end), min(end, start + 1))
    pieces = cut(text, [place for place in places if place[0] < end], begin, end)
    return [("…", False)] * bool(begin) + pieces + [("…", False)] * (end < len(text))


def cut(text: str, places: list[tuple[int, int]], begin: int, end: int) -> Passage:
    """The text between `begin` and `end`, cut at the places."""
    pieces: Passage = []
    at = begin
    for start, stop in places:
        start, stop = max(start, begin), min(stop, end)
        if start < at or stop <= start:
            continue
        pieces += [(text[at:start], False)] * (start > at) + [(text[start:stop], True)]
        at = stop
    return pieces + [(text[at:end], False)] * (at < end)
