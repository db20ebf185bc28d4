"""What a reader sends: no more than a form holds, and not slower than anybody types."""

import asyncio

from starlette.datastructures import Headers
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mobilise.errors import TooLarge, TooSlow

PATIENCE = 60.0
"""Seconds for a whole form, or for the next piece of an upload: the connections that a stranger
could otherwise keep waiting for ever are those that others need."""


class Bodies:
    """A route may say how much more it takes; then it is the pieces that have to keep coming."""

    def __init__(self, app: ASGIApp, most: int, patience: float = PATIENCE) -> None:
        self.app = app
        self.most = most
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        declared = Headers(scope=scope).get("content-length", "")
        sent = int(declared) if declared.isdecimal() else 0
        loop = asyncio.get_running_loop()
        until = loop.time() + self.patience
        total, whole = 0, False

        async def measured() -> Message:
            nonlocal total, until, whole
            if whole:
                return await receive()  # waits for the reader to leave, however long
            most = scope.get(MAX_BODY_SIZE_SCOPE_KEY, self.most)  # a route's own, once it is found
            if sent > most:
                raise TooLarge()
            if most > self.most:
                until = loop.time() + self.patience
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError:
                raise TooSlow() from None
            whole = not message.get("more_body", False)
            total += len(message.get("body", b""))
            if total > most:
                raise TooLarge()
            return message

        await self.app(scope, measured, send)
