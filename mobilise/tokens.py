"""Tokens that travel in letters and cookies. One salt a purpose: a key to one door only.

SHA-256 with HMAC key derivation (the library's default is SHA-1); keys oldest first, the last
one signs and all verify. Nothing here is stored: the postman mints, routes read.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

import orjson
from itsdangerous import (
    BadSignature,
    SignatureExpired,
    Signer,
    URLSafeSerializer,
    URLSafeTimedSerializer,
)
from itsdangerous.encoding import base64_encode
from itsdangerous.url_safe import URLSafeSerializerMixin

_SIGNER = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
HOUR = 60 * 60
DAY = 24 * HOUR
CONFIRM_DAYS = 14
CODE_MINUTES = 30
LOGIN_MINUTES = 10
INVITATION_DAYS = 14
ADDRESS_HOURS = 24
ATTEMPT_HOURS = 2
DRAFT_DAYS = 30


class Broken(Exception):
    """No token of ours: cut off by a mail program, or made up."""


@dataclass(frozen=True)
class Read:
    """What a token said. `expired` tokens still say it, so that a new letter can be offered."""

    payload: list[Any]
    expired: bool
    age: int = 0  # seconds since it was minted


class _Once(URLSafeSerializerMixin):
    """Makes its signer, and derives its keys, once; the library does both at every token."""

    def make_signer(self, salt: str | bytes | None = None) -> Any:
        return self._signer

    @cached_property
    def _signer(self) -> Signer:
        signer = super().make_signer()
        vars(signer)["derive_key"] = cache(signer.derive_key)
        return signer

    def dump_payload(self, obj: Any) -> bytes:
        return base64_encode(orjson.dumps(obj))  # far too short to be worth compressing


class _Dated(_Once, URLSafeTimedSerializer):
    pass


class _Undated(_Once, URLSafeSerializer):
    pass


class Tokens:
    def __init__(self, keys: list[str]) -> None:
        self._keys = keys
        self._dated = cache(lambda salt: _Dated(keys, salt=salt, signer_kwargs=_SIGNER))
        self._undated = _Undated(keys, salt="unsubscribe.v1", signer_kwargs=_SIGNER)

    def confirm(self, petition_id: int, signature_id: int, version: int) -> str:
        return self._timed("signature.confirm.v1", [petition_id, signature_id, version])

    def read_confirm(self, token: str) -> Read:
        return self._read("signature.confirm.v1", token, max_age=CONFIRM_DAYS * DAY, length=3)

    def signature(self, petition_id: int, signature_id: int, version: int) -> str:
        """For "my signature" and "withdraw": as long as the row lives."""
        return self._timed("signature.mine.v1", [petition_id, signature_id, version])

    def read_signature(self, token: str) -> Read:
        return self._read("signature.mine.v1", token, max_age=800 * DAY, length=3)

    def new_address(self, petition_id: int, change_id: int) -> str:
        """The button in the letter to the address that a signature is to move to."""
        return self._timed("signature.address.v1", [petition_id, change_id])

    def read_new_address(self, token: str) -> Read:
        return self._read("signature.address.v1", token, max_age=CONFIRM_DAYS * DAY, length=2)

    def question(self, petition_id: int, question_id: int) -> str:
        """For "my question": confirm it, read the answer, take it back; while the row lives."""
        return self._timed("question.mine.v1", [petition_id, question_id])

    def read_question(self, token: str) -> Read:
        return self._read("question.mine.v1", token, max_age=800 * DAY, length=2)

    def look(self, petition_id: int, person_id: int, rows: list[Any]) -> str:
        """For the rows of signers that one person asked to see, and was written down for."""
        return self._timed("signers.look.v1", [petition_id, person_id, rows])

    def read_look(self, token: str) -> Read:
        return self._read("signers.look.v1", token, max_age=HOUR // 2, length=3)

    def unsubscribe(self, petition_id: int, recipient: str) -> str:
        """Works for years: it has no date."""
        return str(self._undated.dumps([petition_id, recipient]))

    def read_unsubscribe(self, token: str) -> Read:
        try:
            payload = self._undated.loads(_short(token))
        except BadSignature as error:
            raise Broken from error
        return Read(_list(payload, 2), expired=False)

    def attempt(self, petition_id: int, attempt_id: int) -> str:
        """The value of the cookie that recognises the browser which signed."""
        return self._timed("attempt.v1", [petition_id, attempt_id])

    def read_attempt(self, cookie: str) -> Read:
        return self._read("attempt.v1", cookie, max_age=ATTEMPT_HOURS * HOUR, length=2)

    def drafts(self, start_ids: list[int]) -> str:
        """The value of the cookie that recognises the browser which wrote these drafts."""
        return self._timed("start.drafts.v1", [start_ids])

    def read_drafts(self, cookie: str) -> Read:
        return self._read("start.drafts.v1", cookie, max_age=DRAFT_DAYS * DAY, length=1)

    def resume(self, start_id: int) -> str:
        """The button in the letter that brings one back to a draft."""
        return self._timed("start.resume.v1", [start_id])

    def read_resume(self, token: str) -> Read:
        return self._read("start.resume.v1", token, max_age=DRAFT_DAYS * DAY, length=1)

    def login(self, login_id: int, nonce: bytes) -> str:
        """Random because the nonce is; useless without the key, so the row may be read."""
        return self._timed("login.v1", [login_id, self._mac("login.token", nonce).hex()[:32]])

    def read_login(self, token: str) -> Read:
        return self._read("login.v1", token, max_age=LOGIN_MINUTES * 60, length=2)

    def login_matches(self, claimed: str, nonce: bytes) -> bool:
        return hmac.compare_digest(claimed, self._mac("login.token", nonce).hex()[:32])

    def login_code(self, nonce: bytes) -> str:
        return _digits(self._mac("login.code", nonce))

    def invitation(self, invitation_id: int) -> str:
        """The button that lets somebody into a group; the row says whether it still does."""
        return self._timed("invitation.v1", [invitation_id])

    def read_invitation(self, token: str) -> Read:
        return self._read("invitation.v1", token, max_age=INVITATION_DAYS * DAY, length=1)

    def account_address(self, change_id: int, side: str) -> str:
        """What one of two mailboxes says to a change of address: `side` is new or old."""
        return self._timed("account.address.v1", [change_id, side])

    def read_account_address(self, token: str) -> Read:
        return self._read("account.address.v1", token, max_age=ADDRESS_HOURS * HOUR, length=2)

    def code(self, petition_id: int, signature_id: int, version: int, letter_id: int) -> str:
        """Six digits for one letter."""
        text = f"{petition_id}:{signature_id}:{version}:{letter_id}"
        return _digits(self._mac("signature.code", text.encode()))

    def recipient(self, email_key: str) -> bytes:
        """A mailbox as 16 bytes that nobody can turn back without the oldest key."""
        return self._mac("recipient", email_key.encode(), oldest=True)[:16]

    def network(self, prefix: str, day: str) -> bytes:
        """A network prefix as 16 bytes, another one every day."""
        return self._mac(f"network.{day}", prefix.encode())[:16]

    def message_id(self, petition_id: int, letter_id: int) -> str:
        """The same for every try of one letter, so that a second copy is recognised.

        Not its number: from two of those one could count the letters that went in between.
        """
        return self._mac("message", f"{petition_id}.{letter_id}".encode()).hex()[:24]

    def instance(self) -> str:
        """Tells this instance from others that answer under the same name; says nothing else."""
        return self._mac("instance", b"").hex()[:16]

    def _timed(self, salt: str, payload: list[Any]) -> str:
        return str(self._dated(salt).dumps(payload))

    def _read(self, salt: str, token: str, *, max_age: int, length: int) -> Read:
        serializer = self._dated(salt)
        try:
            payload, minted = serializer.loads(
                _short(token), max_age=max_age, return_timestamp=True
            )
        except SignatureExpired as error:
            assert error.payload is not None
            return Read(_list(serializer.load_payload(error.payload), length), expired=True)
        except BadSignature as error:
            raise Broken from error
        return Read(_list(payload, length), expired=False, age=_age(minted))

    def _mac(self, purpose: str, message: bytes, *, oldest: bool = False) -> bytes:
        key = self._keys[0 if oldest else -1]
        return hmac.digest(key.encode(), purpose.encode() + b"\0" + message, "sha256")


def _age(minted: datetime) -> int:
    return int((datetime.now(UTC) - minted).total_seconds())


def _short(token: str) -> str:
    if len(token) > 300:
        raise Broken
    return token


def _list(payload: Any, length: int) -> list[Any]:
    if not isinstance(payload, list) or len(payload) != length:
        raise Broken
    return payload


def _digits(mac: bytes) -> str:
    return f"{int.from_bytes(mac[:8], 'big') % 1_000_000:06d}"
