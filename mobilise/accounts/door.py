"""The door: who is in, who must log in first, and the cookie that remembers it."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from mobilise import i18n, web
from mobilise.accounts import sessions
from mobilise.errors import N_, Refusal
from mobilise.settings import Settings

DESK = "/manage"


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str
    language: str
    session_fresh: bool  # logged in minutes ago: enough for what cannot be undone


class LogInFirst(Refusal):
    """The page is for people who are in. `app` sends them to the log-in and back again."""

    status = 401
    heading = N_("Log in first")
    message = N_("This page is for the group. Log in, and you come back here.")


async def person(request: Request) -> Person | None:
    """Who is logged in, or None."""
    secret = request.cookies.get(session_cookie(web.settings(request)), "")
    found = await sessions.holder(web.database(request), secret) if secret else None
    if found is None:
        return None
    return Person(found["id"], found["name"], found["email"], found["language"], found["fresh"])


async def somebody(request: Request) -> Person:
    """Who is logged in; raises LogInFirst. From here on the page speaks that person's language."""
    found = await person(request)
    if found is None:
        raise LogInFirst()
    i18n.set_language(found.language)
    return found


async def ask_to_log_in(request: Request, refusal: Exception) -> Response:
    """The answer to LogInFirst: the log-in page, which leads back to the page that was asked."""
    back = request.url.path if request.method in ("GET", "HEAD") else DESK
    return web.redirect(f"{web.url(request, 'accounts.login')}?next={quote(back)}")


async def enter(request: Request, person_id: int, to: str = DESK) -> Response:
    """Begins a session, always a new one, and goes on to `to`."""
    settings = web.settings(request)
    before = request.cookies.get(session_cookie(settings), "")
    secret = await sessions.begin(web.database(request), person_id, instead_of=before)
    answer = web.redirect(to)
    answer.set_cookie(
        session_cookie(settings),
        secret,
        max_age=int(sessions.LONGEST.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )
    forget(answer, login_cookie(settings), settings)
    return answer


async def leave(request: Request, to: str, *, everywhere: bool = False) -> Response:
    """Ends the session of this browser, or all of this person's."""
    settings, database = web.settings(request), web.database(request)
    found = await person(request)
    if found is not None and everywhere:
        await sessions.end_everywhere(database, found.id)
    await sessions.end(database, request.cookies.get(session_cookie(settings), ""))
    answer = web.redirect(to)
    forget(answer, session_cookie(settings), settings)
    return answer


def forget(answer: Response, cookie: str, settings: Settings) -> None:
    answer.delete_cookie(cookie, path="/", secure=settings.secure, httponly=True, samesite="lax")


def session_cookie(settings: Settings) -> str:
    return "__Host-session" if settings.secure else "session"


def login_cookie(settings: Settings) -> str:
    """Recognises the browser that asked for a log-in letter."""
    return "__Host-login" if settings.secure else "login"


def safe(back: str) -> str:
    """Only the desk and what lies under it; anything else might be somebody else's site."""
    inside = back == DESK or back.startswith(f"{DESK}/")
    return back if inside and "\\" not in back and back.isprintable() else DESK
