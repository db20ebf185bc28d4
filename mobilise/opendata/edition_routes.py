"""Editions of days that are over, as they were: every file of each, a list of each, a list of all.

What lies at such an address never changes; the files without a day are the newest.
"""

from datetime import UTC
from email.utils import format_datetime
from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import cache, i18n, web
from mobilise.documents import streaming
from mobilise.opendata import kept, licenses, package, serving
from mobilise.opendata.editions import Edition
from mobilise.opendata.kept import Kept, KeptFile, Name
from mobilise.petitions import reading

FOR_EVER = "public, max-age=31536000, immutable"


class EditionConvertor(Convertor[str]):
    """A file is none: else whoever misspells one would be sent on to a folder of that name."""

    regex = kept.WRITTEN

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("edition", EditionConvertor())


async def file(request: Request) -> Response:
    """The bytes of one file, as they were published."""
    edition = await serving.edition(request)
    database = web.database(request)
    name = Name.of(request.path_params["edition"])
    found = await serving.shelf(request).kept(database, edition, name)
    one = found.file(request.path_params["file"])
    headers = serving.OPEN | _links(edition, found, one)
    headers |= {
        "etag": f'"{one.sha256}"',
        "last-modified": format_datetime(found.made_at.astimezone(UTC), usegmt=True),
        "cache-control": FOR_EVER,
    }
    if cache.has_it(request.headers, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-type"] = one.media_type
    return streaming.answer(request, web.store(request), one.sha256, one.size, headers)


async def edition(request: Request) -> Response:
    """What lies in one edition, and whether it was made again."""
    current = await serving.edition(request)
    name = Name.of(request.path_params["edition"])
    found = await kept.one(web.database(request), current, name)
    content = kept.described(found, current)
    answer = serving.live(request, content, content)
    answer.headers["link"] = ", ".join(
        [
            f'<{licenses.COUNTS.path}>; rel="license"',
            f'<{current.file_url(serving.EDITIONS)}>; rel="collection"; type="application/json"',
            # Not each file, the list itself has them: a long header stops some proxies.
            f'<{current.site}{found.path}bundle.zip>; rel="item"; type="application/zip"',
            *_versions(current, found),
        ]
    )
    return answer


async def every(request: Request) -> Response:
    """Every edition that was kept, the newest first."""
    current = await serving.edition(request)
    content: dict[str, Any] = {
        "petition": current.petition.slug,
        "license": licenses.COUNTS.name,
        "editions": [
            kept.listed(line, current) for line in await kept.lines(web.database(request), current)
        ],
    }
    return serving.live(request, content, content)


async def page(request: Request) -> Response:
    """The same for people."""
    database, current = web.database(request), await serving.edition(request)
    petition = await reading.public(database, current.petition.slug, i18n.language())
    return web.render(
        request,
        "opendata/editions.html",
        public=True,
        petition=petition,
        editions=await kept.lines(database, current),
    )


def _links(edition: Edition, found: Kept, one: KeptFile) -> dict[str, str]:
    said = [f'<{license.path}>; rel="license"' for license in one.licenses]
    here = edition.site + found.path
    said += [
        f'<{here}{package.NAME}>; rel="describedby"; type="application/json"',
        f'<{here}>; rel="collection"; type="application/json"',
        *_versions(edition, found, one.name),
    ]
    return {"link": ", ".join(said)}


def _versions(edition: Edition, found: Kept, name: str = "") -> list[str]:
    """RFC 5829: where the same is as it was, and as it is now."""

    def there(version: int, relation: str) -> str:
        folder = kept.folder(found.slug, Name(found.name.day, version))
        return f'<{edition.site}{folder}{name}>; rel="{relation}"'

    version, said = found.name.version, []
    if version > 1:
        said.append(there(version - 1, "predecessor-version"))
    if found.newest != found.name:
        said.append(there(version + 1, "successor-version"))
    return said


_DATA = "/petitions/{slug}/data/"
ROUTES: list[Route] = [
    Route("/{lang:lang}/petitions/{slug}/data/editions", page, name="opendata.editions_page"),
    serving.opened(_DATA + serving.EDITIONS, every, "editions"),
    serving.opened(_DATA + "{edition:edition}/", edition, "edition"),
    serving.opened(_DATA + "{edition:edition}/{file}", file, "edition_file"),
]
