"""Coming in by letter: asking for one, and what its link or its code opens, once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from mobilise import db, i18n
from mobilise.accounts import logins, queries
from mobilise.addresses import Address
from mobilise.mail import outbox
from mobilise.tokens import LOGIN_MINUTES

Purpose = Literal["login", "start"]
VALID = timedelta(minutes=LOGIN_MINUTES)
CODE_TRIES = 5
KEPT = timedelta(days=14)  # a draft whose letter was never opened


async def ask(
    database: db.Database,
    purpose: Purpose,
    address: Address,
    *,
    browser: bytes,
    recipient: bytes,
    write: bool,
    draft: dict[str, Any],
) -> int:
    """Notes that somebody asks to come in, and puts the letter in the outbox.

    Known and unknown addresses cost the same work here; the postman drops the letter of an
    unknown one. `write`: False when this address had enough letters: the answer stays the same,
    but no code opens anything. The letter goes to the address of the account, not to a variant
    of it that was typed: `name+a@` may be somebody else's mailbox.
    """
    async with db.tx(database):
        login_id = await logins.add_login(
            database,
            purpose=purpose,
            typed=address.sent,
            email_key=address.key,
            language=i18n.language(),
            nonce=secrets.token_bytes(32),
            browser=browser,
            draft={**draft, "email": address.sent},
            tries=0 if write else CODE_TRIES,
        )
        if write:
            await outbox.add(database, purpose, recipient=recipient, login_id=login_id)
    return login_id


async def claim(database: db.Database, login_id: int, purpose: Purpose) -> db.Record | None:
    """Uses up the log-in of a link, which says its own age; None when it was used before."""
    return await logins.claim(database, login_id, purpose)


async def claim_code(
    database: db.Database, browser: bytes, purpose: Purpose, matching: int | None
) -> db.Record | None:
    """Counts a try for all that this browser asked, and uses up the one whose code was typed."""
    return await logins.claim_code(database, browser, purpose, matching, VALID, CODE_TRIES)


async def welcome(
    database: db.Database, claimed: db.Record, new_name: str | None = None
) -> int | None:
    """The person of a claimed log-in, who from now on reads the desk in the language used here.

    With `new_name` the account is made when there is none. None when there is no account, or
    when it is of another spelling of the address: then the letter proved another mailbox.
    """
    email, key, language = claimed["email"], claimed["email_key"], claimed["language"]
    if new_name is not None:
        await queries.add_person(database, new_name, email, key, language)
    return await queries.greet(database, email, key, language)


@dataclass(frozen=True)
class Entered:
    person_id: int
    draft: dict[str, Any]


async def by_link(database: db.Database, login_id: int) -> Entered | None:
    """Logs in; None when the link was used, or belongs to no account."""
    async with db.tx(database):
        return await _entered(database, await claim(database, login_id, "login"))


async def by_code(database: db.Database, browser: bytes, matching: int | None) -> Entered | None:
    async with db.tx(database):
        claimed = await claim_code(database, browser, "login", matching)
        return await _entered(database, claimed)


async def _entered(database: db.Database, claimed: db.Record | None) -> Entered | None:
    person_id = None if claimed is None else await welcome(database, claimed)
    if claimed is None or person_id is None:
        return None
    return Entered(person_id, claimed["draft"] or {})


async def invite(
    database: db.Database, address: Address, language: str, to: str = ""
) -> tuple[int, bytes]:
    """A log-in without a letter, for the command line: id and nonce, for `Tokens.login`.

    `to`: the page at a desk that it leads to.
    """
    nonce = secrets.token_bytes(32)
    login_id = await logins.add_login(
        database,
        purpose="login",
        typed=address.sent,
        email_key=address.key,
        language=language,
        nonce=nonce,
        browser=b"",
        draft={"next": to} if to else {},
        tries=CODE_TRIES,
    )
    return login_id, nonce
