"""The only importer of `databases`. Statements are SQL with named values (`:petition_id`).

They run on the raw asyncpg connection: `databases` keeps pool and task, and its own query
layer (which rewrites SQL, renames columns and costs more than the query) stays out of the way.
"""

import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib import resources
from typing import Any, cast
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import asyncpg
import orjson
from databases import Database as Database

Record = asyncpg.Record
# How a database that is away shows itself; what it was asked is done again later.
LOST = (
    OSError,  # refused, reset, timed out, no socket
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,  # the connection is closed
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
APPLICATION_ROLE = "mobilise_app"
FORGET_MIGRATIONS = "delete from migrations"
_NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


def connect(
    url: str, *, connections: int = 8, purpose: str = "serve", patience: int = 15
) -> Database:
    """A pool that works with the application's rights; `connect()` it before use.

    `patience`: seconds that a statement may take.
    """
    return Database(
        _known_to_databases(url),
        min_size=0,  # a database that comes later than we do is found by the first request
        max_size=connections,
        timeout=5,
        command_timeout=patience + 15,
        init=_set_codecs,
        reset=_nothing,
        server_settings={
            "application_name": f"mobilise {purpose}",
            "role": APPLICATION_ROLE,
            "timezone": "UTC",
            "statement_timeout": f"{patience}s",
            "idle_in_transaction_session_timeout": "30000",
            "jit": "off",
        },
    )


async def row(db: Database, sql: str, **values: Any) -> Record | None:
    """The first row, or None. "No row" is an answer."""
    statement, names = numbered(sql)
    async with db.connection() as connection:
        raw = connection.raw_connection
        return cast(
            "Record | None",
            await raw.fetchrow(statement, *map(values.__getitem__, names)),
        )


async def one(db: Database, sql: str, **values: Any) -> Record:
    """The row of a statement that always gives one."""
    found = await row(db, sql, **values)
    assert found is not None, "this statement always answers with a row"
    return found


async def rows(db: Database, sql: str, **values: Any) -> list[Record]:
    statement, names = numbered(sql)
    async with db.connection() as connection:
        raw = connection.raw_connection
        return cast("list[Record]", await raw.fetch(statement, *map(values.__getitem__, names)))


async def value(db: Database, sql: str, **values: Any) -> Any:
    """The first column of the first row, or None."""
    found = await row(db, sql, **values)
    return None if found is None else found[0]


async def run(db: Database, sql: str, **values: Any) -> int:
    """Carries out a statement and tells how many rows it touched."""
    statement, names = numbered(sql)
    async with db.connection() as connection:
        raw = connection.raw_connection
        status = await raw.execute(statement, *map(values.__getitem__, names))
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


async def batches(
    db: Database, sql: str, *, size: int = 2000, **values: Any
) -> AsyncGenerator[list[Record], None]:
    """Streams a large answer through a cursor, `size` rows at a time, in constant memory.

    Read it to its end or inside `aclosing`: until then it holds a connection.
    """
    statement, names = numbered(sql)
    async with db.connection() as connection:
        raw = connection.raw_connection
        async with raw.transaction(readonly=True):
            cursor = await raw.cursor(statement, *map(values.__getitem__, names))
            while found := await cursor.fetch(size):
                yield found


@asynccontextmanager
async def together(db: Database) -> AsyncIterator[None]:
    """One connection for the statements within. When many wait for one, each wait is long."""
    async with db.connection():
        yield


@asynccontextmanager
async def tx(db: Database) -> AsyncIterator[None]:
    """The one way to open a transaction. No `gather` inside: a connection belongs to a task.

    `databases` loses its connection when BEGIN or COMMIT fails; asyncpg's own transaction
    does not.
    """
    async with db.connection() as connection, connection.raw_connection.transaction():
        yield


@lru_cache(maxsize=1024)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """`… = :slug` becomes `… = $1` and ('slug',); casts (`::int`) are left alone."""
    names: list[str] = []

    def place(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _NAME.sub(place, sql), tuple(names)


async def migrate(url: str) -> list[str]:
    """Brings the tables up to date, as their owner; tells which files it ran."""
    async with owning(url) as connection:
        return await bring_up(connection)


@asynccontextmanager
async def owning(url: str) -> AsyncIterator["asyncpg.Connection[Record]"]:
    """A connection with the owner's rights; whoever changes tables does so one at a time."""
    connection = await direct_owner(url)
    try:
        await connection.execute("select pg_advisory_lock(7073)")
        yield connection
    finally:
        await connection.close()


async def bring_up(
    connection: "asyncpg.Connection[Record]", only: Collection[str] | None = None
) -> list[str]:
    """Runs the migrations that have not run yet, or of those `only` some; tells which."""
    await connection.execute(
        "create table if not exists migrations "
        "(name text primary key, sha256 text not null, at timestamptz not null default now())"
    )
    await _make_application_role(connection)
    known = {r["name"]: r["sha256"] for r in await connection.fetch("select * from migrations")}
    return [
        name
        for name, sql in migrations()
        if (only is None or name in only) and await _apply(connection, name, sql, known)
    ]


def checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


class MigrationChanged(Exception):
    """A migration that has run was edited afterwards."""


async def _apply(
    connection: "asyncpg.Connection[Record]", name: str, sql: str, known: dict[str, str]
) -> bool:
    digest = checksum(sql)
    if name in known:
        if known[name] != digest:
            raise MigrationChanged(
                f"{name} has run here with another text. Add a new file instead."
            )
        return False
    async with connection.transaction():
        await connection.execute(sql)
        await connection.execute("insert into migrations values ($1, $2)", name, digest)
    return True


async def _make_application_role(connection: "asyncpg.Connection[Record]") -> None:
    await connection.execute(f"""
        do $$ begin
          if not exists (select from pg_roles where rolname = '{APPLICATION_ROLE}') then
            create role {APPLICATION_ROLE} nologin;
          end if;
          if not pg_has_role(current_user, '{APPLICATION_ROLE}', 'member') then
            execute format('grant {APPLICATION_ROLE} to %I', current_user);
          end if;
        exception when duplicate_object or unique_violation then null;
        end $$
    """)


def migrations() -> list[tuple[str, str]]:
    """Name and text of each, oldest first."""
    folder = resources.files("mobilise") / "migrations"
    files = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    return sorted((file.name, file.read_text(encoding="utf-8")) for file in files)


def _known_to_asyncpg(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    return {
        "host": parts.hostname or options.get("host"),
        "port": parts.port or (int(options["port"]) if "port" in options else None),
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or None,
        "ssl": options.get("sslmode") or options.get("ssl"),
    }


def _known_to_databases(url: str) -> str:
    """`databases` reads `postgresql://`, not `postgres://`, and `host=` for a socket folder."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if "sslmode" in options:
        options["ssl"] = options.pop("sslmode")
    query = "&".join(f"{name}={quote(value, safe='/')}" for name, value in options.items())
    return parts._replace(scheme="postgresql", query=query).geturl()


async def direct(url: str, *, purpose: str) -> "asyncpg.Connection[Record]":
    """A connection outside the pool, for what listens or holds a lock for long."""
    connection = await asyncpg.connect(
        **_known_to_asyncpg(url),
        timeout=10,
        command_timeout=30,  # a server that went without a word must not be waited for
        server_settings={
            "application_name": f"mobilise {purpose}",
            "role": APPLICATION_ROLE,
        },
    )
    return cast("asyncpg.Connection[Record]", connection)


async def direct_owner(url: str) -> "asyncpg.Connection[Record]":
    """A connection with the owner's rights and no hurry, for what reads or writes everything."""
    connection = await asyncpg.connect(
        **_known_to_asyncpg(url),
        timeout=10,
        server_settings={
            "application_name": "mobilise owner",
            "timezone": "UTC",
            "datestyle": "ISO",  # rows travel as text, and are read back by another server
            "intervalstyle": "postgres",
            "statement_timeout": "0",
            "idle_in_transaction_session_timeout": "0",
        },
    )
    return cast("asyncpg.Connection[Record]", connection)


async def _set_codecs(connection: "asyncpg.Connection[Record]") -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(
            name,
            encoder=lambda value: orjson.dumps(value).decode(),
            decoder=orjson.loads,
            schema="pg_catalog",
        )


async def _nothing(connection: "asyncpg.Connection[Record]") -> None:
    """No session state is ever set, so a returned connection needs no round trip to reset it."""
