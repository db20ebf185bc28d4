"""Find my signature, for whoever lost the letter."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, limits, web
from mobilise.accounts.asking import network
from mobilise.errors import TooMany
from mobilise.signatures import finding
from mobilise.signatures.forms import AddressForm


async def find(request: Request) -> Response:
    return _page(request, AddressForm())


async def ask(request: Request) -> Response:
    """One answer for every address, known or not."""
    sent = await web.filled(request, AddressForm)
    if not sent.validate():
        return _page(request, sent, status=422)
    if not await limits.take(web.database(request), limits.FIND, network(request)):
        sent.form_errors.append(i18n.gettext(TooMany.message))
        return _page(request, sent, status=TooMany.status)
    await finding.find(web.database(request), web.tokens(request), sent.email.address)
    return web.redirect(web.url(request, "signatures.found"))


async def found(request: Request) -> Response:
    return web.render(request, "signatures/found.html", private=True)


def _page(request: Request, form: AddressForm, status: int = 200) -> Response:
    return web.render(request, "signatures/find.html", status=status, private=True, form=form)


# fmt: off
_FIND = "/{lang:lang}/find-my-signature"
ROUTES = [
    Route(_FIND, find, name="signatures.find", methods=["GET"]),
    Route(_FIND, ask, name="signatures.find", methods=["POST"]),
    Route(f"{_FIND}/check-your-mail", found, name="signatures.found", methods=["GET"]),
]
# fmt: on
