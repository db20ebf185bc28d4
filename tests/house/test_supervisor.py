"""Processes: each may be killed at any time, and nothing needs a hand afterwards."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mobilise import embedded, ports
from tests.postbox import free_port

CHECKOUT = Path(__file__).resolve().parents[2]


def until(condition: Callable[[], object], what: str) -> None:
    """Waits for something that must happen; only a hang runs into the limit."""
    deadline = time.monotonic() + 180
    while not condition():
        assert time.monotonic() < deadline, f"waited three minutes: {what}"
        time.sleep(0.05)


def gone(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@contextlib.contextmanager
def ended_afterwards(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


# --- children in general ----------------------------------------------------------

DIARY = """
import os, pathlib, signal, sys, time
diary = pathlib.Path(__file__).with_suffix(".txt")
def note():
    with diary.open("a") as file:
        file.write(f"{os.getpid()}\\n")
"""
STEADY = DIARY + "note()\ntime.sleep(600)\n"
STUBBORN = DIARY + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nnote()\ntime.sleep(600)\n"
FAILING = DIARY + "note()\nsys.exit(3)\n"
FORKING = (
    DIARY
    + """
import multiprocessing
from mobilise.lifeline import die_with_parent
def worker():
    die_with_parent()
    note()
    time.sleep(600)
if __name__ == "__main__":
    note()
    multiprocessing.get_context("fork").Process(target=worker).start()
    time.sleep(600)
