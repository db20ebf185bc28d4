"""How the count grows: an area from the first day on, paper below e-mail, the goal dotted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from markupsafe import Markup

from mobilise import axes, drawing, i18n
from mobilise.axes import Frame
from mobilise.drawing import BIG, PHONE, Drawing, short, wide
from mobilise.i18n import gettext as _
from mobilise.i18n import ngettext


@dataclass(frozen=True)
class Level:
    """What stood at the end of a day, of which on paper."""

    day: date
    total: int
    paper: int


def draw(levels: list[Level], goal: int | None, sheet: Drawing, name: str) -> Markup:
    roomy, first, last = sheet.width > PHONE, levels[0].day, levels[-1]
    labels = _labels(last)
    aside = max(wide(words, BIG if big else drawing.TEXT) for _y, big, words in labels) + 14
    most = max(goal or 0, 1, *(level.total for level in levels))
    right = sheet.width - (aside if roomy else 8)
    slots = axes.days_between(first, last.day)
    frame = Frame(0, 44, right, sheet.height - 30, first, last.day, most, slots)
    drawn = axes.lines(sheet, frame, goal)
    sheet.path("g-area", "".join(_outlines(levels, frame)))
    if last.paper:
        sheet.hatch(name)
        course = "".join(_outlines([Level(v.day, v.paper, v.paper) for v in levels], frame))
        sheet.path("g-blank", course)
        sheet.path("g-strip", course, fill=name)
    axes.floor(sheet, frame)
    sheet.dot("g-point", frame.right, frame.y(last.total), 5)
    axes.dates(sheet, frame, in_the_middle=False)
    (_say_beside if roomy else _say_inside)(sheet, frame, labels)
    if goal:
        for kind in ("g-goal-ground", "g-goal"):  # dots are seen on paper and on the area
            sheet.line(kind, frame.left, frame.y(goal), frame.right, frame.y(goal))
        words = _("%(goal)s · the goal of the group") if roomy else _("%(goal)s · goal")
        sheet.say("g-word", 0, frame.y(goal) - 6, words % {"goal": i18n.number(goal)})
    for step in drawn:
        sheet.say("g-word", 0, frame.y(step) - 5, i18n.number(step))
    return sheet.svg(_in_words(levels, goal))


def _outlines(levels: list[Level], frame: Frame) -> Iterator[str]:
    """One outline for each run of days without a gap. Paper comes in at once, in the morning."""
    before = Level(levels[0].day, 0, 0)
    for run in _runs(levels):
        if run[0] is not levels[0]:
            before = run[0]  # nobody knows how it rose during the gap
        points = []
        for level in run:
            start, end = frame.slot(level.day)
            morning = before.total + max(level.paper - before.paper, 0)
            points.append(f"L{short(start)} {short(frame.y(min(morning, frame.most)))}")
            points.append(f"L{short(end)} {short(frame.y(level.total))}")
            before = level
        start = frame.slot(run[0].day)[0]
        yield f"M{short(start)} {short(frame.floor)}{''.join(points)}V{short(frame.floor)}Z"


def _runs(levels: list[Level]) -> list[list[Level]]:
    runs = [[levels[0]]]
    for before, level in pairwise(levels):
        if level.day - before.day > timedelta(days=1):
            runs.append([])
        runs[-1].append(level)
    return runs


def _labels(last: Level) -> list[tuple[float, bool, str]]:
    """What stands at the end of the area, from the top down: at which number, big, the words."""
    word = _("together") if last.paper else i18n.plural("signature", "signatures", last.total)
    top: list[tuple[float, bool, str]] = [(last.total, True, i18n.number(last.total))]
    top.append((last.total, False, word))
    if not last.paper:
        return top
    online = last.total - last.paper
    return [
        *top,
        (last.paper + online / 2, False, _("%(num)s by email", num=i18n.number(online))),
        (last.paper / 2, False, _("%(num)s on paper", num=i18n.number(last.paper))),
    ]


def _say_beside(sheet: Drawing, frame: Frame, labels: list[tuple[float, bool, str]]) -> None:
    wanted = [frame.y(number) + 6 for number, _big, _words in labels]
    heights = drawing.spread(wanted, 24, frame.floor)
    for height, (_number, big, words) in zip(heights, labels, strict=True):
        size = BIG if big else drawing.TEXT
        sheet.say("g-total" if big else "g-said", frame.right + 12, height, words, size=size)


def _say_inside(sheet: Drawing, frame: Frame, labels: list[tuple[float, bool, str]]) -> None:
    """The total over the end of the area; what it is made of in it, where it is high enough."""
    (number, _big, total), _together, *rest = labels
    height = max(frame.y(number) - 12, BIG + 2)
    sheet.say("g-total", sheet.width - 1, height, total, "end", BIG)
    for middle, _big, words in rest:
        if frame.floor - frame.y(middle) > 10:
            sheet.say("g-said", frame.right - 10, frame.y(middle) + 6, words, "end")


def _in_words(levels: list[Level], goal: int | None) -> str:
    said = ngettext(
        "From %(first)s to %(last)s the count grew to %(total)s signature.",
        "From %(first)s to %(last)s the count grew to %(total)s signatures.",
        levels[-1].total,
        first=i18n.day(levels[0].day),
        last=i18n.day(levels[-1].day),
        total=i18n.number(levels[-1].total),
    )
    aim = _("The group’s goal is %(goal)s.", goal=i18n.number(goal)) if goal else ""
    return f"{said} {aim}".strip()
