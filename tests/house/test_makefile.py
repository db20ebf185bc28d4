"""The commands of a fresh clone: they say what is missing, and `make run` runs."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobilise import embedded
from tests import cluster, running
from tests.house.source import ROOT, committed
from tests.postbox import free_port

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
PYTHONS = ["python3", *(f"python3.{minor}" for minor in range(11, 15))]


@pytest.fixture
def clone() -> Iterator[Path]:
    """What git holds, in a folder with spaces in its name."""
    with cluster.own_folder() as folder:
        place = folder / "our own petition"
        for path in committed():
            if path.relative_to(ROOT).parts[0] not in ("tests", "benchmarks"):
                copy = place / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
        yield place
        embedded.erase(place / "var")


def _make(clone: Path, *arguments: str, first: Path | None = None) -> tuple[int, str]:
    """`make` with the programs in `first` before all others."""
    environment = running.clean_environment()
    if first is not None:
        environment["PATH"] = f"{first}:{environment['PATH']}"
    done = subprocess.run(
        ["make", *arguments], cwd=clone, env=environment, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


def _pretend(folder: Path, script: str) -> Path:
    """Programs by the names of all Pythons that do what `script` says."""
    folder.mkdir()
    for name in PYTHONS:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


def test_make_alone_tells_what_there_is(clone: Path) -> None:
    code, said = _make(clone)
    assert code == 0
    for target in ("run", "test", "check", "bench", "help"):
        assert f"make {target}" in said


def test_an_old_python_is_told_what_to_install(clone: Path, tmp_path: Path) -> None:
    code, said = _make(clone, "run", first=_pretend(tmp_path / "bin", "exit 1"))
    assert code != 0
    assert "Install Python 3.11 or newer" in said
    assert not (clone / ".venv").exists()


def test_a_python_without_venv_is_told_what_to_install(clone: Path, tmp_path: Path) -> None:
    """As Debian ships it."""
    (tmp_path / "lame").mkdir()
    (tmp_path / "lame" / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "found = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'ensurepip' else found(name, *more)\n"
    )
    script = f'PYTHONPATH="{tmp_path / "lame"}" exec "{sys.executable}" "$@"'
    code, said = _make(clone, "run", first=_pretend(tmp_path / "bin", script))
    assert code != 0
    assert f"python3.{sys.version_info.minor}-venv" in said and "apt install" in said
    assert not (clone / ".venv").exists()


def test_make_run_serves_a_demonstration_from_a_path_with_spaces(clone: Path) -> None:
    """The packages are there already, as they are the second time."""
    running.environment_of_our_own(clone / ".venv")
    (clone / ".venv" / "runs").touch()
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        said = clone.parent / "said.txt"
        with said.open("wb") as file:
            process = subprocess.Popen(
                ["make", "run", f"PORT={port}", f"LAST_PORT={port + 40}"],
                cwd=clone,
                env=running.clean_environment(),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            url = running.address_told(process, said)
            assert url and not url.endswith(f":{port}"), "the next free port, and it says so"
            site = running.Site(url, clone.parent, process)
            running.wait_until_it_answers(site)
            assert site.demonstration
            told = said.read_text("utf-8")
            assert "/dev/mail" in told and "/login/" in told
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
    assert (clone / "var").is_dir(), "in a checkout the data lie beside the code"
