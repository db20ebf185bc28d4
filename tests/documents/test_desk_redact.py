"""Alice marks what must not be read, and publishes the copy."""

import io
from contextlib import nullcontext
from typing import Any

import httpx
import pytest
from PIL import Image

from mobilise.db import Database, rows, run
from mobilise.documents import dossier, page_queries, redacting
from mobilise.documents.leafing import UNIT
from mobilise.store import Store
from tests import make
from tests.documents import desk, samples

LETTER = samples.written("Dear Maria Janssens,", "Yours, Maria Janssens", "Nobody")
SCREEN = {"place.x": "340", "place.y": "481"}


async def one(client: httpx.AsyncClient, db: Database, store: Store) -> str:
    """The address of the marking of Alice's letter, which is ready."""
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "letter.pdf", LETTER, "Letter")
    await desk.make_ready(db, store)
    return desk.address(petition, f"/{number}/redact")


async def marks(db: Database) -> list[tuple[int, list[int], list[int] | None]]:
    found = await rows(db, "select * from redaction_marks order by id")
    return [(row["page"], row["corner"], row["opposite"]) for row in found]


async def test_two_corners_make_a_place(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    page = await client.get(address)
    assert page.status_code == 200
    assert 'type="image"' in page.text and 'width="680" height="962"' in page.text
    answer = await client.post(f"{address}?page=2", data=SCREEN)
    assert answer.headers["location"] == f"{address}?page=2"
    [(number, corner, opposite)] = await marks(db)
    assert (number, opposite) == (2, None)
    assert corner == [round(UNIT * 340 / 680), round(UNIT * 481 / 962)]
    assert "opposite corner" in (await client.get(f"{address}?page=2")).text
    assert "opposite corner, then" not in (await client.get(f"{address}?page=2")).text
    await client.post(f"{address}?page=2", data={"place.x": "100", "place.y": "90"})
    [(_, _, opposite)] = await marks(db)
    assert opposite == [round(UNIT * 100 / 680), round(UNIT * 90 / 962)]
    assert "Publish the copy" in (await client.get(address)).text


async def test_the_page_is_shown_with_its_marks(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    plain = await client.get(f"{address}/1.jpg")
    assert plain.headers["content-type"] == "image/jpeg"
    assert "no-store" in plain.headers["cache-control"]
    for x, y in ((68, 96), (612, 866)):
        await client.post(f"{address}?page=1", data={"place.x": str(x), "place.y": str(y)})
    shown = Image.open(io.BytesIO((await client.get(f"{address}/1.jpg")).content))
    before = Image.open(io.BytesIO(plain.content))
    assert shown.size == before.size
    middle, edge = (shown.width // 2, shown.height // 2), (20, 20)
    assert sum(shown.getpixel(middle)) < 400 < sum(before.getpixel(middle))  # type: ignore
    assert sum(shown.getpixel(edge)) > 700  # type: ignore[arg-type]
    other = Image.open(io.BytesIO((await client.get(f"{address}/2.jpg")).content))
    assert sum(other.getpixel(middle)) > 700  # type: ignore[arg-type]
    assert (await client.get(f"{address}/4.jpg")).status_code == 404
    await make.login(stranger, db, await make.person(db, "Charlie"))
    assert (await stranger.get(f"{address}/1.jpg")).status_code == 404


@pytest.mark.parametrize("sent", [{"place.x": "0", "place.y": "0"}, {}, {"place.x": "-5"}])
async def test_who_presses_with_the_keyboard_is_led_to_the_words(
    sent: dict[str, str], client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    answer = await client.post(f"{address}?page=1", data=sent)
    assert answer.status_code == 422
    assert "Write the words below instead" in answer.text
    assert await marks(db) == []


async def test_words_are_marked_wherever_they_stand(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    answer = await client.post(f"{address}/words?page=1", data={"words": "maria JANSSENS"})
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert "Marked in 4 places." in page.text
    assert [number for number, _, _ in await marks(db)] == [1, 1, 2, 2]
    answer = await client.post(f"{address}/words?page=1", data={"words": "Peeters"})
    assert answer.status_code == 422
    assert "stand nowhere" in answer.text
    assert 'value="Peeters"' in answer.text
    answer = await client.post(f"{address}/words?page=1", data={"words": ""})
    assert answer.status_code == 422


async def test_a_mark_is_removed_again(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    await client.post(f"{address}/words?page=1", data={"words": "Dear"})
    [mark] = await rows(db, "select id from redaction_marks")
    answer = await client.post(f"{address}/marks/{mark['id']}/remove?page=3")
    assert answer.headers["location"] == f"{address}?page=3"
    assert await marks(db) == []
    assert (await client.get(f"{address}/publish")).status_code == 409


async def test_publishing_asks_once_more_and_for_a_reason(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    [before] = await desk.versions(db)
    old = f"/files/{before['published']}/letter.pdf"
    assert (await stranger.get(old)).status_code == 200
    await client.post(f"{address}/words?page=1", data={"words": "Maria Janssens"})
    page = await client.get(f"{address}/publish")
    for said in ("4 places", "on 2 pages", "no longer be downloaded", "stays with your group"):
        assert said in page.text
    answer = await client.post(f"{address}/publish", data={"because": ""})
    assert answer.status_code == 422
    assert (await stranger.get(old)).status_code == 200
    answer = await client.post(f"{address}/publish", data={"because": "A name of a neighbour."})
    assert answer.status_code == 303
    assert "said=redacted" in answer.headers["location"]
    await desk.make_ready(db, store)
    first, second = await desk.versions(db)
    assert (first["closed_because"], second["redacted"]) == ("A name of a neighbour.", True)
    assert first["original_is_kept"]
    assert (await stranger.get(old)).status_code == 410
    told = await rows(db, "select text from document_pages order by page")
    assert len(told) == 3
    assert not any("Maria" in row["text"] or "Janssens" in row["text"] for row in told)
    assert "Dear" in told[0]["text"]
    deeds = [deed for deed, _ in await desk.deeds(db)]
    assert deeds == ["documents.add", "documents.redact"]


async def test_nothing_is_marked_while_a_newer_file_is_made_ready(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    address = await one(client, db, store)
    await client.post(
        address.removesuffix("redact") + "replace",
        data={"because": "Newer."},
        files={"file": ("b.pdf", samples.written("Newer"), "application/pdf")},
    )
    assert (await client.get(address)).status_code == 409
    await run(db, "update document_versions set state = 'failed' where number = 2")
    assert (await client.get(address)).status_code == 200


async def test_a_table_cannot_be_marked(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "t.csv", b"a,b\n1,2\n", "Table")
    await desk.make_ready(db, store)
    answer = await client.get(desk.address(petition, f"/{number}/redact"))
    assert answer.status_code == 409
    assert f"/{number}/redact" not in (await client.get(desk.address(petition))).text


@pytest.mark.parametrize(("most", "looked_at", "kept"), [(500, [1, 2, 3], 4), (1, [1], 0)])
async def test_words_are_looked_for_some_pages_at_a_time_until_there_are_too_many(
    client: httpx.AsyncClient,
    db: Database,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    looked_at: list[int],
    kept: int,
) -> None:
    petition = await desk.alices_petition(client, db)
    letter = samples.written("Janssens Janssens", "Nobody", "Janssens Janssens")
    number = await desk.add(db, store, petition, "letter.pdf", letter, "Letter")
    await desk.make_ready(db, store)
    words_of, seen = page_queries.words_of, []

    async def watched(*arguments: Any) -> Any:
        found = await words_of(*arguments)
        assert all(set(dict(row)) == {"page", "text", "boxes"} for row in found)
        seen.extend(row["page"] for row in found)
        return found

    monkeypatch.setattr(page_queries, "words_of", watched)
    monkeypatch.setattr(redacting, "PAGES_AT_ONCE", 1)
    monkeypatch.setattr(redacting, "MOST", most)
    document = await dossier.document(db, petition.id, number)
    with nullcontext() if kept else pytest.raises(redacting.TooManyMarks):
        assert await redacting.mark_words(db, petition.id, document, "janssens") == kept
    assert (seen, len(await marks(db))) == (looked_at, kept)
