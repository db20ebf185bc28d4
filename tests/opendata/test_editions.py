"""Editions that are kept: as they were, for good; made again with a reason where one was wrong."""

import asyncio
import hashlib
import io
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import frictionless
import httpx
import pytest

from mobilise import db as sql
from mobilise.audit import trail
from mobilise.db import Database
from mobilise.documents import checking
from mobilise.documents import queries as documents
from mobilise.errors import NotFound, NotNow, Refusal
from mobilise.jobs import Workplace
from mobilise.opendata import edition_queries, keeping
from mobilise.opendata import jobs as by_the_clock
from mobilise.opendata.package import EVERY
from mobilise.settings import Settings
from mobilise.signatures import counting
from mobilise.signatures import jobs as of_the_count
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.opendata import past
from tests.opendata.past import ago, data
from tests.opendata.test_data_page import shown
from tests.opendata.test_shelf import Watched
from tests.opendata.test_shelf import watched as watched

NAMES = sorted([*(file.name for file in EVERY), "bundle.zip"])


@pytest.fixture
def place(db: Database, store: Store, settings: Settings, tokens: Tokens) -> Workplace:
    return Workplace(db, store, settings, tokens)


async def night(place: Workplace) -> None:
    """What the clock does after midnight."""
    await of_the_count.write_days(place)
    await by_the_clock.keep_editions(place)


async def kept(db: Database, petition: Any) -> list[tuple[date, int]]:
    rows = await edition_queries.of_petition(db, petition.id)
    return [(row["day"], row["version"]) for row in rows]


async def opened_long_ago(db: Database) -> None:
    """Before all days of the past that these tests make."""
    await sql.run(db, "update petitions set opened_at = now() - interval '20 days'")
    await sql.run(db, "update petition_texts set at = now() - interval '20 days'")
    await sql.run(db, "update documents set added_at = now() - interval '20 days'")
    await sql.run(db, "update document_versions set added_at = now() - interval '20 days'")


@pytest.fixture
async def park(place: Workplace, db: Database, store: Store, settings: Settings) -> Any:
    """A petition whose yesterday was kept."""
    found = await past.park(db, settings)
    await make.document(db, store, found)
    await opened_long_ago(db)
    await night(place)
    return found


def at(settings: Settings, name: str = "", version: int = 1, days: int = 1) -> str:
    day = ago(settings, days).isoformat() + (f".{version}" if version > 1 else "")
    return data(f"{day}/{name}")


# --- they work ----------------------------------------------------------------------------


async def test_yesterday_is_kept_as_it_was_served(
    client: httpx.AsyncClient, park: Any, settings: Settings
) -> None:
    listed = (await client.get(at(settings))).json()
    assert [file["name"] for file in listed["files"]] == NAMES
    for file in listed["files"]:
        answer = await client.get(file["url"].removeprefix(settings.base_url))
        assert answer.status_code == 200
        assert len(answer.content) == file["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        newest = await client.get(data(file["name"]))
        assert answer.content == newest.content, file["name"]
        assert answer.headers["content-type"] == newest.headers["content-type"]


async def test_it_stays_as_it_was(
    client: httpx.AsyncClient, db: Database, store: Store, park: Any, settings: Settings
) -> None:
    before = {name: (await client.get(at(settings, name))).content for name in NAMES}
    await make.document(db, store, park, name="later.txt", content=b"Later.\n")
    await sql.run(db, "update petitions set goal = 4711")
    await past.happened(db, settings, park, 1, confirmed=50)
    await sql.run(db, "delete from days")
    assert (await client.get(data("petition.json"))).content != before["petition.json"]
    for name in NAMES:
        answer = await client.get(at(settings, name))
        assert answer.content == before[name]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["etag"] == f'"{hashlib.sha256(before[name]).hexdigest()}"'


async def test_somebody_elses_validator_accepts_a_kept_bundle(
    client: httpx.AsyncClient, park: Any, settings: Settings, tmp_path: Path
) -> None:
    answer = await client.get(at(settings, "bundle.zip"))
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])


