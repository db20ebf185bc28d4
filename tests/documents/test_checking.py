"""What the store holds against what rows point at; and that nothing is removed too early."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from mobilise import cli
from mobilise.app import JOBS
from mobilise.bucket import Bucket
from mobilise.bucket_address import BucketAddress
from mobilise.db import Database, run, tx, value
from mobilise.documents import checking, dossier, jobs, queries
from mobilise.jobs import Workplace
from mobilise.petitions import picture_queries, releasing
from mobilise.settings import Settings
from mobilise.store import Away, Store
from mobilise.tokens import Tokens
from mobilise.uploads import BrokenOff
from tests import buckets, make
from tests.documents import desk, samples
from tests.postbox import free_port

pytestmark = buckets.ON_BOTH
CONTENT = samples.pdf(2)
SHA256 = desk.sha256(CONTENT)
LOCK = "select pg_advisory_xact_lock(hashtextextended('document ' || $1::text, 0))"
AT_ONCE = timedelta(seconds=-60)
"""Instead of two days."""


async def found(db: Database, store: Store) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {
        finding.sha256: (finding.what, finding.shown_in)
        async for finding in checking.check(db, store)
    }


@pytest.fixture
async def park(db: Database) -> AsyncIterator[make.Petition]:
    yield await make.petition(db, slug="park")


# --- what rows point at -------------------------------------------------------------------


async def test_everything_that_rows_point_at_is_listed_page_by_page(
    db: Database, park: make.Petition, store: Store
) -> None:
    document = await make.document(db, store, park)
    withdrawn = await make.document(db, store, park, content=b"Withdrawn.")
    await queries.withdraw(db, park.id, withdrawn.id, "wrong one")
    await run(db, "update petitions set picture = 'p1', picture_narrow = 'p2'")
    words = {"picture": "d1", "picture_narrow": "d2"}
    for more in (words, {"title": "No picture"}, {"picture": "", "picture_narrow": ""}):
        await run(db, "insert into starts (language, words) values ('en', :words)", words=more)
    async with tx(db):
        await picture_queries.note(db, ["d1", "noted"])
    listed: list[tuple[str, bool]] = []
    while page := await queries.pointed_at(db, listed[-1][0] if listed else "", most=2):
        assert len(page) <= 2
        listed += page
    needed = {document.sha256, "p1", "p2", "d1", "d2"}
    assert listed == sorted([*((name, True) for name in needed), ("noted", False)])
    for name, _ in listed:
        assert await queries.is_pointed_at(db, name)
    assert not await queries.is_pointed_at(db, withdrawn.sha256)


# --- the check ----------------------------------------------------------------------------


async def test_a_sound_store_has_no_findings(
    db: Database, park: make.Petition, store: Store
) -> None:
    await make.document(db, store, park)
    await run(db, "update petitions set picture = :it", it=await store.put(b"a picture"))
    told: list[tuple[int, int]] = []
    assert [each async for each in checking.check(db, store, lambda *it: told.append(it))] == []
    done, of = told[-1]
    assert done == of > 0


async def test_what_is_missing_damaged_or_orphaned_is_told_with_its_place(
    db: Database, park: make.Petition, store: Store
) -> None:
    lost = await make.document(db, store, park, content=b"Lost.", name="lost.txt")
    hurt = await make.document(db, store, park, content=b"Whole.", name="hurt.txt")
    fine = await make.document(db, store, park, content=b"Fine.")
    orphan = await store.put(b"Nobody's.")
    picture = await store.put(b"a picture")
    await run(db, "update petitions set picture = :it", it=picture)
    await store.forget(lost.sha256)
    await store.forget(picture)
    await buckets.replace(store, hurt.sha256, b"Hurt.")
    assert await found(db, store) == {
        lost.sha256: ("missing", ("park: lost.txt",)),
        picture: ("missing", ("park: picture",)),
        hurt.sha256: ("damaged", ("park: hurt.txt",)),
        orphan: ("orphaned", ()),
    }
    assert await store.size(fine.sha256) is not None


async def test_a_picture_that_is_noted_is_no_orphan_and_is_not_missed(
    db: Database, store: Store
) -> None:
    kept = await store.put(b"a picture that somebody is about to show")
    async with tx(db):
        await picture_queries.note(db, [kept, "0" * 64])
    assert await found(db, store) == {}


# --- removing -----------------------------------------------------------------------------


async def test_a_crash_before_the_bytes_go_leaves_an_orphan_that_the_night_removes(
    db: Database, park: make.Petition, store: Store, settings: Settings, tokens: Tokens
) -> None:
    document = await make.document(db, store, park)
    await queries.withdraw(db, park.id, document.id, "")  # and there the process was killed
    assert await found(db, store) == {document.sha256: ("orphaned", ())}
    await jobs.sweep_store(Workplace(db, store, settings, tokens))
    assert await store.size(document.sha256) is not None, "it is younger than two days"
    assert await checking.sweep(db, store, unclaimed=AT_ONCE) == 1
    assert await buckets.files(store) == []
    assert [job.name for job in JOBS].count("documents.sweep_store") == 1


async def test_in_a_folder_the_night_goes_by_the_age_of_the_file(
    db: Database, park: make.Petition, store: Store, settings: Settings, tokens: Tokens
) -> None:
    shown = await make.document(db, store, park)
    old, young = await store.put(b"old"), await store.put(b"young")
    for sha256 in (old, shown.sha256):
        path = store.path(sha256)
        if path is not None:
            os.utime(path, (1_000_000, 1_000_000))
    await jobs.sweep_store(Workplace(db, store, settings, tokens))
    left = {shown.sha256, young} | (set() if store.path(old) else {old})
    assert set(await buckets.files(store)) == left


async def test_the_night_leaves_what_rows_point_at(
    db: Database, park: make.Petition, store: Store
) -> None:
    document = await make.document(db, store, park)
    assert await checking.sweep(db, store, unclaimed=AT_ONCE) == 0
    assert await buckets.files(store) == [document.sha256]


async def test_who_removes_waits_for_who_adds_the_same_and_then_leaves_it(
    db: Database, owner: Any, park: make.Petition, store: Store
) -> None:
    sha256 = await store.put(CONTENT)
    async with owner.transaction():
        await owner.execute(LOCK.replace("$1", f"'{sha256}'"))  # as who adds it
        removing = asyncio.create_task(releasing.release(db, store, [sha256]))
        while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
            assert not removing.done()
            await asyncio.sleep(0.02)
        await owner.execute("update petitions set picture = $1", sha256)
    assert await removing == 0
    assert await store.size(sha256) == len(CONTENT)


async def test_content_that_goes_while_the_same_arrives_is_asked_for_again(
    db: Database, owner: Any, park: make.Petition, store: Store
) -> None:
    """Between its bytes and its row somebody else took the same content away."""
    async with owner.transaction():
        await owner.execute(LOCK.replace("$1", f"'{SHA256}'"))  # as who takes it away
        adding = asyncio.create_task(desk.add(db, store, park, "a.pdf", CONTENT))
        while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
            assert not adding.done()
            await asyncio.sleep(0.02)
        await store.forget(SHA256)
    with pytest.raises(BrokenOff):
        await adding
    assert await desk.stored(db) == []


async def test_a_store_that_cannot_be_reached_holds_up_no_withdrawal(
    db: Database, park: make.Petition, store: Store, settings: Settings
) -> None:
    document = await make.document(db, store, park)
    await dossier.withdraw(
        db, away(settings), "", petition_id=park.id, document_id=document.id,
        person_id=park.person_id,
    )  # fmt: skip
    assert await dossier.documents(db, park.id) == []
    assert await found(db, store) == {document.sha256: ("orphaned", ())}
    with pytest.raises(Away):
        await found(db, away(settings))


async def test_while_a_bucket_is_away_its_documents_say_so_and_pages_go_on(
    app: Any, stranger: httpx.AsyncClient, db: Database, park: make.Petition, settings: Settings
) -> None:
    document = await make.document(db, app.state.store, park)
    app.state.store = away(settings)
    answer = await stranger.get(document.href)
    assert answer.status_code == 503
    assert "We cannot reach our documents right now" in answer.text
    assert (await stranger.get("/en/petitions/park/documents")).status_code == 200


def away(settings: Settings) -> Bucket:
    """A bucket of which nobody answers."""
    address = f"s3://k:s@papers?endpoint=http://127.0.0.1:{free_port()}&region=here"
    return Bucket(BucketAddress.parse(address), settings.data / "incoming")


# --- the command --------------------------------------------------------------------------


@pytest.fixture
def environment(settings: Settings, owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "database_url", "docs_store"):
        monkeypatch.setenv(f"MOBILISE_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("MOBILISE_DATABASE_OWNER_URL", owner_url)
    monkeypatch.setattr(cli.console, "_width", 200)


async def typed(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli.app, ["store", "check", *words])


@pytest.mark.usefixtures("environment")
async def test_the_command_tells_removes_orphans_and_ends_with_one_when_something_is_wrong(
    db: Database, park: make.Petition, store: Store
) -> None:
    document = await make.document(db, store, park)
    orphan = await store.put(b"Nobody's.")
    told = await typed()
    assert told.exit_code == 0, told.output
    assert f"orphaned  {orphan}" in told.output
    assert "0 missing, 0 damaged, 1 orphaned." in told.output and "--sweep" in told.output
    assert await store.size(orphan) is not None
    swept = await typed("--sweep")
    assert swept.exit_code == 0 and "1 orphaned, 1 of them removed." in swept.output
    assert await buckets.files(store) == [document.sha256]
    assert (await typed()).output.endswith("0 missing, 0 damaged, 0 orphaned.\n")
    await buckets.replace(store, document.sha256, b"Hurt.")
    hurt = await typed("--sweep")
    assert hurt.exit_code == 1
    assert f"damaged   {document.sha256}  park: {document.name}" in hurt.output
    assert await store.size(document.sha256) == 5, "a damaged document is left as it is"
    await store.forget(document.sha256)
    lost = await typed()
    assert lost.exit_code == 1 and f"missing   {document.sha256}" in lost.output
    assert await value(db, "select count(*) from documents where withdrawn_at is null") == 1
