"""What Charlie tries with the name and the address of somebody else, and what comes of it."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import signing
from mobilise.signatures.submitting import LETTERS_A_SIGNATURE, UNANSWERED_A_DAY
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Letter, Post
from tests.signatures.conftest import FORM, confirmed, sign

VICTIM = FORM["email"]


def path(letter: Letter, kind: str = "confirm") -> str:
    return urlsplit(letter.link(kind)).path


async def row(db: Database) -> Any:
    return await database_module.one(db, "select * from signatures where email = :e", e=VICTIM)


async def minutes_pass(db: Database) -> None:
    await database_module.run(
        db, "update signatures set letter_at = letter_at - interval '3 minutes'"
    )


async def correct(client: httpx.AsyncClient, petition: Petition, to: str) -> None:
    answer = await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/letter", data={"email": to}
    )
    assert answer.status_code == 303


# --- a full mailbox -----------------------------------------------------------------------------


async def test_correcting_an_address_to_and_fro_fills_no_mailbox(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    await sign(client, petition, email="charlie@post.example")
    for _ in range(2 * UNANSWERED_A_DAY):
        for address in (VICTIM, "charlie@post.example"):
            await correct(client, petition, address)
            await post.deliver()
            await database_module.run(db, "update buckets set at = at - interval '1 hour'")
    assert len(post.to(VICTIM)) == UNANSWERED_A_DAY
    assert len(post.to("charlie@post.example")) == UNANSWERED_A_DAY


async def test_asking_again_is_no_way_round_the_letters_of_a_day(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    petitions = [await make.petition(db) for _ in range(4)]
    for petition in petitions:
        await make.attempt(db, tokens, petition, email=VICTIM)
        await post.deliver()
    for _ in range(4):
        await minutes_pass(db)
        for petition in petitions:
            await correct(stranger, petition, VICTIM)
        await post.deliver()
    assert len(post.to(VICTIM)) == UNANSWERED_A_DAY


async def test_signing_and_withdrawing_all_day_ends(
    db: Database, tokens: Tokens, petition: Petition, stranger: httpx.AsyncClient, post: Post
) -> None:
    """Else one mailbox could make hundreds of withdrawals that the public figures show."""
    for _ in range(LETTERS_A_SIGNATURE + 3):
        await make.attempt(db, tokens, petition, email=VICTIM)
        for letter in await post.deliver():
            await stranger.post(path(letter))
            await stranger.post(path(letter, "withdraw"))
    assert len(post.letters) == LETTERS_A_SIGNATURE
    await database_module.run(db, "update signatures set letter_at = now() - interval '25 hours'")
    await make.attempt(db, tokens, petition, email=VICTIM)
    (letter,) = await post.deliver()
    assert (await stranger.post(path(letter))).status_code == 303, "the next day she may again"
    assert await confirmed(stranger, petition) == 1


# --- somebody else's words ----------------------------------------------------------------------


@pytest.fixture
async def letter(client: httpx.AsyncClient, petition: Petition, post: Post) -> Letter:
    """Suzie filled in the form a moment ago, and asked for nothing."""
    await sign(client, petition, comment="For the trees.")
    return (await post.deliver())[0]


FORGED = {"comment": "I hate my neighbours.", "public_name": "y", "updates": "y"}


async def test_what_waits_for_a_letter_is_not_changed_by_another_browser(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    letter: Letter,
) -> None:  # fmt: skip
    answer = await sign(stranger, petition, **FORGED)
    assert answer.status_code == 303, "nobody is told"
    await sign(stranger, petition, **FORGED)
    assert (await client.get(path(letter))).status_code == 303, "one click, in her browser"
    found = await row(db)
    assert (found["state"], found["comment"]) == ("confirmed", "For the trees.")
    assert not found["public_name"] and not found["updates"]


async def test_a_network_that_is_over_its_limit_changes_nothing_that_waits(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, letter: Letter
) -> None:
    await minutes_pass(db)
    await database_module.run(db, "update buckets set tokens = 0, at = now()")
    await sign(stranger, petition, **FORGED)
    found = await row(db)
    assert (found["state"], found["comment"]) == ("pending", "For the trees.")


async def test_the_browser_that_signed_may_correct_itself(
    client: httpx.AsyncClient, db: Database, petition: Petition, letter: Letter
) -> None:
    await sign(client, petition, comment="For the birds.")
    await sign(client, petition, comment="For the birds and the bees.")
    assert (await row(db))["comment"] == "For the birds and the bees."
    assert (await client.get(path(letter))).status_code == 303


async def test_the_same_words_twice_keep_the_way_by_code(
    client: httpx.AsyncClient, petition: Petition, letter: Letter
) -> None:
    """Somebody pressed the button twice: the second answer has the cookie that stays."""
    client.cookies.clear()
    await sign(client, petition, comment="For the trees.")
    answer = await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/code", data={"code": letter.code}
    )
    assert answer.status_code == 303


async def test_new_words_come_with_a_new_letter_and_are_shown_before_they_count(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    letter: Letter, post: Post,
) -> None:  # fmt: skip
    """Here one click would count what somebody else typed."""
    await minutes_pass(db)
    await sign(stranger, petition, **FORGED)
    (second,) = await post.deliver()
    for each in (letter, second):
        page = await client.get(path(each))
        assert page.status_code == 200, "the page with the button"
        assert "I hate my neighbours." in page.text
        assert "You get news by email." in page.text
        assert "Your name appears on the site" in page.text
    code = await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/code", data={"code": second.code}
    )
    assert code.status_code == 422 and "Use the button in the email" in code.text
    assert (await row(db))["state"] == "pending"


async def test_a_second_seat_is_not_taken_while_its_letter_is_fresh(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=VICTIM)
    await make.attempt(db, tokens, petition, name="Bert Overweg", email=VICTIM)
    (bert,) = await post.deliver()
    await sign(stranger, petition, name="Charlie Nobody")
    assert await post.deliver() == []
    assert (await stranger.post(path(bert))).status_code == 303
    assert await confirmed(stranger, petition) == 2


async def test_correcting_an_address_erases_nobody_elses_signature(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, letter: Letter, post: Post
) -> None:
    await minutes_pass(db)
    await sign(stranger, petition, comment="For the trees.")
    await correct(stranger, petition, "charlie@post.example")
    assert (await row(db))["state"] == "pending"
    assert (await stranger.post(path(letter))).status_code == 303


# --- a seat too many ----------------------------------------------------------------------------


async def test_two_who_confirm_in_one_instant_keep_the_rule_of_the_household(
    db: Database, petition: Petition, tokens: Tokens, client: httpx.AsyncClient
) -> None:
    """One address, two postcodes: only one of them may count, however close they come."""
    await make.attempt(db, tokens, petition, name="Suzie Overweg", email=VICTIM)
    await make.attempt(db, tokens, petition, name="Bert Overweg", email=VICTIM, postcode="9000")
    rows = await database_module.rows(db, "select id, token_version from signatures order by id")
    suzie, bert = ((petition.id, *row) for row in rows)
    begun = asyncio.Event()

    async def not_yet_committed() -> str:
        async with database_module.tx(db):
            outcome = await signing.confirm(db, *suzie, method="button", seconds=1)
            begun.set()
            await asyncio.sleep(0.3)
        return outcome

    first = asyncio.create_task(not_yet_committed())
    await begun.wait()
    assert await signing.confirm(db, *bert, method="button", seconds=1) == "full"
    assert await first == "counted"
    assert await confirmed(client, petition) == 1


# --- who has signed? ----------------------------------------------------------------------------


async def test_no_number_tells_whether_an_address_has_signed(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    """Charlie signs before and after with addresses of his own, and looks at what lies between."""
    await make.signature(db, petition, name="Suzie Overweg", email=VICTIM)
    gaps = []
    for number, address in enumerate((VICTIM, "new@post.example")):
        ids = []
        for mine in ("a", "b"):
            await make.attempt(db, tokens, petition, email=f"{mine}{number}@charlie.example")
            (letter,) = await post.deliver()
            token = tokens.read_confirm(path(letter).rsplit("/", 1)[1])
            ids.append(token.payload[1])
            local = str(letter.message["message-id"]).strip("<>").partition("@")[0]
            assert local.isalnum() and not local.isdigit(), "no number of a letter"
            if mine == "a":
                await make.attempt(
                    db, tokens, petition, name="Quite Another", email=address, postcode="9999"
                )
                await post.deliver()
        gaps.append(ids[1] - ids[0])
    assert gaps[0] == gaps[1]
