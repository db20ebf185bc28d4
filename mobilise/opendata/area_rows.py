"""The rows of the tables by place and by language, and of the list of places."""

from collections.abc import Iterator

from mobilise.opendata import areas
from mobilise.opendata.areas import Release
from mobilise.opendata.editions import Edition
from mobilise.opendata.rows import Row
from mobilise.tables import Name

_NAMED = ("nl", "fr", "de", "en")


def area_rows(edition: Edition) -> Iterator[Row]:
    """Of the newest table; none before the first one."""
    for release, row in _told(edition):
        if row.level in ("municipality", "country") or (row.level == "postcode" and not row.parent):
            yield (release.day, row.level, row.code, row.confirmed)


def postcode_rows(edition: Edition) -> Iterator[Row]:
    for release, row in _told(edition):
        if row.level == "postcode" and row.parent:
            yield (release.day, row.parent, row.code, row.confirmed)


def language_rows(edition: Edition) -> Iterator[Row]:
    for release, row in _told(edition):
        if row.level == "language":
            yield (release.day, row.code, row.confirmed)


def place_rows(edition: Edition) -> Iterator[Row]:
    """The places that the newest table names, in the order of the list."""
    named = {code for _, row in _told(edition) for code in (row.code, row.parent)}
    for each in edition.places:
        if each.code not in named:
            continue
        names = [Name(each.names[code]) if code in each.names else None for code in _NAMED]
        yield (
            each.code,
            each.level,
            each.parent or None,
            each.country,
            *names,
            each.population,
            each.population_year,
        )


def _told(edition: Edition) -> Iterator[tuple[Release, areas.Row]]:
    if edition.areas is not None:
        for row in edition.areas.rows:
            yield edition.areas, row
