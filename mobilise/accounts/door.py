"""The door: who is in, who must log in first, and the cookie that remembers it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from mobilise import cookies, i18n, web
from mobilise.accounts import agents, sessions
from mobilise.errors import N_, NotFound, Refusal

DESK = "/manage"
KEEP = "/keep"
SESSION = "session"
FRESH = timedelta(minutes=30)
LOGIN = "login"  # recognises the browser that asked for a log-in letter


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str
    language: str
    keeper: bool  # of this instance
    proven_for: timedelta  # since the mailbox was last proven
    mail_waits_since: datetime | None  # of the site as a whole, for the banner on the desks


class LogInFirst(Refusal):
    """The page is for people who are in. `app` sends them to the log-in and back again."""

    status = 401
    heading = N_("Log in first")
    message = N_("This page is for the group. Log in, and you come back here.")


class LogInAgain(LogInFirst):
    """Personal data of others is for who proved the mailbox just now."""

    heading = N_("Log in once more")
    message = N_("This page holds personal data. Log in once more, and you come back here.")


async def person(request: Request) -> Person | None:
    """Who is logged in, or None."""
    secret = cookies.read(request, SESSION)
    found = await sessions.holder(web.database(request), secret) if secret else None
    if found is None:
        return None
    return Person(*(found[name] for name in Person.__dataclass_fields__))


async def somebody(request: Request) -> Person:
    """Who is logged in; raises LogInFirst. From here on the page speaks that person's language."""
    found = await person(request)
    if found is None:
        raise LogInFirst()
    i18n.set_language(found.language)
    web.at_desk(request, person=found)
    return found


async def fresh(request: Request) -> Person:
    """Who proved the mailbox within the last half hour; raises LogInFirst or LogInAgain."""
    found = await somebody(request)
    if found.proven_for > FRESH:
        raise LogInAgain()
    return found


async def keeper(request: Request) -> Person:
    """Who keeps this instance; for anybody else these pages do not exist."""
    found = await somebody(request)
    if not found.keeper:
        raise NotFound()
    return found


async def ask_to_log_in(request: Request, refusal: Exception) -> Response:
    """The answer to LogInFirst: the log-in page, which leads back to the page that was asked.
    Whoever sent a form is told that nothing was saved, and how to come back to the words."""
    asked = request.method in ("GET", "HEAD")
    back = request.url.path if asked else DESK
    more = "&again=1" if isinstance(refusal, LogInAgain) else "" if asked else "&unsaved=1"
    return web.redirect(f"{web.url(request, 'accounts.login')}?next={quote(back)}{more}")


async def enter(request: Request, person_id: int, to: str = DESK) -> Response:
    """Begins a session, or makes that of the same person fresh; always under a new secret.

    Where somebody else was in, the page that she asked for is not for who comes now: to the desk.
    """
    before, found = cookies.read(request, SESSION), await person(request)
    agent = agents.in_short(request.headers.get("user-agent", ""))
    secret = await sessions.begin(web.database(request), person_id, before, agent)
    answer = web.redirect(to if found is None or found.id == person_id else DESK)
    cookies.give(request, answer, SESSION, secret, sessions.LONGEST)
    cookies.take(request, answer, LOGIN)
    return answer


async def leave(request: Request, to: str, *, everywhere: bool = False) -> Response:
    """Ends the session of this browser, or all of this person's."""
    database, found = web.database(request), await person(request)
    if found is not None and everywhere:
        await sessions.end_everywhere(database, found.id)
    await sessions.end(database, cookies.read(request, SESSION))
    answer = web.redirect(to)
    cookies.take(request, answer, SESSION)
    return answer


def safe(back: str) -> str:
    """Only the desks and what lies under them; anything else might be somebody else's site."""
    inside = back in (DESK, KEEP) or back.startswith((f"{DESK}/", f"{KEEP}/"))
    return back if inside and "\\" not in back and back.isprintable() else DESK
