"""The words of a petition: changed until somebody signs them, and fixed from then on."""

from mobilise import db
from mobilise.errors import N_, ChangedMeanwhile, NotNow
from mobilise.petitions import life_queries, queries, reading, steps
from mobilise.petitions.lifecycle import MOVES
from mobilise.petitions.reading import Petition

CHANGING = ("draft", "submitted", "open")
"""States in which a text may be changed at all: `queries.EDITABLE` says when."""
FROZEN = N_(
    "Somebody has signed this text, so it stays as it is. You can add documents that explain it."
)
READ = N_("This text was read before it opened, so it stays as it is.")


def why_not_editable(petition: Petition) -> str | None:
    """The sentence for a text that stays as it is; None while it may be changed."""
    if petition.is_editable:
        return None
    if petition.is_frozen:
        return FROZEN
    return READ if petition.state == "open" else MOVES["close"].otherwise


async def held(database: db.Database, petition: Petition, step: str, seen: str | None) -> None:
    """Until the transaction ends nobody else changes it. NotNow where it stays as it is.

    `seen`: `steps.mark` of the answer that stood in the form; ChangedMeanwhile when another stands.
    """
    await life_queries.hold(database, petition.id)
    now = await reading.by_id(database, petition.id, petition.languages[0])
    why = why_not_editable(now)
    if why:
        raise NotNow(why)
    if seen is not None and seen != steps.mark(step, now):
        raise ChangedMeanwhile()


async def freeze(database: db.Database, petition_id: int) -> None:
    """Called before the first signature is stored; later calls change nothing."""
    await queries.freeze(database, petition_id)
