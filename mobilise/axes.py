"""Where days and numbers lie on a drawing: zero on the floor, a slot a day, round lines behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from mobilise import drawing, i18n
from mobilise.drawing import Drawing, wide


class Day(Protocol):
    """A closed day: what it added by e-mail and on paper, and the count at its end."""

    @property
    def day(self) -> date: ...
    @property
    def confirmed(self) -> int: ...
    @property
    def paper(self) -> int: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True)
class Frame:
    """The part of a sheet that holds the data. Pixels, but for the days and the highest number."""

    left: float
    top: float
    right: float
    floor: float
    first: date
    last: date
    most: int
    slots: int  # how many days fit: at least those from first to last

    @property
    def slot_width(self) -> float:
        return (self.right - self.left) / self.slots

    def slot(self, day: date) -> tuple[float, float]:
        start = self.left + (day - self.first).days * self.slot_width
        return start, start + self.slot_width

    def middle(self, day: date) -> float:
        return sum(self.slot(day)) / 2

    def y(self, number: float) -> float:
        """The height of a number; nothing lies under the floor."""
        return self.floor - (self.floor - self.top) * max(number, 0) / self.most


def days_between(first: date, last: date) -> int:
    return (last - first).days + 1


def lines(sheet: Drawing, frame: Frame, goal: int | None = None) -> list[int]:
    """Hairlines at round numbers; none where the goal has a line of its own. Tells where."""
    drawn = [step for step in drawing.steps(frame.most) if step != goal]
    for step in drawn:
        sheet.line("g-fine", frame.left, frame.y(step), frame.right, frame.y(step))
    return drawn


def floor(sheet: Drawing, frame: Frame) -> None:
    sheet.line("g-floor", frame.left, frame.floor, frame.right, frame.floor)


def _short_day(day: date) -> str:
    return _said(day, i18n.language())


@lru_cache(maxsize=2048)
def _said(day: date, _language: str) -> str:
    """Formatting a date costs more than drawing a line, and a chart says the same ones again."""
    return i18n.short_day(day)


def dates(sheet: Drawing, frame: Frame, *, in_the_middle: bool) -> None:
    """The first day, the last, and between them months and their halves as far as they fit."""
    low = sheet.height - 8

    def x(day: date) -> float:
        return frame.middle(day) if in_the_middle else frame.slot(day)[0]

    def tick(at: float) -> None:
        sheet.line("g-floor", at, low - 20, at, low - 15)

    first, last = _short_day(frame.first), _short_day(frame.last)
    sheet.say("g-word", frame.left, low, first)
    tick(x(frame.first))
    if frame.last > frame.first:
        end = frame.slot(frame.last)[1]
        end = min(max(end, frame.left + wide(first) + wide(last) + 12), sheet.width - 1)
        if sheet.say("g-word", end, low, last, "end"):
            tick(x(frame.last) if in_the_middle else frame.slot(frame.last)[1])
    for day, words in _between(frame):
        if sheet.say("g-word", x(day), low, words, "middle"):
            tick(x(day))


def _between(frame: Frame) -> Iterator[tuple[date, str]]:
    firsts = list(_firsts_of_months(frame))
    if not firsts:
        return
    widest = max(wide(_short_day(day)) for day in firsts) + 12
    every = next((n for n in (1, 2, 3, 6) if n * 30 * frame.slot_width >= widest), 12)
    for day in firsts:
        if (day.month - 1) % every == 0:
            new_year = day.month == 1 and frame.first.year != frame.last.year
            yield day, str(day.year) if new_year else _short_day(day)
    if 15 * frame.slot_width >= widest:
        for day in [frame.first.replace(day=1), *firsts]:
            if frame.first < day.replace(day=15) < frame.last:
                yield day.replace(day=15), "15"


def _firsts_of_months(frame: Frame) -> Iterator[date]:
    day = frame.first.replace(day=1)
    while day < frame.last:
        day = (day + timedelta(days=32)).replace(day=1)
        if day < frame.last:
            yield day
