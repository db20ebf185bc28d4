"""The way out: a mail server, or on a development run a folder that /dev/mail shows."""

import mailbox
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from mobilise.mail.writing import Letter
from mobilise.settings import Settings

LETTERS_A_CONNECTION = 100
DEV_LETTERS_KEPT = 400
SECONDS = 30
_FITS_A_COMMAND = re.compile(r"[!#-;=?-~]+")  # visible ASCII but " < >
_TAKES_IT = (aiosmtplib.SMTPStatus.completed, aiosmtplib.SMTPStatus.will_forward)


@dataclass
class Fault(Exception):
    """Why a letter did not go. `whose`: the address, the moment, or the relay itself.

    "policy" is the relay or the letter: only what the next ones meet tells which.
    """

    whose: str  # "address": never again · "letter": this one never · "moment" · "relay" · "policy"
    code: int | None
    words: str


class Way(Protocol):
    async def send(self, letter: Letter) -> None:
        """Hands a letter over; raises Fault."""


@asynccontextmanager
async def way_out(settings: Settings) -> AsyncIterator[Way]:
    """One connection for one batch; raises Fault("relay" or "moment") when there is none."""
    if settings.smtp_url is None:
        yield Folder(settings.data)
        return
    client = _client(settings.smtp_url)
    try:
        await client.connect()
    except aiosmtplib.SMTPAuthenticationError as error:
        raise Fault("relay", error.code, error.message) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise Fault("moment", None, str(error)) from error
    try:
        yield Smtp(client, settings.mail_from)
    finally:
        try:
            await client.quit(timeout=5)
        except (aiosmtplib.SMTPException, OSError):
            client.close()


def _client(url: str) -> aiosmtplib.SMTP:
    """`smtps://` is TLS from the start; `smtp://` upgrades, and on loopback need not."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return aiosmtplib.SMTP(
        hostname=parts.hostname,
        port=parts.port or (465 if secure else 25 if local else 587),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=secure,
        # None upgrades where it can; elsewhere than on this machine it must.
        start_tls=None if secure or local else True,
        validate_certs=not local,
        timeout=SECONDS,
    )


class Smtp:
    """A conversation with a mail server, command by command: to parse both addresses twice for
    every letter, as `sendmail` does, was a quarter of the postman's work."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str) -> None:
        self.client = client
        self.sender = parseaddr(sender)[1]

    async def send(self, letter: Letter) -> None:
        try:
            await self._hand_over(letter)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise Fault("relay", error.code, error.message) from error
        except aiosmtplib.SMTPResponseException as error:
            await self._begin_anew()
            words = _without(letter.to, error.message)
            raise _fault(error.code, words, about_address=False) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Fault("moment", None, f"{type(error).__name__}: {error}") from error

    async def _hand_over(self, letter: Letter) -> None:
        if not _FITS_A_COMMAND.fullmatch(letter.to):
            raise Fault("letter", None, "no SMTP command can carry this address")
        said = await self.client.execute_command(b"MAIL", f"FROM:<{self.sender}>".encode())
        if said.code != aiosmtplib.SMTPStatus.completed:
            await self._begin_anew()
            whose = "moment" if 400 <= said.code < 500 else "relay"
            raise Fault(whose, said.code, said.message)
        said = await self.client.execute_command(b"RCPT", f"TO:<{letter.to}>".encode())
        if said.code not in _TAKES_IT:
            await self._begin_anew()
            words = _without(letter.to, said.message)
            raise _fault(said.code, words, about_address=True)
        await self.client.data(letter.raw)

    async def _begin_anew(self) -> None:
        """What was refused must not stick to the next letter."""
        with suppress(aiosmtplib.SMTPException, OSError):
            await self.client.rset()


def _without(address: str, words: str) -> str:
    """Mail servers repeat whom they refuse; what is kept of their words outlives the signature."""
    return re.sub(re.escape(address), "…@…", words, flags=re.IGNORECASE)


def _fault(code: int, words: str, *, about_address: bool) -> Fault:
    """4xx is the moment; 5.7.x is about us or about this one; 5.1.x and a bare 550 are about the
    address."""
    if 400 <= code < 500:
        return Fault("moment", code, words)
    if words.lstrip().startswith("5.7."):
        return Fault("policy", code, words)
    if words.lstrip().startswith(("5.1.", "5.2.1")) or (about_address and code in (550, 551, 553)):
        return Fault("address", code, words)
    return Fault("letter", code, words)


class Folder:
    """A Maildir in the data folder: every letter of a development run, readable at /dev/mail."""

    def __init__(self, data: Path) -> None:
        self.box = dev_mailbox(data)

    async def send(self, letter: Letter) -> None:
        self.box.add(letter.raw)
        keys = sorted(self.box.keys())
        for key in keys[: max(0, len(keys) - DEV_LETTERS_KEPT)]:
            self.box.discard(key)


def dev_mailbox(data: Path) -> "mailbox.Maildir":
    data.mkdir(parents=True, exist_ok=True)
    return mailbox.Maildir(data / "dev-mail", create=True)
