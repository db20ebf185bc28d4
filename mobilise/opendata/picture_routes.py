"""Pictures to take along, and pages that other sites frame."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, middleware, plate, web
from mobilise.opendata import framing, licenses, mapping, serving
from mobilise.opendata.editions import Edition
from mobilise.opendata.graphics import GRAPHICS, PNG, SVG, Graphic

# What other sites may show in a frame: a picture, a link and a table, that do nothing.
FRAMED = middleware.PLAIN_CSP.replace("frame-ancestors 'none'", "frame-ancestors *").replace(
    "form-action 'self'", "form-action 'none'"
)


def _language(request: Request, edition: Edition) -> str:
    """That of the address, else the petition's first one: never that of the browser, so that
    everybody who asks for an address gets the same."""
    return str(request.path_params.get("lang", edition.petition.language))


def _sends(graphic: Graphic, media_type: str) -> serving.Handler:
    async def answer(request: Request) -> Response:
        edition = await serving.edition(request)
        language = _language(request, edition)
        headers = serving.links(edition, licenses.COUNTS) | {"content-language": language}
        if media_type == SVG:
            headers["content-security-policy"] = plate.CSP
        draws = graphic.svg_pieces if media_type == SVG else graphic.png_pieces
        name = f"{graphic.name}.{language} {media_type}"
        return await serving.send(request, edition, name, draws(language), media_type, headers)

    return answer


def _frames(graphic: Graphic) -> serving.Handler:
    async def embed(request: Request) -> Response:
        edition = await serving.edition(request)
        with i18n.using(_language(request, edition)):
            shown = await asyncio.to_thread(framing.shown, graphic, edition)
            answer = web.render(request, "opendata/embed.html", public=True, **shown)
        answer.headers["content-security-policy"] = FRAMED
        answer.headers["cross-origin-resource-policy"] = "cross-origin"
        return answer

    return embed


def _in_each_language(handler: serving.Handler, name: str, path: str, ending: str) -> list[Route]:
    """`growth.svg` in the petition's first language, `growth.nl.svg` in one that was chosen."""
    opened, methods = serving.for_other_sites(handler), ["GET", "OPTIONS"]
    return [
        Route(path + ending, opened, name=f"opendata.{name}", methods=methods),
        Route(path + ".{lang:lang}" + ending, opened, name=f"opendata.{name}_in", methods=methods),
    ]


def _routes(graphic: Graphic) -> list[Route]:
    name = graphic.name
    file, frame = f"/petitions/{{slug}}/data/{name}", f"/embed/{{slug}}/{name}"
    return [
        *_in_each_language(_sends(graphic, SVG), f"{name}_svg", file, ".svg"),
        *_in_each_language(_sends(graphic, PNG), f"{name}_png", file, ".png"),
        *_in_each_language(_frames(graphic), f"embed_{name}", frame, ""),
    ]


async def geojson(request: Request) -> Response:
    """The places that are told apart, for a map of somebody else's."""
    edition = await serving.edition(request)
    with i18n.using(edition.petition.language):
        headers = serving.links(edition, licenses.COUNTS)
        return await serving.send(
            request, edition, "areas.geojson", mapping.geojson, mapping.MEDIA_TYPE, headers
        )


ROUTES = [
    serving.opened("/petitions/{slug}/data/areas.geojson", geojson, "areas_geojson"),
    *(route for graphic in GRAPHICS for route in _routes(graphic)),
]
