"""Keeps the processes of one instance alive, and ends them together.

`run` is the general part: children that are started, started again, and stopped. `serve`
is mobilise: database, tables, web server, postman and jobs.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from mobilise import db, embedded, origins
from mobilise.lifeline import PARENT
from mobilise.ports import answers, free_address, is_loopback
from mobilise.settings import Settings

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that a child may take to stop in an orderly way."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
HEALTHY_AFTER = 30.0
"""Seconds after which a child counts as well, and its next fault as the first."""
GRACE = 2.0
"""Seconds in which the web server has the processors to itself: somebody waits for a page."""
CONNECTIONS_PER_WORKER = 4096
"""Granian's "backpressure" counts connections, idle ones too, so it must be generous."""
IDLE_CONNECTION_MS = 20_000
OTHER_FILES = 256
"""Files that a web worker opens for anything but connections."""


@dataclass(frozen=True)
class Child:
    """A Python module to run, its arguments, and its whole environment."""

    name: str
    argv: Sequence[str]
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    delay: float = 0.0
    """Seconds that it leaves to the others before its first start."""


# --- children in general ----------------------------------------------------------


def run(children: Sequence[Child]) -> int:
    """Runs `children` until SIGTERM or SIGINT; answers 0, or 1 when one had to be killed."""
    kept = [_Kept(child) for child in children]
    with _Signals() as signals:
        while not signals.total:
            for each in kept:
                each.look()
            time.sleep(0.1)
        return _stop(kept, signals)


def _stop(kept: Sequence["_Kept"], signals: "_Signals") -> int:
    log.info("Stopping.")
    for each in kept:
        each.ask_to_stop()
    deadline = time.monotonic() + PATIENCE
    while any(each.lives() for each in kept):
        if time.monotonic() > deadline or signals.total > 1:
            break
        time.sleep(0.05)
    killed = [each.kill() for each in kept if each.lives()]
    return 1 if killed else 0


