"""The letter that lets in, as requests see it: asked for, awaited, opened. Logging in and
starting a petition share this; they differ in what happens once the mailbox is proven."""

import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mobilise import addresses, cookies, i18n, limits, tokens, web
from mobilise.accounts import door, entering, logins, sessions
from mobilise.accounts.forms import CodeForm
from mobilise.errors import TooMany

log = logging.getLogger("mobilise.accounts")


@dataclass(frozen=True)
class Link:
    """What a link in a letter stands for. `dead` says why it opens nothing any more."""

    id: int = 0
    purpose: str = ""
    email: str = ""
    email_key: str = ""
    draft: dict[str, Any] | None = None
    same_browser: bool = False
    dead: str | None = None  # used, expired or broken


async def ask(
    request: Request,
    purpose: entering.Purpose,
    address: addresses.Address,
    bucket: limits.Bucket,
    draft: dict[str, Any],
) -> Response:
    """One letter, if this address had not too many; to the page that waits for it, always."""
    database, recipient = web.database(request), web.tokens(request).recipient(address.key)
    if not await limits.take(database, bucket, network(request)):
        raise TooMany()
    secret = _own_secret(request)
    await entering.ask(
        database,
        purpose,
        address,
        browser=sessions.key(secret),
        recipient=recipient,
        write=await limits.take(database, _OF_ONE_ADDRESS[purpose], recipient),
        draft=draft,
    )
    answer = web.redirect(web.url(request, f"{_ROOMS[purpose]}.check"))
    cookies.give(request, answer, door.LOGIN, secret, entering.VALID)
    return answer


def _own_secret(request: Request) -> str:
    """What this browser has already, so that codes of earlier letters go on working."""
    secret = cookies.read(request, door.LOGIN)
    return secret if len(secret) == 43 else secrets.token_urlsafe(32)


_ROOMS = {"login": "accounts", "start": "petitions"}
_OF_ONE_ADDRESS = {"login": limits.LOGIN_ADDRESS, "start": limits.START_ADDRESS}


async def check_page(
    request: Request, purpose: entering.Purpose, form: CodeForm | None = None
) -> Response:
    """ "Now check your email": shows what was typed, whatever came of it."""
    asked = await logins.last_login(web.database(request), browser(request), purpose)
    return web.render(
        request,
        "accounts/check_your_mail.html",
        status=422 if form is not None else 200,
        private=True,
        purpose=purpose,
        action=web.url(request, f"{_ROOMS[purpose]}.code"),
        address=asked["draft"].get("email") if asked else None,
        code_form=form or CodeForm(),
    )


async def matching(request: Request, purpose: entering.Purpose, code: str) -> int | None:
    """Which of the log-ins that this browser asked has this code.

    Each mailbox bears so many tries a day, from all browsers together. After that the button in
    its letter still opens.
    """
    database, keys = web.database(request), web.tokens(request)
    found = await logins.open_logins(database, browser(request), purpose, entering.VALID)
    for mailbox in {row["email_key"] for row in found}:
        if not await limits.take(database, limits.LOGIN_CODE, keys.recipient(mailbox)):
            found = [row for row in found if row["email_key"] != mailbox]
    return next(
        (row["id"] for row in found if web.tokens(request).login_code(row["nonce"]) == code), None
    )


def refused_code(form: CodeForm) -> CodeForm:
    """The same sentence for a wrong code and for one that came too late."""
    log.info("a log-in code was refused")
    sentence = i18n.gettext("This code does not fit, or no longer. Take the newest email.")
    form.code.errors = [sentence]
    return form


async def opened(request: Request, purpose: entering.Purpose) -> Link:
    """Reads the link in the address. Changes nothing: mail scanners open links too."""
    keys = web.tokens(request)
    try:
        read = keys.read_login(request.path_params["token"])
        row = await logins.login(web.database(request), int(read.payload[0]))
        if row is None or row["purpose"] != purpose:
            raise tokens.Broken
        if not keys.login_matches(str(read.payload[1]), row["nonce"]):
            raise tokens.Broken
    except (tokens.Broken, ValueError, TypeError):
        return Link(purpose=purpose, dead="broken")
    return Link(
        id=row["id"],
        purpose=row["purpose"],
        email=row["email"],
        email_key=row["email_key"],
        draft=row["draft"] or {},
        same_browser=row["browser"] == browser(request),
        dead="used" if row["used_at"] else "expired" if read.expired else None,
    )


def enter_page(request: Request, link: Link) -> Response:
    """One button, and whether it was this browser that asked."""
    return web.render(
        request,
        "accounts/enter.html",
        private=True,
        purpose=link.purpose,
        action=request.url.path,
        email=addresses.masked(link.email),
        same_browser=link.same_browser,
    )


def dead_page(request: Request, link: Link, again: str | None = None) -> Response:
    """Why the link opens nothing, and what to do instead. `again`: asks for a new start letter."""
    log.info("a log-in link was refused: %s", link.dead)
    return web.render(
        request,
        "accounts/dead_link.html",
        status=404 if link.dead == "broken" else 410,
        private=True,
        reason=link.dead or "used",
        purpose=link.purpose,
        again=again,
    )


def network(request: Request) -> bytes:
    """The visitor's network as a bucket's key: another one every day."""
    today = datetime.now(UTC).date().isoformat()
    return web.tokens(request).network(web.network(request), today)


def browser(request: Request) -> bytes:
    """What is kept of the cookie that recognises the browser which asked for a letter."""
    return sessions.key(cookies.read(request, door.LOGIN))
