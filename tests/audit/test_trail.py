"""The trail: every line stays, in order, and shows when one was altered."""

import asyncio

import asyncpg
import pytest

from mobilise.audit import trail
from mobilise.db import Database, rows, run, tx, value


async def written(db: Database, *deeds: str) -> None:
    for deed in deeds:
        async with tx(db):
            await trail.write(db, deed, person_id=1, petition_id=2, why="because")


async def test_a_line_says_who_did_what_where(db: Database) -> None:
    await written(db, "petition.closed")
    line = (await rows(db, "select * from audit_log"))[0]
    assert (line["deed"], line["person_id"], line["petition_id"]) == ("petition.closed", 1, 2)
    assert line["details"] == {"why": "because"}


async def test_each_line_follows_from_the_one_before(db: Database) -> None:
    await written(db, "a", "b", "c")
    found = await rows(db, "select previous, hash from audit_log order by id")
    assert found[0]["previous"] == trail.BEGINNING
    assert [line["previous"] for line in found[1:]] == [line["hash"] for line in found[:-1]]
    assert await trail.first_break(db) is None


async def test_lines_written_at_once_still_make_one_chain(db: Database) -> None:
    await asyncio.gather(*(written(db, f"deed {n}", f"then {n}") for n in range(10)))
    assert await value(db, "select count(*) from audit_log") == 20
    assert await trail.first_break(db) is None


async def test_a_deed_that_fails_leaves_no_line(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with tx(db):
            await trail.write(db, "never happened")
            raise ZeroDivisionError
    await written(db, "happened")
    assert [line["deed"] for line in await rows(db, "select deed from audit_log")] == ["happened"]
    assert await trail.first_break(db) is None


@pytest.mark.parametrize(
    "altering",
    [
        "update audit_log set deed = 'other' where id = :id",
        "update audit_log set person_id = 9 where id = :id",
        "update audit_log set petition_id = null where id = :id",
        "update audit_log set at = at + interval '1 second' where id = :id",
        """update audit_log set details = '{"why": "else"}' where id = :id""",
        "delete from audit_log where id = :id",
    ],
)
async def test_an_altered_line_shows(
    db: Database, owner: "asyncpg.Connection[asyncpg.Record]", altering: str
) -> None:
    await written(db, "a", "b", "c", "d")
    second = await value(db, "select id from audit_log order by id offset 1 limit 1")
    await owner.execute(altering.replace(":id", str(second)))
    expected = second if "update" in altering else second + 1
    assert await trail.first_break(db) == expected


@pytest.mark.parametrize(
    "altering", ["update audit_log set deed = 'x'", "delete from audit_log", "truncate audit_log"]
)
async def test_the_application_cannot_rewrite_it(db: Database, altering: str) -> None:
    await written(db, "a")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(db, altering)
