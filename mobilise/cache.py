"""Public pages, kept for one second in each process: a crowd of readers costs one reading.

Only answers that their handler marked as public are kept. They vary with nothing but their
address: no cookie, no header. Whoever asks while a page is being made waits for it. Links that
people share carry queries of all kinds; where the page does not read them, they share it too.
"""

import asyncio
import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mobilise.middleware import header

MARK = "mobilise.public"
ANY_QUERY = "any query"  # the mark of a page that is the same whatever the query says
MOST = 2000
CACHE_CONTROL = b"public, max-age=0, s-maxage=1, stale-while-revalidate=30"


@dataclass(frozen=True)
class Kept:
    """An answer in each form that a reader may ask for, ready to be sent."""

    until: float
    status: int
    etag: str
    any_query: bool
    unchanged: list[tuple[bytes, bytes]]
    plain: tuple[list[tuple[bytes, bytes]], bytes]
    zipped: tuple[list[tuple[bytes, bytes]], bytes]  # the plain one, where that saves nothing


class PublicPages:
    def __init__(self, app: ASGIApp, seconds: float = 1.0) -> None:
        self.app = app
        self.seconds = seconds
        self.pages: OrderedDict[str, Kept] = OrderedDict()
        self.being_made: dict[str, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self.app(scope, receive, send)
        path = scope["path"]
        now = asyncio.get_running_loop().time()
        page = self.pages.get(path)
        if scope.get("query_string") and not (page and page.any_query):
            return await self._make(scope, receive, send, path, alone=True)
        if page is None or page.until < now:
            if path in self.being_made:
                await self.being_made[path].wait()
                page = self.pages.get(path)
            if page is None or page.until < now:
                return await self._make(scope, receive, send, path)
        await self._answer(page, scope, send)

    async def _make(
        self, scope: Scope, receive: Receive, send: Send, path: str, alone: bool = False
    ) -> None:
        """Runs the handler; keeps its answer when it is marked, else lets it pass untouched.

        `alone`: with a query that may matter, so nobody waits for this answer.
        """
        made = asyncio.Event()
        if not alone:
            self.being_made[path] = made
        start: Message | None = None
        body = bytearray()

        def release() -> None:
            made.set()
            if self.being_made.get(path) is made:
                del self.being_made[path]

        async def collect(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and scope.get(MARK):
                start = message
            elif start is None:
                release()  # nobody waits until a large file has reached a slow reader
                await send(message)
            else:
                body.extend(message.get("body", b""))

        try:
            await self.app(scope, receive, collect)
            if start is not None:
                page = self._kept(start, bytes(body), scope[MARK] == ANY_QUERY)
                if page.status == 200 and (page.any_query or not alone):
                    self._keep(path, page)
                await self._answer(page, scope, send)
        finally:
            release()

    def _kept(self, start: Message, body: bytes, any_query: bool) -> Kept:
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        if not any(name == b"cache-control" for name, _ in headers):
            headers.append((b"cache-control", CACHE_CONTROL))
        # A handler that knows better what makes two answers the same says so itself.
        etag = next((value for name, value in headers if name == b"etag"), None)
        if etag is None:
            etag = b'W/"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
            headers.append((b"etag", etag))
        headers.append((b"vary", b"Accept-Encoding"))
        until = asyncio.get_running_loop().time() + self.seconds
        plain = zipped = ([*headers, _length(body)], body)
        if len(body) > 800:
            packed = gzip.compress(body, 5, mtime=0)
            zipped = ([*headers, (b"content-encoding", b"gzip"), _length(packed)], packed)
        return Kept(until, start["status"], etag.decode(), any_query, headers, plain, zipped)

    def _keep(self, path: str, page: Kept) -> None:
        self.pages[path] = page
        self.pages.move_to_end(path)
        while len(self.pages) > MOST:
            self.pages.popitem(last=False)

    async def _answer(self, page: Kept, scope: Scope, send: Send) -> None:
        status, (headers, body) = page.status, page.plain
        if "gzip" in header(scope, b"accept-encoding"):
            headers, body = page.zipped
        known = status == 200 and header(scope, b"if-none-match")
        if known and has_it(Headers(scope=scope), page.etag):
            status, headers, body = 304, page.unchanged, b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        sent = b"" if scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent})


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


def has_it(asked: Headers, etag: str) -> bool:
    """Does the reader have this very thing already (If-None-Match)? Weak tags are as good."""
    known = [part.strip().removeprefix("W/") for part in asked.get("if-none-match", "").split(",")]
    return etag.removeprefix("W/") in known or known == ["*"]
