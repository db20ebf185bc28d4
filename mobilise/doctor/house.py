"""The machine: settings, database, clock, disk, keys, jobs."""

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mobilise import advice, db, origins
from mobilise.doctor.findings import Finding, ok, warn, wrong
from mobilise.settings import Settings
from mobilise.store import Away, opened

OLDEST_SERVER = 150000  # PostgreSQL 15, as the server numbers itself
CLOCK_SLIP = timedelta(seconds=5)
ROOM_WANTED, ROOM_NEEDED = 2 * 1024**3, 256 * 1024**2
WAITED = timedelta(minutes=15)


def settings(found: Settings) -> Iterator[Finding]:
    """What is odd about them."""
    odd = list(advice.advice(found))
    for name, sentence in odd:
        yield warn(f"{name}: {sentence}", "docs/running.md tells more.")
    if not odd:
        yield ok("the settings fit a public site")


def keys(found: Settings) -> Iterator[Finding]:
    """Who may read them, and how old they are."""
    path = found.data / "secret_keys"
    if found.secret_keys is not None:
        yield ok("the keys come from MOBILISE_SECRET_KEYS")
        return
    if not path.exists():
        yield ok("the keys are made at the first start")
        return
    known = path.stat()
    if known.st_mode & 0o077:
        yield wrong(f"others may read {path}", f"chmod 600 {path}")
    else:
        since = datetime.fromtimestamp(known.st_mtime, UTC)
        yield ok(f"the keys are for you alone, since {since:%Y-%m-%d}")


def room(found: Settings) -> Iterator[Finding]:
    """What is left on the disks that we write to."""
    folders: list[tuple[str, Path]] = [("the data", found.data)]
    if isinstance(found.docs_store, Path):  # a bucket has room, or says that it has not
        folders.append(("the documents", found.docs_store))
    for what, folder in folders:
        free = shutil.disk_usage(_there(folder)).free
        told = f"{free / 1024**3:.1f} GB are left for {what}"
        if free < ROOM_NEEDED:
            yield wrong(told, "Free some room now: a full disk stops the database.")
        elif free < ROOM_WANTED:
            yield warn(told, "Free some room. Uploads end when 1 GB is left.")
        else:
            yield ok(told)


async def store(found: Settings) -> AsyncIterator[Finding]:
    """Can a document be kept? Tried with one that goes again at once."""
    where = found.docs_store
    yield _folder(where) if isinstance(where, Path) else await _bucket(found)


def _folder(folder: Path) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=_there(folder)) as file:
            file.write(b"looked")
    except OSError as error:
        return wrong(
            f"nothing can be written to {folder}: {error.strerror}", "Give it to the user."
        )
    return ok(f"documents can be kept in {folder}")


async def _bucket(found: Settings) -> Finding:
    """Writes, lists, reads and removes what nobody else has."""
    named, bucket, content = origins.shown("docs_store", found.docs_store), opened(found), _chance()
    try:
        sha256 = await bucket.put(content)
        try:
            listed = await anext(aiter(bucket.kept()), None) is not None
            same = b"".join([piece async for piece in bucket.read(sha256)]) == content
        finally:
            await bucket.forget(sha256)
    except Away as away:
        return wrong(
            f"documents cannot be kept in {named}: {away.why}",
            "Look at name, endpoint, region and key in MOBILISE_DOCS_STORE; the key must be"
            " allowed to list, read, write and delete.",
        )
    if not (listed and same):
        return wrong(f"{named} does not give back what it got", "Ask whoever runs it.")
    return ok(f"documents can be kept in {named}")


def _chance() -> bytes:
    return b"mobilise doctor looked " + secrets.token_hex(16).encode()


