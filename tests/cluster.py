"""The database server of a test run: started once, cloned per module, gone at the end."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil

from mobilise import embedded

PREFIX = "mobilise-tests-"


@dataclass(frozen=True)
class Server:
    """Addresses of one server without the name of a database."""

    owner_url: str
    app_url: str
    ours: bool  # thrown away at the end

    def owner(self, database: str) -> str:
        return _with_database(self.owner_url, database)

    def app(self, database: str) -> str:
        return _with_database(self.app_url, database)


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """The server of `MOBILISE_TEST_DATABASE_URL` (an owner's login), else one of our own."""
    given = os.environ.get("MOBILISE_TEST_DATABASE_URL")
    if given:
        # `db.connect` takes the application's role by itself, so one login is enough.
        yield Server(given, given, ours=False)
        return
    _erase_what_killed_runs_left()
    with own_folder() as folder:
        started = embedded.start(folder)
        try:
            yield Server(started.owner_url, started.app_url, ours=True)
        finally:
            embedded.erase(folder)


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """A temporary folder that says whose it is, so that a later run can clear it away."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # as root PostgreSQL runs as another user, who must come through
    (folder / "owner").write_text(str(os.getpid()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _erase_what_killed_runs_left() -> None:
    """A run that was killed with -9 could not stop its server."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, ValueError, embedded.EmbeddedRefused):
            if not psutil.pid_exists(int((folder / "owner").read_text())):
                for data in (folder, folder / "data"):
                    embedded.erase(data)
                shutil.rmtree(folder, ignore_errors=True)


async def administer(server: Server, *statements: str) -> None:
    """Statements that no transaction may hold: create, drop, alter system."""
    connection = await asyncpg.connect(_known_to_asyncpg(server.owner("postgres")), timeout=10)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def owner_of(server: Server, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection with the owner's rights, for emptying tables and for looking behind them."""
    connection = await asyncpg.connect(_known_to_asyncpg(server.owner(database)), timeout=10)
    await connection.execute("set lock_timeout = '10s'")
    return connection


async def empty(owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Every table but `migrations` is empty, and ids begin at 1 again.

    Only what was written to is touched: to truncate them all takes a quarter of a second a test.
    """
    tables = await owner.fetch(
        "select quote_ident(tablename) as name from pg_tables"
        " where schemaname = 'public' and tablename <> 'migrations'"
    )
    filled = await owner.fetch(
        " union all ".join(
            f"select '{table['name']}' as name where exists (select from {table['name']})"
            for table in tables
        )
    )
    if filled:
        names = ", ".join(table["name"] for table in filled)
        await owner.execute(f"truncate {names} restart identity cascade")
    used = await owner.fetch(
        "select quote_ident(sequencename) as name from pg_sequences"
        " where schemaname = 'public' and last_value is not null"
    )
    if used:
        await owner.execute("; ".join(f"alter sequence {each['name']} restart" for each in used))


def _with_database(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()


def _known_to_asyncpg(url: str) -> str:
    return urlsplit(url)._replace(scheme="postgresql").geturl()
