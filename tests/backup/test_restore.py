"""The proof: an instance is filled, saved, destroyed and restored, and nothing differs."""

import gzip
import io
import json
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from mobilise import db as database_module
from mobilise.audit import trail
from mobilise.backup import archive, restoring, saving
from mobilise.db import Database
from mobilise.settings import Settings
from mobilise.store import Store, opened
from mobilise.tokens import Tokens
from tests import buckets, make
from tests.house import world

Owner = "asyncpg.Connection[asyncpg.Record]"
Rows = dict[str, list[str]]


async def rows(owner: Owner) -> Rows:
    """Every row of every table as text, sorted; and how far each sequence has come."""
    tables = await owner.fetch("select tablename from pg_tables where schemaname = 'public'")
    found: Rows = {}
    for (name,) in tables:
        lines = await owner.fetch(f'select t::text from "{name}" t order by 1')
        found[name] = [line[0] for line in lines]
    reached = await owner.fetch(
        "select sequencename || ' ' || coalesce(last_value, 0) from pg_sequences"
        " where schemaname = 'public' order by 1"
    )
    return found | {"sequences": [row[0] for row in reached]}


async def shape(owner: Owner) -> list[str]:
    """Columns, constraints, indexes, triggers, functions and rights."""
    statements = (
        "select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '"
        " || coalesce(column_default, '') from information_schema.columns"
        " where table_schema = 'public'",
        "select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
        " from pg_constraint where connamespace = 'public'::regnamespace",
        "select indexdef from pg_indexes where schemaname = 'public'",
        "select tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text from pg_trigger"
        " where not tgisinternal",
        "select oid::regprocedure || ' ' || md5(prosrc) || ' ' || coalesce(proacl::text, '')"
        " from pg_proc where pronamespace = 'public'::regnamespace",
        "select table_name || ' ' || grantee || ' ' || privilege_type"
        " from information_schema.table_privileges where table_schema = 'public'",
    )
    return sorted([row[0] for sql in statements for row in await owner.fetch(sql)])


async def files(settings: Settings) -> dict[str, bytes]:
    """Every file that counts, byte by byte: documents by their checksum, what is still on its way
    by its name, and the keys."""
    store = opened(settings)
    kept = {name: b"" for name in await buckets.files(store)}
    async for sha256, _ in store.kept():
        kept[sha256] = await buckets.content(store, sha256)
    return kept | {"secret_keys": (settings.data / "secret_keys").read_bytes()}


async def fill(db: Database, store: Store, tokens: Tokens) -> str:
    """Something of everything, with words that are hard to carry; a link in a letter."""
    await world.filled(db, store, tokens)
    hard = await make.person(db, 'Zoë \\ \t"quoted"\nNULL \\N ß 漢 🚂')
    park = await make.petition(db, organiser=hard, title="Line\nbreak\tand \\. the end")
    for number in range(300):
        await make.signature(db, park, name=f"Signer {number}", email=f"n{number}@post.example")
    await make.signature(db, park, "withdrawn", comment="\\.\n\\N\n")
    async with database_module.tx(db):
        await trail.write(db, "test.deed", person_id=hard.id, words="ß \\ \n")
    await make.document(db, store, park, content=bytes(range(256)) * 9000)
    attempt = await make.attempt(db, tokens, park, email="old.link@post.example")
    await _queued(db)
    row = await database_module.one(
        db,
        "select s.petition_id, s.id, s.token_version, p.slug from signatures s"
        " join attempts a on a.signature_id = s.id and a.petition_id = s.petition_id"
        " join petitions p on p.id = s.petition_id where a.id = :id",
        id=attempt.id,
    )
    return f"/en/confirm/{tokens.confirm(row['petition_id'], row['id'], row['token_version'])}"


async def clear(settings: Settings) -> None:
    """All documents are gone."""
    store = opened(settings)
    async for sha256, _ in store.kept():
        await store.forget(sha256)


async def _queued(db: Database) -> None:
    """Work that waits, that was done, and that comes back every night."""
    for statement in (
        """insert into pgqueuer (priority, status, entrypoint, payload, headers)
           values (1, 'queued', 'test.job', '\\x00ff', '{"a": [1, "ß"]}')""",
        """insert into pgqueuer_log (job_id, status, priority, entrypoint)
           values (1, 'successful', 1, 'test.job')""",
        """insert into pgqueuer_schedules (expression, entrypoint, last_run)
           values ('2 * * * *', 'test.job', now())""",
        """insert into pgqueuer_statistics (count, priority, status, entrypoint)
           values (3, 1, 'exception', 'test.job')""",
    ):
        await database_module.run(db, statement)


