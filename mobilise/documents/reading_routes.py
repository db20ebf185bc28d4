"""The dossier for everybody: what is in it, one document page by page, one page as large as one
wants, what was searched for."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, prose, web
from mobilise.documents import (
    dossier,
    feed,
    leaves,
    rights,
    searching,
    sections,
    version_queries,
    versions,
)
from mobilise.documents.dossier import Document
from mobilise.documents.versions import Version
from mobilise.documents.zooming import TILE
from mobilise.errors import Gone, NotFound
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition


async def show(request: Request) -> Response:
    """What the group collected, in its sections and its order, or what was found in it."""
    database = web.database(request)
    petition = await _petition(request)
    documents = await dossier.documents(database, petition.id)
    parts = await sections.sections(database, petition.id)
    words = searching.asked(request.query_params.get("q", ""))
    section = _number(request, "section")
    if words:
        return await _found(request, petition, documents, parts, words, section)
    return web.render(
        request,
        "documents/dossier.html",
        public=True,
        reads_query=True,
        petition=petition,
        documents=documents,
        gone=await dossier.withdrawn(database, petition.id),
        sections=parts,
        section=section,
        rights=rights.RIGHTS,
    )


async def _found(
    request: Request,
    petition: Petition,
    documents: list[Document],
    parts: list[sections.Section],
    words: str,
    section: int | None,
) -> Response:
    page, only = web.page_number(request), _number(request, "in")
    answer = await searching.search(
        web.database(request), petition.id, words, section=section, document=only, page=page
    )
    wanted = prose.folded(words).split()
    said = [
        each
        for each in documents
        if page == 1 and not only and _speaks_of(each, wanted)
        and (section is None or (each.section_id or 0) == section)
    ]  # fmt: skip
    return web.render(
        request,
        "documents/found.html",
        public=True,
        reads_query=True,
        petition=petition,
        documents={each.id: each for each in documents},
        said=said,
        sections=parts,
        section=section,
        only=only,
        page=page,
        answer=answer,
    )


def _speaks_of(document: Document, wanted: list[str]) -> bool:
    """Do its title, its source or the note of the group hold all of these words?"""
    there = prose.folded(f"{document.title} {document.source} {document.note}")
    return all(word in there for word in wanted)


async def document(request: Request) -> Response:
    """One document as everybody reads it now, from the page on that was asked for."""
    petition = await _petition(request)
    found = await dossier.with_tombstone(
        web.database(request), petition.id, request.path_params["id"]
    )
    every = await versions.versions(web.database(request), petition.id, found.id)
    current = next((each for each in every if each.number == found.version), None)
    if found.withdrawn_at is not None or current is None:
        return _facts(request, petition, found, every)
    return await _opened(request, petition, found, every, current)


async def version(request: Request) -> Response:
    """An older version of it, or the page that says why it is closed."""
    petition = await _petition(request)
    found = await dossier.with_tombstone(
        web.database(request), petition.id, request.path_params["id"]
    )
    every = await versions.versions(web.database(request), petition.id, found.id)
    asked = next((v for v in every if v.number == request.path_params["number"]), None)
    if asked is None:
        raise NotFound()
    if asked.closed_at is not None or found.withdrawn_at is not None:
        return _facts(request, petition, found, every, closed=asked)
    return await _opened(request, petition, found, every, asked)


def _facts(
    request: Request,
    petition: Petition,
    found: Document,
    every: list[Version],
    closed: Version | None = None,
) -> Response:
    """What is known of a document that is not here: a link, a plan elsewhere, a tombstone."""
    return web.render(
        request,
        "documents/facts.html",
        status=410 if found.withdrawn_at or closed else 200,
        public=True,
        reads_query=True,
        petition=petition,
        document=found,
        versions=every,
        closed=closed,
        **_words(),
    )


async def _opened(
    request: Request, petition: Petition, found: Document, every: list[Version], shown: Version
) -> Response:
    words = searching.asked(request.query_params.get("q", ""))
    page = _number(request, "page") or 1
    book = await leaves.opened(
        web.database(request), petition.id, found, shown, page=page, words=words
    )
    if page > max(book.total, 1):
        raise NotFound()
    parts = await sections.sections(web.database(request), petition.id)
    return web.render(
        request,
        "documents/document.html",
        public=True,
        reads_query=True,
        petition=petition,
        document=found,
        section=next((each for each in parts if each.id == found.section_id), None),
        versions=every,
        shown=shown,
        book=book,
        words=words,
        asked=page,
        today=datetime.now(web.settings(request).zone).date(),
        **_words(),
    )


async def enlarge(request: Request) -> Response:
    """One page in squares that load when one comes to them; works without a script."""
    petition = await _petition(request)
    database, number = web.database(request), request.path_params["page"]
    found = await dossier.with_tombstone(database, petition.id, request.path_params["id"])
    asked = _number(request, "version") or found.version
    if found.withdrawn_at is not None:
        raise Gone()
    if asked is None:
        raise NotFound()
    shown = await versions.version(database, petition.id, found.id, asked)
    rows = await version_queries.pages(database, petition.id, found.id, asked, number, number)
    if not rows or not rows[0]["picture"]:
        raise NotFound()
    leaf = leaves.enlarged(rows[0], shown)
    level = _number(request, "level") or 1
    rows_of_squares, columns = leaf.squares(level)
    return web.render(
        request,
        "documents/enlarge.html",
        public=True,
        reads_query=True,
        petition=petition,
        document=found,
        shown=shown,
        leaf=leaf,
        level=level,
        size=leaf.size(level),
        rows=range(rows_of_squares),
        columns=range(columns),
        tile=TILE,
    )


async def atom(request: Request) -> Response:
    """Additions, replacements and withdrawals, newest first, as a feed."""
    its_own = ""  # no reader's language: the text in the petition's first one
    petition = await reading.public(web.database(request), request.path_params["slug"], its_own)
    body = await feed.atom(
        web.database(request),
        petition,
        web.settings(request).base_url,
        lambda name, **values: web.url(request, name, **values),
    )
    headers = {"cache-control": "public, max-age=300"} | web.OPEN
    return Response(body, media_type="application/atom+xml", headers=headers)


async def _petition(request: Request) -> Petition:
    return await reading.public(web.database(request), request.path_params["slug"], i18n.language())


def _number(request: Request, name: str) -> int | None:
    """A number of the query; NotFound for what is none."""
    said = request.query_params.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise NotFound()
    return int(said)


def _words() -> dict[str, Any]:
    return {
        "rights": rights.RIGHTS,
        "explained": rights.EXPLAINED,
        "languages_of_documents": rights.LANGUAGES,
    }


_DOSSIER = "/{lang:lang}/petitions/{slug}/documents"
ROUTES = [
    Route(_DOSSIER, show, name="documents.dossier"),
    Route(_DOSSIER + "/{id:int}", document, name="documents.document"),
    Route(_DOSSIER + "/{id:int}/versions/{number:int}", version, name="documents.version"),
    Route(_DOSSIER + "/{id:int}/pages/{page:int}", enlarge, name="documents.enlarge"),
    Route("/petitions/{slug}/documents.atom", atom, name="documents.feed"),
]
