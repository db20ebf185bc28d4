"""The whole list of signers as CSV, JSON and a workbook, beside COPY of the same columns."""

import statistics
from typing import Any

from benchmarks.exporting import COPY
from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.stage import Stage
from mobilise.signatures.signers_files import FORMS

PATIENCE = 900
_CONFIRMED = "select count(*) as n from signatures where petition_id = $1 and state = 'confirmed'"


def measure(stage: Stage) -> list[Row]:
    rows = int(stage.mobilise.query(_CONFIRMED, stage.petition.id)[0]["n"])
    return [_row(stage, rows, form) for form in FORMS]


def _row(stage: Stage, rows: int, form: str) -> Row:
    told = list[dict[str, Any]]()

    def ours() -> Run:
        told.append(_told(stage, form))
        return _run(told[-1], rows)

    def floor() -> Run:
        return _run(_told(stage, COPY), rows)

    found, copied = in_turns(RUNS, ours, floor)
    more = (
        f"first byte after {1000 * statistics.median(each['first'] for each in told):.0f} ms; "
        f"{told[-1]['bytes'] / 1e6:.1f} MB; the process grew by "
        f"{max(each['memory'] for each in told) / 1024**2:.1f} MB"
    )
    beside = {"floor: COPY TO of the same columns": copied}
    return Row(f"export, {rows:,} signers, {form}", found, beside, "half of the floor", more)


def _run(told: dict[str, Any], rows: int) -> Run:
    cpu = {who: 1e6 * float(told[who]) / rows for who in ("parent", "db")}
    return Run(rows / told["seconds"], total=rows, cpu=cpu)


def _told(stage: Stage, what: str) -> dict[str, Any]:
    return stage.mobilise.told(PATIENCE, "benchmarks.exporting", what, str(stage.petition.id))
