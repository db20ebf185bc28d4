"""Whether mail flows: noticed at once, whatever the fault, and over with the first letter."""

import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.mail import failing, streams
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post


async def due_now(db: Database) -> None:
    await database_module.run(db, "update letters set due_at = now()")


async def test_a_mail_server_that_is_away_is_noticed_and_its_return_too(
    db: Database, tokens: Tokens, post: Post
) -> None:
    petition = await make.petition(db)
    post.down()
    await make.attempt(db, tokens, petition)
    await post.deliver()
    wrong = await streams.wrong(db)
    assert wrong is not None and wrong["last_code"] is None
    since = wrong["wrong_since"]
    await due_now(db)
    await post.deliver()
    again = await streams.wrong(db)
    assert again is not None and again["wrong_since"] == since, "since the first fault"
    post.up()
    assert await streams.try_now(db) == 1
    assert len(await post.deliver()) == 1
    assert await streams.wrong(db) is None


async def test_one_refused_address_is_no_fault_of_the_mail(
    db: Database, tokens: Tokens, post: Post
) -> None:
    post.refuse("suzie@post.example", 550, "5.1.1 No such user")
    await make.attempt(db, tokens, await make.petition(db))
    await post.deliver()
    assert await streams.wrong(db) is None


async def test_a_pause_can_be_ended(db: Database, tokens: Tokens, post: Post) -> None:
    petition = await make.petition(db)
    post.refuse("*", 550, "5.7.1 We do not relay for you")
    for number in range(3):
        await make.attempt(db, tokens, petition, name=f"N{number}", email=f"n{number}@post.example")
    await post.deliver()
    post.accept("*")
    assert await post.deliver() == [], "paused"
    await streams.try_now(db)
    assert len(await post.deliver()) == 3
    assert await streams.wrong(db) is None


@pytest.mark.parametrize(
    ("code", "words", "means"),
    [
        (None, "Connection refused", "silent"),
        (None, None, "waits"),
        (535, "5.7.8 Wrong password", "login"),
        (550, "5.1.1 No such user", "unknown"),
        (550, "No such user", "unknown"),
        (550, "5.7.1 You are no friend", "unwanted"),
        (554, "Spam", "unwanted"),
        (452, "4.2.2 Mailbox full", "full"),
        (552, "5.2.2 Mailbox full", "full"),
        (451, "4.7.1 Greylisted", "later"),
        (501, "5.5.4 Odd", "other"),
    ],
)
def test_what_an_answer_means(code: int | None, words: str | None, means: str) -> None:
    assert failing.reason(code, words) == means
