"""Hours are published when they are over, ten signatures together, and stay as they were."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from mobilise import db as sql
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.settings import Settings
from mobilise.signatures import counting, counts, hour_queries
from mobilise.signatures import jobs as by_the_clock
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.opendata import past
from tests.opendata.past import ago, data, rows

AT_LEAST = 10
AN_ORDINARY_DAY = date(2026, 5, 12)
CLOCK_GOES_BACK = date(2025, 10, 26)
CLOCK_GOES_ON = date(2026, 3, 29)


async def confirmed(database: Database, petition_id: int, at: datetime, n: int) -> None:
    await sql.run(
        database,
        """insert into count_events (petition_id, signature_id, at, what, method)
           select :petition, i, :at, 'confirmed', 'email' from generate_series(1, :n::int) i""",
        petition=petition_id,
        at=at,
        n=n,
    )


async def on(database: Database, settings: Settings, petition_id: int, day: date) -> list[str]:
    """ "9-12: 14" for each line of a day."""
    found = await counting.hours(database, petition_id, settings.zone, ago(settings, 0))
    return [f"{h.from_hour}-{h.until_hour}: {h.confirmed}" for h in found if h.day == day]


async def filled(
    database: Database, settings: Settings, by_hour: dict[int, int], day: date = AN_ORDINARY_DAY
) -> int:
    park = await make.petition(database)
    for hour, n in by_hour.items():
        at = datetime.combine(day, time(hour, 30), settings.zone)
        await confirmed(database, park.id, at, n)
    return park.id


@pytest.mark.parametrize(
    "by_hour, lines",
    [
        ({9: 4}, ["0-24: 4"]),
        ({9: 40}, ["0-24: 40"]),
        ({9: 40, 14: 12}, ["0-10: 40", "10-24: 12"]),
        ({9: 40, 14: 9}, ["0-24: 49"]),
        ({0: 10, 1: 10, 23: 10}, ["0-1: 10", "1-2: 10", "2-24: 10"]),
        ({9: 4, 10: 4, 11: 4, 12: 30, 20: 3}, ["0-12: 12", "12-24: 33"]),
    ],
)
async def test_hours_with_few_go_with_their_neighbours(
    db: Database, settings: Settings, by_hour: dict[int, int], lines: list[str]
) -> None:
    park = await filled(db, settings, by_hour)
    assert await on(db, settings, park, AN_ORDINARY_DAY) == lines


@pytest.mark.parametrize("day", [CLOCK_GOES_BACK, CLOCK_GOES_ON])
async def test_a_day_on_which_the_clock_changes_adds_up_too(
    db: Database, settings: Settings, day: date
) -> None:
    park = await make.petition(db)
    at = datetime.combine(day, time(0, 30), settings.zone).timestamp()
    while (moment := datetime.fromtimestamp(at, settings.zone)).date() == day:
        await confirmed(db, park.id, moment, 11)
        at += 3600
    lines = await on(db, settings, park.id, day)
    expected = [f"{hour}-{hour + 1}: 11" for hour in range(24)]
    if day == CLOCK_GOES_BACK:
        expected[2] = "2-3: 22"
    else:
        expected[2:4] = ["2-4: 11"]  # no two o'clock on that day
    assert lines == expected


@tried(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(by_hour=st.dictionaries(st.integers(0, 23), st.integers(1, 25)))
async def test_no_line_is_about_fewer_than_ten_unless_the_whole_day_is(
    db: Database, settings: Settings, by_hour: dict[int, int]
) -> None:
    """And lines of a day cover it from midnight to midnight, and add up to what the day has."""
    park = await filled(db, settings, by_hour)
    found = await counting.hours(db, park, settings.zone, ago(settings, 0))
    if not by_hour:
        assert found == []
        return
    assert [found[0].from_hour, found[-1].until_hour] == [0, 24]
    for one, next_one in pairwise(found):
        assert one.until_hour == next_one.from_hour
    assert sum(h.confirmed for h in found) == sum(by_hour.values())
    assert len(found) == 1 or min(h.confirmed for h in found) >= AT_LEAST
    for h in found:
        inside = [n for hour, n in by_hour.items() if h.from_hour <= hour < h.until_hour]
        assert sum(inside) == h.confirmed


async def test_written_hours_read_as_unwritten_ones_and_never_change(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    before = (await client.get(data("signatures-by-hour.csv"))).content
    for days in (2, 0, 0):
        await hour_queries.fold_hours(db, str(settings.zone), ago(settings, days))
        assert (await client.get(data("signatures-by-hour.csv"))).content == before
    await past.happened(db, settings, park, 5, confirmed=30)  # however it came there so late
    await hour_queries.fold_hours(db, str(settings.zone), ago(settings, 0))
    assert (await client.get(data("signatures-by-hour.csv"))).content == before


async def test_each_closed_day_adds_up_to_what_the_day_has(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    _, *days = rows(await client.get(data("signatures-by-day.csv")))
    header, *hours = rows(await client.get(data("signatures-by-hour.csv")))
    assert header == ["day", "from_hour", "until_hour", "confirmed"]
    by_day = {line[0]: int(line[1]) for line in days}
    for day, n in by_day.items():
        assert sum(int(line[3]) for line in hours if line[0] == day) == n
    assert {line[0] for line in hours} <= set(by_day), "and today is in neither"


async def test_hours_are_written_before_what_they_are_counted_from_goes(
    db: Database, store: Store, settings: Settings, tokens: Tokens
) -> None:
    park = await filled(db, settings, {9: 40, 14: 12})
    place = Workplace(db, store, settings, tokens)
    await sql.run(
        db,
        """update petitions set state = 'closed', opened_at = now() - interval '3 years',
             closed_at = now() - interval '2 years' where id = :id""",
        id=park,
    )
    before = await on(db, settings, park, AN_ORDINARY_DAY)
    await counts.fold_days(db, str(settings.zone), ago(settings, 0))
    await by_the_clock.forget_signers(place)
    assert await sql.value(db, "select count(*) from count_events") == 0
    assert await on(db, settings, park, AN_ORDINARY_DAY) == before != []


async def test_the_application_cannot_rewrite_an_hour(db: Database, settings: Settings) -> None:
    await filled(db, settings, {9: 40})
    await hour_queries.fold_hours(db, str(settings.zone), ago(settings, 0))
    for statement in ("update hours set confirmed = 1", "delete from hours", "truncate hours"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.run(db, statement)


# --- by method ----------------------------------------------------------------------------


async def test_each_method_is_told_until_yesterday(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    told = rows(await client.get(data("signatures-by-method.csv")))
    assert told == [
        ["method", "confirmed", "withdrawn", "invalidated", "restored", "total"],
        ["email", "67", "1", "7", "3", "62"],
        ["paper", "100", "0", "0", "0", "100"],
    ]
    await counts.fold_days(db, str(settings.zone), ago(settings, 2))
    assert rows(await client.get(data("signatures-by-method.csv"))) == told
    about = (await client.get(data("about-the-count.json"))).json()
    assert about["total"] == 62 + 100


async def test_versions_of_the_text_are_listed_with_their_days(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings, nl={"title": "Een park"})
    await sql.run(db, "update petitions set version = 2")
    await sql.run(
        db,
        """insert into petition_texts
             (petition_id, language, version, title, addressee, body, kind, at)
           values (:id, 'en', 2, 'A park', 'The council', 'Please.', 'correction', :at),
             (:id, 'en', 3, 'Not public yet', 'The council', 'Please.', 'correction', :at)""",
        id=park.id,
        at=counting.midnight(settings.zone) - timedelta(hours=1),
    )
    header, *lines = rows(await client.get(data("text-versions.csv")))
    assert header == ["version", "language", "kind", "published_on"]
    assert [line[:3] for line in lines] == [
        ["1", "en", "first"], ["1", "nl", "first"], ["2", "en", "correction"],
    ]  # fmt: skip
    assert lines[-1][3] == ago(settings, 1).isoformat()
