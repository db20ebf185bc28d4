"""Home: what is open, and finding it."""

import httpx
import pytest

from mobilise.db import Database, run
from mobilise.pages import queries
from mobilise.petitions import reading
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


async def listed(db: Database, query: str) -> list[int]:
    found = await queries.open_petitions(db, "en", reading.patterns(query), 100)
    return [petition.id for petition in found]


async def test_open_petitions_come_newest_first(db: Database) -> None:
    made = [await make.petition(db) for _ in range(3)]
    await make.petition(db, "closed")
    await make.petition(db, "draft")
    for days, petition in enumerate(made):
        await run(
            db,
            "update petitions set opened_at = now() - :days * interval '1 day' where id = :id",
            days=float(days),
            id=petition.id,
        )
    assert await listed(db, "") == [p.id for p in made]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("park", True),
        ("PÂRK", True),
        ("zoe", True),
        ("zoë's tuin", True),
        ("tuin zoe's", True),
        ("antwerpen yard", True),
        ("strasse", True),
        ("ar%", False),
        ("p_rk", False),
        ("park\\", False),
        ("swimming", False),
        ("park swimming", False),
        ("", True),
        ("'; drop table petitions; --", False),
        ("x" * 10_000, False),
    ],
)
async def test_search_folds_case_and_accents_over_title_addressee_and_group(
    db: Database, query: str, found: bool
) -> None:
    group = await make.group(db, name="Friends of the Yard in the Lange Straße")
    made = await make.petition(
        db, group=group, title="Een Park voor Zoë's tuin", addressee="Stad Antwerpen"
    )
    assert await listed(db, query) == [made.id] * found
