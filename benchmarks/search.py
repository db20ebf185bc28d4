"""Searching: a word that stands on every page of a large dossier, and some that do not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from benchmarks import archives
from benchmarks.archives import COMMON, NOWHERE, OFTEN, RARE
from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.instance import Instance
from benchmarks.stage import Stage
from mobilise import db
from mobilise.documents import searching
from mobilise.documents.search_queries import MOST

PAGES = 100_000
WARM_UP = 8  # by then the database has chosen the plan that it stays with
AT_LEAST = 5
WISHES = {
    "a word of every page": COMMON,
    "a word of ten pages": RARE,
    "two words": f"{COMMON} {OFTEN}",
    "a word that is nowhere": NOWHERE,
}

# The condition of the search alone: no ranking, no passages, no grouping.
_FLOOR = f"""
select document_id, page from document_pages
where words @@ (plainto_tsquery('dutch', $1::text) && $2::text::tsquery) limit {MOST}
"""


def measure(stage: Stage, pages: int) -> list[Row]:
    petition = archives.archive(stage.mobilise, stage.petition, pages)
    return [_row(stage, petition, pages, what, words) for what, words in WISHES.items()]


def _row(stage: Stage, petition: int, pages: int, what: str, words: str) -> Row:
    seconds = stage.seconds / 3

    def ours() -> Run:
        return asyncio.run(_ours(stage.mobilise, petition, words, seconds))

    def floor() -> Run:
        return asyncio.run(_floor(stage.mobilise, petition, words, seconds))

    found, bare = in_turns(RUNS, ours, floor)
    beside = {"floor: the condition, raw asyncpg": bare}
    return Row(f"search {pages:,} pages, {what}", found, beside, "< 50 ms")


async def _ours(instance: Instance, petition: int, words: str, seconds: float) -> Run:
    database = db.connect(instance.database.app_url, connections=1, purpose="benchmark")
    await database.connect()
    try:
        return await _asked(instance, lambda: searching.search(database, petition, words), seconds)
    finally:
        await database.disconnect()


async def _floor(instance: Instance, petition: int, words: str, seconds: float) -> Run:
    connection = await asyncpg.connect(instance.database.app_url, server_settings={"jit": "off"})
    try:
        statement = await connection.prepare(_FLOOR)
        return await _asked(instance, lambda: statement.fetch(words, f"'#{petition}'"), seconds)
    finally:
        await connection.close()


async def _asked(instance: Instance, ask: Callable[[], Awaitable[Any]], seconds: float) -> Run:
    """One question after another, by one who waits for each answer."""
    for _ in range(WARM_UP):
        await ask()
    took = list[float]()
    before, began = instance.spent_by_database(), time.perf_counter()
    while len(took) < AT_LEAST or time.perf_counter() - began < seconds:
        at = time.perf_counter()
        await ask()
        took.append(time.perf_counter() - at)
    rate = len(took) / (time.perf_counter() - began)
    spent = 1e6 * (instance.spent_by_database() - before) / len(took)
    took.sort()
    middle, slow = took[len(took) // 2], took[int(len(took) * 0.99)]
    return Run(rate, 1000 * middle, 1000 * slow, len(took), {"db": spent})
