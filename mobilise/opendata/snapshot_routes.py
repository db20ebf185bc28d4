"""Snapshots of all petitions over HTTP: what lies at such an address never changes."""

from datetime import UTC, date
from email.utils import format_datetime

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from mobilise import cache, web
from mobilise.documents import streaming
from mobilise.errors import NotFound
from mobilise.opendata import instance, licenses, serving, snapshot_queries, snapshots
from mobilise.opendata.edition_routes import FOR_EVER


class MonthConvertor(Convertor[date]):
    """2026-05, as the day on which it began."""

    regex = snapshots.MONTH

    def convert(self, value: str) -> date:
        try:
            return date.fromisoformat(f"{value}-01")
        except ValueError:  # the year 0000
            raise NotFound() from None

    def to_string(self, value: date) -> str:
        return snapshots.called(value)


register_url_convertor("month", MonthConvertor())


async def file(request: Request) -> Response:
    """The bytes of one file, as they were when the month began."""
    month, name = request.path_params["month"], request.path_params["table"]
    found = await snapshot_queries.file(web.database(request), month, name)
    if found is None:
        raise NotFound()
    site = web.settings(request).base_url
    package = f"{site}{snapshots.folder(month)}{instance.PACKAGE.name}"
    headers = serving.OPEN | {
        "etag": f'"{found["sha256"]}"',
        "last-modified": format_datetime(found["made_at"].astimezone(UTC), usegmt=True),
        "cache-control": FOR_EVER,
        "link": f'<{licenses.COUNTS.path}>; rel="license", '
        f'<{package}>; rel="describedby"; type="application/json", '
        f'<{site}{instance.PATH}{LIST}>; rel="collection"; type="application/json"',
    }
    if cache.has_it(request.headers, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-type"] = found["media_type"]
    return streaming.answer(request, web.store(request), found["sha256"], found["size"], headers)


async def every(request: Request) -> Response:
    """Every month that was kept, with its files."""
    found = await snapshots.listed(web.database(request), web.settings(request))
    content = {"license": licenses.COUNTS.name, "snapshots": found}
    return serving.live(request, content, content)


LIST = "snapshots.json"
ROUTES = [
    serving.opened(instance.PATH + LIST, every, "snapshots"),
    serving.opened(instance.PATH + "{month:month}/{table}", file, "snapshot_file"),
]
