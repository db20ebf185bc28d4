"""The way for search engines: every public page in its languages (sitemaps.org).

Up to 10,000 pages stand in one file; more are spread over several, which an index names.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import quoteattr

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mobilise import db, i18n, web
from mobilise.errors import NotFound
from mobilise.pages import sitemap_queries
from mobilise.signatures import counting

A_FILE = 10_000  # pages; in four languages fewer than the 50,000 that a file may hold
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEADERS = {"cache-control": "max-age=3600"}
_STANDING = (
    "pages.home", "petitions.start", "pages.help", "pages.help_signers", "pages.about",
    "pages.privacy", "pages.accessibility", "opendata.api", "opendata.everything",
)  # fmt: skip
_ROUTES = {
    "group": "pages.group",
    "petition": "pages.petition",
    "data": "opendata.data",
    "dossier": "documents.dossier",
    "document": "documents.document",
}


async def sitemap(request: Request) -> Response:
    """All of it, or the index of its parts. A rejected petition asks not to be found: nobody is
    shown the way to it."""
    midnight = counting.midnight(web.settings(request).zone)
    total = await sitemap_queries.total(web.database(request), midnight)
    if total <= A_FILE:
        return await _part(request, 0, midnight)
    site = web.settings(request).base_url
    parts = range(1, -(-total // A_FILE) + 1)
    body = "".join(
        f"<sitemap><loc>{site}{web.url(request, 'pages.sitemap_part', number=number)}</loc>"
        "</sitemap>\n"
        for number in parts
    )
    whole = f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{body}</sitemapindex>\n'
    return Response(whole, media_type="application/xml", headers=_HEADERS)


async def sitemap_part(request: Request) -> Response:
    """The n-th ten thousand, counted from 1."""
    midnight = counting.midnight(web.settings(request).zone)
    number = request.path_params["number"]
    if not 1 <= number <= 100_000:
        raise NotFound()
    return await _part(request, number - 1, midnight)


async def _part(request: Request, number: int, midnight: datetime) -> Response:
    rows = await sitemap_queries.pages(web.database(request), midnight, number * A_FILE, A_FILE)
    if number and not rows:
        raise NotFound()
    pieces = _urlset(request, rows, with_standing=not number)
    return StreamingResponse(pieces, media_type="application/xml", headers=_HEADERS)


def _urlset(request: Request, rows: Sequence[db.Record], with_standing: bool) -> Iterator[str]:
    yield (f'{_HEAD}<urlset xmlns="{_NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n')
    for name in _STANDING if with_standing else ():
        yield _page(request, name, i18n.LANGUAGES, None)
    for row in rows:
        values = {"group" if row["what"] == "group" else "slug": row["slug"]}
        if row["document_id"] is not None:
            values["id"] = row["document_id"]
        languages = row["languages"] or i18n.LANGUAGES
        yield _page(request, _ROUTES[row["what"]], languages, row["changed_at"], **values)
    yield "</urlset>\n"


def _page(
    request: Request, name: str, languages: Sequence[str] | dict[str, str],
    changed_at: datetime | None, **values: object,
) -> str:  # fmt: skip
    """The page in each language, each with its twins."""
    site = web.settings(request).base_url
    twins = {code: site + web.url(request, name, lang=code, **values) for code in languages}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(href)}/>'
        for code, href in twins.items()
        if len(twins) > 1
    )
    changed = f"<lastmod>{changed_at.date().isoformat()}</lastmod>" if changed_at else ""
    return "".join(f"<url><loc>{href}</loc>{changed}{links}</url>\n" for href in twins.values())


ROUTES = [
    Route("/sitemap.xml", sitemap, name="pages.sitemap"),
    Route("/sitemaps/{number:small}.xml", sitemap_part, name="pages.sitemap_part"),
]
