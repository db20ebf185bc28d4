"""XLSX with typed cells: dates are dates, numbers are numbers, words are words and never formulas.

The same content gives the same bytes: the one moment in it is given.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from mobilise.opendata import sheets
from mobilise.opendata.sheets import Line, Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # letters


def pieces(lines: Iterable[Line], tables: Iterable[Sheet], at: datetime) -> Iterator[bytes]:
    """A workbook: a sheet of lines that explains, then a sheet a table. A row is in memory only
    while it is written; the file is made on disk before its first piece leaves."""
    with tempfile.TemporaryFile() as file:
        # No word is taken for an address, a number or a formula.
        settings = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        try:
            with Workbook(file, settings) as book:
                _write(book, lines, tables, at)
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error  # the disk's own words
        yield from sheets.read(file)


def _write(book: Any, lines: Iterable[Line], tables: Iterable[Sheet], at: datetime) -> None:
    book.set_properties({"created": at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    _explain(book.add_worksheet(sheets.ABOUT), lines)
    for table in tables:
        _fill(book.add_worksheet(table.name), table, bold, day)


def _explain(page: Any, lines: Iterable[Line]) -> None:
    page.set_column(0, 1, 24)
    page.set_column(2, 2, WIDEST)
    for n, line in enumerate(lines):
        for column, words in enumerate(line):
            if words:
                page.write_string(n, column, words)


def _fill(page: Any, table: Sheet, bold: Any, day: Any) -> None:
    page.freeze_panes(1, 0)
    for column, each in enumerate(table.columns):
        page.set_column(column, column, max(11, len(each.name) + 2))
        page.write_string(0, column, each.name, bold)
    for n, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(n, column, cell, day)
            elif isinstance(cell, int):
                page.write_number(n, column, cell)
            elif cell is not None:
                page.write_string(n, column, cell)
