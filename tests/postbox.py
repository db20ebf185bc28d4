"""A mail server on loopback that keeps what it gets, and refuses what it is told to refuse."""

import asyncio
import email
import email.policy
import re
import socket
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mobilise import templating
from mobilise.db import Database
from mobilise.mail import postman
from mobilise.mail.letters import LETTERS
from mobilise.mail.writing import Writer
from mobilise.settings import Settings
from mobilise.tokens import Tokens

# What an address in a letter begins with, by what it is for.
KINDS = {"unsubscribe": "u"}


@dataclass(frozen=True)
class Letter:
    """One letter as it arrived. `to` and `sender` are the envelope's, not the header's."""

    to: str
    sender: str
    raw: bytes = field(repr=False)

    @cached_property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        return str(self.message["subject"])

    @cached_property
    def text(self) -> str:
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    @property
    def links(self) -> list[str]:
        return [found.rstrip(".,)>") for found in re.findall(r"https?://[^\s<>\"]+", self.text)]

    def link(self, kind: str) -> str:
        """The address in the text whose path has `kind` as a part: confirm, login, withdraw…"""
        part = KINDS.get(kind, kind)
        for link in self.links:
            if part in urlsplit(link).path.split("/"):
                return link
        raise AssertionError(f"no link to {kind!r} in:\n{self.text}")

    @property
    def code(self) -> str:
        """The six digits, which may be written in two groups of three."""
        bare = re.sub(r"https?://\S+", " ", self.text)
        found = re.search(r"(?<![\d.,])(\d{3})[ \u00a0]?(\d{3})(?![\d.,]\d|\d)", bare)
        assert found, f"no code in:\n{self.text}"
        return "".join(found.groups())


class Sink:
    """The server's side: accepts, refuses, keeps. Runs in a thread of its own."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.refused: dict[str, tuple[int, str]] = {}
        self.slow = 0.0
        self.lock = threading.Lock()

    def reset(self) -> None:
        with self.lock:
            self.letters.clear()
            self.refused.clear()
            self.slow = 0.0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        answer = self.refused.get(address.lower()) or self.refused.get("*")
        if answer is not None:
            return f"{answer[0]} {answer[1]}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.slow)
        content = envelope.content
        assert isinstance(content, bytes)
        with self.lock:
            for to in envelope.rcpt_tos:
                self.letters.append(Letter(to, envelope.mail_from or "", content))
        return "250 Kept"


class Post:
    """What tests see: `post.deliver()` sends what is due, `post.letters` is what arrived."""

    def __init__(self, sink: Sink, port: int) -> None:
        self.sink = sink
        self.port = port
        self.controller: Controller | None = None
        self.send_due: Callable[[], Awaitable[int]] | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[Letter]:
        with self.sink.lock:
            return list(self.sink.letters)

    @property
    def last(self) -> Letter:
        assert self.letters, "no letter has arrived"
        return self.letters[-1]

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.to.lower() == address.lower()]

    async def deliver(self) -> list[Letter]:
        """Runs the real postman until nothing is due; the letters that arrived meanwhile."""
        assert self.send_due is not None, "this test has no database"
        before = len(self.letters)
        while await self.send_due():
            pass
        return self.letters[before:]

    def refuse(self, address: str, code: int, text: str) -> None:
        """The server answers so for this recipient; "*" is everybody."""
        self.sink.refused[address.lower()] = (code, text)

    def accept(self, address: str) -> None:
        self.sink.refused.pop(address.lower(), None)

    def slow(self, seconds: float) -> None:
        """The server takes its time for each letter."""
        self.sink.slow = seconds

    def up(self) -> None:
        if self.controller is None:
            self.controller = Controller(self.sink, hostname="127.0.0.1", port=self.port)
            self.controller.start()

    def down(self) -> None:
        """Nobody listens any more, until `up()` or the end of the test."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


async def deliver_due(database: Database, settings: Settings, tokens: Tokens) -> int:
    """Delivers everything that is due now; tells how many letters went."""
    writer, never, total = (
        Writer(settings, tokens, templating.environment(), LETTERS),
        asyncio.Event(),
        0,
    )
    while delivered := await postman.deliver_batch(database, settings, writer, never):
        total += delivered
    return total


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
