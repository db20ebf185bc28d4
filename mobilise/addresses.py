"""E-mail addresses: checked, sent to as typed, compared by mailbox."""

import re
from dataclasses import dataclass
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
LONGEST_LOCAL = 64  # RFC 5321; mail servers refuse more
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")  # what needs no second look
_DOTLESS = {"gmail.com"}
_SAME_DOMAIN = {"googlemail.com": "gmail.com"}
_SLIPS = {
    "gmial.com": "gmail.com",
    "gmai.com": "gmail.com",
    "gmail.con": "gmail.com",
    "gmail.be": "gmail.com",
    "gamil.com": "gmail.com",
    "gnail.com": "gmail.com",
    "hotmial.com": "hotmail.com",
    "hotmail.con": "hotmail.com",
    "hotmal.com": "hotmail.com",
    "outlok.com": "outlook.com",
    "outlook.con": "outlook.com",
    "yaho.com": "yahoo.com",
    "telenet.com": "telenet.be",
    "skynet.com": "skynet.be",
    "ziggo.com": "ziggo.nl",
    "brievenbsu.example": "brievenbus.example",
}


class BadAddress(ValueError):
    """No address that a letter could be sent to."""


@dataclass(frozen=True)
class Address:
    sent: str  # what letters are sent to: as typed, domain in its written form
    key: str  # one mailbox, one key: case, +tags and Gmail's dots and aliases removed


def parse(typed: str) -> Address:
    """Raises BadAddress. Never looks anything up: a typing slip is offered, not refused."""
    typed = typed.strip()
    if not 3 <= len(typed) <= LONGEST or "@" not in typed:
        raise BadAddress
    local, _, domain = typed.partition("@")
    if _PLAIN.fullmatch(local) and domain.isascii():
        ascii_form = f"{local}@{_written(domain)}"
    else:
        ascii_form = _checked(typed)
    if len(ascii_form.rpartition("@")[0]) > LONGEST_LOCAL:
        raise BadAddress
    return Address(sent=ascii_form, key=_key(ascii_form))


@lru_cache(maxsize=4096)
def _written(domain: str) -> str:
    """A domain as letters name it: looked at once, because most people share a few."""
    return _checked(f"a@{domain}")[2:]


def _checked(typed: str) -> str:
    try:
        found = validate_email(
            typed, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise BadAddress from error
    if found.ascii_email is None:
        raise BadAddress
    return found.ascii_email


def _key(address: str) -> str:
    local, _, domain = address.rpartition("@")
    domain = _SAME_DOMAIN.get(domain.lower(), domain.lower())
    local = local.lower().split("+", 1)[0] or local.lower()
    if domain in _DOTLESS:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def masked(address: str) -> str:
    """s…g@b…s.example: enough to recognise one's own, too little for anybody else."""
    local, _, domain = address.rpartition("@")
    host, dot, ending = domain.rpartition(".")
    return f"{_ends(local)}@{_ends(host)}{dot}{ending}"


def _ends(word: str) -> str:
    return f"{word[0]}…{word[-1]}" if len(word) > 2 else f"{word[:1]}…"


@lru_cache(maxsize=512)
def likely(address: str) -> str | None:
    """The address that was probably meant, when the domain is a known typing slip."""
    local, _, domain = address.strip().rpartition("@")
    meant = _SLIPS.get(domain.lower())
    return f"{local}@{meant}" if meant and local else None
