"""Addresses that lead further: without a language, by code, and for search engines."""

from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mobilise import i18n, web
from mobilise.errors import NotFound
from mobilise.pages import group_queries, queries
from mobilise.petitions import queries as petitions
from mobilise.petitions.reading import OPENED, PUBLIC

SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LEADS_TO = (*PUBLIC, "suspended", "removed")  # their pages say what became of them
SITEMAP_MOST = 2000
_STANDING = (
    "pages.home", "petitions.start", "pages.help", "pages.help_signers", "pages.about",
    "pages.privacy", "pages.accessibility",
)  # fmt: skip
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


async def sitemap(request: Request) -> Response:
    """Home, the standing pages, groups, and petitions that could be signed, in each language that
    has a text of its own. A rejected one asks not to be found: it is not shown the way to either.
    """
    origin = web.settings(request).base_url
    found = await queries.public_slugs(web.database(request), OPENED, SITEMAP_MOST)
    groups = await group_queries.public_groups(web.database(request), SITEMAP_MOST)
    paths = [web.url(request, page, lang=code) for page in _STANDING for code in i18n.LANGUAGES] + [
        web.url(request, "pages.petition", slug=row["slug"], lang=code)
        for row in found
        for code in row["languages"]
    ]
    paths += [
        web.url(request, "pages.group", group=slug, lang=code)
        for slug in groups
        for code in i18n.LANGUAGES
    ]
    urls = ElementTree.Element("urlset", xmlns=SITEMAP_NAMESPACE)
    for path in paths:
        ElementTree.SubElement(ElementTree.SubElement(urls, "url"), "loc").text = origin + path
    xml = ElementTree.tostring(urls, encoding="utf-8", xml_declaration=True)
    return Response(xml, media_type="application/xml", headers={"cache-control": "max-age=3600"})
