"""The floor of what is stored: the same statement over raw asyncpg, and nothing around it."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

import asyncpg
import uvloop

from benchmarks.figures import Run
from benchmarks.instance import Instance
from mobilise import db

CONNECTIONS = 16
"""As many as the two web workers hold between them."""


def pour(instance: Instance, sql: str, values: Iterable[Mapping[str, Any]], seconds: float) -> Run:
    """Executes `sql` (with `:names`) with each of `values` until they or the `seconds` are over."""
    statement, names = db.numbered(sql)
    given = [tuple(each[name] for name in names) for each in values]
    rate, spent, took = uvloop.run(_poured(instance, statement, given, seconds))
    took.sort()
    middle, slow = took[len(took) // 2], took[int(len(took) * 0.99)]
    return Run(rate, 1000 * middle, 1000 * slow, len(took), {"db": 1e6 * spent / len(took)})


async def _poured(
    instance: Instance, statement: str, values: list[tuple[Any, ...]], seconds: float
) -> tuple[float, float, list[float]]:
    """The rate, what the database spent, and the seconds that each statement took."""
    connections = [
        await asyncpg.connect(instance.database.app_url, server_settings={"jit": "off"})
        for _ in range(CONNECTIONS)
    ]
    rest, took = iter(values), list[float]()
    for connection in connections:
        for each, _ in zip(rest, range(6), strict=False):  # prepared, its plan settled
            await connection.fetchrow(statement, *each)
    before, began = instance.spent_by_database(), time.perf_counter()
    until = began + seconds

    async def one(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        for each in rest:
            at = time.perf_counter()
            if at > until:
                return
            if await connection.fetchrow(statement, *each) is None:
                raise RuntimeError("the statement of the floor found nothing to do")
            took.append(time.perf_counter() - at)

    await asyncio.gather(*map(one, connections))
    elapsed, spent = time.perf_counter() - began, instance.spent_by_database() - before
    for connection in connections:
        await connection.close()
    return len(took) / elapsed, spent, took
