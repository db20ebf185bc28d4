"""How far the newest version of a document is: for the desk of who added it."""

from dataclasses import dataclass

from mobilise import db
from mobilise.documents import desk_queries, kinds
from mobilise.documents.dossier import Document
from mobilise.errors import N_, NotNow


class StillAtWork(NotNow):
    message = N_("A newer file of this document is still being made ready. Wait until it is.")


@dataclass(frozen=True)
class Progress:
    """`state`: waiting or failed. `pages`: None where nobody counted them yet."""

    number: int
    state: str
    failure: str
    pages: int | None
    pages_done: int

    @property
    def sentence(self) -> str:
        """Why it failed, and what to do."""
        return kinds.REFUSED.get(self.failure, kinds.REFUSED["broken"])[1]


async def unfinished(database: db.Database, petition_id: int) -> dict[int, Progress]:
    """Document → how far its newest version is; without those that are ready."""
    rows = await desk_queries.unfinished(database, petition_id)
    return {
        row["document_id"]: Progress(
            row["number"], row["state"], row["failure"], row["pages"], row["pages_done"]
        )
        for row in rows
    }


async def newest_is_read(database: db.Database, petition_id: int, document: Document) -> None:
    """Whoever works on its pages works on the newest ones. Raises StillAtWork."""
    found = (await unfinished(database, petition_id)).get(document.id)
    if found is not None and found.state == "waiting":
        raise StillAtWork()
