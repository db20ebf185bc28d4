"""The tests' own ground: a database that is empty for each test, rights that are real, mail."""

import asyncpg
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from tests import make
from tests.postbox import Post


async def test_a_test_leaves_its_rows_to_nobody_first(db: Database) -> None:
    await _makes_one_person(db)


async def test_a_test_leaves_its_rows_to_nobody_second(db: Database) -> None:
    await _makes_one_person(db)


async def _makes_one_person(db: Database) -> None:
    assert await database_module.value(db, "select count(*) from people") == 0
    assert (await make.person(db)).id == 1


async def test_the_application_may_not_rewrite_history(db: Database) -> None:
    petition = await make.petition(db)
    await make.signature(db, petition)
    for statement in ("delete from count_events", "update audit_log set deed = ''"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database_module.run(db, statement)


async def test_the_owner_sees_what_the_application_wrote(
    db: Database, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await make.person(db)
    assert await owner.fetchval("select count(*) from people") == 1


async def test_the_mail_server_keeps_refuses_and_goes_down(post: Post) -> None:
    import aiosmtplib

    async def send(to: str) -> None:
        await aiosmtplib.send(
            b"Subject: hello\r\n\r\nYour code: 123 456.\r\nhttp://x.example/en/confirm/abc.\r\n",
            sender="a@post.example",
            recipients=[to],
            hostname="127.0.0.1",
            port=post.port,
        )

    await send("suzie@post.example")
    assert (post.last.to, post.last.subject) == ("suzie@post.example", "hello")
    assert post.last.code == "123456"
    assert post.last.link("confirm") == "http://x.example/en/confirm/abc"
    post.refuse("charlie@post.example", 550, "5.1.1 No such person")
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await send("charlie@post.example")
    post.down()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send("suzie@post.example")
    assert len(post.letters) == 1
