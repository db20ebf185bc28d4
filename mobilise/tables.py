"""CSV as RFC 4180 has it: commas, CRLF, UTF-8 without a mark. Numbers, dates, codes, and names
from a list of ours.

A spreadsheet takes a cell that starts with = + - @ for a formula, and people's words hold
commas, quotes and line ends. Neither can come in here: what is no number, date or code is
refused. A `Name` alone may hold what names of places hold; it is quoted where it has to be.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
ROWS_A_CHUNK = 500


class Name(str):
    """Words of an official list, never of a visitor."""

    __slots__ = ()


Cell = int | date | str | None
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/%~\[\]-]*\Z")
# It begins with a letter, after an apostrophe in ’s-Gravenhage; nothing in it ends a line.
_NAME = re.compile(r"[’‘']?[^\W\d_][^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z")


class NoCode(ValueError):
    """A cell that is not a whole number from zero up, a day, a code, or a name of a list."""


def chunks(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file piece by piece, so that its length does not matter."""
    yield _line(columns, len(columns))
    left = iter(rows)
    while some := b"".join(_line(row, len(columns)) for row in islice(left, ROWS_A_CHUNK)):
        yield some


def lines(rows: Iterable[Sequence[Cell]], columns: int) -> bytes:
    """Some rows, for a file that comes a part at a time. Its first line is `lines([names])`."""
    return b"".join(_line(row, columns) for row in rows)


def _line(row: Sequence[Cell], columns: int) -> bytes:
    if len(row) != columns:
        raise NoCode(f"a row has {len(row)} cells instead of {columns}")
    return (",".join(map(_written, row)) + "\r\n").encode("utf-8")


def _written(cell: Cell) -> str:
    """ "" for what is not known, 2026-05-12 for a day."""
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool) and cell >= 0:
        return str(cell)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, Name) and _NAME.match(cell):
        return _quoted(cell)
    if isinstance(cell, str) and not isinstance(cell, Name) and _CODE.match(cell):
        return cell
    raise NoCode(f"{cell!r} may not stand in a public table")


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"' if "," in words or '"' in words else words
