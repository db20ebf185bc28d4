"""Postcodes as people write them, and as a petition keeps them: 'BE 2060', 'BE 2140-2180'.

The statement that signs reads them the same way: the function `lives_within` of the database.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from babel import Locale

from mobilise import i18n

DIGITS = {"BE": 4, "NL": 4, "LU": 4, "DE": 5, "FR": 5}
# A stretch of them, by how many digits a postcode has.
EXAMPLES = {4: "2140-2180", 5: "10115-10179"}
MOST = 200  # stretches of postcodes in one petition
SHOWN = 8
_PREFIXES = {"B": "BE", "F": "FR", "D": "DE", "L": "LU"} | {code: code for code in DIGITS}
# 2060 · B-2060 · 1011 AB · 2140-2180 · 2140 t/m 2180; letters of a Dutch code are not kept.
_CODE = r"([0-9]{4,5})(?:\s?[A-Z]{2})?"
_PIECE = re.compile(
    rf"(?:([A-Z]{{1,2}})[\s-]?)?{_CODE}(?:\s*(?:-|–|—|T/M|TOT|TO|BIS|À|AU)\s*{_CODE})?"
)


class BadPostcode(ValueError):
    """The piece that cannot be read as a postcode, as it was typed."""


@dataclass(frozen=True, order=True)
class Stretch:
    """From one postcode up to and with another, in one country."""

    country: str
    first: str
    last: str

    def __str__(self) -> str:
        until = f"-{self.last}" if self.last != self.first else ""
        return f"{self.country} {self.first}{until}"

    @classmethod
    def kept(cls, place: str) -> "Stretch":
        first, _, last = place[3:].partition("-")
        return cls(place[:2], first, last or first)


def parse(written: str, country: str) -> tuple[str, ...]:
    """ "2060, 2140 - 2180" → ('BE 2060', 'BE 2140-2180'): sorted, what touches is one stretch.

    `country` is that of a postcode which does not name its own. Raises BadPostcode.
    """
    found = []
    for piece in re.split(r"[,;\n]+", written):
        words = " ".join(piece.split())
        if not words:
            continue
        whole = _read(words, country)
        found += [whole] if whole else [_one(word, country) for word in words.split()]
    return tuple(str(stretch) for stretch in _joined(found))


def _one(word: str, country: str) -> Stretch:
    found = _read(word, country)
    if found is None:
        raise BadPostcode(word)
    return found


def _read(words: str, country: str) -> Stretch | None:
    match = _PIECE.fullmatch(words.upper().removesuffix("."))
    if match is None:
        return None
    land = _PREFIXES.get(match[1], "") if match[1] else country
    first, last = match[2], match[3] or match[2]
    if {len(first), len(last)} != {DIGITS.get(land, 0)} or last < first:
        return None
    return Stretch(land, first, last)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for next_one in sorted(stretches):
        last = joined[-1] if joined else None
        if last and last.country == next_one.country and int(next_one.first) <= int(last.last) + 1:
            joined[-1] = Stretch(last.country, last.first, max(last.last, next_one.last))
        else:
            joined.append(next_one)
    return joined


def within(places: Sequence[str], country: str, postcode: str) -> bool:
    """Does whoever lives there belong to these places? No places: everybody does."""
    if not places:
        return True
    stretches = (Stretch.kept(place) for place in places)
    return any(
        each.country == country
        and len(each.first) == len(postcode)
        and each.first <= postcode <= each.last
        for each in stretches
    )


def written(places: Sequence[str], country: str) -> str:
    """As somebody would type it again, where `country` goes without saying."""
    return ", ".join(place.removeprefix(f"{country} ") for place in places)


def said(places: Sequence[str], most: int | None = None) -> str:
    """2060, 2140–2180 (België); the stretches beyond `most` are only counted."""
    if not places:
        return ""
    shown = [Stretch.kept(place) for place in places[:most]]
    names = Locale(i18n.language()).territories
    lands = [
        f"{', '.join(str(each)[3:].replace('-', '–') for each in stretches)} ({names[country]})"
        for country, stretches in groupby(shown, key=lambda each: each.country)
    ]
    more = len(places) - len(shown)
    rest = [i18n.ngettext("%(num)s more", "%(num)s more", more)] if more else []
    return "; ".join([*lands, *rest])
