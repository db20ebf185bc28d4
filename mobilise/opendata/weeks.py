"""Days added up by week, for people who read tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from mobilise.signatures.counting import Day


@dataclass(frozen=True)
class Week:
    """Monday to Sunday by ISO 8601, cut off at the first and the last day that is counted.

    `total` is the count at its end: that of the week before + online + paper - off.
    """

    year: int
    number: int
    first: date
    last: date
    online: int
    paper: int
    off: int
    total: int


def weeks(series: Sequence[Day]) -> list[Week]:
    """Oldest first."""
    return [
        _week(year, number, list(days))
        for (year, number), days in groupby(series, key=lambda d: d.day.isocalendar()[:2])
    ]


def _week(year: int, number: int, days: list[Day]) -> Week:
    return Week(
        year=year,
        number=number,
        first=days[0].day,
        last=days[-1].day,
        online=sum(day.confirmed for day in days),
        paper=sum(day.paper for day in days),
        off=sum(day.withdrawn + day.invalidated - day.restored for day in days),
        total=days[-1].total,
    )
