"""Confirming: the button of the letter, pressed for one petition as fast as it counts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import floors, seeding
from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.load import post, visitor
from benchmarks.stage import Stage
from mobilise.signatures import queries
from mobilise.signatures.counting import PARTS

WARM_UP = 2.0
MOST = 8_000  # a second: signatures that are made ready for each run


@dataclass(frozen=True)
class Buttons:
    """One press on each of these addresses."""

    paths: list[str]

    def __iter__(self) -> Iterator[bytes]:
        for number, path in enumerate(self.paths):
            yield post(path, b"", visitor=visitor(number))


def measure(stage: Stage) -> Row:
    runs = iter(range(1000))

    def waiting(seconds: float) -> list[int]:
        found = seeding.pending(
            stage.mobilise, stage.petition, int(MOST * seconds), f"jo-{next(runs)}-"
        )
        stage.mobilise.settle()
        return found

    def buttons(signatures: list[int]) -> Buttons:
        mint = stage.mobilise.tokens.confirm
        return Buttons([f"/en/confirm/{mint(stage.petition.id, n, 1)}" for n in signatures])

    def ours() -> Run:
        pressed = buttons(waiting(stage.seconds))
        before = _counted(stage)
        run = stage.mobilise.asked(stage.askers, pressed, 303, stage.seconds)
        if _counted(stage) - before != run.total:
            raise RuntimeError(f"{run.total} pressed the button, {_counted(stage) - before} count")
        return run

    def floor() -> Run:
        values = _values(stage.petition.id, waiting(stage.seconds))
        return floors.pour(stage.mobilise, queries._CONFIRM, values, stage.seconds)

    stage.mobilise.asked(stage.askers, buttons(waiting(WARM_UP)), 303, WARM_UP)
    found, on_the_statement = in_turns(RUNS, ours, floor)
    return Row("confirm", found, {"floor: the statement, raw asyncpg": on_the_statement}, "4,000/s")


def _counted(stage: Stage) -> int:
    sql = "select sum(online)::bigint as total from tallies where petition_id = $1"
    return int(stage.mobilise.query(sql, stage.petition.id)[0]["total"])


def _values(petition_id: int, signatures: list[int]) -> Iterator[dict[str, Any]]:
    for number in signatures:
        yield {
            "petition_id": petition_id, "signature_id": number, "version": 1,
            "method": "button", "seconds": 60, "part": random.randrange(PARTS),
        }  # fmt: skip