async def test_who_has_it_is_not_sent_it_again(
    client: httpx.AsyncClient, park: Any, settings: Settings
) -> None:
    path = at(settings, "data.xlsx")
    first, head = await client.get(path), await client.head(path)
    assert head.content == b"" and int(head.headers["content-length"]) == len(first.content)
    again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and again.content == b""
    assert first.headers["access-control-allow-origin"] == "*"
    part = await client.get(path, headers={"range": "bytes=2-5"})
    assert part.status_code == 206 and part.content == first.content[2:6]


async def test_links_lead_to_licence_description_and_the_others(
    client: httpx.AsyncClient, park: Any, settings: Settings
) -> None:
    links = (await client.get(at(settings, "signatures-by-day.csv"))).links
    site = settings.base_url
    assert links["describedby"]["url"] == site + at(settings, "datapackage.json")
    assert links["collection"]["url"] == site + at(settings)
    assert links["license"]["url"].endswith("/publicdomain/zero/1.0/")
    listed = await client.get(at(settings))
    assert listed.links["item"]["url"] == site + at(settings, "bundle.zip")
    assert len(listed.headers["link"]) < 1000
    assert listed.links["collection"]["url"] == site + data("editions.json")
    editions = (await client.get(data("editions.json"))).json()["editions"]
    assert [each["url"] for each in editions] == [site + at(settings)]


