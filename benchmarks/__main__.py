"""`python -m benchmarks`: every claim beside its floor, in some minutes."""

import argparse
import os
import platform
import signal
import time
from typing import Any

from rich.console import Console

from benchmarks import confirm, documents, exports, letters, page, search, sign, stage
from benchmarks.figures import Row, show

CLAIMS = ("sign", "confirm", "page", "letters", "exports", "documents", "search")


def main() -> None:
    asked = _arguments()
    console = Console(width=max(150, Console().width), highlight=False)
    signal.signal(signal.SIGTERM, _interrupted)  # told to stop, it tidies up like Ctrl-C
    began = time.monotonic()
    console.print(_machine())
    rows: list[Row] = []
    with stage.set_up(asked.rows, asked.seconds) as found:
        console.print(f"{asked.rows:,} signatures from before, runs of {asked.seconds:g} s.")
        for claim in asked.only or CLAIMS:
            console.print(f"Measuring {claim} …")
            rows += _measured(claim, found, asked.rows)
    console.print()
    show(rows, console)
    console.print(f"\nTook {time.monotonic() - began:.0f} s. {_machine()}")


def _measured(claim: str, on: stage.Stage, rows: int) -> list[Row]:
    if claim == "page":
        return page.measure(on)
    if claim == "exports":
        return exports.measure(on)
    if claim == "search":
        return search.measure(on, min(search.PAGES, rows))
    if claim == "documents":
        return [documents.measure(on, min(documents.PAGES, max(10, rows // 20)))]
    return [{"sign": sign, "confirm": confirm, "letters": letters}[claim].measure(on)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"which of {', '.join(CLAIMS)}; all when absent")
    parser.add_argument("--rows", type=int, default=100_000, help="signatures from before")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a run")
    found = parser.parse_args()
    if wrong := set(found.only) - set(CLAIMS):
        parser.error(f"there is no benchmark of {', '.join(sorted(wrong))}")
    return found


def _machine() -> str:
    """Load tells whether the machine was quiet: other work takes from all rates alike."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _interrupted(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
