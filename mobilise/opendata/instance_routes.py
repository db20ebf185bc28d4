"""The whole instance over HTTP: one table, one list, what describes them, a page for people."""

from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mobilise import db, web
from mobilise.opendata import instance, instance_books, instance_queries, schema_org, serving
from mobilise.opendata.instance import Whole
from mobilise.settings import Settings

KEPT = "public, max-age=0, s-maxage=60"


def _sends(
    file: Whole, pieces: Callable[[db.Database, Settings], AsyncIterator[bytes]]
) -> serving.Handler:
    async def answer(request: Request) -> Response:
        settings = web.settings(request)
        headers = serving.OPEN | {
            "cache-control": KEPT,
            "content-type": file.media_type,
            "link": _leads(settings, file),
        }
        if request.method == "HEAD":
            return Response(headers=headers)
        return StreamingResponse(pieces(web.database(request), settings), headers=headers)

    return answer


async def described(request: Request) -> Response:
    """The Data Package; its moment aside, it changes with the software alone."""
    found = instance.described(web.settings(request), _DESCRIBED)
    return serving.live(request, found, {**found, "created": None})


async def page(request: Request) -> Response:
    """What there is about the whole instance, for people."""
    settings = web.settings(request)
    downloads = [(instance.PATH + file.name, file.media_type) for file in instance_books.FILES]
    here = settings.base_url + web.url(request, "opendata.everything")
    answer = web.render(
        request,
        "opendata/everything.html",
        public=True,
        totals=await instance_queries.totals(web.database(request)),
        files=instance_books.FILES,
        folder=instance.PATH,
        snapshots=web.url(request, "opendata.snapshots"),
        described=schema_org.catalogue(settings, here, downloads),
    )
    answer.headers["link"] = _leads(settings, instance.TABLE)
    return answer


def _leads(settings: Settings, file: Whole) -> str:
    site = settings.base_url
    return ", ".join(
        [
            f'<{file.license.path}>; rel="license"',
            f'<{site}{instance.PATH}{instance.PACKAGE.name}>; rel="describedby"; '
            'type="application/json"',
            f'<{site}/catalog.jsonld>; rel="describedby"; type="application/ld+json"',
            f'<{site}/data>; rel="collection"',
        ]
    )


_DESCRIBED = [file for file in instance_books.FILES if file is not instance.PACKAGE]
ROUTES = [
    Route("/{lang:lang}/data", page, name="opendata.everything"),
    serving.opened(
        instance.PATH + instance.TABLE.name, _sends(instance.TABLE, instance.table), "all_csv"
    ),
    serving.opened(
        instance.PATH + instance.LIST.name, _sends(instance.LIST, instance.listed), "all_json"
    ),
    serving.opened(
        instance.PATH + instance_books.BOOK.name,
        _sends(instance_books.BOOK, instance_books.book),
        "all_xlsx",
    ),
    serving.opened(
        instance.PATH + instance_books.BASE.name,
        _sends(instance_books.BASE, instance_books.base),
        "all_sqlite",
    ),
    serving.opened(instance.PATH + instance.PACKAGE.name, described, "all_described"),
]
