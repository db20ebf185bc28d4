"""Signatures by place and by language, as they are told: what is rounded, and what is not told.

A release is made once a week at most, and never changes. `disclosure` decides what may be in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

REST = "OTHER"  # the code of all that is not told apart
LEVELS = ("municipality", "postcode", "country", "language")


@dataclass(frozen=True)
class Row:
    """`level`: municipality, postcode, country or language. `code`: 21004 (NIS), GM0363 (CBS),
    BE-2060, NL-1011, FR, nl, or OTHER for the rest of `parent`. `parent`: of a postcode its
    municipality, or its country where that is all that is known; else "". `confirmed`: rounded
    down to 5."""

    level: str
    code: str
    parent: str
    confirmed: int


@dataclass(frozen=True)
class Release:
    """Counts to the end of `day`. `frozen`: the petition is closed, and this is the last one."""

    number: int
    day: date
    frozen: bool
    rows: Sequence[Row]
