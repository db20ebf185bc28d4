"""Two deeds at the same document at once: what was taken away stays away."""

import asyncio
from typing import Any

import httpx
import pytest

from mobilise.db import Database, connect, rows, tx
from mobilise.documents import dossier, page_queries, preparing, queries, versions
from mobilise.documents.judging import Found
from mobilise.errors import NotFound, NotNow
from mobilise.settings import Settings
from mobilise.store import Draft, Store
from tests import make
from tests.documents import papers, samples


def arrived(store: Store, content: bytes) -> Draft:
    draft = store.draft()
    draft.write(content)
    draft.finish()
    return draft


async def take_away(db: Database, store: Store, petition: Any, document: dossier.Document) -> None:
    await dossier.withdraw(
        db, store, "wrong file",
        petition_id=petition.id, document_id=document.id, person_id=petition.person_id,
    )  # fmt: skip


async def test_pages_that_come_while_it_is_taken_away_go_with_it(
    db: Database, store: Store, settings: Settings, stranger: httpx.AsyncClient
) -> None:
    petition = await make.petition(db)
    document = await make.document(db, store, petition)
    picture = await store.put(b"the picture of a page")
    page = preparing._empty(1) | {"picture": picture, "small": picture}
    worker = connect(settings.database_url or "")
    await worker.connect()
    try:
        async with tx(worker):
            assert await page_queries.add_pages(worker, petition.id, document.id, 1, [page])
            taking = asyncio.create_task(take_away(db, store, petition, document))
            await asyncio.sleep(0.3)
            assert not taking.done(), "it waits for the page that is on its way"
        await taking
    finally:
        await worker.disconnect()
    assert await rows(db, "select * from document_pages") == []
    assert await store.size(picture) is None
    assert (await stranger.get(f"/pages/{picture}.jpg")).status_code == 404
    assert not await page_queries.add_pages(db, petition.id, document.id, 1, [page])


async def test_a_file_that_arrives_after_it_was_taken_away_brings_nothing_back(
    db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    document = await make.document(db, store, petition)
    await take_away(db, store, petition, document)
    draft = arrived(store, samples.pdf(2))
    with pytest.raises(NotFound):
        await versions.replace(
            db, store, draft, Found("b.pdf", "pdf", 2), "newer", document,
            petition_id=petition.id, person_id=petition.person_id or 0,
        )  # fmt: skip
    assert await store.size(draft.sha256) is None
    row = await queries.one(db, petition.id, document.id)
    assert row is not None and row["versions_total"] == 1


async def test_a_copy_that_was_begun_before_another_version_came_takes_nobodys_place(
    db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    document = await make.paper(db, store, petition, "Rain water")
    who: Any = {"petition_id": petition.id, "person_id": petition.person_id}
    newer = arrived(store, papers.pdf("Newer water"))
    await versions.replace(db, store, newer, Found("b.pdf", "pdf", 1), "newer", document, **who)
    copy = arrived(store, samples.pdf(1))
    with pytest.raises(NotNow, match="Another version came"):
        await versions.redact(db, store, copy, "a name", document, {}, **who)
    every = await versions.versions(db, petition.id, document.id)
    assert [each.closed_at for each in every] == [None, None]


async def test_the_name_of_the_file_goes_with_the_words(db: Database, store: Store) -> None:
    petition = await make.petition(db)
    document = await make.paper(db, store, petition, "Rain water")
    who: Any = {"petition_id": petition.id, "person_id": petition.person_id}
    copy = arrived(store, samples.pdf(1))
    await versions.redact(db, store, copy, "a name", document, {}, **who)
    newest, older = await versions.versions(db, petition.id, document.id)
    assert (newest.name, older.name) == ("soil-and-water.pdf", "paper.pdf")
    assert older.closed_at is not None


@pytest.mark.parametrize("number", ["99999999999", "4294967296"])
async def test_a_number_that_no_page_has_is_no_address(
    db: Database, store: Store, client: httpx.AsyncClient, number: str
) -> None:
    petition = await make.petition(db)
    document = await make.document(db, store, petition)
    for path in (
        f"/squares/{document.sha256}/{number}/1/0-0.jpg",
        f"/en/petitions/{petition.slug}/documents/{document.id}/pages/{number}",
        f"/en/petitions/{petition.slug}/documents/{document.id}/versions/{number}",
        f"/en/petitions/{petition.slug}/documents/{document.id}?page={number}",
    ):
        assert (await client.get(path)).status_code == 404, path