async def test_a_burst_of_readers_costs_the_database_nothing(
    client: httpx.AsyncClient, park: Any, settings: Settings, watched: Watched
) -> None:
    await client.get(at(settings, "data.ods"))
    before = watched.asked
    answers = await asyncio.gather(
        *(client.get(at(settings, name)) for name in NAMES for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert watched.asked == before


# --- when -----------------------------------------------------------------------------------


async def test_a_day_on_which_nothing_moved_is_not_kept(
    db: Database, place: Workplace, settings: Settings
) -> None:
    park = await make.petition(db, slug="a-park")
    await past.happened(db, settings, park, 5, confirmed=3)
    await opened_long_ago(db)
    await of_the_count.write_days(place)
    for days in (3, 2, 1):
        await keeping.keep_due(db, place.store, settings, ago(settings, days))
    assert await kept(db, park) == [(ago(settings, 3), 1)], "the first one, and then no more"


@pytest.mark.parametrize(
    "moved",
    [
        "update days set day = day",
        """insert into petition_texts (petition_id, language, version, title, addressee, body, at)
           select id, 'en', 2, 'A park', 'The council', 'Please.', :noon from petitions""",
        "update petitions set state = 'closed', closed_at = :noon",
        "update petitions set delivered_at = :noon",
        "update petitions set answered_on = :noon::timestamptz::date",
        "update documents set withdrawn_at = :noon",
        "update document_versions set added_at = :noon",
    ],
)
async def test_a_day_on_which_something_moved_is_kept(
    db: Database, store: Store, place: Workplace, settings: Settings, moved: str
) -> None:
    park = await make.petition(db, slug="a-park")
    await make.document(db, store, park)
    await opened_long_ago(db)
    await past.happened(db, settings, park, 5, confirmed=3)
    if "days" in moved:
        await past.happened(db, settings, park, 1, confirmed=3)
    await of_the_count.write_days(place)
    await keeping.keep_due(db, place.store, settings, ago(settings, 3))
    noon = counting.midnight(settings.zone) - timedelta(hours=12)
    await sql.run(db, moved, **({"noon": noon} if ":noon" in moved else {}))
    await by_the_clock.keep_editions(place)
    assert await kept(db, park) == [(ago(settings, 1), 1), (ago(settings, 3), 1)]


async def test_the_clock_may_strike_twice(db: Database, park: Any, place: Workplace) -> None:
    await night(place)
    await night(place)
    assert len(await kept(db, park)) == 1


async def test_what_came_after_midnight_belongs_to_the_next_day(
    client: httpx.AsyncClient, db: Database, store: Store, place: Workplace, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await make.document(db, store, park)
    await opened_long_ago(db)
    await make.document(db, store, park, name="today.txt", content=b"Of today.\n")
    await night(place)
    told = (await client.get(at(settings, "petition.json"))).json()
    assert len(told["documents"]) == 1
    assert len((await client.get(data("petition.json"))).json()["documents"]) == 2


async def test_one_that_cannot_be_kept_holds_up_no_other(
    db: Database, place: Workplace, settings: Settings
) -> None:
    first, second = [await make.petition(db, slug=slug) for slug in ("a-park", "b-park")]
    for petition in (first, second):
        await past.happened(db, settings, petition, 2, confirmed=3)
    await opened_long_ago(db)
    await sql.run(
        db, "update petition_texts set at = now() where petition_id = :id", id=first.id
    )  # no text by the end of yesterday
    await night(place)
    assert await kept(db, first) == []
    assert len(await kept(db, second)) == 1


# --- made again -----------------------------------------------------------------------------


async def corrected(db: Database, place: Workplace, park: Any, settings: Settings) -> int:
    await sql.run(db, "update petitions set goal = 4711")
    day = ago(settings, 1)
    because = "The goal was wrong.\n"
    return await keeping.correct(db, place.store, settings, park.slug, day, because)


async def test_one_that_was_wrong_is_made_again_and_both_can_be_read(
    client: httpx.AsyncClient, db: Database, place: Workplace, park: Any, settings: Settings
) -> None:
    before = (await client.get(at(settings, "petition.json"))).content
    assert await corrected(db, place, park, settings) == 2
    old = await client.get(at(settings, "petition.json"))
    new = await client.get(at(settings, "petition.json", 2))
    assert old.content == before and new.json()["goal"] == 4711
    site = settings.base_url
    assert old.links["successor-version"]["url"] == site + at(settings, "petition.json", 2)
    assert new.links["predecessor-version"]["url"] == site + at(settings, "petition.json")
    listed = (await client.get(data("editions.json"))).json()["editions"]
    assert [each["version"] for each in listed] == [2, 1]
    assert listed[0]["made_again_because"] == "The goal was wrong."
    assert listed[1]["made_again_as"] == site + at(settings, version=2)
    assert (await client.get(at(settings))).json()["made_again_as"] == site + at(settings, "", 2)
    deed = await sql.one(db, "select deed, petition_id from audit_log order by id desc limit 1")
    assert tuple(deed) == ("edition.corrected", park.id)
    assert await trail.first_break(db) is None


async def test_what_would_be_the_same_is_not_made_again(
    db: Database, place: Workplace, park: Any, settings: Settings
) -> None:
    with pytest.raises(NotNow):
        await keeping.correct(db, place.store, settings, park.slug, ago(settings, 1), "To be sure.")
    assert len(await kept(db, park)) == 1


async def test_without_a_reason_or_without_a_day_nothing_is_made(
    db: Database, place: Workplace, park: Any, settings: Settings
) -> None:
    for day, because, refusal in (
        (ago(settings, 1), "  \n", Refusal),
        (ago(settings, 2), "It was wrong.", NotFound),
        (ago(settings, 0), "It was wrong.", NotFound),
        (date(1999, 1, 1), "It was wrong.", NotFound),
    ):
        with pytest.raises(refusal):
            await keeping.correct(db, place.store, settings, park.slug, day, because)
    assert len(await kept(db, park)) == 1


async def test_the_application_cannot_rewrite_what_was_kept(db: Database, park: Any) -> None:
    for table in ("editions", "edition_files"):
        for statement in (f"update {table} set day = day", f"delete from {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await sql.run(db, statement)


async def test_people_find_every_day_with_its_reason(
    client: httpx.AsyncClient, db: Database, place: Workplace, park: Any, settings: Settings
) -> None:
    await corrected(db, place, park, settings)
    page = await shown(client, "/en/petitions/a-park/data/editions")
    assert {at(settings, "bundle.zip"), at(settings, "bundle.zip", 2)} <= set(page.links)
    assert {at(settings), at(settings, "", 2)} <= set(page.links)
    assert "Made again: The goal was wrong." in page.words
    figures = await shown(client)
    assert "/en/petitions/a-park/data/editions" in figures.links


@pytest.mark.parametrize(
    "language, says",
    [
        ("en", "None is kept yet"),
        ("nl", "Er is nog niets"),
        ("fr", "Rien"),
        ("de", "Noch ist nichts"),
    ],
)
async def test_a_page_without_editions_says_when_the_first_one_comes(
    client: httpx.AsyncClient, db: Database, language: str, says: str
) -> None:
    await make.petition(db, slug="a-park")
    answer = await client.get(f"/{language}/petitions/a-park/data/editions")
    assert answer.status_code == 200 and says in answer.text
    await sql.run(db, "update petitions set state = 'removed'")
    assert (await client.get(f"/{language}/petitions/a-park/data/editions")).status_code == 410


# --- what must not happen -------------------------------------------------------------------


async def test_reading_keeps_nothing(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    await past.park(db, settings)
    for path in (at(settings, "bundle.zip"), at(settings), data("editions.json")):
        await client.get(path)
    assert await sql.value(db, "select count(*) from editions") == 0
    assert [each async for each in store.kept()] == []


@pytest.mark.parametrize(
    "edition",
    ["1999-01-01", "2026-02-30", "2026-05-11.1", "2026-05-11.02", "newest", "2026-05-11x"],
)
async def test_an_edition_that_is_not_there_is_told_in_json(
    client: httpx.AsyncClient, park: Any, edition: str
) -> None:
    for path in (data(f"{edition}/"), data(f"{edition}/petition.json")):
        answer = await client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_file_that_is_not_in_it_is_told_in_json(
    client: httpx.AsyncClient, park: Any, settings: Settings
) -> None:
    answer = await client.get(at(settings, "nothing.csv"))
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


async def test_no_address_of_a_file_leads_to_a_list(client: httpx.AsyncClient, park: Any) -> None:
    assert (await client.get(data("nothing.csv"))).status_code == 404
    assert (await client.get(data("1999-01-01"))).status_code in (307, 404)


@pytest.mark.parametrize(("state", "status"), [("removed", 410), ("suspended", 403)])
async def test_what_was_taken_away_is_taken_away_in_every_edition(
    client: httpx.AsyncClient, db: Database, park: Any, settings: Settings, state: str, status: int
) -> None:
    await sql.run(db, "update petitions set state = :state", state=state)
    for path in (at(settings), data("editions.json"), *(at(settings, name) for name in NAMES)):
        answer = await client.get(path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert "immutable" not in answer.headers.get("cache-control", "")


async def test_a_petition_without_editions_has_an_empty_list(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, slug="a-park")
    answer = await client.get(data("editions.json"))
    assert answer.status_code == 200 and answer.json()["editions"] == []


async def test_the_store_knows_what_editions_need(
    db: Database, store: Store, park: Any, settings: Settings
) -> None:
    assert await checking.sweep(db, store, timedelta(0)) == 0
    assert [each async for each in checking.check(db, store)] == []
    lost = await sql.value(
        db, "select sha256 from edition_files where name = 'signatures-by-day.csv'"
    )
    await store.forget(lost)
    (finding,) = [each async for each in checking.check(db, store)]
    assert finding.what == "missing"
    assert finding.shown_in == (
        f"a-park: data/{ago(settings, 1).isoformat()}/signatures-by-day.csv",
    )


async def test_a_withdrawn_document_leaves_its_title_in_what_was_kept_but_not_its_bytes(
    client: httpx.AsyncClient, db: Database, park: Any, settings: Settings
) -> None:
    (told,) = (await client.get(at(settings, "petition.json"))).json()["documents"]
    await documents.withdraw(db, park.id, told["id"], "It was the wrong one.")
    again = (await client.get(at(settings, "petition.json"))).json()["documents"]
    assert again == [told]
    assert (await client.get(told["url"].removeprefix(settings.base_url))).status_code == 410
