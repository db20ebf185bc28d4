"""Pressing the button counts, once; opening the link does not, unless a person does so where
the form was filled in."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting, signing
from mobilise.tokens import Tokens
from tests.postbox import Post
from tests.signatures.conftest import FORM, sign


async def state(db: Database, email: str = FORM["email"]) -> str:
    return str(
        await database_module.value(
            db, "select state from signatures where email = :email", email=email
        )
    )


@pytest.fixture
async def link(client: httpx.AsyncClient, petition: Petition, post: Post) -> str:
    """The path of the confirm link in Suzie's letter."""
    await sign(client, petition)
    (letter,) = await post.deliver()
    return urlsplit(letter.link("confirm")).path


async def test_the_button_counts(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, link: str
) -> None:
    page = await stranger.get(link)
    assert page.status_code == 200
    assert "Yes, I sign" in page.text and "Suzie Overweg" in page.text
    assert "s…e@b…s.example" in page.text and FORM["email"] not in page.text
    assert await state(db) == "pending"

    answer = await stranger.post(link)

    assert answer.status_code == 303
    signed = await stranger.get(answer.headers["location"])
    assert "Your signature counts" in signed.text
    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.online, tally.paper) == (1, 1, 0)
    row = await database_module.one(db, "select * from signatures")
    assert row["confirmed_by"] == "button" and row["confirmed_after"] is not None
    events = await database_module.rows(db, "select what, method from count_events")
    assert [tuple(event) for event in events] == [("confirmed", "email")]


async def test_opening_and_looking_ahead_change_nothing(
    stranger: httpx.AsyncClient, client: httpx.AsyncClient, db: Database, link: str
) -> None:
    await stranger.get(link)
    await stranger.head(link)
    await client.head(link)  # even with the cookie of the browser that signed
    await client.get(link, headers={"sec-purpose": "prefetch"})
    await client.get(link, headers={"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"})
    await client.get(link, headers={"sec-fetch-dest": "iframe"})
    plain = {"sec-fetch-mode": "", "sec-fetch-dest": ""}
    await client.get(link, headers=plain)
    assert await state(db) == "pending"


async def test_one_click_is_enough_in_the_browser_that_signed(
    client: httpx.AsyncClient, db: Database, link: str
) -> None:
    answer = await client.get(link, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 303
    assert await state(db) == "confirmed"
    row = await database_module.one(db, "select confirmed_by from signatures")
    assert row["confirmed_by"] == "same_browser"


async def test_the_cookie_of_another_attempt_is_not_enough(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    link: str,
) -> None:  # fmt: skip
    await sign(stranger, petition, name="Charlie", email="charlie@post.example")
    answer = await stranger.get(link)
    assert answer.status_code == 200 and "Yes, I sign" in answer.text
    assert await state(db) == "pending"


async def test_a_repeat_is_told_and_counts_once(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, link: str
) -> None:
    await stranger.post(link)
    for again in (await stranger.post(link), await stranger.get(link)):
        assert again.status_code == 303
        page = await stranger.get(again.headers["location"])
        assert page.status_code == 200
        assert "You have already signed. Once is enough." in page.text
    assert (await counting.tally(db, petition)).confirmed == 1


async def test_fifty_at_once_count_once(
    db: Database, tokens: Tokens, petition: Petition, link: str
) -> None:
    row = await database_module.one(db, "select id, token_version from signatures")
    outcomes = await asyncio.gather(
        *(
            signing.confirm(
                db, petition.id, row["id"], row["token_version"], method="button", seconds=9
            )
            for _ in range(50)
        )
    )
    assert sorted(set(outcomes)) == ["already", "counted"]
    assert outcomes.count("counted") == 1
    assert (await counting.tally(db, petition)).confirmed == 1
    assert await database_module.value(db, "select count(*) from count_events") == 1


async def test_a_confirm_against_a_withdrawal_ends_in_one_state_and_the_same_count(
    db: Database, petition: Petition, link: str
) -> None:
    row = await database_module.one(db, "select id, token_version from signatures")
    ids = (petition.id, row["id"], row["token_version"])
    for _ in range(10):
        await asyncio.gather(
            signing.confirm(db, *ids, method="button", seconds=9), signing.withdraw(db, *ids)
        )
    counted = 1 if await state(db) == "confirmed" else 0
    assert (await counting.tally(db, petition)).confirmed == counted


async def test_a_broken_link_gets_a_kind_page(stranger: httpx.AsyncClient, link: str) -> None:
    for broken in (link[:-4], "/en/confirm/nonsense", "/en/confirm/" + "x" * 5000):
        answer = await stranger.get(broken)
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert (await stranger.post(link[:-4])).status_code == 404


async def test_an_expired_link_offers_a_new_letter(
    stranger: httpx.AsyncClient, db: Database, link: str, post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("mobilise.tokens.CONFIRM_DAYS", -1)
    page = await stranger.get(link)
    assert page.status_code == 410
    assert "This button has expired. Ask for a new email." in page.text
    assert (await stranger.post(link)).status_code == 410
    assert await state(db) == "pending"
    await database_module.run(
        db, "update signatures set letter_at = letter_at - interval '3 minutes'"
    )

    answer = await stranger.post(f"{link}/new")

    assert answer.status_code == 303
    monkeypatch.undo()
    (letter,) = await post.deliver()
    assert (await stranger.post(urlsplit(letter.link("confirm")).path)).status_code == 303
    assert await state(db) == "confirmed"


async def test_a_resent_letter_does_not_kill_the_first(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    link: str, post: Post,
) -> None:  # fmt: skip
    await database_module.run(
        db, "update signatures set letter_at = letter_at - interval '3 minutes'"
    )
    await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/letter", data={"email": FORM["email"]}
    )
    assert len(await post.deliver()) == 1
    assert (await stranger.post(link)).status_code == 303
    assert await state(db) == "confirmed"


async def test_after_closing_a_letter_under_way_still_counts_for_two_days(
    stranger: httpx.AsyncClient, db: Database, link: str
) -> None:
    await database_module.run(db, "update petitions set state = 'closed', closed_at = now()")
    assert (await stranger.post(link)).status_code == 303
    assert await state(db) == "confirmed"


async def test_later_it_does_not(stranger: httpx.AsyncClient, db: Database, link: str) -> None:
    await database_module.run(
        db, "update petitions set state = 'closed', closed_at = now() - interval '3 days'"
    )
    for answer in (await stranger.get(link), await stranger.post(link)):
        assert answer.status_code == 409
        assert "This petition is closed" in answer.text
    assert await state(db) == "pending"


async def test_the_confirm_page_tells_of_a_correction_made_since(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, link: str
) -> None:
    await database_module.run(
        db,
        """insert into petition_texts (petition_id, language, version, title, addressee, body, note)
           values (:id, 'en', 2, 'T', 'A', 'B', 'The street was misspelt.')""",
        id=petition.id,
    )
    page = await stranger.get(link)
    assert "The street was misspelt." in page.text
    assert "Version 1" in page.text


async def test_news_begins_with_the_confirmation(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    await sign(client, petition, updates="y")
    assert await database_module.value(db, "select count(*) from subscriptions") == 0
    (letter,) = await post.deliver()
    await stranger.post(urlsplit(letter.link("confirm")).path)
    row = await database_module.one(db, "select email, ended_at from subscriptions")
    assert (row["email"], row["ended_at"]) == (FORM["email"], None)
