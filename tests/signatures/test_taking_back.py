"""Withdraw and sign again, "this was not me", consents, and the receipt."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting
from tests import make
from tests.postbox import Letter, Post
from tests.signatures.conftest import FORM, sign


def path(letter: Letter, kind: str) -> str:
    return urlsplit(letter.link(kind)).path


@pytest.fixture
async def letter(client: httpx.AsyncClient, petition: Petition, post: Post) -> Letter:
    """Suzie's letter; she asked for news."""
    await sign(client, petition, updates="y", public_name="y")
    return (await post.deliver())[0]


@pytest.fixture
async def counted(stranger: httpx.AsyncClient, letter: Letter) -> Letter:
    assert (await stranger.post(path(letter, "confirm"))).status_code == 303
    return letter


async def row(db: Database) -> Any:
    return await database_module.one(db, "select * from signatures")


async def test_withdrawing_takes_one_off_and_ends_the_news(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, counted: Letter
) -> None:
    page = await stranger.get(path(counted, "withdraw"))
    assert page.status_code == 200 and "Withdraw your signature?" in page.text
    assert (await row(db))["state"] == "confirmed", "looking changes nothing"

    done = await stranger.post(path(counted, "withdraw"))

    assert "Your signature is withdrawn" in done.text
    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.withdrawn) == (0, 1)
    assert await database_module.value(db, "select ended_at from subscriptions") is not None
    assert not (await row(db))["public_name"]
    events = await database_module.rows(db, "select what from count_events order by id")
    assert [event["what"] for event in events] == ["confirmed", "withdrawn"]


async def test_withdrawing_twice_takes_one_off(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, counted: Letter
) -> None:
    for _ in range(2):
        answer = await stranger.post(path(counted, "withdraw"))
        assert "Your signature is withdrawn" in answer.text
    assert (await counting.tally(db, petition)).confirmed == 0
    assert (await counting.tally(db, petition)).withdrawn == 1


async def test_a_withdrawn_signature_may_be_signed_again(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    counted: Letter, post: Post,
) -> None:  # fmt: skip
    await stranger.post(path(counted, "withdraw"))
    old = await stranger.get(path(counted, "confirm"))
    assert old.status_code == 410 and "withdrawn" in old.text

    await sign(client, petition)
    (second,) = await post.deliver()
    assert second.subject.startswith("Confirm your signature")
    assert (await stranger.post(path(counted, "confirm"))).status_code == 410, "the old link died"
    assert (await stranger.post(path(second, "confirm"))).status_code == 303

    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.withdrawn) == (1, 1)


async def test_an_old_link_does_not_take_back_a_signature_begun_anew(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    counted: Letter, post: Post,
) -> None:  # fmt: skip
    await stranger.post(path(counted, "withdraw"))
    await sign(client, petition)
    (second,) = await post.deliver()
    await stranger.post(path(second, "confirm"))
    answer = await stranger.post(path(counted, "withdraw"))
    assert answer.status_code == 410 and "withdrawn" not in answer.text.lower()
    assert (await counting.tally(db, petition)).confirmed == 1


async def test_a_pending_signature_can_be_withdrawn_too(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, letter: Letter
) -> None:
    await stranger.post(path(letter, "withdraw"))
    assert (await row(db))["state"] == "withdrawn"
    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.withdrawn) == (0, 0), "it had never counted"
    assert (await stranger.post(path(letter, "confirm"))).status_code == 410


async def test_not_me_erases_and_silences(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    letter: Letter, post: Post,
) -> None:  # fmt: skip
    page = await stranger.get(path(letter, "not-me"))
    assert page.status_code == 200 and "Was this not you?" in page.text
    assert (await row(db))["state"] == "pending"

    answer = await stranger.post(path(letter, "not-me"))

    assert "Thank you for saying so" in answer.text
    assert (await row(db))["state"] == "disowned"
    await database_module.run(db, "update signatures set letter_at = now() - interval '1 hour'")
    again = await sign(client, petition)
    assert again.status_code == 303, "nobody is told"
    await sign(client, petition, name="Quite Another")
    assert await post.deliver() == []


async def test_not_me_after_confirming_uncounts(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, counted: Letter
) -> None:
    await stranger.post(path(counted, "not-me"))
    assert (await row(db))["state"] == "disowned"
    assert (await counting.tally(db, petition)).confirmed == 0


async def test_whoever_disowned_by_mistake_can_still_press_the_button(
    stranger: httpx.AsyncClient, db: Database, letter: Letter
) -> None:
    await stranger.post(path(letter, "not-me"))
    assert (await stranger.post(path(letter, "confirm"))).status_code == 303
    assert (await row(db))["state"] == "confirmed"


