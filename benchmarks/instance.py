"""A mobilise that really runs, on a folder of its own that is gone afterwards."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from benchmarks.figures import Run
from benchmarks.load import Askers
from mobilise import db, embedded, lifeline, ports, supervisor
from mobilise.settings import Settings
from mobilise.tokens import Tokens

FIRST_PORT, LAST_PORT = 18_200, 18_299
WORKERS = 2
READY_WITHIN = 90.0
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Server:
    """A web server of ours."""

    port: int
    process: "subprocess.Popen[bytes]"

    def spent(self) -> dict[str, float]:
        """Seconds of processor since it started, by who used them."""
        return {"web": spent_by(self.process.pid)}

    def asked(self, askers: Askers, requests: Iterable[bytes], status: int, seconds: float) -> Run:
        """Asks as fast as it answers, and counts what that costs."""
        before = self.spent()
        found = askers.start(self.port, requests, seconds).result().expect(status)
        cpu = {who: 1e6 * (now - before[who]) / found.total for who, now in self.spent().items()}
        return Run(found.rate, found.p50, found.p99, found.total, cpu)


@dataclass(frozen=True)
class Instance(Server):
    """Where mobilise lives, how its database is reached, and the keys it signs with."""

    folder: Path
    database: embedded.Embedded
    tokens: Tokens

    def query(self, sql: str, *values: Any) -> list[Any]:
        """A statement with the owner's rights."""

        async def fetched() -> list[Any]:
            connection = await asyncpg.connect(self.database.owner_url, timeout=10)
            try:
                return await connection.fetch(sql, *values, timeout=1200)
            finally:
                await connection.close()

        return asyncio.run(fetched())

    def through(self, deed: Callable[[db.Database], Awaitable[Any]]) -> Any:
        """A verb of mobilise, on a connection of its own."""

        async def done() -> Any:
            database = db.connect(self.database.app_url, connections=1, purpose="benchmark")
            await database.connect()
            try:
                return await deed(database)
            finally:
                await database.disconnect()

        return asyncio.run(done())

    def settle(self) -> None:
        """What autovacuum and the checkpointer would do in their own time, done before we look."""
        self.query("vacuum analyze")
        self.query("checkpoint")

    def spent(self) -> dict[str, float]:
        return {**super().spent(), "db": self.spent_by_database()}

    def spent_by_database(self) -> float:
        return spent_by_database(self.database)

    @property
    def environment(self) -> dict[str, str]:
        """What a second process of this instance needs to know."""
        return _environment(self.folder, self.port)

    def told(self, patience: float, module: str, *arguments: str) -> dict[str, Any]:
        """What a process of its own tells in its last line, as JSON. It may take `patience`
        seconds. RuntimeError when it does not end well."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=patience,
        )
        if done.returncode:
            raise RuntimeError(f"{arguments[0]} did not end well:\n{done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found


@contextlib.contextmanager
def running() -> Iterator[Instance]:
    """`mobilise serve` on loopback, as a keeper starts it, but for the letters: they wait."""
    folder = Path(tempfile.mkdtemp(prefix="mobilise-bench-"))
    folder.chmod(0o711)  # as root PostgreSQL runs as another user, who must come through
    port = ports.first_free(FIRST_PORT, LAST_PORT)
    command = ["mobilise", "serve", "--no-work", "--port", str(port), "--workers", str(WORKERS)]
    try:
        with child(command, folder / "mobilise.txt", _environment(folder, port)) as process:
            _wait_for(port, process, folder / "mobilise.txt")
            tokens = Tokens(Settings(data=folder / "data").signing_keys)
            database = embedded.start(folder / "data")  # it runs already: this tells where
            yield Instance(port, process, folder, database, tokens)
    finally:
        embedded.erase(folder / "data")
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[Server]:
    """Starlette with next to nothing in it (see `bare.py`), on the same server, same options."""
    port = ports.first_free(FIRST_PORT, LAST_PORT)
    command = supervisor._granian("127.0.0.1", port, WORKERS)
    command[command.index("mobilise.app:from_environment")] = "benchmarks.bare:app"
    environment = _clean() | {"BARE_FOLDER": str(folder)}
    with child(command, folder / "bare.txt", environment) as process:
        _wait_for(port, process, folder / "bare.txt")
        yield Server(port, process)


def _environment(folder: Path, port: int) -> dict[str, str]:
    return _clean() | {
        "MOBILISE_DATA": str(folder / "data"),
        "MOBILISE_DOCS_STORE": str(folder / "docs_store"),
        "MOBILISE_BASE_URL": f"http://127.0.0.1:{port}",
        "MOBILISE_TRUSTED_PROXIES": "127.0.0.1",
    }


def _clean() -> dict[str, str]:
    """No setting of the keeper's own instance."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MOBILISE_")}
    return ours | {"PYTHONPATH": str(ROOT)}


@contextlib.contextmanager
def child(
    command: list[str], said: Path, environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """`python -m` something that ends with us, however we end."""
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "mobilise.lifeline", *command],
            env=environment | {lifeline.PARENT: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", said: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not ports.answers("127.0.0.1", port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it does not serve:\n{said.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.1)


def spent_by_database(database: embedded.Embedded) -> float:
    """By connections that are still open, and by what works for all of them."""
    told = (database.folder / "postgres" / "postmaster.pid").read_text()
    return spent_by(int(told.split()[0]))


def spent_by(pid: int) -> float:
    """Seconds of processor of a process and of all that live under it."""
    total = 0.0
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        for process in [top, *top.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
    return total
