"""Sign, confirm, withdraw: what each deed means. Routes call these; statements decide.

Every outcome of a submission looks the same from outside: an attempt was accepted, now look in
your mail. What really happened stands in the letter, which only the mailbox's owner reads.
"""

import hmac
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from mobilise import addresses, db, limits, prose
from mobilise.errors import N_, Closed, NotFound, NotNow
from mobilise.i18n import gettext
from mobilise.petitions import eligibility, reading, texts
from mobilise.signatures import queries, submitting
from mobilise.signatures.counting import PARTS
from mobilise.tokens import Tokens

CROWDED = N_("Too many people came at the same moment. Go back, and send the form once more.")
Method = Literal["button", "same_browser", "code"]
Outcome = Literal["counted", "already", "withdrawn", "replaced", "closed", "full", "gone"]


@dataclass(frozen=True)
class Wish:
    """What an accepted form says."""

    name: str
    email: str
    email_key: str
    postcode: str
    country: str
    comment: str
    public_name: bool
    updates: bool
    language: str
    of_age: bool = False  # says to be as old as the petition asks
    read_version: int | None = None  # of the text that stood beside the form


@dataclass(frozen=True)
class Attempt:
    petition_id: int
    id: int


async def sign(
    database: db.Database,
    tokens: Tokens,
    slug: str,
    wish: Wish,
    *,
    network: str,
    today: date,
    before: int | None = None,
) -> Attempt:
    """Stores the signature as pending (or held) with its letter. Raises NotFound or Closed, and
    NotEligible for whoever this petition is not for.

    `before`: the attempt that this browser made earlier, which it may correct.
    """
    keyed = tokens.network(network, today.isoformat())
    values = {
        **vars(wish),
        "slug": slug,
        "today": today,
        "name_key": prose.folded(wish.name),
        "consents": consents(wish.public_name, wish.updates),
        "of_age_words": gettext(eligibility.OLD_ENOUGH, age="{age}"),
        "recipient": tokens.recipient(wish.email_key),
        "network": keyed,
        "typed": vars(wish),
        "before": before,
    }
    async with db.together(database):
        held = not await limits.take(database, limits.SIGN, keyed)
        # Two people of one household in the same instant: the second one looks again.
        for _ in range(4):
            found = await submitting.sign(database, **values, held=held)
            if found is None:
                await _open_to_the_first(database, slug, wish, today)
            elif found["done"]:
                return Attempt(found["petition_id"], found["attempt_id"])
    raise NotNow(CROWDED)


async def _open_to_the_first(database: db.Database, slug: str, wish: Wish, today: date) -> None:
    """The first signature freezes the text. Raises where there is nothing to sign."""
    petition = await reading.public(database, slug, wish.language)
    if petition.state != "open" or (petition.closes_on and petition.closes_on < today):
        raise Closed()
    for refusal in eligibility.against(petition, wish.country, wish.postcode, wish.of_age):
        raise refusal
    await texts.freeze(database, petition.id)


async def confirm(
    database: db.Database,
    petition_id: int,
    signature_id: int,
    version: int,
    *,
    method: Method,
    seconds: int | None,
) -> Outcome:
    """Counts the signature, once; a repeat is told so, and never an error."""
    counted = await queries.confirm(
        database,
        petition_id=petition_id,
        signature_id=signature_id,
        version=version,
        method=method,
        seconds=seconds,
        part=random.randrange(PARTS),
    )
    if counted:
        return "counted"
    return await standing(database, petition_id, signature_id, version)


async def standing(
    database: db.Database, petition_id: int, signature_id: int, version: int
) -> Outcome:
    """Why a confirm link does not count a signature. `full`: nothing is against it, unless two of
    this address have signed."""
    row = await queries.signature(database, petition_id, signature_id)
    if row is None or row["state"] == "invalidated":
        return "gone"
    if row["state"] == "withdrawn":
        return "withdrawn"
    if row["token_version"] != version:
        return "replaced"
    if row["state"] == "confirmed":
        return "already"
    return "full" if await queries.still_open(database, petition_id) else "closed"