async def test_consents_are_changed_with_their_wording(
    stranger: httpx.AsyncClient, db: Database, counted: Letter
) -> None:
    mine = path(counted, "signature").removesuffix("/withdraw")
    page = await stranger.get(mine)
    assert "News by email is on" in page.text
    moment = {"sign": {"given": True, "words": "Sign the petition", "at": "2020-01-01T00:00:00"}}
    await database_module.run(db, "update signatures set consents = consents || :m", m=moment)

    answer = await stranger.post(f"{mine}/consents", data={"updates": "off", "public_name": "off"})

    assert answer.status_code == 303
    found = await row(db)
    assert not found["updates"] and not found["public_name"]
    assert found["consents"]["updates"]["given"] is False
    assert found["consents"]["sign"] == moment["sign"], "the signature keeps its own moment"
    assert found["consents"]["updates"]["words"] == "Email me when there is news"
    assert await database_module.value(db, "select ended_at from subscriptions") is not None
    await stranger.post(f"{mine}/consents", data={"updates": "on", "public_name": "on"})
    assert await database_module.value(db, "select ended_at from subscriptions") is None


async def test_a_changed_consent_is_said_to_be_kept_and_nobody_is_told_that_they_signed_before(
    stranger: httpx.AsyncClient, counted: Letter
) -> None:
    mine = path(counted, "signature").removesuffix("/withdraw")
    answer = await stranger.post(f"{mine}/consents", data={"updates": "off"})
    page = await stranger.get(answer.headers["location"])
    assert "Saved." in page.text and "News by email is off" in page.text
    assert "Once is enough" not in page.text
    assert "Saved." not in (await stranger.get(mine)).text


async def test_the_receipt_says_what_is_stored(
    stranger: httpx.AsyncClient, petition: Petition, counted: Letter
) -> None:
    mine = path(counted, "signature").removesuffix("/withdraw")
    answer = await stranger.get(f"{mine}/receipt")
    assert answer.headers["content-disposition"].startswith("attachment")
    for stored in (FORM["name"], FORM["email"], "2060", petition.title):
        assert stored in answer.text


async def test_a_link_for_one_purpose_opens_no_other_door(
    stranger: httpx.AsyncClient, db: Database, letter: Letter
) -> None:
    confirm = path(letter, "confirm").rsplit("/", 1)[1]
    mine = path(letter, "withdraw").split("/")[3]
    assert (await stranger.post(f"/en/signature/{confirm}/withdraw")).status_code == 404
    assert (await stranger.post(f"/en/confirm/{mine}")).status_code == 404
    assert (await stranger.post(f"/u/{confirm}")).status_code == 404
    assert (await row(db))["state"] == "pending"


# --- the page after the form ------------------------------------------------------------------


async def again(client: httpx.AsyncClient, petition: Petition, email: str) -> httpx.Response:
    return await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/letter", data={"email": email}
    )


async def test_a_corrected_address_moves_the_signature(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    await sign(client, petition, email="suzy@brievenbus.example", comment="For the trees.")

    answer = await again(client, petition, FORM["email"])

    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert "We changed the address." in page.text and FORM["email"] in page.text
    found = await row(db)
    assert (found["email"], found["comment"]) == (FORM["email"], "For the trees.")
    assert [letter.to for letter in await post.deliver()] == [FORM["email"]]


async def test_correcting_never_moves_somebody_elses_signature(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    await make.signature(db, petition, name="Done Before", email="done@post.example")
    await sign(client, petition, name="Done Before", email="done@post.example")
    await again(client, petition, "charlie@post.example")
    states = await database_module.rows(db, "select email, state from signatures order by id")
    assert [tuple(state) for state in states] == [
        ("done@post.example", "confirmed"), ("charlie@post.example", "pending"),
    ]  # fmt: skip


async def test_a_second_letter_waits_two_minutes_three_are_a_day_and_five_are_all(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    await sign(client, petition)
    await post.deliver()
    await again(client, petition, FORM["email"])
    assert await post.deliver() == [], "younger than two minutes"
    for day in (1, 2, 3):
        for _ in range(4):
            await database_module.run(
                db, "update signatures set letter_at = now() - interval '3 minutes'"
            )
            answer = await again(client, petition, FORM["email"])
            assert answer.status_code == 303
            await post.deliver()
        assert len(post.letters) == min(3 * day, 5)
        await database_module.run(
            db, "update letters set created_at = created_at - interval '25 hours'"
        )


async def test_a_lost_letter_can_be_asked_for_by_address(
    stranger: httpx.AsyncClient, client: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    await sign(client, petition)
    await post.deliver()
    await make.signature(db, petition, name="Done Before", email="done@post.example")
    await database_module.run(db, "update signatures set letter_at = now() - interval '3 minutes'")
    answers = [
        await again(stranger, petition, address)
        for address in (FORM["email"], "done@post.example", "nobody@post.example")
    ]
    assert len({(a.status_code, a.headers["location"]) for a in answers}) == 1
    subjects = {letter.to: letter.subject for letter in await post.deliver()}
    assert subjects[FORM["email"]].startswith("Confirm your signature")
    assert subjects["done@post.example"].startswith("You have already signed")
    assert "nobody@post.example" not in subjects


async def test_no_second_letter_while_the_first_is_unsent(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    await sign(client, petition)
    for _ in range(6):
        await database_module.run(db, "update signatures set letter_at = now() - interval '1 hour'")
        await sign(client, petition)
        await again(client, petition, FORM["email"])
    assert len(await post.deliver()) == 1
    assert (await row(db))["letters_total"] == 1
