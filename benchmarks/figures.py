"""Figures of several short runs, and the table that shows them beside their floors."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

RUNS = 3


@dataclass(frozen=True)
class Run:
    """One short run: `total` things at `rate` a second.

    Times are milliseconds; `cpu` is microseconds of processor a piece, by who spent them.
    """

    rate: float
    p50: float = 0.0
    p99: float = 0.0
    total: int = 0
    cpu: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Series:
    """The same run several times; what is told is the run in the middle."""

    runs: Sequence[Run]

    @property
    def middle(self) -> Run:
        return sorted(self.runs, key=lambda run: run.rate)[len(self.runs) // 2]

    @property
    def spread(self) -> str:
        slowest, fastest = (_rate(each(r.rate for r in self.runs)) for each in (min, max))
        return f"{slowest} – {fastest}"

    def cpu(self, who: str) -> float:
        return statistics.median(run.cpu.get(who, 0.0) for run in self.runs)


@dataclass(frozen=True)
class Row:
    """A claim of the design and what was measured; beside it its floor, then what else helps.
    `more`: what else was seen, in words."""

    claim: str
    measured: Series
    beside: dict[str, Series]
    target: str
    more: str = ""

    @property
    def ratio(self) -> float:
        """Of the middle rate to that of the floor."""
        floor = next(iter(self.beside.values()))
        return self.measured.middle.rate / floor.middle.rate


def in_turns(runs: int, *deeds: Callable[[], Run]) -> list[Series]:
    """Ours, floor, ours, floor, …: what else the machine does meets both alike."""
    found: list[list[Run]] = [[] for _ in deeds]
    for _ in range(runs):
        for kept, deed in zip(found, deeds, strict=True):
            kept.append(deed())
    return [Series(each) for each in found]


def show(rows: Sequence[Row], console: Console) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("claim", "what", "rate/s", "of floor", "spread", "p50 ms", "p99 ms", "cpu µs"):
        table.add_column(name, justify="left" if name in ("claim", "what") else "right")
    table.add_column("target")
    for row in rows:
        _line(table, row.claim, "mobilise", row.measured, f"{row.ratio:.2f}", row.target)
        for name, floor in row.beside.items():
            _line(table, "", name, floor, "", "")
    console.print(table)
    for row in rows:
        if row.more:
            console.print(f"{row.claim}: {row.more}.")


def _line(table: Table, claim: str, what: str, series: Series, ratio: str, target: str) -> None:
    middle = series.middle
    spent = " + ".join(f"{series.cpu(who):.0f} {who}" for who in middle.cpu)
    table.add_row(
        claim, what, _rate(middle.rate), ratio, series.spread,
        _time(middle.p50), _time(middle.p99), spent, target,
    )  # fmt: skip


def _rate(a_second: float) -> str:
    return f"{a_second:,.0f}" if a_second >= 100 else f"{a_second:.1f}"


def _time(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds else "–"
