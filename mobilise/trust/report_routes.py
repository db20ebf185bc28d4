""" "Something wrong with this petition?" A form for every visitor."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, limits, web
from mobilise.accounts import asking
from mobilise.errors import TooMany
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.trust import reporting
from mobilise.trust.forms import ReportForm


async def report(request: Request) -> Response:
    return _page(request, await _petition(request), ReportForm())


async def send(request: Request) -> Response:
    """Keeps it for the keeper. What is wrong in the form stands beside what was typed."""
    petition = await _petition(request)
    form = await web.filled(request, ReportForm)
    if not form.validate():
        return _page(request, petition, form, 422)
    database = web.database(request)
    if not await limits.take(database, limits.REPORT, asking.network(request)):
        form.form_errors.append(i18n.gettext(TooMany.message))
        return _page(request, petition, form, TooMany.status)
    await reporting.report(
        database, petition, form.reason.data, form.words.data or "", form.email.sent,
        i18n.language(),
    )  # fmt: skip
    return web.redirect(web.url(request, "trust.reported", slug=petition.slug))


async def reported(request: Request) -> Response:
    petition = await _petition(request)
    return web.render(request, "trust/reported.html", private=True, petition=petition)


async def _petition(request: Request) -> Petition:
    return await reading.public(web.database(request), request.path_params["slug"], i18n.language())


def _page(request: Request, petition: Petition, form: ReportForm, status: int = 200) -> Response:
    return web.render(
        request, "trust/report.html", status=status, private=True, petition=petition, form=form
    )


_REPORT = "/{lang:lang}/petitions/{slug}/report"
ROUTES = [
    Route(_REPORT, report, name="trust.report", methods=["GET"]),
    Route(_REPORT, send, name="trust.report", methods=["POST"]),
    Route(f"{_REPORT}/sent", reported, name="trust.reported", methods=["GET"]),
]
