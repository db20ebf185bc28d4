"""The dossier for everybody: what is in it, one document page by page, one page as large as one
wants, what was searched for."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.documents import (
    dossier,
    feed,
    leaves,
    rights,
    searching,
    sections,
    versions,
)
from mobilise.documents.dossier import Document
from mobilise.documents.versions import Version
from mobilise.documents.zooming import TILE
from mobilise.errors import NotFound
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition


async def show(request: Request) -> Response:
    """What the group collected, in its sections and its order, or what was found in it."""
    database = web.database(request)
    petition = await _petition(request)
    documents = await dossier.documents(database, petition.id)
    parts = await sections.sections(database, petition.id)
    words, section = _asked(request), _number(request, "section")
    if words:
        return await _found(request, petition, documents, parts, words, section)
    return web.render(
        request,
        "documents/dossier.html",
        public=not request.query_params,
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
    said = searching.said(documents, words, section) if page == 1 and not only else []
    return web.render(
        request,
        "documents/found.html",
        public=not request.query_params,
        reads_query=True,
        petition=petition,
        documents={each.id: each for each in documents},
        said=said,
        sections=parts,
        answer=answer,
    )


async def document(request: Request) -> Response:
    """One document as everybody reads it now, from the page on that was asked for."""
    petition = await _petition(request)
    found = await dossier.with_tombstone(
        web.database(request), petition.id, request.path_params["id"]
    )
    every = await versions.versions(web.database(request), petition.id, found.id)
    current = next((each for each in every if each.number == found.version), None)
    if found.withdrawn_at is not None or found.entry != "file" or current is None:
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
    if found.entry != "file":
        return _facts(request, petition, found, every)
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
        public=not request.query_params,
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
    database, words = web.database(request), _asked(request)
    if "go" in request.query_params:
        return _to_the_page(request, shown, words)
    page = _number(request, "page") or 1
    book = await leaves.opened(database, petition.id, found, shown, page=page, words=words)
    return web.render(
        request,
        "documents/document.html",
        public=not request.query_params,
        reads_query=True,
        petition=petition,
        document=found,
        section=await sections.holding(database, petition.id, found.section_id),
        versions=every,
        **_words(shown=shown, book=book, words=words, asked=page),
    )


def _to_the_page(request: Request, shown: Version, words: str) -> Response:
    """Whoever typed a number comes to that page: a form alone cannot tell the place on it. What is
    no number leads to the first page, and what is too much to the last one."""
    said = request.query_params.get("page", "").strip()
    is_number = said.isascii() and said.isdigit() and len(said) < 10
    page = max(1, min(int(said), shown.pages or 1)) if is_number else 1
    query = urlencode({"page": page} | ({"q": words} if words else {}))
    return web.redirect(f"{request.url.path}?{query}#page-{page}")


async def enlarge(request: Request) -> Response:
    """One page in squares that load when one comes to them; works without a script."""
    petition, database = await _petition(request), web.database(request)
    found = await dossier.with_tombstone(database, petition.id, request.path_params["id"])
    drawn = await leaves.enlargement(
        database,
        petition.id,
        found,
        request.path_params["page"],
        version=_number(request, "version"),
        level=_number(request, "level"),
    )
    return web.render(
        request,
        "documents/enlarge.html",
        public=not request.query_params,
        reads_query=True,
        petition=petition,
        document=found,
        drawn=drawn,
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


def _asked(request: Request) -> str:
    return searching.asked(request.query_params.get("q", ""))


def _words(**more: Any) -> dict[str, Any]:
    """What pages of a document say of rights and languages, and what they show of it."""
    return more | {
        "rights": rights.RIGHTS,
        "explained": rights.EXPLAINED,
        "languages_of_documents": rights.LANGUAGES,
    }


_DOSSIER = "/{lang:lang}/petitions/{slug}/documents"
ROUTES = [
    Route(_DOSSIER, show, name="documents.dossier"),
    Route(_DOSSIER + "/{id:int}", document, name="documents.document"),
    Route(_DOSSIER + "/{id:int}/versions/{number:small}", version, name="documents.version"),
    Route(_DOSSIER + "/{id:int}/pages/{page:small}", enlarge, name="documents.enlarge"),
    Route("/petitions/{slug}/documents.atom", atom, name="documents.feed"),
]
