"""Nothing lost, nothing sent twice knowingly; a relay that is down changes nothing for signers."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.mail import postman, streams
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post, deliver_due


@pytest.fixture
async def petition(db: Database) -> Petition:
    return await make.petition(db)


async def signed(db: Database, tokens: Tokens, petition: Petition, total: int) -> None:
    for number in range(total):
        await make.attempt(
            db, tokens, petition, name=f"Neighbour {number}", email=f"n{number}@post.example",
            network=f"10.{number // 200}.{number % 200}.0/24",
        )  # fmt: skip


async def letters(db: Database) -> list[dict[str, Any]]:
    found = await database_module.rows(db, "select * from letters order by id")
    return [dict(row) for row in found]


async def due_now(db: Database) -> None:
    await database_module.run(db, "update letters set due_at = now(), claimed_until = null")


async def test_a_letter_goes_once_and_is_settled(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await signed(db, tokens, petition, 3)
    assert len(await post.deliver()) == 3
    assert await post.deliver() == []
    assert {row["state"] for row in await letters(db)} == {"sent"}
    assert all(row["sent_at"] and row["last_code"] == 250 for row in await letters(db))


async def test_two_postmen_send_nothing_twice(
    db: Database, settings: Settings, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await signed(db, tokens, petition, 60)
    rounds = await asyncio.gather(*(deliver_due(db, settings, tokens) for _ in range(4)))
    assert sum(rounds) == 60
    assert len({letter.to for letter in post.letters}) == len(post.letters) == 60


async def test_a_relay_that_is_down_loses_nothing(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    post.down()
    await signed(db, tokens, petition, 3)
    assert await post.deliver() == []
    assert {row["state"] for row in await letters(db)} == {"waiting"}
    post.up()
    assert await post.deliver() == [], "not at once: it waits a while"
    await due_now(db)
    assert len(await post.deliver()) == 3


async def test_a_temporary_refusal_is_tried_again_later_and_later(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    post.refuse("n0@post.example", 451, "4.7.1 Greylisted, come back")
    await signed(db, tokens, petition, 2)
    assert [letter.to for letter in await post.deliver()] == ["n1@post.example"]
    waits = []
    for _ in range(3):
        row = (await letters(db))[0]
        waits.append(await database_module.value(
            db, "select extract(epoch from due_at - now()) from letters where id = :id",
            id=row["id"],
        ))  # fmt: skip
        assert (row["state"], row["last_code"]) == ("waiting", 451)
        await due_now(db)
        await post.deliver()
    assert waits[0] < waits[1] < waits[2]
    post.accept("n0@post.example")
    await due_now(db)
    assert len(await post.deliver()) == 1


@pytest.mark.parametrize("words", ["5.1.1 No such user", "No such user here"])
async def test_an_address_that_does_not_exist_is_never_written_to_again(
    db: Database, tokens: Tokens, petition: Petition, post: Post, words: str
) -> None:
    post.refuse("n0@post.example", 550, words)
    await signed(db, tokens, petition, 1)
    await post.deliver()
    (row,) = await letters(db)
    assert (row["state"], row["last_code"]) == ("failed", 550)
    post.accept("n0@post.example")
    other = await make.petition(db)
    await make.attempt(db, tokens, other, email="n0@post.example")
    assert await post.deliver() == []


async def test_a_full_mailbox_is_no_missing_one(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    post.refuse("n0@post.example", 452, "4.2.2 Mailbox full")
    await signed(db, tokens, petition, 1)
    await post.deliver()
    assert await database_module.value(db, "select count(*) from suppressions") == 0


async def test_a_relay_that_refuses_us_pauses_all_mail(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    post.refuse("*", 550, "5.7.1 We do not relay for you")
    await signed(db, tokens, petition, 3)
    assert await post.deliver() == []
    assert {row["state"] for row in await letters(db)} == {"waiting"}, "no address is to blame"
    assert await database_module.value(db, "select count(*) from suppressions") == 0
    paused = await streams.paused(db)
    assert paused is not None and paused["last_code"] == 550
    post.accept("*")
    await due_now(db)
    assert await post.deliver() == []
    await database_module.run(db, "update streams set paused_until = now()")
    assert len(await post.deliver()) == 3


async def test_one_address_that_the_relay_will_not_have_stops_nobodys_mail(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    """Charlie has a mail server of his own that answers as it likes."""
    post.refuse("n0@post.example", 550, "5.7.1 <n0@post.example>: We do not relay for you")
    await signed(db, tokens, petition, 4)
    arrived = {letter.to for letter in await post.deliver()}
    assert arrived == {f"n{number}@post.example" for number in (1, 2, 3)}
    assert await streams.paused(db) is None
    first = (await letters(db))[0]
    assert (first["state"], first["last_code"]) == ("failed", 550)
    assert "n0@" not in first["last_error"], "no address stays behind in what the relay said"
    assert await database_module.value(db, "select count(*) from suppressions") == 0


async def test_alone_it_is_tried_again_and_the_next_ones_go(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    post.refuse("n0@post.example", 550, "5.7.1 Not today")
    await signed(db, tokens, petition, 1)
    assert await post.deliver() == []
    assert (await letters(db))[0]["state"] == "waiting"
    assert await streams.paused(db) is None
    await make.attempt(db, tokens, petition, name="Bert", email="bert@post.example")
    assert [letter.to for letter in await post.deliver()] == ["bert@post.example"]


async def test_a_letter_no_longer_wanted_is_dropped(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await signed(db, tokens, petition, 3)
    await database_module.run(
        db, "update signatures set state = 'withdrawn' where email = 'n0@post.example'"
    )
    await database_module.run(db, "delete from signatures where email = 'n1@post.example'")
    assert [letter.to for letter in await post.deliver()] == ["n2@post.example"]
    assert [row["state"] for row in await letters(db)] == ["dropped", "dropped", "sent"]


async def test_a_letter_two_days_late_is_not_sent(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await signed(db, tokens, petition, 1)
    await database_module.run(db, "update letters set created_at = now() - interval '49 hours'")
    assert await post.deliver() == []
    assert (await letters(db))[0]["state"] == "dropped"


async def test_confirmations_overtake_what_can_wait(
    db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await make.signature(db, petition, name="Done Before", email="done@post.example")
    await make.attempt(db, tokens, petition, name="Done Before", email="done@post.example")
    await make.attempt(db, tokens, petition, email="new@post.example", network="10.9.9.0/24")
    assert [letter.to for letter in await post.deliver()] == [
        "new@post.example",
        "done@post.example",
    ]


async def test_one_that_cannot_be_written_does_not_stop_the_others(
    db: Database, tokens: Tokens, petition: Petition, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await signed(db, tokens, petition, 2)
    await database_module.run(db, "update signatures set name = '' where email = 'n0@post.example'")
    assert [letter.to for letter in await post.deliver()] == ["n1@post.example"]
    assert "of kind confirm" in caplog.text


async def test_a_postman_that_is_told_to_stop_gives_back_what_it_did_not_send(
    db: Database, settings: Settings, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await signed(db, tokens, petition, 40)
    post.slow(0.05)
    stop = asyncio.Event()
    delivering = asyncio.create_task(postman.run(db, settings, tokens, stop))
    while len(post.letters) < 3:
        await asyncio.sleep(0.01)
    stop.set()
    await delivering

    found = await letters(db)
    sent = [row for row in found if row["state"] == "sent"]
    left = [row for row in found if row["state"] == "waiting"]
    assert left, "it did not go on to the end"
    assert len(sent) == len(post.letters), "what the server took is settled"
    assert all(row["claimed_until"] is None and row["tries"] == 0 for row in left)


POSTMAN = """
import asyncio
from mobilise import db
from mobilise.mail import postman
from mobilise.settings import Settings
from mobilise.tokens import Tokens
async def main():
    settings = Settings()
    database = db.connect(settings.database_url)
    await database.connect()
    await postman.run(database, settings, Tokens(settings.signing_keys), asyncio.Event())
