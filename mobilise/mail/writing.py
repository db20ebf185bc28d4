"""How a letter is made.

A letter's frame (all that is the same for everybody who gets it in one language) is rendered
once, with marks where the person's own words go; filling the marks costs microseconds, while
building a MIME message costs a millisecond.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import cached_property
from typing import Any

import jinja2
from markupsafe import escape

from mobilise import db, i18n, prose
from mobilise.settings import Settings
from mobilise.tokens import CODE_MINUTES, CONFIRM_DAYS, LOGIN_MINUTES, Tokens

LONGEST_LINE = 900  # octets; SMTP allows 998
# How long what is in a letter works, for its own words.
LIVES = {
    "code_minutes": CODE_MINUTES,
    "confirm_days": CONFIRM_DAYS,
    "login_minutes": LOGIN_MINUTES,
}
_OPEN, _CLOSE = "\ue000", "\ue001"  # private characters that no text of ours contains
_MARK = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")


@dataclass(frozen=True)
class Letter:
    """Ready to be sent. `raw`: the whole message, CRLF, 8bit, UTF-8."""

    kind: str
    to: str
    raw: bytes


@dataclass(frozen=True)
class Frame:
    """A letter without its person. Each part: words of all, name of a mark, words of all, …"""

    subject: list[str]
    text: list[str]
    html: list[str]


class Writer:
    """Writes letters for one instance. Frames are kept; a corrected text has a frame of its own."""

    def __init__(
        self,
        settings: Settings,
        tokens: Tokens,
        templates: jinja2.Environment,
        kinds: "Mapping[str, Kind]",
    ) -> None:
        self.kinds = kinds
        self.settings = settings
        self.tokens = tokens
        self.templates = templates
        self.frames: dict[tuple[Any, ...], Frame] = {}

    def write(self, row: db.Record) -> Letter | None:
        """The letter for a claimed row, or None when it is no longer wanted."""
        write = self.kinds.get(row["kind"])
        return write(self, row) if write else None

    def compose(
        self,
        row: db.Record,
        *,
        to: str,
        marks: Mapping[str, str],
        sender: str | None = None,
        reply_to: str | None = None,
        key: tuple[Any, ...] = (),
        **shared: Any,
    ) -> Letter:
        """Fills a frame. `marks`: the person's own words; `shared`: what the frame is made of."""
        language = row["language"] or i18n.FALLBACK
        with i18n.using(language):
            frame = self._frame((row["kind"], language, *key), row["kind"], marks, shared)
        escaped = {name: str(escape(word)) for name, word in marks.items()}
        subject, text = _filled(frame.subject, marks), _filled(frame.text, marks)
        raw = self._message(row, to, subject, text, _filled(frame.html, escaped), sender, reply_to)
        return Letter(row["kind"], to, raw)

    def _frame(
        self, key: tuple[Any, ...], kind: str, marks: Mapping[str, str], shared: dict[str, Any]
    ) -> Frame:
        if key not in self.frames:
            if len(self.frames) > 2000:
                self.frames.clear()
            words = {name: f"{_OPEN}{name}{_CLOSE}" for name in marks}
            ours = {name: _unmarked(word) for name, word in shared.items()}
            context = ours | words | LIVES | {"site": self.settings, "lang": i18n.language()}
            subject, text, html = (
                self.templates.get_template(f"letters/{kind}/{part}").render(context)
                for part in ("subject.txt", "body.txt", "body.html")
            )
            parts = (" ".join(subject.split()), text, html)
            self.frames[key] = Frame(*map(_MARK.split, parts))
        return self.frames[key]

    def _message(
        self,
        row: db.Record,
        to: str,
        subject: str,
        text: str,
        html: str,
        sender: str | None,
        reply_to: str | None,
    ) -> bytes:
        number = self.tokens.message_id(row["petition_id"], row["id"])
        boundary = f"=_{number}"
        headers = [
            f"From: {formataddr((sender or self.settings.name, self.settings.mail_from))}",
            f"To: {to}",
            f"Subject: {_header(subject)}",
            f"Date: {format_datetime(datetime.now().astimezone())}",
            f"Message-ID: <{number}@{self.domain}>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        if reply_to:
            headers.insert(2, f"Reply-To: {reply_to}")
        parts = [
            "\r\n".join(headers), "",
            f"--{boundary}", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit", "", _lines(text),
            f"--{boundary}", "Content-Type: text/html; charset=utf-8",
            "Content-Transfer-Encoding: 8bit", "", _lines(html),
            f"--{boundary}--", "",
        ]  # fmt: skip
        return "\r\n".join(parts).encode("utf-8")

    @cached_property
    def domain(self) -> str:
        domain = self.settings.mail_from.rpartition("@")[2].strip(" >")
        return domain if domain.isascii() and domain else "localhost"

    def link(self, path: str) -> str:
        return f"{self.settings.base_url}{path}"

    def stop(self, row: db.Record) -> str:
        """Where whoever gets this letter ends all mail of this site."""
        token = self.tokens.unsubscribe(0, row["recipient"].hex())
        return self.link(f"/u/{token}?lang={row['language'] or i18n.FALLBACK}")


def to_person(
    writer: Writer, row: db.Record, *, marks: dict[str, str] | None = None, **shared: Any
) -> Letter | None:
    """A letter to the account that the row names; None when the account or its mailbox is gone.

    Everything that differs between two letters of a kind and language goes into `marks`.
    """
    if row["email"] is None or row["suppressed"] == "bounced":
        return None
    known = {
        "name": row["name"],
        "title": row["title"] or "",
        "group_name": row["group_name"] or "",
        "desk": writer.link(f"/manage/petitions/{row['slug']}" if row["slug"] else "/manage"),
    }
    return writer.compose(row, to=row["email"], marks=known | (marks or {}), **shared)


def first_name(name: str) -> str:
    """Never something to click on: anybody can fill in anybody's address."""
    first = name.split()[0]
    return first.partition(".")[0] if prose.holds_address(first) else first


Kind = Callable[[Writer, db.Record], Letter | None]
"""Writes the letter of a row, or says by None that it is no longer wanted."""


def _unmarked(word: Any) -> Any:
    """A title that brings a mark of its own would get a signer's link into its middle."""
    return word.replace(_OPEN, "").replace(_CLOSE, "") if isinstance(word, str) else word


def _filled(parts: list[str], words: Mapping[str, str]) -> str:
    """Every second part is the name of a mark; a person's own words are not looked into."""
    filled = parts.copy()
    filled[1::2] = [words.get(name, "") for name in parts[1::2]]
    return "".join(filled)


def _header(words: str) -> str:
    """A header that any mail program reads, folded; line ends in it cannot begin a new one."""
    plain = " ".join(words.split())
    if plain.isascii():
        return plain[:600]
    return Header(plain, "utf-8", maxlinelen=72, header_name="Subject").encode(linesep="\r\n")


def _lines(body: str) -> str:
    """CRLF line ends, and no line that a mail server would cut."""
    kept = []
    for line in body.replace("\r\n", "\n").split("\n"):
        while len(line) > LONGEST_LINE // 4 and len(line.encode()) > LONGEST_LINE:
            cut = line.rfind(" ", 0, LONGEST_LINE // 4)
            cut = cut if cut > 0 else LONGEST_LINE // 4
            kept.append(line[:cut])
            line = line[cut:].lstrip(" ")
        kept.append(line)
    return "\r\n".join(kept)
