"""Links to what others wrote: entries of their own."""

import httpx

from mobilise.db import Database
from tests.documents import desk

LINK = {
    "title": "A yard full of birds",
    "address": "https://news.example.org/yard",
    "source": "The Morning",
    "dated": "2026-02-01",
    "note": "They counted\nthe birds.",
    "archived": "https://web.archive.org/web/2026/https://news.example.org/yard",
}


async def test_alice_adds_what_others_wrote(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    page = await client.get(desk.address(petition, "/link"))
    assert page.status_code == 200
    answer = await client.post(desk.address(petition, "/link"), data=LINK)
    [row] = await desk.stored(db)
    assert answer.headers["location"].endswith(f"/documents?said=added#document-{row['id']}")
    assert (row["entry"], row["address"], row["source"]) == (
        "link",
        LINK["address"],
        "The Morning",
    )
    assert (row["note"], row["archived"]) == ("They counted the birds.", LINK["archived"])
    assert row["dated"].isoformat() == "2026-02-01"
    assert await desk.versions(db) == []
    assert await desk.deeds(db) == [("documents.add", {"document": row["id"]})]
    page = await client.get(desk.address(petition))
    assert "A yard full of birds" in page.text
    assert "on another site" in page.text


async def test_a_link_needs_a_title_and_an_address(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await client.post(desk.address(petition, "/link"), data=LINK | {"address": ""})
    assert answer.status_code == 422
    assert "Enter the address of the page" in answer.text
    assert LINK["title"] in answer.text
    answer = await client.post(
        desk.address(petition, "/link"), data=LINK | {"address": "javascript:alert(1)", "title": ""}
    )
    assert answer.status_code == 422
    assert answer.text.count('class="mistake"') == 2
    assert await desk.stored(db) == []


async def test_what_is_said_about_a_link_can_be_changed(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await client.post(desk.address(petition, "/link"), data=LINK)
    [row] = await desk.stored(db)
    one = desk.address(petition, f"/{row['id']}")
    page = await client.get(one)
    assert LINK["address"] in page.text
    assert "About this link" in page.text
    answer = await client.post(one, data=LINK | {"title": "Birds", "archived": ""})
    assert answer.status_code == 303
    [row] = await desk.stored(db)
    assert (row["title"], row["archived"], row["entry"]) == ("Birds", "", "link")


async def test_a_link_has_no_file_to_replace_or_to_mark(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await client.post(desk.address(petition, "/link"), data=LINK)
    [row] = await desk.stored(db)
    for rest in ("/replace", "/redact"):
        answer = await client.get(desk.address(petition, f"/{row['id']}{rest}"))
        assert answer.status_code == 409
