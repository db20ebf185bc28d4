"""The two charts: how the count grows, and what each day added. For a phone and for a desk.

Numbers in, SVG out. The floor is zero, a missing day is a gap, a day that still runs is an
outline. The same numbers always stand in a table on the page, or one link away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from markupsafe import Markup

from mobilise import area_chart, day_chart, growth_chart
from mobilise.area_chart import Place
from mobilise.axes import Day as Day
from mobilise.drawing import DESK, FULL, PHONE, Drawing
from mobilise.growth_chart import Level


class Tally(Protocol):
    """The count of this moment."""

    @property
    def confirmed(self) -> int: ...
    @property
    def paper(self) -> int: ...


@dataclass(frozen=True)
class Charts:
    """One drawing in two widths; the stylesheet shows the one that fits."""

    phone: Markup
    desk: Markup


def growth(
    series: Sequence[Day],
    goal: int | None,
    *,
    tally: Tally | None = None,
    today: date | None = None,
) -> Charts | None:
    """The count from the first day on, paper below e-mail, under the dotted line of the goal.

    `tally` and `today` add the day that still runs. None when there is nothing to draw.
    """
    levels = _levels(series)
    if tally is not None and today is not None and (levels or tally.confirmed):
        levels.append(Level(today, tally.confirmed, tally.paper))
    if not levels:
        return None
    return Charts(
        growth_chart.draw(levels, goal, Drawing(PHONE, 290), "growth-phone"),
        growth_chart.draw(levels, goal, Drawing(DESK, 376), "growth-desk"),
    )


def growth_on(sheet: Drawing, series: Sequence[Day], goal: int | None, name: str) -> Markup | None:
    """The closed days alone, on a sheet of one's own. None when there is nothing to draw."""
    levels = _levels(series)
    return growth_chart.draw(levels, goal, sheet, name) if levels else None


def days_on(sheet: Drawing, series: Sequence[Day], name: str) -> Markup | None:
    """The closed days alone, on a sheet of one's own. None when there is nothing to draw."""
    return day_chart.draw(series, None, 0, sheet, name) if series else None


def places_on(sheet: Drawing, places: Sequence[Place], name: str) -> Markup | None:
    """A bar a place. None when there is nothing to draw."""
    return area_chart.draw(places, sheet, name) if places else None


def _levels(series: Sequence[Day]) -> list[Level]:
    levels, paper = [], 0
    for day in series:
        paper += day.paper
        levels.append(Level(day.day, max(day.total, 0), min(paper, max(day.total, 0))))
    return levels


def days(
    series: Sequence[Day], *, today: date | None = None, added: int = 0, desk: int = FULL
) -> Charts | None:
    """A bar a day by e-mail, paper on a strip of its own below.

    `added`: by today so far. `desk`: how wide the larger drawing is, in px.
    """
    running = today if today is not None and added > 0 else None
    if not series and running is None:
        return None
    return Charts(
        day_chart.draw(series, running, added, Drawing(PHONE, 290), "days-phone"),
        day_chart.draw(
            series, running, added, Drawing(desk, 400 if desk == FULL else 340), "days-desk"
        ),
    )
