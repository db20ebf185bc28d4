"""The rows of the public tables, in the order of their columns: days, numbers and codes only."""

from collections.abc import Iterator

from mobilise.opendata.editions import Edition
from mobilise.tables import Cell

Row = tuple[Cell, ...]


def day_rows(edition: Edition) -> Iterator[Row]:
    for day in edition.series:
        yield (
            day.day,
            day.confirmed + day.paper,
            day.confirmed,
            day.paper,
            day.withdrawn,
            day.invalidated,
            day.restored,
            day.total,
        )


def hour_rows(edition: Edition) -> Iterator[Row]:
    for hours in edition.hours:
        yield hours.day, hours.from_hour, hours.until_hour, hours.confirmed


def method_rows(edition: Edition) -> Iterator[Row]:
    for each in edition.methods:
        yield (
            each.method,
            each.confirmed,
            each.withdrawn,
            each.invalidated,
            each.restored,
            each.total,
        )


def text_rows(edition: Edition) -> Iterator[Row]:
    zone = edition.closed_at.tzinfo
    for text in edition.texts:
        yield (
            text["version"],
            text["language"],
            text["kind"],
            text["at"].astimezone(zone).date(),
        )


def document_rows(edition: Edition) -> Iterator[Row]:
    zone = edition.closed_at.tzinfo
    for document in edition.documents:
        yield (
            document["id"],
            document["sha256"],
            document["size"],
            document["pages"],
            document["kind"],
            document["dated"],
            document["added_at"].astimezone(zone).date(),
            edition.document_url(document),
            document["version"],
            document["original"],
            document["rights"],
        )
