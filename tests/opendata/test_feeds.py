"""Feeds and calendars: what happened to a petition, to those of a group, here at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import httpx
import pytest
from icalendar import Calendar

from mobilise.db import Database, run
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY

PETITION = "/petitions/a-park/feed.atom"


async def read(client: httpx.AsyncClient, path: str) -> Any:
    """A feed as a feed reader sees it; it complains of nothing."""
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    found = feedparser.parse(answer.content)
    assert found.bozo == 0, found.get("bozo_exception")
    assert found.version == "atom10"
    assert found.feed.id == found.feed.links[0].href == f"http://127.0.0.1:8000{path}"
    ids = [entry.id for entry in found.entries]
    assert len(set(ids)) == len(ids)
    moments = [entry.updated_parsed for entry in found.entries]
    assert moments == sorted(moments, reverse=True), "newest first"
    return found


def titles(found: Any) -> list[str]:
    return [entry.title for entry in found.entries]


async def life(db: Database, store: Store, settings: Settings) -> Any:
    """A petition with a past, a document, a correction, a hand-over and an answer."""
    park = await past.park(db, settings, title="A park", nl={"title": "Een park"})
    group = "update groups set slug = 'yard' where id = :id"
    await run(db, group, id=park.group_id)
    await make.document(db, store, park, title="Soil and water")
    await run(
        db,
        """insert into petition_texts (petition_id, language, version, title, addressee, body,
             note, kind)
           values (:id, 'en', 2, 'A park', 'The council', 'Trees.', 'A wrong date.',
             'correction')""",
        id=park.id,
    )
    await run(
        db,
        """update petitions set version = 2, state = 'answered', goal = 110,
             opened_at = now() - interval '7 days', closed_at = now() - interval '1 hour',
             delivered_at = now(), delivered_on = :day::date, answered_on = :day::date
           where id = :id""",
        id=park.id,
        day=datetime.now(settings.zone).date() + timedelta(days=1),
    )
    return park


# --- Atom ---------------------------------------------------------------------------------


async def test_a_petition_tells_its_whole_life(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    await life(db, store, settings)
    found = await read(client, PETITION)
    assert found.feed.title == "A park" and found.feed.language == "en"
    assert set(titles(found)) == {
        "You can sign this: A park",
        "This petition is closed: A park",
        "Handed over: A park",
        "Answered: A park",
        "The text was corrected: A park",
        "Added: Soil and water",
        "50 signatures",
        "100 signatures",
        "The goal is reached: 110 signatures",
    }
    assert titles(found)[-1] == "You can sign this: A park"
    corrected = next(entry for entry in found.entries if "corrected" in entry.title)
    assert corrected.summary == "A wrong date."
    for entry in found.entries:
        assert (await client.get(entry.link)).status_code == 200


async def test_round_numbers_are_those_a_day_ended_with(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)  # 171 by now, 162 when yesterday ended
    await run(db, "update petitions set goal = 165")
    found = await read(client, PETITION)
    assert [each for each in titles(found) if "signatures" in each] == [
        "100 signatures",
        "50 signatures",
    ]
    hundred = next(entry for entry in found.entries if entry.title == "100 signatures")
    ended = past.ago(settings, 2)
    assert (
        datetime(*hundred.updated_parsed[:5], tzinfo=UTC).astimezone(settings.zone).date() == ended
    )


async def test_it_speaks_the_language_of_its_petition(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, slug="a-park", title="Een park", language="nl")
    answer = await client.get(PETITION, headers={"accept-language": "fr"})
    assert 'xml:lang="nl"' in answer.text and "Je kunt dit tekenen: Een park" in answer.text


async def test_a_group_tells_of_all_its_petitions(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await life(db, store, settings)
    group = make.Group(park.group_id, "yard", park.group_name)
    await make.petition(db, slug="another", title="Trees", group=group)
    await make.petition(db, "draft", slug="secret", title="A secret", group=group)
    await make.petition(db, slug="strange", title="Strange")
    found = await read(client, "/groups/yard/feed.atom")
    assert "You can sign this: Trees" in titles(found)
    assert "Added: Soil and water" in titles(found)
    assert not {each for each in titles(found) if "ecret" in each or "Strange" in each}
    everything = titles(await read(client, "/feed.atom"))
    assert "You can sign this: Strange" in everything and "Answered: A park" in everything
    assert not [each for each in everything if "ecret" in each]


async def test_nothing_happened_yet(client: httpx.AsyncClient, db: Database) -> None:
    assert titles(await read(client, "/feed.atom")) == []
    for path in ("/groups/nobody/feed.atom", "/petitions/nobody/feed.json", "/groups/x/agenda.ics"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    await make.petition(db, "draft", slug="a-park")
    assert (await client.get(PETITION)).status_code == 404
    assert (await client.get("/petitions/a-park/deadlines.ics")).status_code == 404
    await make.petition(db, "removed", slug="gone")
    assert (await client.get("/petitions/gone/feed.atom")).status_code == 410


async def test_odd_signs_break_no_feed(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title=f"{NASTY} <b>&amp; \x0b\x1f")
    found = await read(client, PETITION)
    assert "HYPERLINK" in found.feed.title
    answer = (await client.get("/petitions/a-park/feed.json")).json()
    assert answer["title"].startswith("=HYPERLINK")
    calendar = (await client.get("/petitions/a-park/deadlines.ics")).content
    Calendar.from_ical(calendar)


def test_a_feed_reader_would_complain() -> None:
    broken = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>a \x0b</title>'
    assert feedparser.parse(broken).bozo == 1


async def test_whoever_has_the_feed_gets_nothing_twice(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for path in (PETITION, "/feed.json", "/agenda.ics"):
        first = await client.get(path)
        assert first.headers["access-control-allow-origin"] == "*"
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304 and not again.content


async def test_the_pages_lead_to_their_feeds(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    for page, feed in (
        ("/nl/", "/feed"),
        (f"/nl/groups/{park.group_slug}", f"/groups/{park.group_slug}/feed"),
        ("/nl/petitions/a-park", "/petitions/a-park/feed"),
        ("/nl/petitions/a-park/data", "/petitions/a-park/feed"),
    ):
        text = (await client.get(page)).text
        for kind, media_type in (
            ("atom", "application/atom+xml"),
            ("json", "application/feed+json"),
        ):
            assert f'type="{media_type}"' in text and f'href="{feed}.{kind}"' in text, page
            assert (await client.get(f"{feed}.{kind}")).status_code == 200


# --- JSON Feed ----------------------------------------------------------------------------


async def test_the_json_feed_tells_the_same(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    await life(db, store, settings)
    for path in ("/petitions/a-park/feed", "/groups/yard/feed", "/feed"):
        atom = await read(client, f"{path}.atom")
        answer = await client.get(f"{path}.json")
        assert answer.headers["content-type"] == "application/feed+json"
        found = answer.json()
        assert found["version"] == "https://jsonfeed.org/version/1.1"
        assert found["feed_url"] == f"http://127.0.0.1:8000{path}.json"
        assert [item["id"] for item in found["items"]] == [entry.id for entry in atom.entries]
        assert [item["title"] for item in found["items"]] == titles(atom)
        assert all(datetime.fromisoformat(item["date_published"]).tzinfo for item in found["items"])
        assert answer.links["alternate"]["url"] == f"http://127.0.0.1:8000{path}.atom"


# --- calendars ----------------------------------------------------------------------------


async def events(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in answer.content and max(map(len, answer.content.split(b"\r\n"))) <= 75
    calendar = Calendar.from_ical(answer.content)
    assert calendar.errors == []
    return {str(each["summary"]): each for each in calendar.walk("VEVENT")}


async def test_the_last_day_is_in_the_calendar(client: httpx.AsyncClient, db: Database) -> None:
    await make.petition(db, slug="a-park", title="A park, and trees; for us")
    assert await events(client, "/petitions/a-park/deadlines.ics") == {}
    await run(db, "update petitions set closes_on = '2027-03-28'")
    found = await events(client, "/petitions/a-park/deadlines.ics")
    (event,) = found.values()
    assert event["summary"] == "Last day to sign: A park, and trees; for us"
    assert event["dtstart"].dt == date(2027, 3, 28) and event["dtend"].dt == date(2027, 3, 29)
    assert event["uid"] == "a-park-closes@127.0.0.1"
    assert (await client.get(str(event["url"]))).status_code == 200


async def test_the_day_on_which_it_closed_counts_more_than_the_one_that_was_said(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, "closed", slug="a-park", title="A park")
    await run(
        db,
        "update petitions set closes_on = '2027-03-28', closed_at = '2027-02-01 23:00:00+00'",
    )  # midnight in Brussels: the first of February was its last day
    (event,) = (await events(client, "/petitions/a-park/deadlines.ics")).values()
    assert event["dtstart"].dt == date(2027, 2, 1)


async def test_a_group_and_the_instance_have_an_agenda(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    await life(db, store, settings)
    await make.petition(db, slug="strange", title="Strange")
    await run(db, "update petitions set closes_on = '2027-03-28' where slug = 'strange'")
    of_group = await events(client, "/groups/yard/agenda.ics")
    assert set(of_group) == {
        "Last day to sign: A park", "Handed over: A park", "Answered: A park",
    }  # fmt: skip
    assert set(await events(client, "/agenda.ics")) == {*of_group, "Last day to sign: Strange"}


def test_a_calendar_that_is_cut_off_would_be_found() -> None:
    with pytest.raises(ValueError):
        Calendar.from_ical(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY\r\nEND:VEVENT\r\n")
