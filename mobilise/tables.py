"""CSV as RFC 4180 has it: commas, CRLF, UTF-8 without a mark. Numbers, dates and codes only.

A spreadsheet takes a cell that starts with = + - @ for a formula, and people's words hold
commas, quotes and line ends. Neither can come in here: what is no number, date or code is
refused, so nothing is ever quoted or escaped and every reader sees the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
ROWS_A_CHUNK = 500
Cell = int | date | str | None
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/%~-]*\Z")


class NoCode(ValueError):
    """A cell that is not a whole number from zero up, a day, or a code."""


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
    return (",".join(map(_written, row)) + "\r\n").encode("ascii")


def _written(cell: Cell) -> str:
    """ "" for what is not known, 2026-05-12 for a day."""
    if cell is None:
        return ""
    if isinstance(cell, int) and not isinstance(cell, bool) and cell >= 0:
        return str(cell)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, str) and _CODE.match(cell):
        return cell
    raise NoCode(f"{cell!r} may not stand in a public table")
