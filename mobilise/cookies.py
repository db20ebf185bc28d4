"""Cookies: they recognise a browser, no script reads them, and other sites do not send them."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from mobilise.settings import Settings


def named(settings: Settings, word: str) -> str:
    """On https under a name that no other host of the same domain can set."""
    return f"__Host-{word}" if settings.secure else word


def read(request: Request, word: str) -> str:
    """What this browser carries under that word; "" when nothing."""
    return request.cookies.get(named(_settings(request), word), "")


def give(request: Request, answer: Response, word: str, value: str, lasts: timedelta) -> None:
    settings = _settings(request)
    answer.set_cookie(
        named(settings, word),
        value,
        max_age=int(lasts.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def take(request: Request, answer: Response, word: str) -> None:
    """Makes the browser forget it."""
    settings = _settings(request)
    answer.delete_cookie(
        named(settings, word), path="/", secure=settings.secure, httponly=True, samesite="lax"
    )


def _settings(request: Request) -> Settings:
    found: Settings = request.app.state.settings
    return found
