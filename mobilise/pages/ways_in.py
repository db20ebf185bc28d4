"""Addresses that lead further: without a language, by code, and for search engines."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mobilise import i18n, web
from mobilise.errors import NotFound
from mobilise.petitions import queries as petitions
from mobilise.petitions.reading import PUBLIC

LEADS_TO = (*PUBLIC, "suspended", "removed")  # their pages say what became of them
# Pages of one person, behind a log-in or a token; no crawler has business there.
_NOT_FOR_CRAWLERS = (
    "/manage",
    "/keep",
    "/*/login",
    "/*/start/",
    "/*/resume/",
    "/*/invitations/",
    "/*/address/",
    "/*/confirm/",
    "/*/signature/",
    "/*/new-address/",
    "/*/question/",
    "/u/",
)


async def root(request: Request) -> Response:
    return _by_language(web.url(request, "pages.home"))


async def bare(request: Request) -> Response:
    """The same page in the reader's language."""
    query = f"?{request.url.query}" if request.url.query else ""
    return _by_language(f"/{i18n.language()}{request.url.path}{query}")


async def short(request: Request) -> Response:
    """The address on a poster: six letters, capitals or not."""
    code = request.path_params["code"][:20].lower()
    slug = await petitions.slug_of(web.database(request), code, LEADS_TO)
    if slug is None:
        raise NotFound()
    return _by_language(web.url(request, "pages.petition", slug=slug))


def _by_language(to: str) -> Response:
    """Another reader is sent elsewhere, so a cache must look at the language."""
    answer = web.redirect(to, status=307)
    answer.headers["vary"] = "Accept-Language"
    return answer


async def robots(request: Request) -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_CRAWLERS)]
    lines.append(f"Sitemap: {web.settings(request).base_url}/sitemap.xml")
    return PlainTextResponse("\n".join(lines) + "\n", headers={"cache-control": "max-age=3600"})
