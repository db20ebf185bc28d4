"""Statements with names, one way to open a transaction, and no connection lost."""

import asyncio

import asyncpg
import pytest

from mobilise import db as d
from mobilise.db import Database


def test_names_become_numbers_and_casts_stay() -> None:
    sql = "select :a::int + :b, cast(:a as text), 'x'::text where :long_name is null"
    assert d.numbered(sql) == (
        "select $1::int + $2, cast($1 as text), 'x'::text where $3 is null",
        ("a", "b", "long_name"),
    )


async def test_a_statement_answers_rows_values_and_how_many(db: Database) -> None:
    assert await d.value(db, "select :n::int + 1", n=41) == 42
    assert await d.row(db, "select 1 where false") is None
    await d.run(db, "insert into buckets (key, tokens) values ('a', 1), ('b', 1)")
    assert await d.run(db, "update buckets set tokens = 2") == 2
    assert [row["key"] for row in await d.rows(db, "select key from buckets order by key")] == [
        b"a", b"b",
    ]  # fmt: skip


async def test_a_transaction_is_all_or_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with d.tx(db):
            await d.run(db, "insert into buckets (key, tokens) values ('a', 1)")
            raise ZeroDivisionError
    assert await d.value(db, "select count(*) from buckets") == 0


async def test_a_failing_commit_or_begin_loses_no_connection(db: Database) -> None:
    """`databases` alone would hang at the ninth: its pool holds eight."""
    await d.run(db, "insert into buckets (key, tokens) values ('a', 1)")
    for _ in range(12):
        with pytest.raises(asyncpg.PostgresError):
            async with d.tx(db):
                await d.run(db, "insert into buckets (key, tokens) values ('a', 1)")
    async with asyncio.timeout(5):
        assert await d.value(db, "select count(*) from buckets") == 1


async def test_many_tasks_share_few_connections(db: Database) -> None:
    async def one(number: int) -> int:
        async with d.tx(db):
            return int(await d.value(db, "select :n::int", n=number))

    assert await asyncio.gather(*(one(n) for n in range(60))) == list(range(60))


async def test_a_large_answer_comes_in_batches(db: Database) -> None:
    sizes = [
        len(batch) async for batch in d.batches(db, "select generate_series(1, 4500)", size=2000)
    ]
    assert sizes == [2000, 2000, 500]


async def test_json_goes_in_and_comes_out_as_it_is(db: Database) -> None:
    there = {"a": [1, None, "é"]}
    assert await d.value(db, "select :x::jsonb", x=there) == there


async def test_migrating_twice_changes_nothing_and_an_edited_migration_is_refused(
    owner: "asyncpg.Connection[asyncpg.Record]", owner_url: str
) -> None:
    assert await d.migrate(owner_url) == []
    await owner.execute("update migrations set sha256 = 'x' where name like '0001%'")
    with pytest.raises(d.MigrationChanged, match=r"0001_base\.sql"):
        await d.migrate(owner_url)
