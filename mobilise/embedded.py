"""PostgreSQL of our own, for everybody who does not bring one.

The binaries come from a wheel; `initdb` and `postgres` are run here. The server listens on
a unix socket that only its own user (and root) can reach, never on a network, and outlives
the mobilise that started it: the next one adopts it.
"""

import asyncio
import errno
import logging
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import asyncpg
import psutil

from mobilise import postmaster
from mobilise.holding import hold as hold
from mobilise.holding import taking_turns
from mobilise.lodging import CLUSTER, SOCKET_NAME, Lodging, lodge, recorded
from mobilise.programs import MAJOR, as_account, scrubbed_environment
from mobilise.programs import EmbeddedRefused as EmbeddedRefused

log = logging.getLogger(__name__)
T = TypeVar("T")

if TYPE_CHECKING:  # at run time asyncpg's class takes no parameter
    Connection = asyncpg.Connection[asyncpg.Record]

OWNER, APPLICATION, DATABASE = "mobilise", "mobilise_app", "mobilise"
ROOM_FOR_A_NEW_DATABASE = 200 * 1024 * 1024
PATIENCE_WITH_OLD_CHILDREN = 60.0
"""Seconds that the children of a killed server may take to leave."""
NOT_READY = (
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    OSError,
    TimeoutError,
)


@dataclass(frozen=True)
class Embedded:
    """Where the running server is reached, as owner of the tables and as the application."""

    owner_url: str
    app_url: str
    folder: Path


def start(data: Path) -> Embedded:
    """Makes the database of `data`, or adopts or starts it, and waits until it answers."""
    data = data.resolve()
    try:
        data.mkdir(parents=True, exist_ok=True)
        with taking_turns(data):
            lodging = lodge(data)
            _refuse_other_version(lodging)
            if not lodging.cluster.exists():
                _create(lodging)
            _bring_up(lodging)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise EmbeddedRefused(_disk_full(data)) from None
        raise EmbeddedRefused(f"The database in {data} cannot be used: {error}.") from error
    return Embedded(_url(lodging, OWNER), _url(lodging, APPLICATION), lodging.home)


def lives(found: Embedded) -> bool:
    """Is there still a server process? It may be busy recovering."""
    return postmaster.running(found.folder / CLUSTER) is not None


def stop(data: Path) -> None:
    """Stops the server of `data`, if one runs, in the orderly way."""
    data = data.resolve()
    if recorded(data):
        with taking_turns(data):
            postmaster.end(lodge(data))


def erase(data: Path) -> None:
    """Stops the server and removes the database for good, wherever it lies."""
    data = data.resolve()
    if recorded(data):
        with taking_turns(data):
            lodging = lodge(data)
            postmaster.end(lodging, at_once=True)
            for folder in (lodging.socket, lodging.home):
                shutil.rmtree(folder, ignore_errors=True)
            (data / "database.json").unlink()


# --- making it --------------------------------------------------------------------


def _refuse_other_version(lodging: Lodging) -> None:
    with suppress(FileNotFoundError):
        found = (lodging.cluster / "PG_VERSION").read_text("ascii").strip()
        if found != MAJOR:
            raise EmbeddedRefused(
                f"The database in {lodging.cluster} was made by PostgreSQL {found}; this mobilise"
                f" brings PostgreSQL {MAJOR}. Nothing was touched. Start the mobilise that made it,"
                " save the instance with `mobilise backup`, and restore the file into an empty"
                " folder (MOBILISE_DATA) of this one: docs/running.md shows the commands."
            )


def _create(lodging: Lodging) -> None:
    """In a draft folder first, so that a start killed halfway leaves nothing half made."""
    if shutil.disk_usage(lodging.home).free < ROOM_FOR_A_NEW_DATABASE:
        raise EmbeddedRefused(_disk_full(lodging.home))
    draft = lodging.home / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    password_file = lodging.home / "initial-password"
    _write_for(lodging, password_file, lodging.record.owner_password)
    command = [lodging.program("initdb"), "--pgdata", str(draft)]
    command += ["--username", OWNER, "--pwfile", str(password_file), "--no-instructions"]
    command += ["--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256"]
    try:
        done = subprocess.run(
            command,
            cwd="/",
            env=scrubbed_environment(),
            capture_output=True,
            text=True,
            umask=0o077,
            **as_account(lodging.account),
        )
    finally:
        password_file.unlink()
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise EmbeddedRefused(_reason(lodging, done.stderr))
    draft.rename(lodging.cluster)


