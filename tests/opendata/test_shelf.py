"""A burst of readers costs the database nothing, and nobody reads what is no longer true."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from mobilise import db as sql
from mobilise.db import Database
from mobilise.documents import queries as documents
from mobilise.errors import Gone
from mobilise.opendata import shelf
from mobilise.opendata.editions import Edition
from mobilise.opendata.package import EVERY
from mobilise.opendata.shelf import Shelf
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import data, rows

NAMES = [*(file.name for file in EVERY), "bundle.zip"]
FOR_EVER = 3600.0


class Watched:
    """The database, which notes how often it is asked."""

    def __init__(self, database: Database) -> None:
        self.database, self.asked = database, 0

    def connection(self) -> Any:
        self.asked += 1
        return self.database.connection()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)


@pytest.fixture
async def watched(app: Starlette, db: Database) -> AsyncIterator[Watched]:
    """The site, whose shelf believes what it read until it is told otherwise."""
    before, found = app.state.shelf, Watched(db)
    app.state.db, app.state.shelf = found, Shelf(FOR_EVER)
    yield found
    app.state.db, app.state.shelf = db, before


async def test_a_burst_of_readers_costs_what_one_costs(
    client: httpx.AsyncClient, db: Database, settings: Settings, watched: Watched
) -> None:
    await past.park(db, settings)
    watched.asked = 0
    await client.get(data("documents.csv"))
    for_one = watched.asked
    assert 0 < for_one < 15
    answers = await asyncio.gather(*(client.get(data(name)) for name in NAMES for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert watched.asked == for_one
    first = answers[0].headers["etag"]
    again = await client.get(data(NAMES[0]), headers={"if-none-match": first})
    assert again.status_code == 304 and watched.asked == for_one


async def test_a_burst_on_a_cold_site_reads_once(
    client: httpx.AsyncClient, db: Database, settings: Settings, watched: Watched
) -> None:
    await past.park(db, settings)
    watched.asked = 0
    await asyncio.gather(*(client.get(data("signatures-by-day.csv")) for _ in range(40)))
    assert 0 < watched.asked < 15


async def test_the_counter_of_this_test_would_find_a_reader_who_asks(
    client: httpx.AsyncClient, db: Database, settings: Settings, watched: Watched, app: Starlette
) -> None:
    await past.park(db, settings)
    app.state.shelf.seconds = -1.0
    await client.get(data("documents.csv"))
    before = watched.asked
    await client.get(data("documents.csv"))
    assert watched.asked > before


async def test_what_did_not_change_is_not_built_again(db: Database, settings: Settings) -> None:
    await past.park(db, settings)
    kept, built = Shelf(-1.0), []

    def write(edition: Edition) -> Any:
        built.append(edition)
        return iter([b"content"])

    for _ in range(3):
        edition = await kept.edition(db, settings, "a-park")
        await kept.built(edition, "a-file", write)
    assert len(built) == 1
    await sql.run(db, "update petitions set goal = 4711")
    edition = await kept.edition(db, settings, "a-park")
    await kept.built(edition, "a-file", write)
    assert len(built) == 2 and edition.petition.goal == 4711


async def test_a_withdrawn_document_and_a_removed_petition_show_within_a_second(
    db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings)
    document = await make.document(db, store, park)
    kept = Shelf()
    assert shelf.SECONDS <= 1.0
    assert len((await kept.edition(db, settings, "a-park")).documents) == 1
    await documents.withdraw(db, park.id, document.id, "It was the wrong one.")
    await asyncio.sleep(shelf.SECONDS + 0.05)
    assert (await kept.edition(db, settings, "a-park")).documents == []
    await sql.run(db, "update petitions set state = 'removed'")
    await asyncio.sleep(shelf.SECONDS + 0.05)
    with pytest.raises(Gone):
        await kept.edition(db, settings, "a-park")


async def test_an_edition_ends_with_its_day(
    client: httpx.AsyncClient, db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it would be believed."""
    from mobilise.signatures import counting

    await past.park(db, settings)
    kept = Shelf(FOR_EVER)
    today = (await kept.edition(db, settings, "a-park")).closed_at
    tomorrow = datetime.fromtimestamp(today.timestamp() + 86400, settings.zone)
    monkeypatch.setattr(counting, "midnight", lambda zone: tomorrow)
    assert (await kept.edition(db, settings, "a-park")).closed_at == tomorrow


async def test_memory_is_bounded_and_what_is_large_is_written_again(
    db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    kept = Shelf(FOR_EVER, room=1000)
    edition = await kept.edition(db, settings, "a-park")
    for n in range(10):
        await kept.built(edition, f"file-{n}", lambda _: iter([b"x" * 300]))
    assert len(kept._files) == 3
    many = (b"x" * 100_000 for _ in range(shelf.LARGEST // 100_000 + 1))
    large = await kept.built(edition, "large", lambda _: many)
    assert large.pieces is None and large.measure.size > shelf.LARGEST


async def test_who_goes_away_stops_it_for_nobody(db: Database, settings: Settings) -> None:
    await past.park(db, settings)
    kept = Shelf(FOR_EVER)
    first = asyncio.create_task(kept.edition(db, settings, "a-park"))
    second = asyncio.create_task(kept.edition(db, settings, "a-park"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).petition.slug == "a-park"


async def test_a_refusal_reaches_everybody_who_waits(db: Database, settings: Settings) -> None:
    park = await past.park(db, settings)
    await sql.run(db, "update petitions set state = 'removed' where id = :id", id=park.id)
    kept = Shelf(FOR_EVER)
    asked = [kept.edition(db, settings, "a-park") for _ in range(5)]
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(each, Gone) for each in found)


async def test_today_counts_in_no_edition_that_is_kept(
    client: httpx.AsyncClient, db: Database, settings: Settings, watched: Watched
) -> None:
    park = await past.park(db, settings)
    before = rows(await client.get(data("signatures-by-day.csv")))
    await make.signature(db, park, at=datetime.now(UTC))
    assert rows(await client.get(data("signatures-by-day.csv"))) == before
    assert (await client.get("/api/petitions/a-park/count")).json()["confirmed"] == 162 + 9 + 1
