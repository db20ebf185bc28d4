"""`make bench` prints each claim beside its floor. What it prints is no test: clocks differ."""

import subprocess
import sys

from tests import running
from tests.house.source import ROOT


def test_every_claim_is_printed_beside_its_floor() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rows", "100", "--seconds", "0.1"],
        cwd=ROOT,
        env=running.clean_environment(),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for claim in ("sign", "confirm", "page", "letters", "documents", "search"):
        assert f"\n{claim}" in done.stdout, claim
    assert done.stdout.count("floor:") >= 9
