"""What a petition said, and when: every version that was ever public."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.petitions import reading, versions


async def history(request: Request) -> Response:
    database = web.database(request)
    petition = await reading.public(database, request.path_params["slug"], i18n.language())
    told = await versions.history(database, petition.id)
    return web.render(
        request, "petitions/history.html", public=True, petition=petition,
        versions=versions.by_number(told), names=i18n.LANGUAGES,
    )  # fmt: skip


ROUTES = [
    Route("/{lang:lang}/petitions/{slug}/history", history, name="petitions.history"),
]