async def destroy(owner: Owner, settings: Settings) -> None:
    await owner.execute("drop schema public cascade; create schema public")
    await owner.execute("grant usage on schema public to public")
    await clear(settings)
    (settings.data / "secret_keys").write_text("x" * 40 + "\n")


async def restored(settings: Settings, path: Path, **how: Any) -> list[str]:
    return await restoring.restore(settings, path, archive.checked(path), **how)


@pytest.fixture
def settings(settings: Settings, owner_url: str) -> Settings:
    """As the keeper's command has them: with the owner's rights."""
    return settings.model_copy(update={"database_owner_url": owner_url})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "saved.tar.gz"


@pytest_asyncio.fixture(autouse=True)
async def whole_again(owner: Owner, settings: Settings, owner_url: str) -> AsyncIterator[None]:
    """Other tests of this module want tables, and the keys of this run."""
    keys = (settings.data / "secret_keys").read_bytes()
    yield
    await database_module.migrate(owner_url)
    (settings.data / "secret_keys").write_bytes(keys)


@buckets.ON_BOTH
async def test_what_was_destroyed_comes_back_row_by_row_and_byte_by_byte(
    client: httpx.AsyncClient,
    db: Database,
    owner: Owner,
    settings: Settings,
    tokens: Tokens,
    path: Path,
) -> None:
    link = await fill(db, opened(settings), tokens)
    before = await rows(owner), await shape(owner), await files(settings)
    empty = [name for name, found in before[0].items() if not found]
    assert not empty, (
        f"the proof is worth nothing without rows in {empty}: see tests/house/world.py"
    )
    saved = await saving.save(settings, path)
    assert saved.rows == sum(len(found) for name, found in before[0].items() if name != "sequences")

    await destroy(owner, settings)
    await restored(settings, path)
    after = await rows(owner), await shape(owner), await files(settings)
    for name, found in before[0].items():
        assert after[0][name] == found, name
    assert after[1] == before[1]
    assert after[2] == before[2]

    page = await client.get(link)
    assert page.status_code == 200, "a link in a letter of before"
    assert (await client.post(link)).status_code == 303
    assert (
        await database_module.value(
            db, "select state from signatures where email = 'old.link@post.example'"
        )
        == "confirmed"
    )
    assert await trail.first_break(db) is None


async def test_documents_come_into_the_store_that_the_restoring_instance_has(
    db: Database, owner: Owner, settings: Settings, tokens: Tokens, path: Path, s3: str
) -> None:
    """From a folder into a bucket, and back."""
    await fill(db, opened(settings), tokens)
    before = await files(settings)
    with buckets.made(s3) as address:
        moved = settings.model_copy(update={"docs_store": address})
        await saving.save(settings, path)
        await destroy(owner, settings)
        await restored(moved, path)
        assert await files(moved) == before
        assert await buckets.files(opened(settings)) == []
        again = path.with_name("again.tar.gz")
        assert (await saving.save(moved, again)).documents == len(before) - 1
        await restored(settings, again, replace=True)
    assert await files(settings) == before


