"""Pure ASGI layers around the application, outermost first. Each one does one thing.

No `BaseHTTPMiddleware`: it runs the handler in another task, and a transaction opened around
it would not cover what the handler does.
"""

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mobilise import db, i18n
from mobilise.errors import CrossOrigin
from mobilise.settings import Settings

log = logging.getLogger("mobilise.requests")
Refuse = Callable[[Request, Exception], Awaitable[Response]]
SAFE = {"GET", "HEAD", "OPTIONS"}
# Tokens are keys: they stay out of the log, as do addresses typed into a query.
_SECRET_PATHS = re.compile(
    r"/(confirm|signature|new-address|question|login|start|resume|invitations|address|u|dev/mail)"
    r"/[^/]+"
)
HOST = re.compile(r"\[?([^\[\]]*?)\]?(?::\d*)?")  # a name or an address, and a port

PLAIN_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def header(scope: Scope, name: bytes) -> str:
    """One header of a request, or nothing; `Headers` would cost more than the search."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def live_csp(settings: Settings) -> str:
    """For pages that load htmx: its exact address, and requests to ourselves."""
    return PLAIN_CSP.replace(
        "style-src", f"script-src {settings.htmx_url}; connect-src 'self'; style-src"
    )


FOR_FILES = "mobilise.for_files"
"""In the scope of a request that came under the name for files."""


class Requests:
    """Gives each request a number, headers that every answer carries, and one line in the log."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.always = [
            (b"x-content-type-options", b"nosniff"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
        ]
        if settings.secure:
            self.always.append(
                (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
            )
        self.defaults = [
            (b"content-security-policy", PLAIN_CSP.encode()),
            (b"referrer-policy", b"strict-origin-when-cross-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        number = secrets.token_hex(6)
        scope["mobilise.request_id"] = number
        started = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._complete(message["headers"], number)
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            if status >= 400 or scope["method"] not in SAFE or log.isEnabledFor(logging.DEBUG):
                milliseconds = (time.perf_counter() - started) * 1000
                log.info(
                    "%s %s %s %.0f ms %s",
                    scope["method"],
                    masked(scope["path"]),
                    status,
                    milliseconds,
                    number,
                )

    def _complete(self, headers: Iterable[tuple[bytes, bytes]], number: str) -> Any:
        present = {name for name, _ in headers}
        missing = [default for default in self.defaults if default[0] not in present]
        return [*headers, *self.always, *missing, (b"x-request-id", number.encode())]


def masked(path: str) -> str:
    """The path as the log may keep it: tokens and addresses left out."""
    # Cut before it is searched: over 60,000 signs the search alone would take half a minute.
    hidden = _SECRET_PATHS.sub(r"/\1/…", path[:1000])
    return re.sub(r"[^\s/@]+@[^\s/@]+", "…@…", hidden)[:200].encode("unicode_escape").decode()


class Hosts:
    """Answers only to the name of the site, so that nobody else's name gets into a page. Under the
    name for files there are files and nothing else, and no cookie of ours counts."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.secure = settings.secure
        self.names = {settings.host}
        self.for_files = settings.files_host
        if settings.listens_on_loopback:
            self.names |= {"localhost", "127.0.0.1", "::1"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            host = HOST.fullmatch(header(scope, b"host").lower())
            name = host[1] if host else ""
            if name and name == self.for_files:
                if scope["method"] not in SAFE or not scope["path"].startswith("/files/"):
                    return await plain(send, 404, b"Under this name there are only files.")
                scope["headers"] = [each for each in scope["headers"] if each[0] != b"cookie"]
                scope[FOR_FILES] = True
            elif name not in self.names and scope["path"] not in ("/healthz", "/readyz"):
                return await plain(send, 400, b"This server answers to another name.")
            if self.secure:
                scope["scheme"] = "https"  # our proxy speaks http to us, readers do not
        await self.app(scope, receive, send)


class SameOrigin:
    """No other site may make a reader's browser do something here.

    Fetch Metadata first, then Origin, then Referer: no token in any form, so public pages can
    be cached. `Origin: null` comes from pages with `no-referrer`, which ours never are.
    """

    def __init__(self, app: ASGIApp, settings: Settings, session: str, refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse
        self.origin = settings.base_url.lower()
        self.loopback = settings.listens_on_loopback
        self.session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or self._may_come(scope):
            return await self.app(scope, receive, send)
        answer = await self.refuse(Request(scope, receive), CrossOrigin())
        await answer(scope, receive, send)

    def _may_come(self, scope: Scope) -> bool:
        # RFC 8058: mailbox providers press "unsubscribe" for their users, without a browser.
        return scope["path"].startswith("/u/") or self._from_here(scope)

    def _from_here(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        for name in ("origin", "referer"):
            if name in headers:
                return self._is_ours(headers[name], headers.get("host", ""))
        # Neither header: an old browser or a program. Without a session there is nothing to ride.
        return f"{self.session}=" not in headers.get("cookie", "")

    def _is_ours(self, address: str, host: str) -> bool:
        origin = "/".join(address.split("/", 3)[:3]).lower()
        return origin == self.origin or (self.loopback and origin == f"http://{host}".lower())


class Language:
    """Sets the reader's language from the first part of the path, else from Accept-Language."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            first = scope["path"][1:3]
            if first in i18n.LANGUAGES and scope["path"][3:4] in ("/", ""):
                i18n.set_language(first)
            else:
                i18n.set_language(i18n.preferred(header(scope, b"accept-language")))
        await self.app(scope, receive, send)


class Faults:
    """A lost database, or what nobody foresaw, goes to the log and is answered like any refusal:
    in the reader's language, with the headers of all answers, without a word of the inside."""

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            what = scope["method"], masked(scope["path"])
            if isinstance(error, db.LOST):
                log.warning("%s %s: our data is out of reach: %r", *what, error)
            else:
                log.exception("%s %s broke", *what)
            await (await self.refuse(Request(scope), error))(scope, receive, send)


async def plain(send: Send, status: int, body: bytes) -> None:
    headers = MutableHeaders()
    headers["content-type"] = "text/plain; charset=utf-8"
    headers["content-length"] = str(len(body))
    await send({"type": "http.response.start", "status": status, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})
