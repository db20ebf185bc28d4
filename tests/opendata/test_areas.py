"""Tables by place and by language: what is in them, when they are made, and when never again."""

from datetime import datetime, time, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata import areas, disclosing
from mobilise.opendata.areas import Release
from mobilise.settings import Settings
from mobilise.signatures import counting
from tests import make
from tests.opendata.past import ago, data, rows
from tests.opendata.signers import signed, withdrew

CITY = {"BE2060": 57, "BE2018": 33, "BE2000": 24, "BE2140": 12, "BE2050": 3}
ELSEWHERE = {"BE9000": 14, "BE1050": 21, "BE3000": 4, "NL1011": 11, "NL1012": 2, "FR59000": 6}


def noon(settings: Settings, days_ago: int) -> datetime:
    return counting.midnight(settings.zone) - timedelta(days=days_ago) + timedelta(hours=12)


def night(settings: Settings, days_ago: int) -> datetime:
    """When the job works: the night that follows on the day before."""
    day = ago(settings, days_ago)
    return datetime.combine(day, time(3), settings.zone)


async def disclosed(db: Database, settings: Settings, days_ago: int = 0) -> int:
    return await disclosing.disclose_due(db, night(settings, days_ago))


async def city(db: Database, settings: Settings, **more: Any) -> Any:
    """Signed ten days ago from all over."""
    petition = await make.petition(db, slug="a-park", **more)
    await signed(db, petition, noon(settings, 10), **CITY, **ELSEWHERE)
    return petition


def told(release: Release | None, level: str, parent: str = "") -> dict[str, int]:
    assert release is not None
    return {
        row.code: row.confirmed
        for row in release.rows
        if row.level == level and row.parent == parent
    }


# --- it works -----------------------------------------------------------------------------


async def test_places_with_ten_are_told_rounded_and_the_rest_together(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await city(db, settings)
    assert await disclosed(db, settings) == 1
    day = ago(settings, 1).isoformat()
    assert rows(await client.get(data("signatures-by-area.csv"))) == [
        ["day", "level", "code", "confirmed"],
        [day, "municipality", "11002", "125"],
        [day, "municipality", "44021", "10"],
        [day, "municipality", "OTHER", "10"],
        [day, "country", "NL", "10"],
        [day, "postcode", "BE-1050", "20"],
    ]
    assert rows(await client.get(data("signatures-by-postcode.csv"))) == [
        ["day", "area", "code", "confirmed"],
        [day, "11002", "BE-2000", "20"],
        [day, "11002", "BE-2018", "30"],
        [day, "11002", "BE-2060", "55"],
        [day, "11002", "OTHER", "15"],  # 2140 stands in for the three of 2050
        [day, "44021", "OTHER", "10"],
        [day, "NL", "OTHER", "10"],
    ]
    assert rows(await client.get(data("signatures-by-language.csv"))) == [
        ["day", "language", "confirmed"],
        [day, "OTHER", "185"],  # all in Dutch: told apart, it would say that nobody else is
    ]
