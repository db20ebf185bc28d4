"""Signatures by place and by language, for people: names beside codes, rates where they are known.

Made from the release that the files hold, so nothing is told here that is not told there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mobilise import area_chart, i18n
from mobilise.i18n import gettext as _
from mobilise.opendata.areas import REST, Row
from mobilise.opendata.editions import Edition

SOURCES = {"BE": "Statbel", "NL": "CBS"}


@dataclass(frozen=True)
class Line:
    """One row of the table. `rate`: per 1,000 inhabitants; None where nobody knows them."""

    level: str
    code: str
    name: str
    confirmed: int
    inhabitants: int | None = None
    rate: float | None = None

    @property
    def is_rest(self) -> bool:
        return self.code == REST


def lines(edition: Edition) -> list[Line]:
    """Places by name, in the reader's language, the rest last."""
    found = [_line(row, edition) for row in _rows(edition)]
    return sorted(found, key=lambda line: (line.is_rest, -line.confirmed, line.name))


def _rows(edition: Edition) -> Sequence[Row]:
    """Those of whole places: a postcode only where it belongs to none alone."""
    rows = edition.areas.rows if edition.areas else ()
    return [row for row in rows if row.level != "language" and not row.parent]


def _line(row: Row, edition: Edition) -> Line:
    if row.code == REST:
        return Line(row.level, REST, _("Elsewhere"), row.confirmed)
    place = edition.place(row.code)
    name = place.name if place else row.code
    inhabitants = place.population if place else None
    rate = area_chart.PER * row.confirmed / inhabitants if inhabitants else None
    return Line(row.level, row.code, name, row.confirmed, inhabitants, rate)


def drawn(edition: Edition) -> list[area_chart.Place]:
    """What the chart shows. Where every municipality has its inhabitants, whole countries, which
    nobody measures by them, are left to the table."""
    found = lines(edition)
    towns = [each for each in found if each.level == "municipality" and not each.is_rest]
    if towns and all(line.rate is not None for line in towns):
        found = [*towns, *(line for line in found if line.is_rest)]
    return [
        area_chart.Place("" if line.is_rest else line.name, line.confirmed, line.inhabitants)
        for line in found
    ]


def notes(edition: Edition) -> list[str]:
    """What must be known to read the numbers, in the reader's language."""
    if not edition.areas:
        return []
    said = [
        _(
            "Rounded down to 5. Small places stand together under Elsewhere, "
            "so that nobody can be recognised."
        )
    ]
    known = [place for row in _rows(edition) if (place := edition.place(row.code))]
    counted = {
        (SOURCES.get(place.country, place.country), place.population_year)
        for place in known
        if place.population
    }
    said += [
        _("Inhabitants: %(source)s, 1 January %(year)s.", source=source, year=year)
        for source, year in sorted(counted, key=str)
    ]
    return said


@dataclass(frozen=True)
class Tongue:
    """`code`: "" for the rest."""

    code: str
    name: str
    confirmed: int


def tongues(edition: Edition) -> list[Tongue]:
    """The languages in which was signed, most first, the rest last."""
    rows = [row for row in (edition.areas.rows if edition.areas else ()) if row.level == "language"]
    rows.sort(key=lambda row: (row.code == REST, -row.confirmed))
    return [
        Tongue(
            row.code if row.code in i18n.LANGUAGES else "",
            i18n.LANGUAGES.get(row.code, _("Other")),
            row.confirmed,
        )
        for row in rows
    ]