class _Kept:
    """One child and its history."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.pause = FIRST_PAUSE
        self.start_at = time.monotonic() + child.delay
        self.started_at = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def look(self) -> None:
        """Starts the child when it is time; notices when it has ended."""
        if self.process is None:
            if time.monotonic() >= self.start_at:
                self._start()
        elif self.process.poll() is not None:
            self._has_ended(self.process.returncode)

    def _start(self) -> None:
        self.started_at = time.monotonic()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mobilise.lifeline", *self.child.argv],
                env=self.child.env | {PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C in a terminal reaches us alone, and we stop in order
            )
        except OSError as error:  # no memory, or too many processes: the others go on
            self._start_later(f"cannot start: {error}")

    def _has_ended(self, code: int) -> None:
        if time.monotonic() - self.started_at >= HEALTHY_AFTER:
            self.pause = FIRST_PAUSE
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        self._start_later(how)

    def _start_later(self, why: str) -> None:
        log.warning("The %s %s. It starts again in %g s.", self.child.name, why, self.pause)
        self.process = None
        self.start_at = time.monotonic() + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def kill(self) -> str:
        assert self.process is not None
        log.warning("The %s did not stop in time and is killed.", self.child.name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # and what it started itself
        self.process.wait()
        return self.child.name


class _Signals:
    """Counts the requests to stop; the second one asks for haste."""

    NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def __init__(self) -> None:
        self.total = 0

    def _count(self, number: int, frame: FrameType | None) -> None:
        self.total += 1

    def __enter__(self) -> "_Signals":
        self._before = {number: signal.signal(number, self._count) for number in self.NUMBERS}
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


# --- mobilise ---------------------------------------------------------------------


def serve(
    settings: Settings,
    host: str,
    port: int,
    workers: int,
    work: bool,
    on_ready: Callable[[], None] | None = None,
    prepare: Callable[[Settings], None] | None = None,
) -> int:
    """Serves until told to stop: database, tables, web server and, with `work`, the workers.

    `prepare` gets the settings with the address of the running database, before anybody is
    served; `on_ready` is called when the first page can be.

    Raises `PortTaken`, `EmbeddedRefused` or what `db.migrate` raises, before anything serves.
    """
    address = free_address(host, port)
    with embedded.hold(settings.data), _database(settings) as (url, owner_url):
        asyncio.run(db.migrate(owner_url))
        _ = settings.signing_keys  # made once, before three children want to make them
        if prepare is not None:
            prepare(settings.model_copy(update={"database_url": url}))
        if on_ready is not None:
            threading.Thread(target=_announce, args=(address, port, on_ready), daemon=True).start()
        return run(_children(settings, url, address, port, workers, work))


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[tuple[str, str]]:
    """The addresses for application and owner; a database of our own is kept alive meanwhile."""
    if settings.database_url is not None:
        yield settings.database_url, settings.database_owner_url or settings.database_url
        return
    found = embedded.start(settings.data)
    over = threading.Event()
    guard = threading.Thread(target=_guard, args=(found, settings.data, over))
    guard.start()
    try:
        yield found.app_url, found.owner_url
    finally:
        over.set()
        guard.join()
        embedded.stop(settings.data)


def _guard(found: embedded.Embedded, data: Path, over: threading.Event) -> None:
    while not over.wait(0.5):
        try:
            if not embedded.lives(found):
                log.warning("The database was killed. It starts again.")
                embedded.start(data)
        except embedded.EmbeddedRefused as refusal:
            log.error("%s Trying again.", refusal)
            over.wait(FIRST_PAUSE * 10)
        except Exception:  # whatever it was: without this thread the database stays away for ever
            log.exception("The database could not be started. Trying again.")
            over.wait(FIRST_PAUSE * 10)


def _announce(host: str, port: int, on_ready: Callable[[], None]) -> None:
    """Calls `on_ready` when the first page can be served."""
    while not answers(host, port):
        time.sleep(0.05)
    on_ready()


def _children(
    settings: Settings, url: str, host: str, port: int, workers: int, work: bool
) -> list[Child]:
    env = _environment(settings, url, host)
    children = [Child("web server", _granian(host, port, workers), env)]
    if work:
        children += [
            Child(f"worker for {what}", ["mobilise", "work", "--only", what], env, delay=GRACE)
            for what in ("letters", "jobs")
        ]
    return children


def _environment(settings: Settings, url: str, host: str) -> dict[str, str]:
    """What we were given, but for the owner's login: no child may change tables."""
    hidden = ["MOBILISE_DATABASE_OWNER_URL", "MOBILISE_DATABASE_URL_FILE"]
    if settings.database_url is None:
        hidden.append("PG")  # PGPORT and its kin point to another server than ours
    ours = {name: value for name, value in os.environ.items() if not name.startswith(tuple(hidden))}
    told = origins.as_variable(os.environ)
    return (
        ours
        | told
        | {
            "MOBILISE_DATABASE_URL": url,
            "MOBILISE_DATA": str(settings.data),
            "MOBILISE_DOCS_STORE": str(settings.docs_store),
            "MOBILISE_BASE_URL": settings.base_url,
            "MOBILISE_LISTENS_ON_LOOPBACK": "1" if is_loopback(host) else "0",
        }
    )


def _granian(host: str, port: int, workers: int) -> list[str]:
    command = "granian mobilise.app:from_environment --factory --interface asgi --http 1 --no-ws"
    command += " --respawn-failed-workers --no-access-log --log-level warning"
    command += f" --host {host} --port {port} --workers {workers}"
    connections = max(128, min(CONNECTIONS_PER_WORKER, _raised_file_limit() - OTHER_FILES))
    command += f" --backlog 2048 --backpressure {connections}"
    command += f" --http1-header-read-timeout {IDLE_CONNECTION_MS}"
    command += f" --workers-kill-timeout {int(PATIENCE) - 2}"
    return command.split()


def _raised_file_limit() -> int:
    """Shells allow 1024 open files, though the system would grant many more; children inherit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS_PER_WORKER + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else soft
