"""Makes the tables by place and language: once a week at most, after ten new signatures, and a
last one when the petition is over. What was made is never changed."""

import logging
from datetime import date, datetime, timedelta

from mobilise import db
from mobilise.opendata import area_queries, placing, tabling
from mobilise.petitions.reading import GRACE

log = logging.getLogger("mobilise.opendata")
FEWEST_NEW = 10


async def disclose_due(database: db.Database, now: datetime) -> int:
    """`now`: in the zone of the instance; counts to the end of yesterday. Tells how many tables
    were made."""
    until = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day, made = until.date() - timedelta(days=1), 0
    due = await area_queries.due(database, until, day, grace_over=until - GRACE, fewest=FEWEST_NEW)
    for row in due:
        try:
            made += await disclose(
                database, row["id"], until, is_over=row["is_over"], has_enough=row["has_enough"]
            )
        except db.LOST:
            raise
        except Exception:  # the fault of one holds up no other
            log.exception("petition %s: no table by place was made", row["id"])
    await area_queries.forget_stale_states(database)
    return made


async def disclose(
    database: db.Database, petition_id: int, until: datetime, *, is_over: bool, has_enough: bool
) -> bool:
    """One petition's next table to `until`, a midnight. False: the last one stands."""
    async with db.tx(database):
        petition = await area_queries.lock(database, petition_id)
        last = await area_queries.last_day(database, petition_id)
        if last is not None and last >= until.date() - timedelta(days=1):
            return False  # another worker was here
        made = has_enough and await _made(database, petition_id, petition["postcodes"], until)
        if is_over:  # another one will not come
            await area_queries.forget_state(database, petition_id)
    return made


async def _made(
    database: db.Database, petition_id: int, eligible: list[str], until: datetime
) -> bool:
    state = await area_queries.state(database, petition_id)
    before = tabling.Exact.of(state["exact"]) if state else None
    number = state["number"] + 1 if state else 1
    edition_id, pairs = await _edition(database, state)
    tree = placing.tree(pairs, eligible)
    since = _midnight(state["day"], until) if state else None
    found = await area_queries.counted(database, petition_id, until, since)
    counted = placing.count(tree, found["places"], found["languages"])
    exact = tabling.following(tree, counted, before, found["lost"])
    if exact is None:
        log.info("petition %s: a new table by place would tell too much now", petition_id)
        return False
    day = until.date() - timedelta(days=1)
    rows = [(row.level, row.parent, row.code, row.confirmed) for row in tabling.rows(exact)]
    await area_queries.add(database, petition_id, number, edition_id, day, rows)
    await area_queries.keep_state(database, petition_id, number, edition_id, exact.kept)
    return True


async def _edition(database: db.Database, state: db.Record | None) -> tuple[int, placing.Pairs]:
    """A petition keeps the list of its first table: a postcode that moves to another municipality
    between two tables would tell how many live there."""
    if state is not None:
        return state["edition_id"], state["pairs"]
    loaded = await area_queries.pairs(database)
    pairs = placing.pairs((row["postcode"], row["municipality"]) for row in loaded)
    return await area_queries.keep_edition(database, placing.digest(pairs), pairs), pairs


def _midnight(last: date, until: datetime) -> datetime:
    """The end of that day, in the same zone."""
    return datetime.combine(last + timedelta(days=1), until.timetz())
