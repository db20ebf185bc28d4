"""Feeds and calendars before readers that others wrote for node: feedsmith and ical.js."""

import json
from typing import Any

import httpx
import pytest

from mobilise.db import Database, run
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY
from tests.standards import nodes

FEED = """
import { readFileSync } from 'node:fs'
import { parseAtomFeed, parseJsonFeed, detectAtomFeed, detectJsonFeed } from 'feedsmith'
const given = readFileSync(0, 'utf-8')
const isAtom = given.startsWith('<')
const feed = isAtom ? parseAtomFeed(given) : parseJsonFeed(given)
const detected = isAtom ? detectAtomFeed(given) : detectJsonFeed(JSON.parse(given))
console.log(JSON.stringify({ detected, feed }))
"""
CALENDAR = """
import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf-8')))
const events = calendar.getAllSubcomponents('vevent').map(each => new ICAL.Event(each))
console.log(JSON.stringify(events.map(each => [
  each.uid, each.summary, each.startDate.toString(), each.startDate.isDate,
  each.duration.toSeconds() / 86400,
])))
"""


def read(script: str, given: bytes) -> Any:
    found = nodes.run(script, given)
    assert found.returncode == 0, found.stderr.decode()
    return json.loads(found.stdout)


@pytest.fixture
async def park(db: Database, store: Store, settings: Settings) -> Any:
    found = await past.park(db, settings, title=NASTY, nl={"title": "Een park"})
    await make.document(db, store, found, title="Soil & water")
    await run(db, "update petitions set closes_on = '2027-03-28'")
    return found


# --- feeds --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/feed", "/petitions/a-park/feed", "/groups/{group}/feed"])
async def test_feedsmith_reads_both_feeds_and_finds_the_same(
    client: httpx.AsyncClient, park: Any, path: str
) -> None:
    path = path.format(group=park.group_slug)
    atom = read(FEED, (await client.get(f"{path}.atom")).content)
    other = read(FEED, (await client.get(f"{path}.json")).content)
    assert atom["detected"] and other["detected"]
    entries, items = atom["feed"]["entries"], other["feed"]["items"]
    assert entries and [each["id"] for each in entries] == [each["id"] for each in items]
    assert [link["rel"] for link in atom["feed"]["links"]] == ["self", "alternate", "license"]
    for entry, item in zip(entries, items, strict=True):
        assert entry["links"][0]["href"] == item["url"]
        assert entry["updated"] and item["date_published"]


async def test_feedsmith_reads_the_feed_of_a_dossier(client: httpx.AsyncClient, park: Any) -> None:
    found = read(FEED, (await client.get("/petitions/a-park/documents.atom")).content)
    assert [each["title"]["value"] for each in found["feed"]["entries"]] == ["Added: Soil & water"]


async def test_feedsmith_would_not_take_something_else() -> None:
    for given in (b"<html><p>no feed</p></html>", b'{"title": "no feed"}'):
        found = nodes.run(FEED, given)
        assert found.returncode or not json.loads(found.stdout)["detected"]


# --- calendars ----------------------------------------------------------------------------


async def test_ical_js_reads_every_calendar(client: httpx.AsyncClient, park: Any) -> None:
    expected = ["a-park-closes@127.0.0.1", "2027-03-28", True, 1]
    for path in (
        "/petitions/a-park/deadlines.ics",
        f"/groups/{park.group_slug}/agenda.ics",
        "/agenda.ics",
    ):
        ((uid, summary, *rest),) = read(CALENDAR, (await client.get(path)).content)
        assert [uid, *rest] == expected
        assert summary.startswith("Last day to sign: =HYPERLINK(")


async def test_ical_js_would_find_a_broken_calendar(client: httpx.AsyncClient, park: Any) -> None:
    whole = (await client.get("/agenda.ics")).content
    for broken in (
        whole.replace(b"DTSTART;VALUE=DATE:", b"DTSTART;VALUE=DATE "),
        whole.replace(b"END:VEVENT\r\n", b""),
        whole[: len(whole) // 2],
    ):
        assert broken != whole
        assert nodes.run(CALENDAR, broken).returncode != 0
