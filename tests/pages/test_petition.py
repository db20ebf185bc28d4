"""The petition page: what it shows, in which language, and to whom it says nothing."""

import httpx
import pytest

from mobilise.db import Database
from tests import make

HX = {"hx-request": "true", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}


async def test_it_works(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db, title="Make a park", addressee="The city council")
    for _ in range(3):
        await make.signature(db, petition)
    page = await client.get(f"/en/petitions/{petition.slug}")
    assert page.status_code == 200
    for words in (
        "Make a park", "The city council", "Friends of the Yard", "Alice",
        "A railway yard has stood empty", "Keep the sheds", "<progress", 'name="email"',
        "An email address is no proof of identity.",
    ):  # fmt: skip
        assert words in page.text
    assert '<html lang="en"' in page.text
    assert page.text.count("<h1") == 1


async def test_it_sets_no_cookie_and_may_be_kept_for_a_second(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    page = await client.get(f"/en/petitions/{petition.slug}")
    assert "set-cookie" not in page.headers
    assert "s-maxage=1" in page.headers["cache-control"]
    etag = page.headers["etag"]
    same = await client.get(f"/en/petitions/{petition.slug}", headers={"if-none-match": etag})
    assert same.status_code == 304 and same.content == b""


async def test_it_is_the_same_for_who_is_in(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    await make.login(client, db, await make.person(db, "Alice"))
    pages = [
        await browser.get(f"/en/petitions/{petition.slug}", headers=more)
        for browser in (client, stranger)
        for more in ({}, HX)
    ]
    assert len({page.headers["etag"] for page in pages}) == 1


async def test_the_count_alone_is_the_same_block_as_on_the_page(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    await make.signature(db, petition)
    page = await client.get(f"/en/petitions/{petition.slug}")
    block = await client.get(f"/en/petitions/{petition.slug}/count", headers=HX)
    assert block.status_code == 200 and "<html" not in block.text
    assert block.text.strip() in page.text


async def test_a_text_in_another_language_says_which(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, language="nl", title="Maak er een park van")
    page = await client.get(f"/fr/petitions/{petition.slug}")
    assert '<html lang="fr"' in page.text
    assert '<h1 lang="nl">Maak er een park van</h1>' in page.text


async def test_what_a_stranger_wrote_runs_nothing(client: httpx.AsyncClient, db: Database) -> None:
    nasty = (
        "Lead <script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n"
        "[click](javascript:alert(3)) ![x](https://evil.example/pixel.png)"
    )
    group = await make.group(db, name="<script>alert(4)</script>", about='"><script>5</script>')
    petition = await make.petition(
        db, group=group, title="<script>alert(6)</script>", addressee="{{ 7*7 }}", body=nasty
    )
    page = await client.get(f"/en/petitions/{petition.slug}")
    for raw in ("<script>", "onerror=alert(2)>", 'href="javascript', 'pixel.png" ', "<img src=x"):
        assert raw not in page.text
    assert "{{ 7*7 }}" in page.text


async def test_a_hostile_marker_of_markdown_costs_nothing(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, body="[" * 8000 + "(" * 8000)
    assert (await client.get(f"/en/petitions/{petition.slug}")).status_code == 200


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("draft", 404), ("submitted", 404), ("removed", 410),
        ("closed", 200), ("delivered", 200), ("answered", 200), ("rejected", 200),
    ],
)  # fmt: skip
async def test_what_is_not_public_is_not_shown(
    client: httpx.AsyncClient, db: Database, state: str, status: int
) -> None:
    petition = await make.petition(db, state, title="A secret garden")
    for path in ("", "/count"):
        page = await client.get(f"/en/petitions/{petition.slug}{path}")
        assert page.status_code == status
        if status != 200:
            assert "secret" not in page.text
        else:
            assert 'action="/en/petitions' not in page.text  # nothing to sign


async def test_a_missing_petition_is_a_page_in_the_language_of_the_reader(
    client: httpx.AsyncClient, db: Database
) -> None:
    page = await client.get("/nl/petitions/nothing")
    assert page.status_code == 404 and '<html lang="nl"' in page.text


async def test_the_documents_behind_it_are_three_and_the_way_to_all(
    client: httpx.AsyncClient, db: Database
) -> None:
    from mobilise.db import run

    petition = await make.petition(db)
    for number in range(5):
        await run(
            db,
            """insert into documents (petition_id, title, position)
               values (:petition, :title, :position)""",
            petition=petition.id,
            title=f"Plan number {number}",
            position=number,
        )
    page = await client.get(f"/en/petitions/{petition.slug}")
    shown = [n for n in range(5) if f"Plan number {n}" in page.text]
    assert shown == [0, 1, 2]
    assert f'href="/en/petitions/{petition.slug}/documents"' in page.text
    assert "5 documents" in page.text
