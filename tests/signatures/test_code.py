"""The six digits of the letter, typed where the form was filled in."""

import asyncio

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting, queries
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post
from tests.signatures.conftest import FORM, sign


def wrong(code: str, shift: int = 1) -> str:
    return f"{(int(code) + shift) % 1_000_000:06d}"


@pytest.fixture
async def code(client: httpx.AsyncClient, petition: Petition, post: Post) -> str:
    await sign(client, petition)
    return (await post.deliver())[0].code


async def typed(client: httpx.AsyncClient, petition: Petition, code: str) -> httpx.Response:
    return await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/code", data={"code": code}
    )


async def test_the_code_counts(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str
) -> None:
    answer = await typed(client, petition, f" {code[:3]} {code[3:]} ")
    assert answer.status_code == 303
    assert "Your signature counts" in (await client.get(answer.headers["location"])).text
    row = await database_module.one(db, "select state, confirmed_by from signatures")
    assert tuple(row) == ("confirmed", "code")


async def test_a_code_works_before_the_postman_has_noted_that_its_letter_went(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str
) -> None:
    await database_module.run(
        db,
        """update letters set state = 'waiting', sent_at = null,
             claimed_until = now() + interval '5 minutes'""",
    )
    assert (await typed(client, petition, code)).status_code == 303
    assert (await counting.tally(db, petition)).confirmed == 1


async def test_a_wrong_code_is_told_and_five_tries_are_all(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str
) -> None:
    for shift in range(1, queries.TRIES_A_LETTER):
        answer = await typed(client, petition, wrong(code, shift))
        assert answer.status_code == 422
        assert "This code is not right. Look at the newest email." in answer.text
    assert "This code works no more." in (await typed(client, petition, wrong(code, 9))).text
    answer = await typed(client, petition, code)
    assert answer.status_code == 422, "the right code comes too late"
    assert (await counting.tally(db, petition)).confirmed == 0


async def test_guessing_in_parallel_gains_nothing(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str
) -> None:
    answers = await asyncio.gather(
        *(typed(client, petition, wrong(code, shift)) for shift in range(1, 31))
    )
    assert {answer.status_code for answer in answers} == {422}
    assert await database_module.value(db, "select tries from attempts") == queries.TRIES_A_LETTER
    assert (await typed(client, petition, code)).status_code == 422


async def test_fifteen_tries_a_signature_over_all_its_letters(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str
) -> None:
    for _ in range(3):
        for shift in range(1, 6):
            await typed(client, petition, wrong(code, shift))
        await database_module.run(db, "update attempts set tries = 0")
    assert (await typed(client, petition, code)).status_code == 422
    assert await database_module.value(db, "select code_tries from signatures") == 15


async def test_after_half_an_hour_the_code_is_dead(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str
) -> None:
    await database_module.run(db, "update letters set sent_at = now() - interval '31 minutes'")
    assert (await typed(client, petition, code)).status_code == 422


async def test_a_code_belongs_to_the_browser_that_signed(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, petition: Petition, code: str
) -> None:
    answer = await typed(stranger, petition, code)
    assert answer.status_code == 422
    await sign(stranger, petition, name="Charlie", email="charlie@post.example")
    assert (await typed(stranger, petition, code)).status_code == 422
    assert (await typed(client, petition, code)).status_code == 303


async def test_both_codes_work_after_a_resend(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str, post: Post
) -> None:
    await database_module.run(
        db, "update signatures set letter_at = letter_at - interval '3 minutes'"
    )
    await client.post(
        f"/en/petitions/{petition.slug}/check-your-mail/letter", data={"email": FORM["email"]}
    )
    (letter,) = await post.deliver()
    assert letter.code != code
    assert (await typed(client, petition, code)).status_code == 303


@pytest.mark.parametrize("nonsense", ["", "12345", "1234567", "abcdef", "１２３４５６", "1" * 900])
async def test_what_is_no_code_costs_no_try(
    client: httpx.AsyncClient, db: Database, petition: Petition, code: str, nonsense: str
) -> None:
    answer = await typed(client, petition, nonsense)
    assert answer.status_code == 422
    assert await database_module.value(db, "select tries from attempts") == 0


async def test_nobody_learns_from_the_code_page_whether_an_address_signed(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    code: str,
) -> None:  # fmt: skip
    await make.signature(db, petition, name="Done Before", email="done@post.example")
    await sign(stranger, petition, name="Done Before", email="done@post.example")
    for shift in (1, 2):
        mine = await typed(client, petition, wrong(code, shift))
        theirs = await typed(stranger, petition, wrong(code, shift))
        assert _unaddressed(mine, FORM["email"]) == _unaddressed(theirs, "done@post.example")


def _unaddressed(answer: httpx.Response, address: str) -> str:
    """The page without the address, which may be broken into lines where it is long."""
    text = answer.text.replace("<wbr>", "")
    assert address in text
    return text.replace(address, "…")


async def test_codes_are_six_digits_and_differ(tokens: Tokens) -> None:
    codes = {tokens.code(1, 2, 1, letter) for letter in range(500)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 495
