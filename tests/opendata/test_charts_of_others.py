"""The charts that others made of petitions elsewhere, made again from nothing but our bundle.

Rates per day and per week, as petitionstats and many newsrooms drew them after fetching a count
every five minutes: here the past is in the file. What reads here is Python's own library.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import httpx
import pytest

from mobilise.opendata.weeks import weeks
from mobilise.signatures import counting
from tests.running import Site


class Bundle:
    """What somebody has who kept the archive, and nothing else."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))

    def table(self, name: str) -> list[dict[str, str]]:
        with self.archive.open(name) as file:
            return list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))

    def described(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.archive.read("datapackage.json"))
        return found


@pytest.fixture
def bundle(site: Site) -> Bundle:
    answer = httpx.get(f"{site.url}/petitions/{site.demonstration}/data/bundle.zip")
    return Bundle(answer.content)


def per_day(bundle: Bundle) -> list[tuple[date, int]]:
    """The chart of rates: signatures that came in on each day."""
    table = bundle.table("signatures-by-day.csv")
    return [(date.fromisoformat(row["day"]), int(row["confirmed"])) for row in table]


def per_week(bundle: Bundle) -> dict[str, int]:
    """The same by ISO week, "2026-W18": the rate that newsrooms print."""
    found: Counter[str] = Counter()
    for day, confirmed in per_day(bundle):
        year, week, _weekday = day.isocalendar()
        found[f"{year}-W{week:02}"] += confirmed
    return dict(found)


def test_the_chart_of_rates_per_day_has_no_gap_and_adds_up(bundle: Bundle) -> None:
    rates = per_day(bundle)
    assert len(rates) > 30
    assert all(b - a == timedelta(days=1) for (a, _), (b, _) in pairwise(rates))
    table = bundle.table("signatures-by-day.csv")
    running = 0
    for row in table:
        running += int(row["confirmed"]) + int(row["restored"])
        running -= int(row["withdrawn"]) + int(row["invalidated"])
        assert running == int(row["total"]), row["day"]


def test_the_chart_of_rates_per_week_is_that_of_the_page(bundle: Bundle) -> None:
    table = bundle.table("signatures-by-day.csv")
    fields = ("withdrawn", "invalidated", "restored", "paper", "total")
    ours = weeks(
        [
            counting.Day(
                day=date.fromisoformat(row["day"]),
                confirmed=int(row["online"]),
                **{name: int(row[name]) for name in fields},
            )
            for row in table
        ]
    )
    theirs = per_week(bundle)
    assert {f"{w.year}-W{w.number:02}": w.online + w.paper for w in ours} == theirs


def test_the_line_of_growth_ends_where_the_picture_says(site: Site, bundle: Bundle) -> None:
    last = bundle.table("signatures-by-day.csv")[-1]["total"]
    drawn = httpx.get(f"{site.url}/petitions/{site.demonstration}/data/growth.en.svg").text
    assert f">{int(last):,}</text>" in drawn


def test_who_finds_the_archive_knows_what_the_numbers_are(bundle: Bundle) -> None:
    """No page of ours is needed to label the axes and to name the source."""
    found = bundle.described()
    (days,) = (each for each in found["resources"] if each["name"] == "signatures-by-day")  # type: ignore[attr-defined]
    meaning = {field["name"]: field["description"] for field in days["schema"]["fields"]}
    assert meaning["confirmed"] and found["title"] and found["contributors"]


def test_a_bundle_with_a_day_cut_out_would_be_noticed(bundle: Bundle) -> None:
    rates = per_day(bundle)
    del rates[3]
    assert not all(b - a == timedelta(days=1) for (a, _), (b, _) in pairwise(rates))
