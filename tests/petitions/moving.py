"""The deeds behind every move of a petition, by the name of the move."""

from datetime import UTC, datetime

from mobilise.db import Database, value
from mobilise.petitions import deciding, lifecycle, reading
from mobilise.petitions.deciding import Ruling
from mobilise.tokens import Tokens

STATES = (
    "draft", "submitted", "open", "closed", "delivered", "answered", "rejected", "suspended",
    "removed",
)  # fmt: skip
TODAY = datetime.now(UTC).date()
RULING = Ruling("spam", "This sells bicycles.", "en")


async def state(db: Database, petition: reading.Petition) -> str:
    return str(await value(db, "select state from petitions where id = :id", id=petition.id))


async def do(db: Database, tokens: Tokens, name: str, petition: reading.Petition) -> None:
    """The deed whose move is called `name`, by whoever may do it first."""
    alice, slug = petition.person_id or 0, petition.slug
    if name == "let_open":
        await deciding.let_open_by_name(db, tokens, slug, TODAY)
    elif name in deciding.LETTERS:
        await deciding.decide(db, tokens, name, petition.id, None, RULING)
    elif name == "take_back":
        await lifecycle.take_back(db, petition, alice)
    elif name == "close":
        await lifecycle.close(db, tokens, petition, alice)
    elif name == "reopen":
        await lifecycle.reopen(db, tokens, petition, alice, TODAY)
    elif name == "deliver":
        await lifecycle.deliver(db, petition, alice, TODAY)
    elif name == "answer":
        await lifecycle.answer(db, petition, alice, TODAY)
    else:
        moderation: lifecycle.Moderation = "all" if name == "submit" else "off"
        await lifecycle.publish(db, tokens, petition, alice, moderation, TODAY)