def _write_for(lodging: Lodging, path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        if lodging.account is not None:
            os.fchown(file.fileno(), lodging.account.uid, lodging.account.gid)
        file.write(text)


# --- bringing it up ---------------------------------------------------------------


def _bring_up(lodging: Lodging) -> None:
    server = postmaster.running(lodging.cluster)
    if server and not (lodging.socket / SOCKET_NAME).exists():
        postmaster.end(lodging)  # its socket was cleaned away: nobody can talk to it any more
        server = None
    if server and _apart(_furnish(lodging, server)):
        log.info("The database was still running, and is adopted.")
        return
    deadline = time.monotonic() + PATIENCE_WITH_OLD_CHILDREN
    while True:
        sizes = postmaster.log_sizes(lodging)
        if _apart(_furnish(lodging, postmaster.launch(lodging))):
            return
        said = postmaster.said_since(lodging, sizes)
        if "shared memory block" not in said or time.monotonic() > deadline:
            raise EmbeddedRefused(_reason(lodging, said))
        time.sleep(0.5)  # children of a killed server are still leaving


async def _furnish(lodging: Lodging, server: psutil.Process | None) -> bool:
    """Both roles and the database; False when the server ended before it answered."""
    connection = await _reach(lodging, server)
    if connection is None:
        return False
    try:
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", APPLICATION):
            password = lodging.record.app_password  # letters, digits, - and _ only
            await connection.execute(f"create role {APPLICATION} login password '{password}'")
    finally:
        await connection.close()
    return True


async def _reach(lodging: Lodging, server: psutil.Process | None) -> "Connection | None":
    """Waits for a connection, through a crash recovery of any length, while the server lives."""
    began, told, database = time.monotonic(), False, DATABASE
    while True:
        try:
            connection = await asyncpg.connect(_url(lodging, OWNER, database), timeout=10)
            if database == DATABASE:
                return connection
            await connection.execute(f"create database {DATABASE}")
            await connection.close()
            database = DATABASE
            continue
        except asyncpg.InvalidCatalogNameError:
            database = "postgres"  # the first start: ours is not there yet
            continue
        except NOT_READY as error:
            why = error
        except asyncpg.PostgresError as error:
            raise EmbeddedRefused(
                f"The database does not let mobilise in ({error})."
                f" Put {lodging.record.data}/database.json back from a backup."
            ) from error
        if not postmaster.lives(server):
            return None
        if not told and time.monotonic() - began > 5:
            told = True
            log.info("The database is not ready yet (%s). Waiting for it.", why)
        await asyncio.sleep(0.03)


# --- words and addresses ----------------------------------------------------------


def _url(lodging: Lodging, role: str, database: str = DATABASE) -> str:
    """asyncpg, libpq's tools and `databases` all read a socket folder from `host=`."""
    record = lodging.record
    password = record.owner_password if role == OWNER else record.app_password
    folder = quote(str(lodging.socket), safe="")
    return f"postgresql://{role}:{password}@/{database}?host={folder}&port=5432"


def _reason(lodging: Lodging, said: str) -> str:
    if "No space left on device" in said:
        return _disk_full(lodging.home)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    grave = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error"))]
    last = (grave or lines or ["it said nothing"])[-1]
    return f"The database did not start: {last} (More in {lodging.logs}.)"


def _disk_full(folder: Path) -> str:
    return f"The disk that holds {folder} is full. Free at least 200 MB and start again."


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` to its end, also when the caller lives inside an event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def main() -> None:
    """`python -m mobilise.embedded FOLDER` tells a shell what pg_dump and psql need."""
    data = Path(sys.argv[1]).resolve()
    print(f"DATABASE={shlex.quote(start(data).owner_url)}")
    print(f"PROGRAMS={shlex.quote(lodge(data).program(''))}")


if __name__ == "__main__":
    main()
