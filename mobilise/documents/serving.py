"""Bytes of documents and pictures: whole, in part, or "you have it already"."""

import asyncio
import logging
import os
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from mobilise import cache, db, limits, web
from mobilise.accounts import access, asking, door
from mobilise.documents import kinds, serving_queries, streaming, tiling
from mobilise.errors import Gone, NotFound, TooMany
from mobilise.middleware import FOR_FILES
from mobilise.petitions import reading

log = logging.getLogger(__name__)
FOR_EVERYBODY = {"cache-control": "public, max-age=31536000, immutable"} | web.OPEN
FOR_THE_GROUP = {"cache-control": "private, no-cache"}
# Whatever a file holds, it is nothing but a file here: no page, no script, no frame.
HARMLESS = {"content-security-policy": "default-src 'none'; sandbox"}


class OneRange(FileResponse):
    max_ranges = 1  # who asks for several parts at once gets the whole


async def file(request: Request) -> Response:
    """A document to save. Without a log-in where its petition is public, else for its group."""
    sha256, name = request.path_params["sha256"], request.path_params["name"]
    rows = await serving_queries.behind(web.database(request), sha256, name)
    if not rows:
        return await _copy(request, sha256, name)
    seen = await _seen(request, rows)
    found = next((row for row in seen if row["closed_at"] is None), None)
    if found is None:
        raise Gone()
    elsewhere = web.settings(request).files_url
    if elsewhere and found["state"] in reading.PUBLIC and FOR_FILES not in request.scope:
        return web.redirect(elsewhere + request.url.path, status=308)
    headers = (
        HARMLESS
        | _kept(found)
        | {
            "content-type": kinds.MEDIA_TYPES[found["kind"]],
            "content-disposition": f"attachment; filename*=UTF-8''{quote(found['name'], safe='')}",
        }
    )
    return await _bytes(request, sha256, headers)


async def _copy(request: Request, sha256: str, name: str) -> Response:
    """Under the checksum of what was sent stood the file itself once: its copy stands elsewhere."""
    rows = await serving_queries.made_of(web.database(request), sha256, name)
    found = (await _seen(request, rows))[0]
    if found["closed_at"] is not None:
        raise Gone()
    return web.redirect(f"/files/{found['published']}/{quote(name, safe='')}", status=308)


async def picture(request: Request) -> Response:
    """The picture of a petition, shown in its page and in what people share."""
    sha256 = request.path_params["sha256"]
    seen = await _seen(request, await serving_queries.pictured(web.database(request), sha256))
    headers = HARMLESS | _kept(seen[0]) | {"content-type": "image/webp"}
    return await _bytes(request, sha256, headers)


async def page(request: Request) -> Response:
    """The picture of a page, large or small. A page that was closed has none any more."""
    sha256 = request.path_params["sha256"]
    seen = await _seen(request, await serving_queries.page_pictured(web.database(request), sha256))
    headers = HARMLESS | _kept(seen[0]) | {"content-type": "image/jpeg"}
    return await _bytes(request, sha256, headers)


async def square(request: Request) -> Response:
    """A part of a page, enlarged: drawn when somebody asks for it."""
    asked = request.path_params
    database, settings = web.database(request), web.settings(request)
    rows = await serving_queries.leaf(database, asked["sha256"], asked["page"])
    seen = (await _seen(request, rows))[0]
    leaf = tiling.Leaf(
        asked["sha256"], seen["kind"], asked["page"], seen["width"], seen["height"], seen["points"]
    )
    drawn = tiling.is_drawn(settings.data, leaf, asked["level"], asked["row"])
    if not drawn and not await limits.take(database, limits.ENLARGE, asking.network(request)):
        raise TooMany()
    path = await tiling.square(
        web.store(request), settings.data, leaf, asked["level"], asked["row"], asked["column"]
    )
    return FileResponse(path, headers=HARMLESS | _kept(seen) | {"content-type": "image/jpeg"})


async def _seen(request: Request, rows: list[db.Record]) -> list[db.Record]:
    """Those that this reader may know of, public ones first; else NotFound or Gone."""
    public = [row for row in rows if row["state"] in reading.PUBLIC]
    if public:
        return public
    if any(row["state"] == "removed" for row in rows):
        raise Gone()
    person = await door.person(request) if rows else None
    if person is not None and person.keeper:
        return rows  # who decides about a petition reads what stands beside it
    if person is not None:
        for row in rows:
            role = await access.role_in(web.database(request), person.id, row["group_id"])
            if access.may_see_desk(role):
                return [row]
    raise NotFound()


def _kept(row: db.Record) -> dict[str, str]:
    return FOR_EVERYBODY if row["state"] in reading.PUBLIC else FOR_THE_GROUP


async def _bytes(request: Request, sha256: str, headers: dict[str, str]) -> Response:
    store = web.store(request)
    size = await store.size(sha256)
    if size is None:
        log.error("the store has lost %s", sha256)
        raise NotFound()
    headers = headers | {"etag": f'"{sha256}"'}
    if cache.has_it(request.headers, headers["etag"]):
        return Response(status_code=304, headers=headers)
    path = store.path(sha256)
    if path is None:
        return streaming.answer(request, store, sha256, size, headers)
    return OneRange(path, headers=headers, stat_result=await asyncio.to_thread(os.stat, path))


ROUTES = [
    Route("/files/{sha256}/{name}", file, name="documents.file"),
    Route("/pictures/{sha256}.webp", picture, name="documents.picture"),
    Route("/pages/{sha256}.jpg", page, name="documents.page"),
    Route(
        "/squares/{sha256}/{page:small}/{level:small}/{row:small}-{column:small}.jpg",
        square,
        name="documents.square",
    ),
]
