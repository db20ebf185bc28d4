"""The dossier as a list: what stands in it, in which order, and what is taken away."""

import re
from typing import Any

import httpx
import pytest

from mobilise.db import Database, rows, run
from mobilise.documents import queries
from mobilise.store import Store
from tests import buckets, make
from tests.documents import desk, samples

pytestmark = buckets.ON_BOTH
CONTENT = samples.pdf(5)
WHY = {"because": "The city asked us to."}


async def three(client: httpx.AsyncClient, db: Database, store: Store) -> tuple[Any, list[int]]:
    """Alice's petition with the documents A, B and C."""
    petition = await desk.alices_petition(client, db)
    for letter, pages in (("A", 1), ("B", 2), ("C", 3)):
        await desk.add(db, store, petition, f"{letter}.pdf", samples.pdf(pages), title=letter)
    await desk.make_ready(db, store)
    return petition, [row["id"] for row in await desk.stored(db)]


async def order(db: Database, petition: Any) -> str:
    return "".join(row["title"] for row in await queries.of_petition(db, petition.id))


@pytest.mark.parametrize("number", ["9" * 15, "9" * 30])
async def test_a_number_that_no_document_has_is_no_page(
    client: httpx.AsyncClient, db: Database, number: str
) -> None:
    petition = await desk.alices_petition(client, db)
    for path in (number, f"{number}/withdraw"):
        answer = await client.get(f"/manage/petitions/{petition.slug}/documents/{path}")
        assert answer.status_code == 404


async def test_anybody_reads_the_dossier(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.send(client, petition, content=CONTENT)
    await desk.make_ready(db, store)
    page = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    assert page.status_code == 200
    assert "Soil and water study" in page.text
    assert "City of Antwerp" in page.text
    assert "18 March 2026" in page.text.replace("\xa0", " ")
    [row] = await desk.stored(db)
    one = await stranger.get(f"/en/petitions/{petition.slug}/documents/{row['id']}")
    assert f"/files/{row['published']}/study.pdf" in one.text
    assert "(pdf, " in one.text
    assert "5 pages" in page.text.replace("\xa0", " ")
    assert "set-cookie" not in page.headers
    assert "s-maxage" in page.headers["cache-control"]


async def test_a_dossier_without_documents_says_so(
    stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    page = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    assert page.status_code == 200
    assert "No documents yet" in page.text


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("submitted", 404), ("rejected", 200), ("suspended", 403)]
)
async def test_the_dossier_of_what_is_not_public_is_not_found(
    state: str, status: int, stranger: httpx.AsyncClient, db: Database
) -> None:
    """A suspended petition is known of, but shows nothing; a rejected one can be read."""
    petition = await make.petition(db, state=state)
    answer = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    assert answer.status_code == status


async def test_the_dossier_of_a_removed_petition_is_gone(
    stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, state="removed")
    answer = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    assert answer.status_code == 410


