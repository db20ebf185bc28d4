"""What each day added: a bar a day by e-mail, paper on a small strip of its own below."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from mobilise import axes, drawing, i18n
from mobilise.axes import Day, Frame
from mobilise.drawing import PHONE, Drawing, wide
from mobilise.i18n import gettext as _
from mobilise.i18n import ngettext

FEWEST_SLOTS = 14  # a young petition fills its chart from the left, not with giant bars
WIDEST_BAR = 40.0


def draw(
    series: Sequence[Day], running: date | None, added: int, sheet: Drawing, name: str
) -> Markup:
    on_paper = [day for day in series if day.paper > 0]
    first = series[0].day if series else running
    last = running or series[-1].day
    assert first is not None, "there is a day to draw"
    most = max(1, added if running else 0, *(day.confirmed for day in series))
    floor = sheet.height - (110 if on_paper else 30)
    left = max([wide(i18n.number(step)) for step in drawing.steps(most)], default=0.0) + 8
    slots = max(axes.days_between(first, last), FEWEST_SLOTS)
    frame = Frame(left, 52, sheet.width - 2, floor, first, last, most, slots)
    for step in axes.lines(sheet, frame):
        sheet.say("g-word", left - 8, frame.y(step) + 5, i18n.number(step), "end")
    standing = [(*_bar(frame, d.day), d.confirmed) for d in series if d.confirmed > 0]
    sheet.path("g-area", drawing.bars((a, frame.y(n), b, floor) for a, b, n in standing))
    axes.floor(sheet, frame)
    axes.dates(sheet, frame, in_the_middle=True)
    if on_paper:
        _paper_strip(sheet, frame, on_paper, name)
    if running:
        start, end = _bar(frame, running)
        sheet.path("g-running", drawing.bars([(start, frame.y(added), end, floor)]))
        standing.append((start, end, added))
    if standing:
        _say_days(sheet, frame, series, running, standing)
    return sheet.svg(_in_words(series, running, added))


def _bar(frame: Frame, day: date) -> tuple[float, float]:
    """Left and right of a bar: a gap of a third between two, none where they are thin."""
    start, end = frame.slot(day)
    gap = 0.0 if frame.slot_width < 3 else frame.slot_width * 0.28
    width = min(frame.slot_width - gap, WIDEST_BAR)
    middle = (start + end) / 2
    return middle - width / 2, middle + width / 2


def _paper_strip(sheet: Drawing, frame: Frame, on_paper: Sequence[Day], name: str) -> None:
    """Paper comes seldom and in piles: it has a small floor and a scale of its own."""
    floor, most = sheet.height - 30, max(day.paper for day in on_paper)
    sheet.hatch(name)
    sheet.line("g-floor", frame.left, floor, frame.right, floor)
    sheet.say("g-said", frame.left, frame.floor + 22, _("On paper"))
    piles = []
    for day in on_paper:
        middle, height = frame.middle(day.day), 40 * day.paper / most
        piles.append((middle - 7, floor - height, middle + 7, floor))
        sheet.keep_clear(drawing.Box(*piles[-1]))
    sheet.path("g-strip", drawing.bars(piles), fill=name)
    for day, (_left, top, right, _bottom) in zip(on_paper, piles, strict=True):
        height = max(top + 14, floor - 8)
        sheet.say("g-said", right + 6, height, i18n.number(day.paper))


def _say_days(
    sheet: Drawing,
    frame: Frame,
    series: Sequence[Day],
    running: date | None,
    standing: list[tuple[float, float, int]],
) -> None:
    """The highest day and the one that still runs, each above all bars that it would cover."""
    highest = max(series, key=lambda day: day.confirmed, default=None)
    if highest and highest.confirmed:
        n, when = i18n.number(highest.confirmed), i18n.short_day(highest.day)
        words = _("%(num)s on %(day)s", num=n, day=when)
        x, height = _above(frame, standing, highest.day, words, sheet.width)
        if frame.y(highest.confirmed) - height < 30:  # higher, it would name another bar
            sheet.say("g-said", x, height, words, "middle")
    if running:
        words = _("today, still running") if sheet.width > PHONE else _("today")
        _start, end, added = standing[-1]
        x, height = _above(frame, standing, running, words, sheet.width)
        if not sheet.say("g-word", end + 6, frame.y(added) + 6, words):
            for low in (height, height - 21):
                if sheet.say("g-word", x, low, words, "middle"):
                    _lead(sheet, frame.middle(running), low + 6, frame.y(added) - 2)
                    break


def _lead(sheet: Drawing, x: float, top: float, bottom: float) -> None:
    """A hairline from words down to the bar that they are about, where another stands nearer."""
    if bottom - top >= 12:
        sheet.line("g-leader", x, top, x, bottom)


def _above(
    frame: Frame, standing: list[tuple[float, float, int]], day: date, words: str, width: float
) -> tuple[float, float]:
    """Where words over a day stand above every bar that they would cover."""
    x = drawing.held(frame.middle(day), words, frame.left, width)
    reach = wide(words) / 2
    under = [n for start, end, n in standing if end > x - reach and start < x + reach]
    return x, frame.y(max(under)) - 8


def _in_words(series: Sequence[Day], running: date | None, added: int) -> str:
    if not series:
        return ngettext(
            "Today, %(num)s signature so far.", "Today, %(num)s signatures so far.", added
        )
    total = sum(day.confirmed + day.paper for day in series)
    said = ngettext(
        "From %(first)s to %(last)s, %(total)s signature was confirmed.",
        "From %(first)s to %(last)s, %(total)s signatures were confirmed.",
        total,
        first=i18n.day(series[0].day),
        last=i18n.day(series[-1].day),
        total=i18n.number(total),
    )
    so_far = ngettext("Today, %(num)s so far.", "Today, %(num)s so far.", added) if running else ""
    return f"{said} {so_far}".strip()
