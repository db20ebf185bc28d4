"""A really running `mobilise serve`: own process, own port, own folder, letters that arrive."""

import asyncio
import contextlib
import itertools
import os
import re
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from mobilise import db, embedded, lifeline
from mobilise.settings import Settings
from mobilise.store import opened
from mobilise.tokens import Tokens
from tests.postbox import Letter, Post, Sink, free_port

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 180.0  # seconds; a machine with other work is slow to start


@dataclass
class Site:
    """Where it listens, what it said, and the letters that it sent."""

    url: str
    folder: Path
    process: "subprocess.Popen[bytes]"
    post: Post | None = None
    database_url: str = ""  # empty: the embedded one in its folder
    _streets: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _mailboxes: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def network(self) -> str:
        """An address from a street where nobody signed yet."""
        street = next(self._streets)
        return f"10.{street // 250}.{street % 250}.7"

    @property
    def demonstration(self) -> str:
        """The slug of the petition that `--demo` made: four languages, documents, signatures."""
        address = f"{self.url}/api/petitions"
        while address:  # others may have started many since
            part = httpx.get(address).json()
            for each in part["petitions"]:
                if each["demonstration"]:
                    return str(each["petition"])
            address = part["next"]
        raise LookupError("there is no demonstration")

    def address(self, name: str) -> str:
        """A mailbox that nobody used before."""
        return f"{name}.{next(self._mailboxes)}@post.example"

    async def letter(self, to: str, about: str = "", seconds: float = 20) -> Letter:
        """The newest unread letter to this address; waits until the postman brought it."""
        assert self.post is not None
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.post.sink.lock:
                for letter in self.post.sink.letters:
                    if letter.to.lower() == to.lower() and about.lower() in letter.subject.lower():
                        self.post.sink.letters.remove(letter)
                        return letter
            await asyncio.sleep(0.05)
        raise AssertionError(f"no letter to {to} within {seconds} s.\n{self.said()}")

    async def change(self, statement: str, *values: object) -> None:
        """What no page offers, straight in its database: an hour that passes, a clerk who came."""
        connection = await db.direct(await self._database(), purpose="test")
        try:
            await connection.execute(statement, *values)
        finally:
            await connection.close()

    async def the_clock_strikes(self, job: str, seconds: float = 20) -> None:
        """The hour of this job has come. A second worker beside the site's own looks at once, as
        one does that has just been started; whichever is first does it."""
        from mobilise import jobs
        from mobilise.app import JOBS

        url = await self._database()
        made = Settings(
            data=self.folder / "data",
            docs_store=self.folder / "docs_store",
            database_url=url,
            listens_on_loopback=True,
        )
        database, stop = db.connect(url), asyncio.Event()
        await database.connect()
        struck = await db.value(
            database,
            """update pgqueuer_schedules set next_run = now() where entrypoint = :job
               returning clock_timestamp()""",
            job=job,
        )
        place = jobs.Workplace(database, opened(made), made, Tokens(made.signing_keys))
        mine = [each for each in JOBS if each.name == job]
        working = asyncio.create_task(jobs.run(mine, place, stop))
        done = "select last_run >= :struck from pgqueuer_schedules where entrypoint = :job"
        try:
            async with asyncio.timeout(seconds):
                while not await db.value(database, done, struck=struck, job=job):
                    await asyncio.sleep(0.05)
        finally:
            stop.set()
            await working
            await database.disconnect()

    async def _database(self) -> str:
        return self.database_url or await asyncio.to_thread(
            lambda: embedded.start(self.folder / "data").app_url
        )

    def said(self) -> str:
        return (self.folder / "said.txt").read_text("utf-8", "replace")[-3000:]


@contextlib.contextmanager
def serve(
    folder: Path,
    *arguments: str,
    post: Post | None = None,
    python: str = sys.executable,
    cwd: Path | None = None,
    **settings: str,
) -> Iterator[Site]:
    """Starts it, waits for its first answer, and ends it in order. Its data lie in `folder`, or,
    with a `cwd`, where they lie by default."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = clean_environment() | {
        "MOBILISE_BASE_URL": url,
        "MOBILISE_TRUSTED_PROXIES": "127.0.0.1",
    }
    if cwd is None:
        environment["MOBILISE_DATA"] = str(folder / "data")
        environment["MOBILISE_DOCS_STORE"] = str(folder / "docs_store")
    if post is not None:
        environment |= {"MOBILISE_SMTP_URL": post.url, "MOBILISE_MAIL_FROM": "mail@post.example"}
    environment |= {f"MOBILISE_{name.upper()}": value for name, value in settings.items()}
    # Ends with the test run, however that ends.
    environment[lifeline.PARENT] = str(os.getpid())
    command = [python, "-m", "mobilise.lifeline", "mobilise", "serve"]
    command += ["--port", str(port), "--workers", "1"]
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=cwd or ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    site = Site(url, folder, process, post, settings.get("database_url", ""))
    try:
        wait_until_it_answers(site)
        yield site
    finally:
        end(process)


def address_told(process: "subprocess.Popen[bytes]", said: Path) -> str:
    """The address of the site, as it was printed for whoever typed the command."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        found = re.search(r"The site\s+(http://\S+?)/?\s", said.read_text("utf-8", "replace"))
        if found:
            return found.group(1)
        assert process.poll() is None, said.read_text("utf-8", "replace")
        time.sleep(0.1)
    raise AssertionError(said.read_text("utf-8", "replace"))


def environment_of_our_own(place: Path) -> Path:
    """A Python with nothing of ours. The dependencies are those of this run: a .pth file shows
    where they lie, so that nothing has to be downloaded."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    python = place / "bin" / "python"
    packages = packages_of(python)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def packages_of(python: Path) -> Path:
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.check_output([python, "-c", ask], text=True).strip())


def clean_environment() -> dict[str, str]:
    """Ours, without the settings of anybody's own instance or of this Python."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MOBILISE_", "PYTHON"))
    }


def wait_until_it_answers(site: Site) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        assert site.process.poll() is None, f"it ended:\n{site.said()}"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{site.url}/readyz", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"no answer within {READY_WITHIN} s:\n{site.said()}")


def end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def mail_server() -> Post:
    found = Post(Sink(), free_port())
    found.up()
    return found