async def test_what_a_group_writes_is_shown_as_words(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.send(client, petition, title="<script>alert(1)</script>", note='"><b>x')
    page = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_alice_changes_what_is_said_about_a_document(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    form = await client.get(desk.address(petition, f"/{first}"))
    assert form.status_code == 200
    assert 'value="A"' in form.text
    assert 'value="2026-03-18"' in form.text
    answer = await client.post(
        desk.address(petition, f"/{first}"),
        data={"title": "Draft plan", "source": "The city", "dated": "", "note": "Page 31."},
    )
    assert answer.status_code == 303
    row = await queries.one(db, petition.id, first)
    assert row is not None
    assert (row["title"], row["source"], row["dated"]) == ("Draft plan", "The city", None)
    assert (row["note"], row["name"]) == ("Page 31.", "A.pdf")
    [line] = await rows(db, "select * from audit_log where deed = 'documents.change'")
    assert line["details"] == {"document": first}


async def test_a_change_with_mistakes_is_shown_again(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    answer = await client.post(
        desk.address(petition, f"/{first}"), data={"title": "", "source": "The city"}
    )
    assert answer.status_code == 422
    assert "The city" in answer.text
    assert await order(db, petition) == "ABC"


@pytest.mark.parametrize(
    ("which", "way", "then"),
    [(0, "down", "BAC"), (2, "up", "ACB"), (1, "up", "BAC"), (0, "up", "ABC"), (2, "down", "ABC")],
)
async def test_a_document_moves_one_place(
    which: int, way: str, then: str, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, ids = await three(client, db, store)
    answer = await client.post(desk.address(petition, f"/{ids[which]}/move"), data={"way": way})
    assert answer.status_code == 303
    assert await order(db, petition) == then


async def test_a_document_can_go_all_the_way_and_back(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    for way, then in (("down", "BAC"), ("down", "BCA"), ("up", "BAC"), ("up", "ABC")):
        await client.post(desk.address(petition, f"/{first}/move"), data={"way": way})
        assert await order(db, petition) == then


async def test_a_new_document_comes_last(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    await client.post(desk.address(petition, f"/{first}/move"), data={"way": "down"})
    await desk.send(client, petition, title="D")
    assert await order(db, petition) == "BACD"


async def test_another_way_than_up_or_down_is_refused(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    answer = await client.post(desk.address(petition, f"/{first}/move"), data={"way": "away"})
    assert answer.status_code == 400


async def test_taking_away_asks_once_more_and_for_a_reason(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    page = await client.get(desk.address(petition, f"/{first}/withdraw"))
    assert page.status_code == 200
    assert "cannot be undone" in page.text
    answer = await client.post(desk.address(petition, f"/{first}/withdraw"), data={"because": " "})
    assert answer.status_code == 422
    assert "Say why, in one sentence" in answer.text
    assert await order(db, petition) == "ABC"


async def test_a_document_taken_away_leaves_the_list_and_its_bytes_are_gone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [_, second, _] = await three(client, db, store)
    sha256, original = await desk.copy(db, "B"), desk.sha256(samples.pdf(2))
    [pictures] = await rows(
        db, "select picture, small from document_pages where document_id = :id limit 1", id=second
    )
    assert await store.size(original) is not None
    assert (await stranger.get(f"/files/{sha256}/B.pdf")).status_code == 200
    answer = await client.post(desk.address(petition, f"/{second}/withdraw"), data=WHY)
    assert answer.status_code == 303
    assert await order(db, petition) == "AC"
    page = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    assert re.findall(r"([ABC])\.pdf", page.text).count("B") == 0
    assert (await stranger.get(f"/files/{sha256}/B.pdf")).status_code == 410
    assert WHY["because"] in page.text
    assert await store.size(sha256) is None
    assert await store.size(original) is None
    # A and C: what was sent, the copy, a blank page large and small, which all of them share.
    assert set(dict(pictures).values()) <= set(await buckets.files(store))
    assert len(await buckets.files(store)) == 2 * 2 + 2
    [row] = await rows(db, "select * from documents where withdrawn_at is not null")
    assert (row["id"], row["title"]) == (second, "B")
    assert row["withdrawn_because"] == WHY["because"]
    [line] = await rows(db, "select * from audit_log where deed = 'documents.withdraw'")
    assert line["details"] == {"document": second}


async def test_what_was_taken_away_cannot_be_taken_away_again(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    for rest, expected in (("/withdraw", 303), ("/withdraw", 404), ("", 404)):
        answer = await client.post(desk.address(petition, f"/{first}{rest}"), data=WHY)
        assert answer.status_code == expected


async def test_bytes_that_another_petition_shows_stay(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    other = await make.petition(db, organiser=await make.person(db))
    await desk.send(client, other, "A.pdf", samples.pdf(1), title="Theirs")
    await desk.make_ready(db, store)
    await client.post(desk.address(petition, f"/{first}/withdraw"), data=WHY)
    theirs = await desk.copy(db, "Theirs")
    assert (await stranger.get(f"/files/{theirs}/A.pdf")).status_code == 200
    assert await store.size(desk.sha256(samples.pdf(1))) is not None


async def test_what_was_taken_away_can_be_added_again(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, [first, *_] = await three(client, db, store)
    await client.post(desk.address(petition, f"/{first}/withdraw"), data=WHY)
    await desk.send(client, petition, "A.pdf", samples.pdf(1), title="Again")
    await desk.make_ready(db, store)
    again = await desk.copy(db, "Again")
    assert await order(db, petition) == "BCAgain"
    assert (await stranger.get(f"/files/{again}/A.pdf")).status_code == 200


async def test_bytes_stay_when_taking_away_fails(
    client: httpx.AsyncClient, db: Database, store: Store, owner: Any
) -> None:
    petition, [first, *_] = await three(client, db, store)
    before = await buckets.files(store)
    await owner.execute(
        """create constraint trigger stubborn after update on documents deferrable
           initially deferred for each row execute function suppress_redundant_updates_trigger()"""
    )
    try:
        answer = await client.post(desk.address(petition, f"/{first}/withdraw"), data=WHY)
    finally:
        await owner.execute("drop trigger stubborn on documents")
    assert answer.status_code == 500
    assert await order(db, petition) == "ABC"
    assert await buckets.files(store) == before


@pytest.mark.parametrize(
    ("method", "rest", "data"),
    [
        ("GET", "", None),
        ("GET", "/{id}", None),
        ("POST", "/{id}", {"title": "Mine now"}),
        ("POST", "/{id}/move", {"way": "down"}),
        ("GET", "/{id}/withdraw", None),
        ("POST", "/{id}/withdraw", {"because": "Mine now."}),
    ],
)
async def test_charlie_finds_nothing_and_changes_nothing(
    method: str,
    rest: str,
    data: dict[str, str] | None,
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    store: Store,
) -> None:
    petition, [first, *_] = await three(client, db, store)
    path = desk.address(petition, rest.format(id=first))
    answer = await stranger.request(method, path, data=data)
    assert answer.status_code == 303
    assert "/login" in answer.headers["location"]
    charlie = await make.person(db, "Charlie")
    await make.login(stranger, db, charlie)
    assert (await stranger.request(method, path, data=data)).status_code == 404
    own = await make.petition(db, organiser=charlie, group=await make.group(db, charlie, "His"))
    if "{id}" in rest:  # through his own petition the documents of others are not there either
        path = desk.address(own, rest.format(id=first))
        answer = await stranger.request(method, path, data=data)
        assert answer.status_code in (303, 404)
    assert await order(db, petition) == "ABC"
    assert len(await rows(db, "select from documents where withdrawn_at is null")) == 3


async def test_what_a_group_said_in_public_stays_when_its_petition_is_closed(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, _ = await three(client, db, store)
    await run(db, "update petitions set state = 'closed', closed_at = now()")
    page = await stranger.get(f"/en/petitions/{petition.slug}/documents")
    for title in "ABC":
        assert f">{title}</a>" in page.text
