"""Visitors say what is wrong with a petition; the keeper decides about all of it at once."""

from mobilise import addresses, db, limits
from mobilise.audit import trail
from mobilise.errors import N_, NotNow
from mobilise.mail import outbox
from mobilise.petitions import deciding
from mobilise.petitions.deciding import Ruling
from mobilise.petitions.reading import Petition
from mobilise.tokens import Tokens
from mobilise.trust import queries

NOTHING_WAITS = N_("No report about this petition waits for a decision.")
MINUTES_BETWEEN_LETTERS = 60  # to the keeper
DAYS_KEPT = 30  # what a reporter said and an address, after the decision


async def report(
    database: db.Database, petition: Petition, reason: str, words: str, email: str, language: str
) -> None:
    """Kept until the keeper decides; who reported it stands in no trail."""
    await queries.add_report(
        database,
        petition_id=petition.id,
        reason=reason,
        words=words,
        email=email,
        language=language,
    )


async def dismiss(
    database: db.Database, tokens: Tokens, petition: Petition, person_id: int
) -> None:
    """Nothing is wrong: every report about it is settled, and answered where that is wished."""
    async with db.tx(database):
        total = await _settle(database, tokens, petition.id, "nothing")
        if not total:
            raise NotNow(NOTHING_WAITS)
        await trail.write(
            database,
            "reports.dismiss",
            person_id=person_id,
            petition_id=petition.id,
            reports=total,
        )


async def decide(
    database: db.Database,
    tokens: Tokens,
    name: str,
    petition: Petition,
    person_id: int,
    ruling: Ruling,
) -> str:
    """A keeper's decision about a petition; what suspends or removes it answers the reports."""
    async with db.tx(database):
        if name in ("suspend", "remove"):
            await _settle(database, tokens, petition.id, name)
        return await deciding.decide(database, tokens, name, petition.id, person_id, ruling)


async def _settle(database: db.Database, tokens: Tokens, petition_id: int, decision: str) -> int:
    """One answer a mailbox, however often it was typed, and a few a day: anybody can type it."""
    settled = await queries.settle(database, petition_id, decision)
    answered: dict[bytes, int] = {}
    for row in settled:
        if row["email"]:
            recipient = tokens.recipient(addresses.parse(row["email"]).key)
            answered.setdefault(recipient, row["id"])
    for recipient in sorted(answered):  # in one order: buckets are rows that wait for each other
        if await limits.take(database, limits.REPORT_ADDRESS, recipient):
            await outbox.add(
                database,
                "report_answered",
                recipient=recipient,
                about=answered[recipient],
                petition_id=petition_id,
            )
    return len(settled)


async def tell_keeper(database: db.Database, tokens: Tokens, contact: str) -> bool:
    """One letter about everything that waits, at most every hour. False: nothing new."""
    if not contact or not await queries.has_news(database, MINUTES_BETWEEN_LETTERS):
        return False
    recipient = tokens.recipient(contact.lower())
    await outbox.add(database, "keeper_waits", recipient=recipient)
    return True
