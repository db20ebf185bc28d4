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
