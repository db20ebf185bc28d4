"""Home: what is open, and finding it."""

import httpx
import pytest

from mobilise.db import Database
from tests import make


async def test_it_shows_what_is_open_with_its_count(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, title="Make a park")
    await make.signature(db, petition)
    await make.signature(db, petition)
    await make.petition(db, "draft", title="Not yet ready")
    await make.petition(db, "closed", title="Long ago")
    page = await client.get("/en/")
    assert page.status_code == 200
    assert f'href="/en/petitions/{petition.slug}"' in page.text and "Make a park" in page.text
    assert ">2</span>" in page.text
    assert "Not yet ready" not in page.text and "Long ago" not in page.text


async def test_an_empty_site_invites(client: httpx.AsyncClient, db: Database) -> None:
    page = await client.get("/en/")
    assert page.status_code == 200 and 'href="/en/start"' in page.text


@pytest.mark.parametrize(
    ("words", "found"), [("pârk", True), ("PARK antwerp", True), ("pool", False)]
)
async def test_words_find_what_holds_them_all(
    client: httpx.AsyncClient, db: Database, words: str, found: bool
) -> None:
    await make.petition(db, title="Make a park")
    page = await client.get("/en/", params={"q": words})
    assert page.status_code == 200
    assert ("Make a park" in page.text) is found
    assert f'value="{words}"' in page.text


async def test_search_words_are_shown_not_run(client: httpx.AsyncClient, db: Database) -> None:
    page = await client.get("/en/", params={"q": '"><script>alert(1)</script>'})
    assert page.status_code == 200 and "<script>alert" not in page.text


async def test_a_search_of_any_length_is_answered(client: httpx.AsyncClient, db: Database) -> None:
    await make.petition(db)
    assert (await client.get("/en/", params={"q": "park " * 2000})).status_code == 200


async def test_it_is_the_same_for_everybody_and_kept_for_a_second(
    client: httpx.AsyncClient, db: Database
) -> None:
    page = await client.get("/en/")
    assert "s-maxage=1" in page.headers["cache-control"] and "set-cookie" not in page.headers
    searched = await client.get("/en/?q=park")
    assert "s-maxage" not in searched.headers["cache-control"]


async def test_a_petition_in_another_language_is_shown_in_its_own(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, language="nl", title="Maak er een park van")
    assert 'lang="nl"' in (await client.get("/de/")).text