def _there(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


async def database(url: str, *, own: bool) -> AsyncIterator[Finding]:
    """Version, migrations, rights, clock. `own`: the keeper brought the server."""
    connection = await db.direct_owner(url)
    try:
        number = int(await connection.fetchval("show server_version_num"))
        version = await connection.fetchval("show server_version")
        whose = "your own server" if own else "the one that comes along"
        if number < OLDEST_SERVER:
            yield wrong(f"PostgreSQL {version} is too old", "Use 15 or newer.")
        else:
            yield ok(f"PostgreSQL {version}, {whose}")
        made = await connection.fetchval("select to_regclass('public.migrations') is not null")
        found = await connection.fetch("select name, sha256 from migrations") if made else []
        ran = {row["name"]: row["sha256"] for row in found}
        for finding in _migrations(ran):
            yield finding
        if ran and await connection.fetchval(_MAY_REWRITE):
            yield wrong(
                "the application may rewrite history",
                f"revoke update, delete, truncate on {', '.join(_HISTORY)} from mobilise_app;",
            )
        elif ran:
            yield ok("the application may not rewrite history")
        slip = abs(await connection.fetchval("select now()") - datetime.now(UTC))
        if slip > CLOCK_SLIP:
            yield wrong(
                f"the clock differs from the database's by {slip.total_seconds():.0f} s",
                "Let both machines set their clocks by the network (NTP).",
            )
        else:
            yield ok("the clock agrees with the database's")
    finally:
        await connection.close()


_HISTORY = ("count_events", "audit_log", "area_releases", "area_release_rows")
_MAY_REWRITE = f"""select bool_or(has_table_privilege('mobilise_app', name::regclass, what))
    from unnest(array{list(_HISTORY)}) name, unnest(array['update', 'delete']) what
    where to_regclass(name) is not null"""


def _migrations(ran: dict[str, str]) -> Iterator[Finding]:
    ours = {name: db.checksum(sql) for name, sql in db.migrations()}
    strange = sorted(name for name, digest in ran.items() if ours.get(name) != digest)
    missing = [name for name in ours if name not in ran]
    if strange:
        yield wrong(
            f"the tables were made by another mobilise ({strange[0]})",
            "Start the newer one, or restore a backup of this one.",
        )
    elif missing:
        yield warn(
            f"{len(missing)} migrations have not run, the first is {missing[0]}",
            "`mobilise migrate`, or start `mobilise serve`.",
        )
    else:
        yield ok(f"the tables are up to date ({len(ours)} migrations)")


async def work(url: str) -> AsyncIterator[Finding]:
    """Do letters and jobs go?"""
    connection = await db.direct_owner(url)
    try:
        if not await connection.fetchval("select to_regclass('public.letters') is not null"):
            return
        found = await connection.fetchrow(_WORK)
    finally:
        await connection.close()
    assert found is not None, "this statement always answers with a row"
    if found["postmen"]:
        yield ok("letters are being sent")
    else:
        yield warn("nobody sends letters now", "Start `mobilise serve` or `mobilise work`.")
    if found["last_job"] is None or found["now"] - found["last_job"] > WAITED:
        yield warn(
            "no job ran in the last 15 minutes", "Start `mobilise serve` or `mobilise work`."
        )
    else:
        yield ok("jobs run by the clock")
    if found["oldest"] is not None and found["now"] - found["oldest"] > WAITED:
        since = f"{found['oldest']:%Y-%m-%d %H:%M} UTC"
        yield warn(
            f"{found['waiting']} letters wait, the oldest since {since}", "See /keep/letters."
        )
    else:
        yield ok(f"{found['waiting']} letters wait, none for long")
    if found["drifting"]:
        yield wrong(f"{found['drifting']} counts differ from their events", "See /keep.")


_WORK = """
    select now() as now,
      (select count(*) from pg_stat_activity where datname = current_database()
        and application_name = 'mobilise letters') as postmen,
      (select max(last_run) from pgqueuer_schedules) as last_job,
      (select count(*) from letters where state = 'waiting') as waiting,
      (select min(created_at) from letters where state = 'waiting') as oldest,
      (select count(*) from recounts where drift <> 0) as drifting
"""
