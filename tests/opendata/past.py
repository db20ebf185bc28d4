"""A petition with a past: days that are over, as the count really keeps them."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from mobilise import db
from mobilise.db import Database
from mobilise.settings import Settings
from mobilise.signatures import counting
from tests import make

NASTY = '=HYPERLINK("https://evil.example"),"-2+3"\r\n@SUM(1)'


def ago(settings: Settings, days: int) -> date:
    """Today is 0, yesterday 1, in the zone of the instance."""
    return counting.midnight(settings.zone).date() - timedelta(days=days)


async def happened(
    database: Database, settings: Settings, petition: Any, days_ago: int, **counts: int
) -> None:
    """So many events around noon of that day: confirmed=3, withdrawn=1, paper=20…"""
    noon = counting.midnight(settings.zone) - timedelta(days=days_ago) + timedelta(hours=12)
    if days_ago == 0:
        noon = datetime.now(settings.zone)
    for what, n in counts.items():
        method = "paper" if what == "paper" else "email"
        await db.run(
            database,
            """insert into count_events (petition_id, signature_id, at, what, method)
               select :petition, i, :at, :what, :method from generate_series(1, :n::int) i""",
            petition=petition.id,
            at=noon,
            what="confirmed" if what == "paper" else what,
            method=method,
            n=n,
        )
        column = method.replace("email", "online")
        sign = 1 if what in ("confirmed", "paper", "restored") else -1
        off = f", {what} = {what} + :n" if what in ("withdrawn", "invalidated") else ""
        await db.run(
            database,
            f"""update tallies set {column} = {column} + :signed::int {off}
                where petition_id = :petition and part = 3""",
            petition=petition.id,
            signed=sign * n,
            **({"n": n} if off else {}),
        )


async def park(database: Database, settings: Settings, **more: Any) -> Any:
    """Six days ago it opened; four days had signatures, one had paper, one was empty."""
    petition = await make.petition(database, **({"slug": "a-park"} | more))
    await happened(database, settings, petition, 6, confirmed=40)
    await happened(database, settings, petition, 5, confirmed=20, withdrawn=1)
    await happened(database, settings, petition, 3, confirmed=5, paper=100, invalidated=7)
    await happened(database, settings, petition, 1, confirmed=2, restored=3)
    await happened(database, settings, petition, 0, confirmed=9)
    return petition


def rows(answer: httpx.Response) -> list[list[str]]:
    """A CSV file as everybody's reader sees it, without its header."""
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8"), newline=""), strict=True))


def data(name: str, slug: str = "a-park") -> str:
    return f"/petitions/{slug}/data/{name}"


async def told_apart(database: Database, settings: Settings, petition: Any) -> None:
    """A table by place and by language to the end of yesterday, as the job leaves it."""
    await db.run(
        database,
        """
        with edition as (
          insert into area_editions (digest, pairs) values ('x', '{}') returning id
        ), release as (
          insert into area_releases (petition_id, number, edition_id, day)
          select :petition, 1, id, :day::date from edition
        )
        insert into area_release_rows (petition_id, number, level, parent, code, confirmed)
        select :petition, 1, * from (values
          ('municipality', '', '11002', 40), ('municipality', '', 'OTHER', 10),
          ('country', '', 'NL', 10), ('postcode', '', 'BE-1050', 15),
          ('postcode', '11002', 'BE-2060', 25), ('postcode', '11002', 'OTHER', 15),
          ('postcode', 'NL', 'OTHER', 10), ('language', '', 'nl', 50), ('language', '', 'OTHER', 15)
        ) told (level, parent, code, confirmed)
        """,
        petition=petition.id,
        day=ago(settings, 1),
    )
