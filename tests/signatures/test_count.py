"""The count: exact at once, recounted by night, and what is no longer needed goes."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings
from mobilise.signatures import counting, counts, erasing, jobs, signing
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.signatures.conftest import night

ZONE = ZoneInfo("Europe/Brussels")


@pytest.fixture
def place(db: Database, store: Store, settings: Settings, tokens: Tokens) -> Workplace:
    return Workplace(db, store, settings, tokens)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


async def test_days_are_closed_in_the_zone_of_the_instance(
    db: Database, petition: Petition
) -> None:
    today = datetime.now(ZONE).date()
    two_ago = today - timedelta(days=2)
    for moment in (at(two_ago, 0), at(two_ago, 23), at(two_ago + timedelta(days=1), 0)):
        await make.signature(db, petition, at=moment)
    await make.signature(db, petition, state="withdrawn", at=at(two_ago))
    await make.signature(db, petition)  # today: not closed yet

    days = await counting.series(db, petition.id, ZONE)

    assert [(day.day, day.confirmed, day.withdrawn, day.total) for day in days] == [
        (two_ago, 3, 1, 2),
        (two_ago + timedelta(days=1), 1, 0, 3),
    ]
    tally = await counting.tally(db, petition)
    assert counting.today(tally, days) == 1
    assert counting.last_week(tally, days) == 4


async def test_the_last_week_is_today_and_six_days(db: Database, petition: Petition) -> None:
    today = datetime.now(ZONE).date()
    for days_ago in (7, 6, 6, 2):
        await make.signature(db, petition, at=at(today - timedelta(days=days_ago)))
    await make.signature(db, petition)
    days, tally = await counting.series(db, petition.id, ZONE), await counting.tally(db, petition)
    assert counting.last_week(tally, days) == 4


async def test_days_without_a_signature_stand_in_the_series(
    db: Database, petition: Petition
) -> None:
    today = datetime.now(ZONE).date()
    await make.signature(db, petition, at=at(today - timedelta(days=5)))
    days = await counting.series(db, petition.id, ZONE)
    assert [day.confirmed for day in days] == [1, 0, 0, 0, 0]
    assert {day.total for day in days} == {1}


async def test_folding_changes_no_number_and_a_folded_day_stays(
    db: Database, petition: Petition, place: Workplace
) -> None:
    today = datetime.now(ZONE).date()
    for days_ago in (9, 9, 4, 1):
        await make.signature(db, petition, at=at(today - timedelta(days=days_ago)))
    before = await counting.series(db, petition.id, ZONE)

    await night(place)
    assert await counting.series(db, petition.id, ZONE) == before
    assert await database_module.value(db, "select count(*) from days") == 3
    await night(place)
    assert await counting.series(db, petition.id, ZONE) == before


async def test_the_drift_is_nothing_and_a_wrong_counter_is_found(
    db: Database, petition: Petition, place: Workplace, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(7):
        await make.signature(db, petition)
    await make.signature(db, petition, state="withdrawn")
    await night(place)
    assert (await counting.tally(db, petition)).drift == 0
    await database_module.run(db, "update tallies set online = online + 2 where part = 3")
    await night(place)
    assert (await counting.tally(db, petition)).drift == 2
    assert "differs by 2" in caplog.text


async def test_waiting_ones_are_told_hourly_and_rounded_down(
    db: Database, petition: Petition, place: Workplace
) -> None:
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for number in range(13):
        await make.signature(
            db, petition, state="pending", at=hour - timedelta(minutes=10 + number)
        )
    await make.signature(db, petition, state="pending", at=hour + timedelta(hours=1))
    assert (await counting.tally(db, petition)).pending == 0
    await jobs.note_pending(place)
    assert (await counting.tally(db, petition)).pending == 10
    await make.signature(db, petition, state="pending", at=hour - timedelta(minutes=30))
    await make.signature(db, petition, state="pending", at=hour - timedelta(minutes=30))
    await jobs.note_pending(place)
    assert (await counting.tally(db, petition)).pending == 10, "once an hour"


async def test_after_fourteen_days_nothing_is_left_of_whoever_did_nothing(
    db: Database, petition: Petition, place: Workplace
) -> None:
    long_ago = datetime.now(UTC) - counts.UNCONFIRMED_KEPT - timedelta(hours=1)
    for state in ("pending", "held", "confirmed"):
        await make.signature(db, petition, state=state, at=long_ago)
    await make.signature(db, petition, state="pending", at=datetime.now(UTC))
    await night(place)
    left = await database_module.rows(db, "select state from signatures order by state")
    assert [row["state"] for row in left] == ["confirmed", "pending"]


async def test_what_was_typed_is_forgotten_after_some_hours(
    db: Database, petition: Petition, tokens: Tokens, place: Workplace
) -> None:
    await make.attempt(db, tokens, petition)
    await night(place)
    assert await database_module.value(db, "select count(*) from attempts") == 1
    await database_module.run(db, "update attempts set at = now() - interval '4 hours'")
    await night(place)
    assert await database_module.value(db, "select count(*) from attempts") == 0


async def test_who_is_held_keeps_its_network_to_go_on_by(
    db: Database, petition: Petition, tokens: Tokens, place: Workplace
) -> None:
    await make.attempt(db, tokens, petition)
    await database_module.run(db, "update signatures set state = 'held'")
    await database_module.run(db, "update attempts set at = now() - interval '4 hours'")
    await night(place)
    (row,) = await counts.held_networks(db, 10)
    assert row["network"]


async def test_the_application_cannot_change_what_happened(
    db: Database, petition: Petition
) -> None:
    await make.signature(db, petition)
    for statement in (
        "update count_events set what = 'withdrawn'",
        "delete from count_events",
        "truncate count_events",
        "update audit_log set deed = 'nothing'",
        "delete from audit_log",
        "drop table signatures",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database_module.run(db, statement)


async def test_confirming_is_a_change_that_no_index_notices(
    db: Database, petition: Petition, tokens: Tokens
) -> None:
    """An index that names `state`, even in its predicate, would make none of these updates HOT."""
    for number in range(40):
        await make.attempt(
            db, tokens, petition, name=f"Neighbour {number}", email=f"n{number}@post.example",
            network=f"10.0.{number}.0/24", comment="For the trees.",
        )  # fmt: skip
    for row in await database_module.rows(db, "select id from signatures"):
        await signing.confirm(db, petition.id, row["id"], 1, method="button", seconds=1)
    await database_module.run(db, "select pg_stat_force_next_flush()")
    found = await database_module.one(
        db,
        """select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables
           where relname = 'signatures'""",
    )
    assert found["n_tup_upd"] >= 40
    assert found["n_tup_hot_upd"] / found["n_tup_upd"] > 0.9
    indexes = await database_module.rows(
        db, "select indexdef from pg_indexes where tablename = 'signatures'"
    )
    assert not [row["indexdef"] for row in indexes if "state" in row["indexdef"]]


async def test_whatever_people_do_the_count_is_the_confirmed_rows(
    db: Database, tokens: Tokens
) -> None:
    """Twenty random lives of four neighbours; the seed is told when one fails."""
    for seed in range(20):
        chance = random.Random(seed)
        deeds = [
            (chance.choice(["sign", "confirm", "withdraw", "disown", "erase"]), chance.randrange(4))
            for _ in range(30)
        ]
        await _live_through(db, tokens, deeds, seed)


async def _live_through(
    db: Database, tokens: Tokens, deeds: list[tuple[str, int]], seed: int
) -> None:
    petition = await make.petition(db)
    for number, (deed, who) in enumerate(deeds):
        name, email = f"Neighbour {'abcd'[who] * 5}", f"n{who}@post.example"
        if deed == "sign":
            await make.attempt(
                db, tokens, petition, name=name, email=email, network=f"10.1.{number}.0/24"
            )
            continue
        row = await database_module.row(
            db,
            """select id, token_version from signatures
               where petition_id = :id and email_key = :email""",
            id=petition.id, email=email,
        )  # fmt: skip
        if row is None:
            continue
        ids = (petition.id, row["id"], row["token_version"])
        if deed == "confirm":
            await signing.confirm(db, *ids, method="button", seconds=1)
        elif deed == "withdraw":
            await signing.withdraw(db, *ids)
        elif deed == "erase":
            await erasing.erase(db, tokens, *ids)
        else:
            await signing.disown(db, *ids)
    confirmed = await database_module.value(
        db,
        "select count(*) from signatures where petition_id = :id and state = 'confirmed'",
        id=petition.id,
    )
    tally = await counting.tally(db, petition)
    assert tally.confirmed == confirmed, (seed, deeds)
    events = await database_module.value(
        db,
        """select count(*) filter (where what = 'confirmed')
                - count(*) filter (where what = 'withdrawn')
           from count_events where petition_id = :id""",
        id=petition.id,
    )
    assert events == confirmed, (seed, deeds)
