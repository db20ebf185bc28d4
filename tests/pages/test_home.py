"""Home: what is open, and finding it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database, run
from mobilise.pages import home_page
from mobilise.petitions import reading
from tests import make
from tests.reader import Page

EVERY_STATE = (*reading.PUBLIC, "draft", "submitted", "suspended", "removed")


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


async def listed(db: Database, asked: str = "") -> list[int]:
    home = await home_page.contents(db, home_page.Asked.of(dict(parse_qsl(asked.lstrip("?")))))
    return [petition.id for petition in home.petitions]


async def aged(db: Database, state: str, total: int) -> list[int]:
    """So many petitions in that state, each a day older than the one before."""
    made = [await make.petition(db, state) for _ in range(total)]
    for days, petition in enumerate(made):
        await run(
            db,
            """update petitions set created_at = created_at - :days * interval '1 day',
                 opened_at = opened_at - :days * interval '1 day',
                 closed_at = closed_at - :days * interval '1 day' where id = :id""",
            days=float(days),
            id=petition.id,
        )
    return [petition.id for petition in made]


async def test_open_petitions_come_newest_first(db: Database) -> None:
    made = await aged(db, "open", 3)
    for other in ("closed", "draft", "submitted", "suspended", "removed"):
        await make.petition(db, other)
    assert await listed(db) == made


# --- what became of them ----------------------------------------------------------------


async def test_everything_public_stands_on_one_shelf_and_nothing_else(db: Database) -> None:
    assert sorted(state for _, states in home_page.SHELVES.values() for state in states) == sorted(
        reading.PUBLIC
    )
    made = {state: (await make.petition(db, state)).id for state in EVERY_STATE}
    for shelf, (_, states) in home_page.SHELVES.items():
        assert set(await listed(db, f"state={shelf}")) == {made[state] for state in states}


async def test_each_filter_tells_how_many_stand_there(
    client: httpx.AsyncClient, db: Database
) -> None:
    for state in ("open", "open", "closed", "delivered", "answered", "rejected", "draft"):
        await make.petition(db, state)
    page = Page((await client.get("/en/")).text)
    assert [words for words, href in page.links if "state=" in href or href == "?"] == [
        "To sign 2", "Already closed 2", "With an answer 1", "Not published 1",
    ]  # fmt: skip
    found = Page((await client.get("/en/?state=closed&q=park")).text)
    assert ("To sign 2", "?q=park") in found.links
    assert found.forms[0].values == {"state": "closed", "q": "park"}


async def test_another_language_keeps_what_was_asked(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db)
    links = Page((await client.get("/en/?state=closed&q=park")).text).links
    assert "/fr/?state=closed&q=park" in [href for _, href in links]
    assert "/fr/" in [href for _, href in Page((await client.get("/en/")).text).links]


async def test_what_is_empty_is_no_choice(client: httpx.AsyncClient, db: Database) -> None:
    await make.petition(db)
    assert "state=" not in (await client.get("/en/")).text


@pytest.mark.parametrize("state", [state for state in home_page.SHELVES if state != "open"])
async def test_an_empty_shelf_says_so_and_leads_on(
    client: httpx.AsyncClient, db: Database, state: str
) -> None:
    await make.petition(db)
    page = Page((await client.get(f"/en/?state={state}")).text)
    assert ("See those that" in page.text) and "No petition" in page.text


async def test_without_an_open_one_the_closed_are_offered(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, "closed")
    page = Page((await client.get("/en/")).text)
    assert "There is no petition to sign now." in page.text
    assert ("Already closed 1", "?state=closed") in page.links
    assert any(href == "/en/start" for _, href in page.links)


async def test_nothing_found_says_what_to_do(client: httpx.AsyncClient, db: Database) -> None:
    await make.petition(db, title="Make a park")
    page = Page((await client.get("/en/?q=zeppelin")).text)
    assert "Nothing found." in page.text and "Try another word" in page.text
    assert {"/en/", "/en/start"} <= {href for _, href in page.links}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("closed", "Closed on"),
        ("delivered", "No answer yet."),
        ("answered", "Answered on"),
        ("rejected", "the reason stands on its page"),
    ],
)
async def test_it_tells_what_became_of_each(
    client: httpx.AsyncClient, db: Database, state: str, said: str
) -> None:
    made = await make.petition(db, state)
    await run(
        db,
        "update petitions set delivered_on = now(), answered_on = now() where id = :id",
        id=made.id,
    )
    shelf = next(shelf for shelf, (_, states) in home_page.SHELVES.items() if state in states)
    page = await client.get(f"/en/?state={shelf}")
    assert said in Page(page.text).text
    assert ("signatures" in page.text) is (state != "rejected")


@pytest.mark.parametrize("asked", ["state=draft", "state=removed", "state=", "state=%27--", "x=1"])
async def test_an_unknown_shelf_is_the_open_one(
    client: httpx.AsyncClient, db: Database, asked: str
) -> None:
    await make.petition(db, "draft", title="Not yet ready")
    await make.petition(db, title="Make a park")
    page = await client.get(f"/en/?{asked}")
    assert page.status_code == 200
    assert "Make a park" in page.text and "Not yet ready" not in page.text


# --- page by page -----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["open", "closed", "answered", "rejected"])
async def test_every_petition_can_be_reached_page_by_page_and_back(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(home_page, "A_PAGE", 3)
    made = await aged(db, state, 8)
    seen, address, pages = [], f"?state={state}", []
    while address:
        pages.append(await listed(db, address))
        page = Page((await client.get(f"/en/{address}")).text)
        links = dict(page.links)
        seen += pages[-1]
        newer, address = links.get("Previous page", ""), links.get("Next page", "")
        assert bool(newer) is (len(pages) > 1)
    assert seen == made and [len(page) for page in pages] == [3, 3, 2]
    for before in reversed(pages[:-1]):
        page = Page((await client.get(f"/en/{newer}")).text)
        assert await listed(db, newer) == before
        newer = dict(page.links).get("Previous page", "")
    assert newer == ""


async def test_pages_stay_while_new_ones_come_in(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_page, "A_PAGE", 2)
    made = await aged(db, "open", 4)
    second = (await home_page.contents(db, home_page.Asked())).older
    for _ in range(3):
        await make.petition(db)
    assert await listed(db, second) == made[2:]


async def test_an_end_that_nobody_knows_is_none(db: Database) -> None:
    made = await aged(db, "open", 2)
    assert await listed(db, "after=nobody-knows") == await listed(db, "before=gone") == made


async def test_home_api_and_sitemap_list_the_same(client: httpx.AsyncClient, db: Database) -> None:
    """But for the rejected: they never opened, have no figures, and ask not to be found."""
    made = {state: (await make.petition(db, state)).slug for state in EVERY_STATE}
    at_home = set()
    for shelf in ("open", "closed", "answered"):
        page = Page((await client.get(f"/en/?state={shelf}")).text)
        at_home |= {href.split("/")[3] for _, href in page.links if "/petitions/" in href}
    of_api = (await client.get("/api/petitions")).json()["petitions"]
    sitemap = (await client.get("/sitemap.xml")).text
    assert at_home == {each["petition"] for each in of_api}
    assert at_home == {slug for slug in made.values() if f"/en/petitions/{slug}<" in sitemap}
    assert at_home == {made[state] for state in reading.OPENED}


# --- groups -----------------------------------------------------------------------------


async def test_groups_with_something_to_read_are_listed(
    client: httpx.AsyncClient, db: Database
) -> None:
    busy = await make.group(db, name="Friends of the Yard")
    for state in ("open", "closed", "draft", "rejected"):
        await make.petition(db, state, group=busy)
    await make.petition(db, "draft", group=await make.group(db, name="Not yet"))
    await make.petition(db, "rejected", group=await make.group(db, name="Turned down"))
    text = Page((await client.get("/en/")).text).text
    assert "Friends of the Yard 2 petitions" in text
    assert "Not yet" not in text and "Turned down" not in text
    assert "2 petitions" not in (await client.get("/en/?state=closed")).text


async def test_the_page_is_one_statement(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for state in ("open", "open", "closed"):
        await make.petition(db, state)
    said: list[str] = []
    for name in ("rows", "row", "value", "one", "run"):
        asked = getattr(database_module, name)

        def listening(
            database: Database, statement: str, *, asked: Any = asked, **values: Any
        ) -> Any:
            said.append(statement)
            return asked(database, statement, **values)

        monkeypatch.setattr(database_module, name, listening)
    assert (await client.get("/en/?state=closed")).status_code == 200
    assert len(said) == 1


# --- finding ----------------------------------------------------------------------------


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
    assert await listed(db, urlencode({"q": query})) == [made.id] * found
