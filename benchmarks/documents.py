"""Documents: a PDF of many pages, from the queue to its last page."""

import random
import statistics
from pathlib import Path
from typing import Any

import typst

from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.stage import Stage

PAGES, FEW = 300, 30
WORDS = 450  # of a page
PATIENCE = 600
_STOCK = """
    rain water yard park tree house city council permit study traffic noise soil river path grass
    shed school street night light garden field station building structure plan norm measurement
    layer depth limit value table figure appendix of the and in a for is that
"""


def paper(folder: Path, pages: int) -> Path:
    """Plain text in paragraphs, other words on each page."""
    chance = random.Random(pages)

    def paragraph() -> str:
        return " ".join(chance.choices(_STOCK.split(), k=WORDS // 5)).capitalize() + "."

    chapters = (
        f"= Chapter {number}\n\n" + "\n\n".join(paragraph() for _ in range(5))
        for number in range(1, pages + 1)
    )
    source = '#set page("a4")\n#set text(size: 10pt)\n' + "\n#pagebreak()\n".join(chapters)
    written = folder / f"paper-{pages}.pdf"
    (folder / "paper.typ").write_text(source, encoding="utf-8")
    typst.compile(
        str(folder / "paper.typ"), output=str(written), format="pdf", ignore_system_fonts=True
    )
    return written


def measure(stage: Stage, pages: int = PAGES) -> Row:
    few = max(1, pages * FEW // PAGES)
    large, small = (paper(stage.mobilise.folder, total) for total in (pages, few))
    told = list[dict[str, Any]]()

    def ours() -> Run:
        told.append(_told(stage, "prepare", large))
        return _run(told[-1], pages)

    def floor() -> Run:
        return _run(_told(stage, "draw", large), pages)

    found, drawn = in_turns(RUNS, ours, floor)
    growth = told[-1]["memory"] - _told(stage, "prepare", small)["memory"]
    more = (
        f"first page after {statistics.median(each['first'] for each in told):.1f} s; from {few} "
        f"to {pages} pages the worker grows by {growth / 1024**2:.1f} MB"
    )
    beside = {"floor: pages drawn by bare pdfium": drawn}
    return Row(f"documents, {pages} pages", found, beside, "20/s", more)


def _run(told: dict[str, Any], pages: int) -> Run:
    spenders = [who for who in ("parent", "child", "db") if who in told]
    cpu = {who: 1e6 * float(told[who]) / pages for who in spenders}
    return Run(pages / told["seconds"], total=pages, cpu=cpu)


def _told(stage: Stage, what: str, paper: Path) -> dict[str, Any]:
    return stage.mobilise.told(
        PATIENCE, "benchmarks.preparing", what, str(paper), str(stage.petition.id)
    )
