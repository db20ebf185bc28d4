"""The way out: a mail server, or on a development run a folder that /dev/mail shows."""

import mailbox
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from mobilise.mail.letters import Letter
from mobilise.settings import Settings

LETTERS_A_CONNECTION = 100
DEV_LETTERS_KEPT = 400
SECONDS = 30


@dataclass
class Fault(Exception):
    """Why a letter did not go. `whose`: the address, the moment, or the relay itself."""

    whose: str  # "address": never again · "letter": this one never · "moment" · "relay"
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
    def __init__(self, client: aiosmtplib.SMTP, sender: str) -> None:
        self.client = client
        self.sender = sender

    async def send(self, letter: Letter) -> None:
        try:
            await self.client.sendmail(self.sender, [letter.to], letter.raw)
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise _fault(refused.code, refused.message, about_address=True) from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise Fault("relay", error.code, error.message) from error
        except aiosmtplib.SMTPSenderRefused as error:
            whose = "moment" if 400 <= error.code < 500 else "relay"
            raise Fault(whose, error.code, error.message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise _fault(error.code, error.message, about_address=False) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise Fault("moment", None, f"{type(error).__name__}: {error}") from error
        except ValueError as error:  # an address that no SMTP command can carry
            raise Fault("letter", None, str(error)) from error


def _fault(code: int, words: str, *, about_address: bool) -> Fault:
    """4xx is the moment; 5.7.x is about us; 5.1.x and a bare 550 are about the address."""
    if 400 <= code < 500:
        return Fault("moment", code, words)
    if words.lstrip().startswith("5.7."):
        return Fault("relay", code, words)
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
