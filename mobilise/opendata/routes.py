"""Everything to count again: files, a bundle, an API, and a page that explains them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mobilise import charts, i18n, limits, web
from mobilise.accounts import asking
from mobilise.documents import sections
from mobilise.errors import TooMany
from mobilise.opendata import (
    api,
    api_routes,
    areas,
    bibtex,
    bundle,
    by_place,
    catalogue_routes,
    citing,
    dossier_zip,
    edition_routes,
    feed_routes,
    gallery,
    instance_routes,
    listing,
    method,
    picture_routes,
    recipes,
    schema_org,
    serving,
    snapshot_routes,
)
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES, File
from mobilise.opendata.graphics import GRAPHICS
from mobilise.opendata.package import EVERY
from mobilise.opendata.weeks import weeks
from mobilise.opendata.written import written
from mobilise.petitions import reading
from mobilise.signatures import counting


def _sends(file: File) -> serving.Handler:
    async def answer(request: Request) -> Response:
        edition = await serving.edition(request)
        headers = serving.links(edition, file.license)
        return await serving.send(
            request, edition, file.name, file.pieces, file.media_type, headers
        )

    return answer


async def everything(request: Request) -> Response:
    """All files in one archive that explains itself."""
    edition = await serving.edition(request)
    licenses = {file.license.name: file.license for file in FILES}.values()
    headers = serving.links(edition, *licenses) | {
        "content-disposition": f'attachment; filename="{bundle.file_name(edition)}"'
    }
    return await serving.send(
        request, edition, bundle.NAME, bundle.pieces, "application/zip", headers
    )


async def dossier(request: Request) -> Response:
    """Every document of the dossier in one archive, written while it is sent."""
    edition = await serving.edition(request)
    shelves = await sections.sections(web.database(request), edition.petition.id)
    headers = serving.OPEN | {
        "content-disposition": f'attachment; filename="{dossier_zip.file_name(edition)}"',
        "cache-control": "no-cache",
    }
    if request.method == "HEAD":
        return Response(media_type="application/zip", headers=headers)
    if not await limits.take(web.database(request), limits.ARCHIVE, asking.network(request)):
        raise TooMany()
    pieces = dossier_zip.pieces(edition, shelves, web.store(request))
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


async def data(request: Request) -> Response:
    """The figures for people: numbers, chart, tables, files, and what we do not know."""
    database, zone = web.database(request), web.settings(request).zone
    edition = await serving.edition(request)
    petition = await reading.public(database, edition.petition.slug, i18n.language())
    tally = await counting.tally(database, petition)
    measured = await serving.shelf(request).measured(edition)
    added = counting.today(tally, edition.series)
    answer = web.render(
        request,
        "opendata/data.html",
        public=True,
        petition=petition,
        tally=tally,
        chart=charts.days(edition.series, today=edition.closed_at.date(), added=added),
        files=listing.shown(edition, measured),
        bundle=listing.whole(edition, measured),
        method=method.HOW,
        unknown=method.unknown(tally.paper > 0),
        answer=written({**api.count(petition, tally, zone)}).decode().strip(),
        cite=citing.line(edition, i18n.moment(tally.as_of, zone)),
        described=schema_org.dataset(edition, petition, web.settings(request)),
        **_of_closed_days(edition),
    )
    return serving.leading(answer, edition)


def _of_closed_days(edition: Edition) -> dict[str, Any]:
    """Tables, pictures and lines to copy, in the reader's language."""
    return {
        "days": edition.series,
        "weeks": weeks(edition.series),
        "hours": edition.hours,
        "methods": edition.methods,
        "place_standing": areas.standing(edition.areas),
        "place_lines": by_place.lines(edition),
        "place_chart": _BY_PLACE.charts(edition),
        "place_map": _MAP.charts(edition),
        "place_notes": by_place.notes(edition),
        "tongues": by_place.tongues(edition),
        "gallery": gallery.hung(edition),
        "recipes": recipes.filled(edition),
        "bibtex": bibtex.entry(edition),
    }


_BY_PLACE, _MAP = (each for each in GRAPHICS if each.name in ("areas", "map"))
_FILES = "/petitions/{slug}/data/"
HOT = api_routes.HOT
ROUTES = [
    Route("/{lang:lang}/petitions/{slug}/data", data, name="opendata.data"),
    *(serving.opened(_FILES + file.name, _sends(file), file.route) for file in EVERY),
    serving.opened(_FILES + bundle.NAME, everything, "bundle"),
    serving.opened(_FILES + dossier_zip.NAME, dossier, "dossier"),
    *edition_routes.ROUTES,
    *picture_routes.ROUTES,
    *api_routes.ROUTES,
    *catalogue_routes.ROUTES,
    *feed_routes.ROUTES,
    *instance_routes.ROUTES,
    *snapshot_routes.ROUTES,
]
