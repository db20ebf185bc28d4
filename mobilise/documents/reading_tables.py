"""Reads the first rows of csv, xlsx, ods and geojson. Runs as a child process with limits, and
tells one table after the other: `{"page": 1, "title": "Sheet1", "cells": [[…]], "total": 1204}`.

A csv streams by, whatever its length; a workbook is read as far as memory goes.
"""

import codecs
import csv
import datetime
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mobilise.confined import one_more, tell, within_limits
from mobilise.documents.reading_text import encoding_of

ROWS, COLUMNS, SHEETS = 200, 40, 20
LONGEST_CELL = 300
_SAMPLE = 64 * 1024

_EMPTY_BETWEEN = re.compile(rb"(?<=<v>)\s+|\s+(?=</v>|</?table:)|(?<=>)\s+(?=<text:p)")
Cells = list[list[str]]


def tables(path: Path, kind: str) -> Iterator[tuple[str, Cells, int]]:
    """Title, first rows and number of all rows of each table; the first row is its head."""
    if kind == "csv":
        yield "", *_first(_csv(path))
    elif kind == "geojson":
        yield "", *_features(path)
    else:
        yield from _sheets(path)


def _first(rows: Iterable[Iterable[Any]]) -> tuple[Cells, int]:
    cells: Cells = []
    total = 0
    for row in rows:
        if total < ROWS:
            cells.append([shown(cell) for _, cell in zip(range(COLUMNS), row, strict=False)])
        total += 1
    while cells and not any(cells[-1]):  # empty rows at the end of a sheet
        cells.pop()
        total = len(cells) if total <= ROWS else total
    return cells, total


def _csv(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(1024 * 1024)
    with path.open(encoding=encoding_of(path), newline="", errors="replace") as file:
        sample = file.read(_SAMPLE)
        file.seek(0)
        try:
            how: Any = csv.Sniffer().sniff(sample, ",;\t|")
        except csv.Error:
            how = csv.excel
        try:
            yield from csv.reader(file, how)
        except csv.Error:
            return  # a line that is no line: what came before it is shown


def _sheets(path: Path) -> Iterator[tuple[str, Cells, int]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(path)
    except CalamineError:
        workbook = CalamineWorkbook.from_filelike(_squeezed(path))
    for title in workbook.sheet_names[:SHEETS]:
        one_more()
        try:
            sheet = workbook.get_sheet_by_name(title)
        except CalamineError:
            workbook = CalamineWorkbook.from_filelike(_squeezed(path))
            sheet = workbook.get_sheet_by_name(title)
        yield title, *_first(sheet.iter_rows())


def _squeezed(path: Path) -> io.BytesIO:
    """The workbook without blanks around its cells and numbers: some programs indent what they
    write, which is allowed, and which the reader of sheets does not expect."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for item in before.infolist():
            content = before.read(item)
            if item.filename == "content.xml" or item.filename.startswith("xl/worksheets/"):
                content = _EMPTY_BETWEEN.sub(b"", content)
            after.writestr(item.filename, content)
    out.seek(0)
    return out


def _features(path: Path) -> tuple[Cells, int]:
    """What is said about the first places of a map."""
    found = json.loads(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    features = found.get("features", [found]) if isinstance(found, dict) else []
    head: list[str] = []
    for feature in features[:ROWS]:
        head += [name for name in feature.get("properties") or {} if name not in head]
    head = head[: COLUMNS - 1]
    cells: Cells = [["", *map(shown, head)]] if features else []
    for feature in features[:ROWS]:
        geometry = feature.get("geometry") or (feature if "coordinates" in feature else {})
        said = feature.get("properties") or {}
        cells.append([str(geometry.get("type", "")), *(shown(said.get(name)) for name in head)])
    return cells, len(features) + 1


def shown(cell: Any) -> str:
    """A cell as a word: 12.0 is 12, a day is 2026-05-12, a truth is 1 or 0."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    words = " ".join(str(cell).split())
    return "".join(c for c in words if c.isprintable())[:LONGEST_CELL]


def main(path: str, kind: str, first: str, last: str) -> None:
    """`first` and `last`: which tables to tell."""
    within_limits(one_after_the_other=True)
    for number, (title, cells, total) in enumerate(tables(Path(path), kind), start=1):
        if int(first) <= number <= int(last):
            tell({"page": number, "title": title[:120], "cells": cells, "total": total})