async def test_the_application_still_may_not_rewrite_history(
    db: Database, owner: Owner, settings: Settings, tokens: Tokens, path: Path
) -> None:
    await fill(db, opened(settings), tokens)
    await saving.save(settings, path)
    await destroy(owner, settings)
    await restored(settings, path)
    for statement in (
        "update count_events set reason = 'x'",
        "delete from audit_log",
        "delete from area_releases",
        "update area_release_rows set confirmed = 10",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database_module.run(db, statement)
    await make.signature(db, await make.petition(db, slug="after"))


@buckets.ON_BOTH
async def test_an_instance_in_use_is_not_touched_unless_told(
    db: Database, owner: Owner, store: Store, settings: Settings, tokens: Tokens, path: Path
) -> None:
    await make.petition(db, slug="old")
    await saving.save(settings, path)
    await make.petition(db, slug="newer")
    extra = await make.document(db, store, await make.petition(db, slug="third"))
    before = await rows(owner), await files(settings)
    with pytest.raises(restoring.NotEmpty, match="3 petitions"):
        await restored(settings, path)
    assert (await rows(owner), await files(settings)) == before
    await restored(settings, path, replace=True)
    assert await owner.fetchval("select string_agg(slug, ',') from petitions") == "old"
    assert extra.sha256 not in str(list(await files(settings)))


@buckets.ON_BOTH
async def test_a_restore_that_fails_leaves_nothing(
    db: Database, owner: Owner, settings: Settings, tokens: Tokens, path: Path
) -> None:
    """The last document is not what it was: rows and files of before have been read by then."""
    await fill(db, opened(settings), tokens)
    await saving.save(settings, path)
    manifest = archive.checked(path)
    last = sorted(name for name in manifest.members if name.startswith("documents/"))[-1]
    other = path.with_name("other.tar.gz")
    rewrite(path, other, lambda name, content: b"other" if name == last else content)
    await owner.execute("truncate people, petitions, groups cascade")
    await clear(settings)
    before = await shape(owner), await rows(owner), await files(settings)
    with pytest.raises(archive.Damaged):
        await restoring.restore(settings, other, manifest, replace=True)
    assert (await shape(owner), await rows(owner), await files(settings)) == before
    assert await buckets.files(opened(settings)) == []


async def test_a_backup_of_an_older_mobilise_is_brought_up_to_date(
    db: Database,
    owner: Owner,
    settings: Settings,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner_url: str,
) -> None:
    """Rows come into the tables as they were then, and newer migrations run over them."""
    all_of_them = database_module.migrations()
    alice = await make.person(db, "Alice")
    await saving.save(settings, path)
    await destroy(owner, settings)
    newest = ("9999_newest.sql", "alter table people add column shoe int not null default 43")
    monkeypatch.setattr(database_module, "migrations", lambda: [*all_of_them, newest])
    assert await restored(settings, path) == ["9999_newest.sql"]
    assert await owner.fetchval("select shoe from people where id = $1", alice.id) == 43
    await destroy(owner, settings)


async def test_a_backup_of_a_newer_mobilise_is_refused(
    db: Database, owner: Owner, settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await saving.save(settings, path)
    before = await rows(owner)
    older = database_module.migrations()[:-1]
    monkeypatch.setattr(database_module, "migrations", lambda: older)
    with pytest.raises(Exception, match="with that version or a newer one"):
        await restored(settings, path)
    assert await rows(owner) == before


# --- the file -----------------------------------------------------------------------------


def rewrite(path: Path, other: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """The same file with parts changed, or left out where `change` gives None."""
    with tarfile.open(path) as old, tarfile.open(other, "w:gz") as new:
        for known in old:
            found = old.extractfile(known)
            assert found is not None
            content = change(known.name, found.read())
            if content is not None:
                known.size = len(content)
                new.addfile(known, io.BytesIO(content))


async def test_the_file_is_for_its_owner_alone_and_takes_nobodys_place(
    db: Database, settings: Settings, path: Path
) -> None:
    await saving.save(settings, path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(archive.Exists):
        await saving.save(settings, path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


async def test_a_backup_that_fails_leaves_no_file(
    db: Database, settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "_save_documents", full)
    with pytest.raises(OSError, match="No space"):
        await saving.save(settings, path)
    assert list(path.parent.iterdir()) == []


async def test_no_secret_setting_is_in_the_snapshot(
    db: Database, settings: Settings, path: Path
) -> None:
    told = settings.model_copy(update={"smtp_url": "smtps://mo:hush-hush@mail.example:465"})
    await saving.save(told, path)
    with tarfile.open(path) as tar:
        found = tar.extractfile("settings.json")
        assert found is not None
        snapshot = json.loads(found.read())
    assert snapshot["MOBILISE_SMTP_URL"] == "smtps://mail.example:465"
    assert "hush" not in str(snapshot) and "MOBILISE_NAME" in snapshot


async def test_damage_is_found_wherever_it_is(
    db: Database, settings: Settings, tokens: Tokens, path: Path
) -> None:
    await fill(db, opened(settings), tokens)
    await saving.save(settings, path)
    archive.checked(path)
    whole = path.read_bytes()
    cut = path.with_name("cut.tar.gz")
    for end in (0, 10, len(whole) // 2, len(whole) - 1):
        cut.write_bytes(whole[:end])
        with pytest.raises(archive.Damaged):
            archive.checked(cut)
    middle = len(whole) // 2
    cut.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    with pytest.raises(archive.Damaged):
        archive.checked(cut)
    cut.write_bytes(b"something else")
    with pytest.raises(archive.Damaged):
        archive.checked(cut)


@pytest.mark.parametrize(
    "change",
    [
        lambda name, content: None if name == archive.LIST else content,
        lambda name, content: None if name == "secret_keys" else content,
        lambda name, content: b"y" * 48 if name == "secret_keys" else content,
        lambda name, content: gzip.compress(content) if name == archive.LIST else content,
    ],
    ids=["no list", "a part is gone", "a part is another", "no readable list"],
)
async def test_a_file_that_somebody_put_together_is_refused(
    db: Database, settings: Settings, path: Path, change: Callable[[str, bytes], bytes | None]
) -> None:
    await saving.save(settings, path)
    other = path.with_name("other.tar.gz")
    rewrite(path, other, change)
    with pytest.raises(archive.Damaged):
        archive.checked(other)