"""
)
SUPERVISE = """
import logging, sys
from mobilise import supervisor
logging.basicConfig(format="%(message)s", stream=sys.stdout)
supervisor.PATIENCE = float(sys.argv[1])
children = [supervisor.Child(name, [name]) for name in sys.argv[2:]]
print("code", supervisor.run(children), flush=True)
"""


class Troupe:
    """A supervisor with children that note their process ids."""

    def __init__(self, folder: Path, **modules: str) -> None:
        self.folder = folder
        self.names = list(modules)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text))

    @contextlib.contextmanager
    def run(self, patience: float = 30) -> Iterator[subprocess.Popen[str]]:
        path = os.pathsep.join([str(self.folder), str(CHECKOUT)])
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, str(patience), *self.names],
            env=os.environ | {"PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
        )
        with ended_afterwards(process):
            yield process

    def noted(self, name: str) -> list[int]:
        with contextlib.suppress(FileNotFoundError):
            return [int(line) for line in (self.folder / f"{name}.txt").read_text().split()]
        return []

    def process(self, name: str, number: int = 0) -> psutil.Process:
        """The one that made the note with this number."""
        until(lambda: len(self.noted(name)) > number, f"note {number} of {name}")
        return psutil.Process(self.noted(name)[number])


def test_a_child_that_was_killed_is_started_again(tmp_path: Path) -> None:
    troupe = Troupe(tmp_path, steady=STEADY, other=STEADY)
    with troupe.run():
        other = troupe.process("other")
        troupe.process("steady").kill()
        assert troupe.process("steady", 1).is_running()
        assert troupe.noted("other") == [other.pid]


def test_a_child_that_fails_at_once_is_given_longer_and_longer_pauses(tmp_path: Path) -> None:
    troupe = Troupe(tmp_path, failing=FAILING)
    with troupe.run() as supervisor:
        until(lambda: len(troupe.noted("failing")) >= 3, "three attempts")
        supervisor.terminate()
        said = supervisor.communicate()[0]
    pauses = re.findall(r"The failing ended with code 3\. It starts again in (\S+) s\.", said)
    assert pauses[:2] == ["0.5", "1"]


def test_children_end_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    troupe = Troupe(tmp_path, steady=STEADY, stubborn=STUBBORN, forking=FORKING)
    with troupe.run() as supervisor:
        all_of_them = [
            troupe.process("steady"),
            troupe.process("stubborn"),
            troupe.process("forking"),
            troupe.process("forking", 1),
        ]
        supervisor.kill()
        until(lambda: all(map(gone, all_of_them)), "the orphans to end")


def test_a_worker_ends_with_the_child_that_forked_it(tmp_path: Path) -> None:
    troupe = Troupe(tmp_path, forking=FORKING)
    with troupe.run():
        worker = troupe.process("forking", 1)
        troupe.process("forking").kill()
        until(lambda: gone(worker), "the worker to end")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_orderly_stop_ends_all_children(tmp_path: Path, number: signal.Signals) -> None:
    troupe = Troupe(tmp_path, steady=STEADY, other=STEADY)
    with troupe.run() as supervisor:
        children = [troupe.process("steady"), troupe.process("other")]
        supervisor.send_signal(number)
        assert supervisor.communicate()[0].endswith("code 0\n")
        assert all(map(gone, children))


def test_a_child_that_will_not_stop_is_killed(tmp_path: Path) -> None:
    troupe = Troupe(tmp_path, stubborn=STUBBORN)
    with troupe.run(patience=0.5) as supervisor:
        child = troupe.process("stubborn")
        supervisor.terminate()
        said = supervisor.communicate()[0]
        assert "The stubborn did not stop in time and is killed." in said
        assert said.endswith("code 1\n")
        assert gone(child)


def test_a_second_request_to_stop_makes_haste(tmp_path: Path) -> None:
    troupe = Troupe(tmp_path, stubborn=STUBBORN)
    with troupe.run(patience=3600) as supervisor:
        troupe.process("stubborn")
        supervisor.terminate()
        time.sleep(0.5)
        supervisor.terminate()
        assert supervisor.communicate()[0].endswith("code 1\n")


def test_a_process_started_by_hand_has_no_lifeline() -> None:
    code = "from mobilise.lifeline import die_with_parent as d; d(); print('alive')"
    told = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True)
    assert told.stdout == b"alive\n"


# --- mobilise serve ---------------------------------------------------------------


CAST = ("database", "web server", "web worker", "letters", "jobs")


class Instance:
    """`mobilise serve` on a data folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "var"
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def command(self, *more: str) -> list[str]:
        serve = [sys.executable, "-m", "mobilise", "serve", "--workers", "2"]
        return [*serve, "--host", "127.0.0.1", *(more or ("--port", str(self.port)))]

    def environment(self) -> dict[str, str]:
        store = str(self.data.parent / "docs_store")
        ours = {"MOBILISE_DATA": str(self.data), "MOBILISE_DOCS_STORE": store}
        return os.environ | ours

    def start(self) -> "Instance":
        said = (self.data.parent / "said.txt").open("a")
        self.process = subprocess.Popen(
            self.command(),
            cwd=CHECKOUT,
            env=self.environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said.close()
        until(lambda: self.page() == 200 or self._ended(), "the first page")
        assert not self._ended(), self.said()
        for who in CAST:
            until(lambda who=who: self.find(who), f"the {who}")
        return self

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def said(self) -> str:
        return (self.data.parent / "said.txt").read_text()

    def attempt(self, *more: str) -> subprocess.CompletedProcess[str]:
        """A second `serve`, of which a refusal is expected."""
        return subprocess.run(
            self.command(*more),
            cwd=CHECKOUT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )

    def page(self, path: str = "/readyz") -> int:
        """The status of a page that needs the database; 0 when nobody answers."""
        try:
            address = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(address, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, ValueError):
            return 0

    def below(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def find(self, who: str) -> psutil.Process | None:
        if who == "database":
            return postmaster(self.data)
        words = {"web server": "granian", "web worker": "granian"}.get(who, who)
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in self.below():
                child = process.ppid() == self.process.pid  # type: ignore[union-attr]
                if words in process.cmdline() and child == (who != "web worker"):
                    return process
        return None

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(embedded.EmbeddedRefused):
            embedded.erase(self.data)


def postmaster(data: Path) -> psutil.Process | None:
    """Looked up by its files alone: asking `embedded` could start it."""
    with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
        folder = json.loads((data / "database.json").read_text())["folder"]
        text = (data / folder / "postgres" / "postmaster.pid").read_text()
        return psutil.Process(int(text.split("\n", 1)[0]))
    return None


@contextlib.contextmanager
def own_instance() -> Iterator[Instance]:
    with tempfile.TemporaryDirectory(prefix="supervisor-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)  # as root the database runs as another user
        made = Instance(Path(folder))
        try:
            yield made
        finally:
            made.end()


@pytest.fixture
def instance() -> Iterator[Instance]:
    with own_instance() as made:
        yield made


@pytest.fixture(scope="module")
def running() -> Iterator[Instance]:
    """One for all that is done to it: it has to survive."""
    with own_instance() as made:
        yield made.start()


def test_serve_brings_a_new_folder_to_its_first_page(instance: Instance) -> None:
    instance.start()
    assert instance.page("/en/") == 200
    until(lambda: f"http://127.0.0.1:{instance.port}" in instance.said(), "the address")


@pytest.mark.parametrize("who", CAST)
def test_a_killed_process_comes_back_by_itself(running: Instance, who: str) -> None:
    victim = running.find(who)
    assert victim is not None
    victim.kill()
    until(lambda: gone(victim), "the victim to end")
    until(lambda: (found := running.find(who)) and found.pid != victim.pid, f"a new {who}")
    until(lambda: running.page() == 200, "a page")


def test_after_kill_9_of_serve_a_new_one_starts_without_a_hand(instance: Instance) -> None:
    instance.start()
    database, children = instance.find("database"), instance.below()
    assert database is not None and len(children) >= 5
    assert instance.process is not None
    instance.process.kill()
    instance.process.wait()
    instance.start()
    assert all(map(gone, children)), "no orphan keeps the port"
    again = instance.find("database")
    assert again is not None and again.pid == database.pid, "the database is adopted"


def test_an_orderly_stop_leaves_no_process(instance: Instance) -> None:
    instance.start()
    database = instance.find("database")
    assert database is not None
    everybody = [*instance.below(), database]
    assert instance.process is not None
    instance.process.terminate()
    assert instance.process.wait() == 0, instance.said()
    assert all(map(gone, everybody))


def test_a_taken_port_is_named_before_anything_starts(running: Instance) -> None:
    other = Instance(running.data.parent / "other")
    refused = other.attempt("--port", str(running.port))
    assert refused.returncode != 0
    assert f"Port {running.port} is already in use." in refused.stdout
    assert "Traceback" not in refused.stdout
    assert not other.data.exists()


def test_a_second_serve_on_the_same_folder_is_refused(running: Instance) -> None:
    assert running.process is not None
    refused = running.attempt("--port", str(free_port()))
    assert refused.returncode != 0
    assert f"process {running.process.pid}" in " ".join(refused.stdout.split())
    assert "Traceback" not in refused.stdout
    assert running.page() == 200


# --- addresses --------------------------------------------------------------------


def test_a_name_is_turned_into_the_number_that_granian_wants() -> None:
    assert ports.free_address("localhost", free_port()) == "127.0.0.1"


def test_an_address_that_is_not_ours_is_named() -> None:
    with pytest.raises(ports.PortTaken, match=r"cannot listen on 192\.0\.2\.1"):
        ports.free_address("192.0.2.1", 8000)
    with pytest.raises(ports.PortTaken, match="no address called nowhere"):
        ports.free_address("nowhere.invalid", 8000)


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_loopback_is_recognised(host: str, alone: bool) -> None:
    assert ports.is_loopback(host) is alone
