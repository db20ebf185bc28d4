"""A workbook (XLSX) that is sent while it is written: rows go in, packed bytes come out.

The libraries at hand keep a workbook until it is whole. This one writes what ECMA-376 asks for
and no more: sheets of words, numbers, days and yes or no. No formula can come in.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

A_DAY, BOLD = 1, 2  # styles of a cell
DAY_ZERO = "1899-12-30"  # from here a workbook counts its days
PACKED = 1  # how hard zlib tries: harder is somewhat smaller and takes several times as long

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a zip; no clock: the same rows give the same bytes


class Workbook:
    """`sheet` begins one, `rows` fills it and gives what is ready to be sent, `end` the rest."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._zip = zipfile.ZipFile(self._pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=PACKED)
        self._names: list[str] = []
        self._sheet: IO[bytes] | None = None

    def sheet(self, name: str, columns: Sequence[str]) -> None:
        """A new sheet with a head that stays in sight. The second is called `name 2`."""
        self._close()
        number = len(self._names) + 1
        self._names.append(name if number == 1 else f"{name} {number}")
        self._sheet = self._zip.open(_member(f"xl/worksheets/sheet{number}.xml"), "w")
        head = "".join(
            f'<c t="inlineStr" s="{BOLD}"><is><t>{escape(column)}</t></is></c>'
            for column in columns
        )
        self._sheet.write(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
            f'<cols><col min="1" max="1" width="32" customWidth="1"/>'
            f'<col min="2" max="{max(2, len(columns))}" width="14" customWidth="1"/></cols>'
            f"<sheetData><row>{head}</row>".encode()
        )

    def rows(self, xml: str) -> bytes:
        """Adds rows that are written already; gives the packed bytes that are ready."""
        assert self._sheet is not None
        self._sheet.write(xml.encode())
        return self._pipe.taken()

    def end(self) -> bytes:
        self._close()
        for name, text in self._rest().items():
            self._zip.writestr(_member(name), _HEAD + text)
        self._zip.close()
        return self._pipe.taken()

    def _close(self) -> None:
        if self._sheet is not None:
            self._sheet.write(b"</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def _rest(self) -> dict[str, str]:
        """The parts that say what the sheets are; in an archive they may come last."""
        sheets = list(enumerate(self._names, 1))
        return {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
            + "".join(
                f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in sheets
            )
            + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": _linked(
                *(("worksheet", f"worksheets/sheet{n}.xml") for n, _ in sheets),
                ("styles", "styles.xml"),
            ),
            "xl/styles.xml": _STYLES,
            "_rels/.rels": _linked(("officeDocument", "xl/workbook.xml")),
            "[Content_Types].xml": _kinds(
                ("xl/workbook.xml", "sheet.main"),
                ("xl/styles.xml", "styles"),
                *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n, _ in sheets),
            ),
        }


def row(cells: Iterable[int | str | date | bool | None]) -> str:
    """Cells of one row, as `rows` takes them."""
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(cell: int | str | date | bool | None) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, bool):
        return f'<c t="b"><v>{cell:d}</v></c>'
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    if isinstance(cell, date):
        return f'<c s="{A_DAY}"><v>{(cell - date.fromisoformat(DAY_ZERO)).days}</v></c>'
    return f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


class _Pipe(io.RawIOBase):
    """What was packed since somebody last took it."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, octets: Any) -> int:
        self._kept += octets
        return len(octets)

    def taken(self) -> bytes:
        found, self._kept = bytes(self._kept), bytearray()
        return found


def _member(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, _EARLIEST)
    found.compress_type = zipfile.ZIP_DEFLATED
    found._compresslevel = PACKED  # type: ignore[attr-defined]
    found.external_attr = 0o644 << 16
    return found


def _linked(*parts: tuple[str, str]) -> str:
    """Which parts belong to this one: (kind, where), numbered rId1, rId2, …"""
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_LINKS}/{kind}" Target="{where}"/>'
        for n, (kind, where) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def _kinds(*parts: tuple[str, str]) -> str:
    kinds = "".join(
        f'<Override PartName="/{where}" ContentType="{_PARTS}.{kind}+xml"/>'
        for where, kind in parts
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{kinds}</Types>'
    )


# Cells: as they are; a day, in the manner of the reader's own program; a bold one.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
