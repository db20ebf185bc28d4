"""A newer file in the place of an older one, and the original, which is the group's alone."""

import httpx

from mobilise.db import Database
from mobilise.store import Store
from tests import buckets, make
from tests.documents import desk, samples

FIRST, SECOND = samples.written("First"), samples.written("Second", "and third")
PDF = "application/octet-stream"


async def one(client: httpx.AsyncClient, db: Database, store: Store) -> tuple[str, int]:
    """The address of Alice's document, which is ready, and its number."""
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "plan.pdf", FIRST, "Plan")
    await desk.make_ready(db, store)
    return desk.address(petition, f"/{number}"), number


async def test_a_newer_file_takes_its_place_with_the_reason(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address, number = await one(client, db, store)
    page = await client.get(f"{address}/replace")
    assert "plan.pdf" in page.text
    answer = await client.post(
        f"{address}/replace",
        data={"because": "The city corrected page 2."},
        files={"file": ("plan 2.pdf", SECOND, PDF)},
    )
    assert answer.status_code == 303
    assert answer.headers["location"].endswith(f"said=replaced#document-{number}")
    old, new = await desk.versions(db)
    assert (new["number"], new["because"]) == (2, "The city corrected page 2.")
    assert (new["name"], new["sha256"]) == ("plan 2.pdf", desk.sha256(SECOND))
    assert old["closed_at"] is None
    assert ("documents.replace", {"document": number, "version": 2}) in await desk.deeds(db)
    waiting = await client.get(address.rsplit("/", 1)[0])
    assert "Until then everybody reads the version before." in waiting.text
    await desk.make_ready(db, store)
    listed = await client.get(f"{address}/versions")
    for said in ("The city corrected page 2.", desk.sha256(FIRST), desk.sha256(SECOND)):
        assert said in listed.text
    for row in await desk.versions(db):
        assert row["published"] in listed.text


async def test_without_a_reason_or_a_file_nothing_is_replaced(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address, _ = await one(client, db, store)
    before = await buckets.files(store)
    answer = await client.post(
        f"{address}/replace", data={"because": " "}, files={"file": ("b.pdf", SECOND, PDF)}
    )
    assert answer.status_code == 422
    assert "Say why, in one sentence" in answer.text
    answer = await client.post(
        f"{address}/replace", data={"because": "Newer."}, files={"file": ("", b"", PDF)}
    )
    assert answer.status_code == 422
    assert "Choose a file" in answer.text
    assert 'value="Newer."' in answer.text
    name, content = samples.BAD["half a PDF"]
    answer = await client.post(
        f"{address}/replace", data={"because": "Newer."}, files={"file": (name, content, PDF)}
    )
    assert answer.status_code == 422
    assert len(await desk.versions(db)) == 1
    assert await buckets.files(store) == before


async def test_the_same_file_again_is_told_to_be_just_that(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address, _ = await one(client, db, store)
    answer = await client.post(
        f"{address}/replace", data={"because": "Newer."}, files={"file": ("b.pdf", FIRST, PDF)}
    )
    assert answer.status_code == 409
    assert "stands there already" in answer.text


async def test_the_original_is_for_the_group_alone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address, _ = await one(client, db, store)
    original = f"{address}/versions/1/original"
    answer = await client.get(original)
    assert (answer.status_code, answer.content) == (200, FIRST)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await stranger.get(original)).status_code == 303
    await make.login(stranger, db, await make.person(db, "Charlie"))
    assert (await stranger.get(original)).status_code == 404
    assert (await client.get(f"{address}/versions/2/original")).status_code == 404
    copy = await stranger.get(f"/files/{desk.sha256(FIRST)}/plan.pdf")
    assert (copy.status_code, copy.content) == (308, b""), "it leads to the copy for everybody"
    assert desk.sha256(FIRST) not in copy.headers["location"]


async def test_removing_the_original_asks_once_more_and_the_copy_stays(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address, number = await one(client, db, store)
    forget = f"{address}/versions/1/forget"
    assert "cannot be undone" in (await client.get(forget)).text
    assert await store.size(desk.sha256(FIRST)) == len(FIRST)
    answer = await client.post(forget)
    assert answer.headers["location"] == f"{address}/versions?said=original_forgotten"
    assert await store.size(desk.sha256(FIRST)) is None
    assert (await client.get(f"{address}/versions/1/original")).status_code == 404
    assert (await client.post(forget)).status_code == 404
    [row] = await desk.versions(db)
    assert (await stranger.get(f"/files/{row['published']}/plan.pdf")).status_code == 200
    details = {"document": number, "version": 1, "sha256": desk.sha256(FIRST)}
    assert ("documents.forget_original", details) in await desk.deeds(db)


async def test_the_original_of_what_is_not_ready_yet_stays(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "plan.pdf", FIRST)
    answer = await client.post(desk.address(petition, f"/{number}/versions/1/forget"))
    assert answer.status_code == 409
    assert await store.size(desk.sha256(FIRST)) == len(FIRST)
