"""A signer mends what was filled in. A typing slip can be corrected; another person must sign.

What was corrected is noted with the row and in the trail, never what stood there before.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import asyncpg

from mobilise import addresses, db, limits, prose
from mobilise.audit import trail
from mobilise.errors import N_, NotFound
from mobilise.i18n import gettext
from mobilise.mail import outbox, traces
from mobilise.petitions import eligibility
from mobilise.petitions.reading import Petition
from mobilise.signatures import counts, mine_queries
from mobilise.tokens import Tokens

Moved = Literal["moved", "done", "already", "full", "gone"]
OTHER_NAME = N_(
    "You can correct a few letters. Another person signs anew, with a form of their own."
)
THE_OTHER = N_("Somebody with this name signed already with your address.")
OTHER_HOME = N_(
    "Somebody else signed with your address and this postcode, so it must stay the same."
)
TOO_OFTEN = N_("This was corrected many times. Withdraw your signature, and sign again.")


@dataclass(frozen=True)
class Correction:
    """What the corrected form says."""

    name: str
    postcode: str
    country: str
    comment: str


@dataclass(frozen=True)
class Wrong:
    """The field that a rule speaks of, and the rule, in the reader's language."""

    field: str
    sentence: str


async def correct(
    database: db.Database,
    petition: Petition,
    ids: tuple[int, int, int],
    was: db.Record,
    wish: Correction,
) -> Wrong | None:
    """None when it is done. `was`: the row as it was shown."""
    petition_id, signature_id, version = ids
    what = [field for field, said in vars(wish).items() if was[field] != said]
    if not what:
        return None
    if "postcode" in what or "country" in what:
        for refusal in eligibility.against(petition, wish.country, wish.postcode, True):
            return Wrong(refusal.field, gettext(refusal.message, **refusal.values))
    name_key = prose.folded(wish.name)
    async with db.tx(database):
        done = await mine_queries.correct(
            database,
            petition_id=petition_id,
            signature_id=signature_id,
            version=version,
            name_key=name_key,
            noted=_noted(what),
            **vars(wish),
        )
        if done:
            await trail.write(database, "signature.corrected", petition_id=petition_id, what=what)
            return None
    rules = await mine_queries.why_not(database, petition_id, signature_id, name_key, wish.postcode)
    if rules is None:
        raise NotFound()
    if rules["is_the_other"]:
        return Wrong("name", gettext(THE_OTHER))
    if not rules["alike"]:
        return Wrong("name", gettext(OTHER_NAME))
    return (
        Wrong("postcode", gettext(OTHER_HOME))
        if rules["moves_out"]
        else Wrong("name", gettext(TOO_OFTEN))
    )


async def ask_new_address(
    database: db.Database,
    tokens: Tokens,
    ids: tuple[int, int, int],
    address: addresses.Address,
) -> None:
    """A letter with a button goes to the new address; until then all stays. Says nothing of what
    it found there."""
    petition_id, signature_id, version = ids
    recipient = tokens.recipient(address.key)
    if not (
        await limits.take(database, limits.MOVE_ADDRESS, recipient)
        and await counts.is_welcome(database, petition_id, address.key, recipient)
    ):
        return
    async with db.tx(database):
        change_id = await mine_queries.add_address_change(
            database,
            petition_id=petition_id,
            signature_id=signature_id,
            version=version,
            email=address.sent,
            email_key=address.key,
        )
        if change_id is not None:
            await outbox.add(
                database, "new_address", recipient=recipient, about=change_id,
                petition_id=petition_id,
            )  # fmt: skip


async def waiting_move(database: db.Database, petition_id: int, change_id: int) -> db.Record | None:
    """The change behind a letter's button, while it waits or after it was done."""
    found = await mine_queries.address_change(database, petition_id, change_id)
    return found if found and (found["waits"] or found["done"]) else None


async def move(
    database: db.Database, petition_id: int, change_id: int
) -> tuple[Moved, tuple[int, int, int] | None]:
    """The button in the new mailbox. Whoever signs with that address in the same moment is seen
    at the second look."""
    try:
        return await _move(database, petition_id, change_id)
    except asyncpg.UniqueViolationError:
        return await _move(database, petition_id, change_id)


async def _move(
    database: db.Database, petition_id: int, change_id: int
) -> tuple[Moved, tuple[int, int, int] | None]:
    async with db.tx(database):
        change = await mine_queries.address_change(database, petition_id, change_id)
        if change is None or not change["waits"]:
            if change is None or not change["done"]:
                return "gone", None
            return "done", (petition_id, change["signature_id"], change["token_version"])
        signature_id = change["signature_id"]
        others = await mine_queries.at_address(
            database, petition_id, signature_id, change["email_key"], change["name_key"]
        )
        outcome, seat = _seat(others, change["postcode"])
        if seat is None:
            return outcome, None
        for other in others:
            if other["seat"] == seat and other["state"] == "withdrawn":
                await mine_queries.give_way(database, petition_id, other["id"])
            elif other["seat"] == seat:
                await mine_queries.drop_unconfirmed(database, petition_id, other["id"])
        version = await mine_queries.move(
            database,
            petition_id=petition_id,
            change_id=change_id,
            signature_id=signature_id,
            email=change["email"],
            email_key=change["email_key"],
            seat=seat,
            noted=_noted(["email"]),
        )
        if change["email_key"] != change["was_key"]:
            await _news_follows(database, petition_id, change)
        await trail.write(database, "signature.corrected", petition_id=petition_id, what=["email"])
        return "moved", (petition_id, signature_id, version)


async def _news_follows(database: db.Database, petition_id: int, change: db.Record) -> None:
    """To the new address, if it was wanted; at the old one only who shares it still gets it."""
    if change["gets_news"]:
        await traces.subscribe(
            database, petition_id, change["email_key"], change["email"], change["language"]
        )
    if not await mine_queries.somebody_wants_news(database, petition_id, change["was_key"]):
        await traces.forget_subscription(database, petition_id, change["was_key"])


def _seat(others: list[db.Record], postcode: str) -> tuple[Moved, int | None]:
    """The rules of the form: at most two at an address, of one postcode, with other names."""
    there = [other for other in others if other["state"] in ("confirmed", "invalidated")]
    if any(other["alike"] for other in there):
        return "already", None
    if any(other["postcode"] != postcode for other in there if other["state"] == "confirmed"):
        return "full", None
    taken = {other["seat"] for other in others if other["state"] == "disowned"}
    taken |= {other["seat"] for other in there}
    free = [seat for seat in (1, 2) if seat not in taken]
    return ("moved", free[0]) if free else ("full", None)


def _noted(what: list[str]) -> list[dict[str, Any]]:
    return [{"what": what, "at": datetime.now(UTC).isoformat(timespec="seconds")}]