asyncio.run(main())
"""


async def test_a_postman_killed_in_mid_letter_loses_nothing(
    db: Database, settings: Settings, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await signed(db, tokens, petition, 40)
    post.slow(0.05)
    assert settings.database_url and settings.smtp_url
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", POSTMAN],
            cwd=Path(__file__).parents[2],
            env={
                **os.environ,
                "MOBILISE_DATA": str(settings.data),
                "MOBILISE_DATABASE_URL": settings.database_url,
                "MOBILISE_SMTP_URL": settings.smtp_url,
                "MOBILISE_MAIL_FROM": settings.mail_from,
            },
        )
        before = len(post.letters)
        for _ in range(600):
            await asyncio.sleep(0.05)
            if len(post.letters) > before + 2:
                break
        process.send_signal(signal.SIGKILL)
        process.wait()
        # The claims of the dead end by themselves after five minutes.
        await database_module.run(
            db, "update letters set claimed_until = now() - interval '1 second' "
            "where state = 'waiting' and claimed_until is not null"
        )  # fmt: skip
    post.slow(0)
    await post.deliver()

    assert {letter.to for letter in post.letters} == {f"n{n}@post.example" for n in range(40)}
    assert {row["state"] for row in await letters(db)} == {"sent"}
    for address in {letter.to for letter in post.letters}:
        numbers = {str(letter.message["message-id"]) for letter in post.to(address)}
        assert len(numbers) == 1, "a second copy is recognised by its Message-ID"