async def confirm_by_code(
    database: db.Database, tokens: Tokens, attempt: Attempt, code: str
) -> tuple[Outcome | Literal["wrong", "no_tries"], db.Record | None]:
    """The six digits of the letter, typed where the form was. Each try is used up before it is
    looked at, so that guessing in parallel gains nothing."""
    typed = await queries.attempt(database, attempt.petition_id, attempt.id)
    if typed is None:
        return "no_tries", None
    recipient = tokens.recipient(typed["typed"]["email_key"])
    tried = await queries.claim_code_try(database, attempt.petition_id, attempt.id, recipient)
    if tried is None:
        return "no_tries", None
    signature_id, version = tried["id"], tried["token_version"]
    right = [
        hmac.compare_digest(
            code, tokens.code(attempt.petition_id, signature_id, version, letter_id)
        )
        for letter_id in tried["letter_ids"]
    ]
    if not any(right):
        return ("wrong" if tried["tries"] < queries.TRIES_A_LETTER else "no_tries"), tried
    if not typed["stands"]:
        return "no_tries", tried  # the button in the letter shows what somebody else made of it
    outcome = await confirm(
        database,
        attempt.petition_id,
        signature_id,
        version,
        method="code",
        seconds=tried["seconds"],
    )
    return outcome, tried


async def withdraw(
    database: db.Database, petition_id: int, signature_id: int, version: int
) -> bool:
    """Takes the signature back. True when it had counted or waited, False when it was gone."""
    return await _take_back(database, petition_id, signature_id, version, "withdrawn", None)


async def disown(database: db.Database, petition_id: int, signature_id: int, version: int) -> bool:
    """Somebody else filled in this address. It is not counted, and not written to again."""
    return await _take_back(database, petition_id, signature_id, version, "disowned", "not me")


async def _take_back(
    database: db.Database,
    petition_id: int,
    signature_id: int,
    version: int,
    state: str,
    reason: str | None,
) -> bool:
    was = await queries.take_back(
        database,
        petition_id=petition_id,
        signature_id=signature_id,
        version=version,
        state=state,
        reason=reason,
        part=random.randrange(PARTS),
    )
    return was is not None


async def ask_again(
    database: db.Database,
    tokens: Tokens,
    petition_id: int,
    email_key: str,
    *,
    signature_id: int | None = None,
    attempt_id: int | None = None,
) -> None:
    """One more letter, within its limits. Says nothing of what it found."""
    await submitting.ask_again(
        database,
        petition_id=petition_id,
        email_key=email_key,
        signature_id=signature_id,
        attempt_id=attempt_id,
        recipient=tokens.recipient(email_key),
    )


async def correct_address(
    database: db.Database,
    tokens: Tokens,
    slug: str,
    attempt: Attempt,
    address: addresses.Address,
    *,
    network: str,
    today: date,
) -> Attempt:
    """Signs again with another address; what waited for the mistyped one is erased."""
    row = await queries.attempt(database, attempt.petition_id, attempt.id)
    if row is None:
        raise NotFound()
    wish = Wish(**{**row["typed"], "email": address.sent, "email_key": address.key})
    if row["typed"]["email_key"] != address.key:
        await submitting.forget_mistyped(database, attempt.petition_id, attempt.id)
    return await sign(database, tokens, slug, wish, network=network, today=today)


async def change_consents(
    database: db.Database, petition_id: int, signature_id: int, *, public_name: bool, updates: bool
) -> None:
    changed = consents(public_name, updates)
    del changed["sign"]  # that one was given once, in its own words, and proves itself
    await queries.change_consents(
        database,
        petition_id=petition_id,
        signature_id=signature_id,
        public_name=public_name,
        updates=updates,
        consents=changed,
    )


def consents(public_name: bool, updates: bool) -> dict[str, Any]:
    """Each consent with the words that were agreed to and when: that is what proves it."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    given = {
        "sign": (True, gettext("Sign the petition")),
        "public_name": (public_name, gettext("Put my name on this page")),
        "updates": (updates, gettext("Email me when there is news")),
    }
    return {what: {"given": yes, "words": words, "at": now} for what, (yes, words) in given.items()}
