"""Reading: the petition page as browsers ask for it, alone and while signatures pour in."""

from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.load import Pouring, Same, get
from benchmarks.sign import forms
from benchmarks.stage import Stage

WARM_UP = 2.0
READERS, SIGNERS = 1000, 200
"""A second. Six times the signatures of the largest wave on record, at a pace that leaves the
processors room: what is asked is whether writers keep readers waiting, not how a full machine
feels."""


def measure(stage: Stage) -> list[Row]:
    asked = Same(get(stage.petition.path))

    def ours() -> Run:
        return stage.mobilise.asked(stage.askers, asked, 200, stage.seconds / 2)

    def floor() -> Run:
        return stage.bare.asked(stage.askers, asked, 200, stage.seconds / 2)

    def read() -> Pouring:
        pace = stage.askers.start(stage.mobilise.port, asked, stage.seconds, a_second=READERS)
        return pace.result().expect(200)

    def alone() -> Run:
        return _run(read())

    def with_signers() -> Run:
        signing = stage.askers.start(
            stage.mobilise.port, forms(stage), stage.seconds, a_second=SIGNERS
        )
        found = read()
        signing.result().expect(303)
        return _run(found)

    stage.mobilise.asked(stage.askers, asked, 200, WARM_UP)
    found, on_starlette = in_turns(RUNS, ours, floor)
    stage.mobilise.settle()
    quiet, busy = in_turns(RUNS, alone, with_signers)
    return [
        Row(
            "page", found, {"floor: bare Starlette, same bytes": on_starlette},
            "15,000/s, half of the floor",
        ),
        Row(
            f"page, {READERS}/s and {SIGNERS} signatures/s", busy,
            {"the same without signatures": quiet}, "the same p99",
        ),
    ]  # fmt: skip


def _run(found: Pouring) -> Run:
    return Run(found.rate, found.p50, found.p99, found.total)
