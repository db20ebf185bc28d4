"""XLSX read by openpyxl and ODS by calamine, and both looked into as the archives that they are.

Cells have their types, words of people stay words, and a fault of each kind would be found.
"""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import python_calamine
from openpyxl.worksheet.worksheet import Worksheet

from mobilise.opendata import ods, xlsx
from mobilise.opendata.columns import Column
from mobilise.opendata.sheets import Sheet
from mobilise.opendata.table import TABLES
from tests.opendata.past import NASTY
from tests.standards.test_csv import csv_rows

AT = datetime(2026, 5, 12)
NAMES = ["about", *(table.name for table in TABLES)]
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def sheet(*rows: tuple[Any, ...]) -> Sheet:
    columns = (Column("day", "date", ""), Column("code", "string", ""), Column("n", "integer", ""))
    return Sheet("one-table", columns, rows, ("day",))


def made(write: Callable[..., Any], *rows: tuple[Any, ...], about: str = "What this is") -> bytes:
    return b"".join(write([(about, "", "")], [sheet(*rows)], AT))


# --- XLSX ---------------------------------------------------------------------------------


def kinds(page: Worksheet) -> set[str]:
    """Types of cells as the file has them: n, s, d, f for a formula."""
    return {str(cell.data_type) for row in page.iter_rows() for cell in row}


async def test_openpyxl_reads_every_table_with_its_types(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "data.xlsx")
    assert book.sheetnames == NAMES
    for table in TABLES:
        page = book[table.name]
        header, *rows = ([cell.value for cell in row] for row in page.iter_rows())
        assert header == table.header
        shown = [[as_csv(cell) for cell in row] for row in rows]
        assert shown == csv_rows(folder, table.name)
        for row in rows:
            for column, cell in zip(table.columns, row, strict=True):
                assert cell is None or isinstance(cell, TYPES[column.type]), column.name
    assert all("f" not in kinds(page) for page in book.worksheets), "no formula"
    assert book["about"]["A1"].value.startswith("=HYPERLINK"), "words, as the group wrote them"
    assert book["about"]["A1"].data_type == "s"


TYPES = {"date": datetime, "integer": int, "string": str}


def as_csv(cell: Any) -> str:
    """A typed cell as the CSV file has it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        assert cell == datetime.combine(cell, datetime.min.time())
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(int(cell) if isinstance(cell, float) else cell)


async def test_an_xlsx_holds_no_formula_no_link_and_no_clock(folder: Path) -> None:
    with zipfile.ZipFile(folder / "data.xlsx") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            content = archive.read(name)
            ElementTree.fromstring(content)
            assert b"<f>" not in content and b"<hyperlink" not in content
        assert {member.date_time[0] for member in archive.infolist()} == {1980}


def test_openpyxl_would_find_a_formula_and_a_number_that_is_a_word() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["=1+1", "12"])
    saved = io.BytesIO()
    book.save(saved)
    assert kinds(openpyxl.load_workbook(saved).worksheets[0]) == {"f", "s"}


@pytest.mark.parametrize("words", ["=1+1", "@SUM(1)", "-2", "12", "https://a.example", NASTY])
def test_words_stay_words_in_a_workbook(words: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(xlsx.pieces, (None, words, 1))))
    cell = book["one-table"]["B2"]
    assert cell.data_type == "s" and cell.value.replace("_x000D_", "\r") == words
    assert cell.hyperlink is None


# --- ODS ----------------------------------------------------------------------------------


async def test_calamine_reads_every_table_with_its_types(folder: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(folder / "data.ods"))
    assert book.sheet_names == NAMES
    for table in TABLES:
        header, *rows = book.get_sheet_by_name(table.name).to_python()
        assert header == table.header
        shown = [[as_csv(None if cell == "" else cell) for cell in row] for row in rows]
        assert shown == csv_rows(folder, table.name)
        for row in rows:
            for column, cell in zip(table.columns, row, strict=True):
                known = {"date": date, "integer": float, "string": str}[column.type]
                assert cell == "" or isinstance(cell, known), column.name


def cells(content: bytes) -> list[ElementTree.Element]:
    """The cells of an ODS file; raises where it is no archive of well-formed XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        assert archive.read("mimetype").decode() == ods.MEDIA_TYPE
        ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
        tree = ElementTree.fromstring(archive.read("content.xml"))
    return list(tree.iter(f"{TABLE}table-cell"))


async def test_an_ods_holds_no_formula(folder: Path) -> None:
    found = cells((folder / "data.ods").read_bytes())
    assert len(found) > 50
    assert not any(f"{TABLE}formula" in cell.attrib for cell in found)
    said = {cell.get(f"{OFFICE}value-type") for cell in found}
    assert said == {"string", "float", "date", None}


@pytest.mark.parametrize("words", ["=1+1", "12", 'of:=SUM("1")', "<b>&amp;", "é…"])
def test_words_stay_words_in_an_ods(words: str) -> None:
    (_, found, _) = cells(made(ods.pieces, (None, words, 1)))[-3:]
    assert found.get(f"{OFFICE}value-type") == "string"
    assert "".join(found.itertext()) == words


def test_an_ods_with_a_formula_would_be_found() -> None:
    content = made(ods.pieces, (None, "a", 1))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.infolist():
            body = old.read(member)
            if member.filename == "content.xml":
                body = body.replace(b'office:value="1"', b'table:formula="of:=1+1"')
            new.writestr(member, body)
    found = cells(changed.getvalue())
    assert any(f"{TABLE}formula" in cell.attrib for cell in found)


# --- both ---------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [xlsx.pieces, ods.pieces])
def test_the_same_content_is_the_same_bytes(write: Callable[..., Any]) -> None:
    row = (date(2026, 5, 11), "nl", 3)
    assert made(write, row) == made(write, row)
    assert made(write, row) != made(write, (date(2026, 5, 11), "nl", 4))


async def test_the_first_sheet_explains_each_column(folder: Path) -> None:
    (page, *_) = openpyxl.load_workbook(folder / "data.xlsx").worksheets
    said = [[cell.value for cell in row] for row in page.iter_rows()]
    explained = {line[1]: line[2] for line in said if line[2]}
    for table in TABLES:
        assert any(line[0] == table.name for line in said)
        assert all(explained.get(column.name) for column in table.columns)
    assert any(re.search("creativecommons.org", str(line[2])) for line in said)
