"""Help for organisers and for signers, and the statement on accessibility."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import tokens, web
from mobilise.pages import guide
from mobilise.pages.retention import retention
from mobilise.petitions.reading import GRACE
from mobilise.signatures import submitting


async def help(request: Request) -> Response:
    """For who starts a petition: from idea to hand-over."""
    return _page(request, "pages/help.html", "organisers")


async def help_signers(request: Request) -> Response:
    """For who signs: one question each."""
    return _page(request, "pages/help_signers.html", "signers")


async def accessibility(request: Request) -> Response:
    """What was tested, what is not perfect, and whom to tell."""
    return _page(request, "pages/accessibility.html", "accessibility")


def _page(request: Request, template: str, name: str) -> Response:
    environment = web.web(request).environment
    text = guide.text(environment, name, kept=kept(), reviewed=guide.ACCESSIBILITY_REVIEWED)
    return web.render(request, template, public=True, text=text)


def kept() -> dict[str, Any]:
    """Times and numbers that the guide tells, from the code that keeps them."""
    return {
        **retention(),
        "code_minutes": tokens.CODE_MINUTES,
        "login_minutes": tokens.LOGIN_MINUTES,
        "letters": submitting.LETTERS_A_SIGNATURE,
        "answer_days": guide.ANSWER_DAYS,
        "grace_hours": GRACE // timedelta(hours=1),
    }


ROUTES = [
    Route("/{lang:lang}/help", help, name="pages.help"),
    Route("/{lang:lang}/help/signers", help_signers, name="pages.help_signers"),
    Route("/{lang:lang}/accessibility", accessibility, name="pages.accessibility"),
]
