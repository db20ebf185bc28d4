"""Signatures by place: a bar each, its name before it, its numbers behind it.

Where the inhabitants of every place are known, a bar is as long as its rate; else as its count.
What is spread over places too small to be told stands last, hatched: it is no place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from mobilise import drawing, i18n
from mobilise.drawing import PHONE, TEXT, Drawing, wide
from mobilise.i18n import gettext as _
from mobilise.i18n import ngettext

MOST = 12  # places on one drawing: more are in the table
ROW = 34
_HIGH, _PHONE_ROW = 18.0, 50
PER = 1000  # inhabitants


@dataclass(frozen=True)
class Place:
    """`confirmed`: rounded down. `inhabitants`: None where nobody says. No name: the rest."""

    name: str
    confirmed: int
    inhabitants: int | None = None

    @property
    def is_rest(self) -> bool:
        return not self.name

    @property
    def rate(self) -> float | None:
        """Signatures per 1,000 inhabitants."""
        return PER * self.confirmed / self.inhabitants if self.inhabitants else None


def ordered(places: Sequence[Place]) -> list[Place]:
    """The longest bar first, the rest last."""
    named = [place for place in places if not place.is_rest]
    rates = by_rate(places)
    named.sort(key=lambda p: (-((p.rate if rates else None) or p.confirmed), p.name))
    return [*named, *(place for place in places if place.is_rest)]


def by_rate(places: Sequence[Place]) -> bool:
    """Half a chart by rate and half by count would compare nothing."""
    named = [place for place in places if not place.is_rest]
    return bool(named) and all(place.rate is not None for place in named)


def shown(places: Sequence[Place]) -> tuple[list[Place], int]:
    """Those that a drawing shows, and how many it leaves to the table."""
    found = ordered(places)
    rest = [place for place in found if place.is_rest]
    named = [place for place in found if not place.is_rest]
    return [*named[:MOST], *rest], max(len(named) - MOST, 0)


def height(places: Sequence[Place], width: int) -> int:
    """Of a sheet of that width."""
    drawn, more = shown(places)
    return (len(drawn) + bool(more)) * (ROW if width > PHONE else _PHONE_ROW) + 8


def draw(places: Sequence[Place], sheet: Drawing, name: str) -> Markup:
    """`name`: the id of its hatch, one of its own on a page with several drawings."""
    drawn, more = shown(places)
    rates, roomy = by_rate(places), sheet.width > PHONE
    words = [_said(place) for place in drawn]
    told = [_told(place, rates) for place in drawn]
    left = min(max(map(wide, words), default=0) + 12, sheet.width * 0.4) if roomy else 0.0
    right = sheet.width - max(map(wide, told), default=0) - 12
    most = max((_length(place, rates) for place in drawn), default=0) or 1
    sheet.hatch(name)
    step = ROW if roomy else _PHONE_ROW
    for n, place in enumerate(drawn):
        top = n * step + (8 if roomy else 26)
        low = n * step + (22 if roomy else 18)
        fitting = _fitting(words[n], left - 8 if roomy else sheet.width - 2)
        sheet.say("g-word" if place.is_rest else "g-said", 0, low, fitting)
        end = left + (right - left) * _length(place, rates) / most
        if end > left:
            box = drawing.bars([(left, top, max(end, left + 2), top + _HIGH)])
            if place.is_rest:
                sheet.path("g-strip", box, fill=name)
            else:
                sheet.path("g-area", box)
        if place.is_rest and rates:  # a sample of the hatch, off the floor: it is no bar
            end = left + 12 + _HIGH
            sheet.path("g-strip", drawing.bars([(left + 12, top, end, top + _HIGH)]), fill=name)
        sheet.say("g-word", max(end, left) + 8, top + 14, told[n])
    sheet.line("g-floor", left, 4 if roomy else 24, left, len(drawn) * step)
    if more:
        words_for_more = ngettext(
            "and %(num)s more place, in the table", "and %(num)s more places, in the table", more
        )
        sheet.say("g-word", 0, len(drawn) * step + 22, words_for_more)
    return sheet.svg(in_words(places))


def _length(place: Place, rates: bool) -> float:
    """The rest has no inhabitants, so among rates it has no bar."""
    return (place.rate or 0.0) if rates else float(place.confirmed)


def _said(place: Place) -> str:
    return place.name or _("Elsewhere")


def _told(place: Place, rates: bool) -> str:
    count = i18n.number(place.confirmed)
    if not rates:
        return count
    if place.rate is None:
        return _("%(num)s, places too small to tell", num=count)
    return _("%(rate)s per 1,000 (%(num)s)", rate=i18n.number(round(place.rate, 1)), num=count)


def _fitting(words: str, width: float) -> str:
    """The name, cut where it is wider than its column."""
    if wide(words, TEXT) <= width:
        return words
    while words and wide(f"{words}…", TEXT) > width:
        words = words[:-1]
    return f"{words.rstrip()}…"


def in_words(places: Sequence[Place]) -> str:
    """One sentence for who cannot see it."""
    first, *others = ordered(places)
    if first.is_rest:
        return _("%(num)s signatures elsewhere.", num=i18n.number(first.confirmed))
    if by_rate(places):
        said = _(
            "%(place)s has most signatures for its size: %(rate)s per 1,000 inhabitants.",
            place=first.name,
            rate=i18n.number(round(first.rate or 0, 1)),
        )
    else:
        said = _(
            "Most signatures come from %(place)s: %(num)s.",
            place=first.name,
            num=i18n.number(first.confirmed),
        )
    rest = sum(place.confirmed for place in others if place.is_rest)
    if rest:
        said += " " + _("%(num)s signatures elsewhere.", num=i18n.number(rest))
    return said
