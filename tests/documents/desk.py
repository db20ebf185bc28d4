"""Alice at her desk with a document: what the tests of this room do over and over."""

import hashlib
from datetime import date
from typing import Any

import httpx

from mobilise.db import Database, Record, rows, run
from mobilise.documents import dossier, judging, preparing, version_queries
from mobilise.store import Store
from tests import make
from tests.documents import samples

FIELDS = {
    "title": "Soil and water study",
    "source": "City of Antwerp",
    "dated": "2026-03-18",
    "note": "How much rain the ground can hold.",
}


def address(petition: Any, rest: str = "") -> str:
    return f"/manage/petitions/{petition.slug}/documents{rest}"


async def send(
    client: httpx.AsyncClient,
    petition: Any,
    name: str = "study.pdf",
    content: bytes | None = None,
    **fields: str,
) -> httpx.Response:
    """Alice's browser sends the form with a file."""
    body = samples.pdf() if content is None else content
    return await client.post(
        address(petition),
        data=FIELDS | fields,
        files={"file": (name, body, "application/octet-stream")},
    )


async def add(
    db: Database,
    store: Store,
    petition: Any,
    name: str,
    content: bytes,
    title: str = "Study",
) -> int:
    """The document as it stands after an upload, without the form and without looking into it."""
    draft = store.draft()
    draft.write(content)
    draft.finish()
    kind = name.rsplit(".", 1)[1]
    return await dossier.add(
        db,
        store,
        draft,
        judging.Found(name, kind, pages=1 if kind == "pdf" else None),
        dossier.Caption(title, "City of Antwerp", date(2026, 3, 18), ""),
        petition_id=petition.id,
        person_id=petition.person_id,
    )


async def alices_petition(client: httpx.AsyncClient, db: Database, state: str = "open") -> Any:
    """Alice is logged in at this browser; the petition is hers."""
    alice = await make.person(db)
    await make.login(client, db, alice)
    return await make.petition(db, state=state, organiser=alice)


async def stored(db: Database) -> list[Record]:
    """Each document beside its newest version."""
    return await rows(
        db,
        """
        select distinct on (d.petition_id, d.position, d.id) d.*, v.name, v.kind, v.size, v.sha256,
          v.published, v.pages
        from documents d left join document_versions v
          on v.petition_id = d.petition_id and v.document_id = d.id
        order by d.petition_id, d.position, d.id, v.number desc
        """,
    )


async def copy(db: Database, title: str = FIELDS["title"]) -> str:
    """The checksum of what everybody can download of a document."""
    return next(str(row["published"]) for row in await stored(db) if row["title"] == title)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def make_ready(db: Database, store: Store) -> None:
    """What the queue would do: the copy and the pages of all that waits."""
    for row in await version_queries.waiting(db):
        version = preparing.Version(row["petition_id"], row["document_id"], row["number"])
        await preparing.prepare(db, store, version)


async def versions(db: Database) -> list[Record]:
    return await rows(db, "select * from document_versions order by document_id, number")


async def deeds(db: Database, like: str = "documents.%") -> list[tuple[str, dict[str, Any]]]:
    """What the trail tells of this room, in its order."""
    found = await rows(
        db, "select deed, details from audit_log where deed like :like order by id", like=like
    )
    return [(row["deed"], row["details"]) for row in found]


async def publish_as_it_is(db: Database) -> None:
    """As if the copy for everybody were the very file that was sent: what is served is then known
    beforehand."""
    await run(
        db,
        """update document_versions set published = sha256, published_size = size, state = 'ready'
           where published is null""",
    )
