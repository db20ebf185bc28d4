"""The whole list of signers as a file: a workbook, CSV, JSON. Written by the database in parts
and sent as it is written: ten million rows need no more memory than ten.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import orjson

from mobilise import db, workbook
from mobilise.signatures import signers_queries

COLUMNS = ("name", "postcode", "country", "date", "confirmed_by", "name_shown")
FIRST_BATCH, A_BATCH = 500, 10_000  # the first one is small: a reader sees at once that it comes
A_SHEET = 1_000_000  # rows; a spreadsheet program takes 1,048,576 and not one more


@dataclass(frozen=True)
class Part:
    """Some rows as one text."""

    text: str
    rows: int


Parts = AsyncIterator[Part]


@dataclass(frozen=True)
class Form:
    """A kind of file: how the database writes a row, and what is written around the rows."""

    name: str
    media_type: str
    line: str  # SQL over name, postcode, country, day, confirmed_by and public_name
    between: str
    pieces: Callable[[Parts], AsyncIterator[bytes]]


def file(
    database: db.Database, petition_id: int, form: Form, zone: ZoneInfo
) -> AsyncIterator[bytes]:
    """Everybody who confirmed, oldest first."""
    return form.pieces(_parts(database, petition_id, form, str(zone)))


async def _parts(database: db.Database, petition_id: int, form: Form, zone: str) -> Parts:
    """Between two parts nothing is held: a slow reader keeps no connection."""
    after, limit = 0, FIRST_BATCH
    while True:
        found = await signers_queries.written(
            database, petition_id, form.line, form.between, zone, after, limit
        )
        if found["last"] is None:
            return
        yield Part(found["text"], found["rows"])
        after, limit = found["last"], A_BATCH


# --- CSV ------------------------------------------------------------------------------------


def _csv_cell(column: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula; behind an apostrophe it is
    text. Quoted only where it must be."""
    plain = f"case when {column} ~ '^[=+@-]' then '''' || {column} else {column} end"
    quoted = f"""'"' || replace({plain}, '"', '""') || '"'"""
    return f"""case when {column} ~ '[",]' then {quoted} else {plain} end"""


_CSV_LINE = " || ',' || ".join(
    (
        *map(_csv_cell, ("name", "postcode")),  # what people typed
        "country",
        "day::text",
        "coalesce(confirmed_by, '')",
        "case when public_name then 'yes' else 'no' end",
    )
)


async def _csv(parts: Parts) -> AsyncIterator[bytes]:
    """RFC 4180 in UTF-8 with a mark, so that a spreadsheet reads the accents."""
    yield ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()
    async for part in parts:
        yield (part.text + "\r\n").encode()


# --- JSON -----------------------------------------------------------------------------------

# Joined by hand: an object that the database builds itself takes it half as long again.
_JSON_LINE = " || ".join(
    (
        """'{"name": ' || to_json(name)""",
        """', "postcode": ' || to_json(postcode)""",
        """', "country": "' || country || '", "date": "' || day""",
        """'", "confirmed_by": ' || coalesce('"' || confirmed_by || '"', 'null')""",
        """', "name_shown": ' || public_name || '}'""",
    )
)


async def _json(parts: Parts) -> AsyncIterator[bytes]:
    """{"columns": […], "signers": [{…}, …]}, a signer a line."""
    yield b'{"columns": ' + orjson.dumps(COLUMNS) + b',\n"signers": [\n'
    before = ""
    async for part in parts:
        yield (before + part.text).encode()
        before = ",\n"
    yield b"\n]}\n"


# --- workbook -------------------------------------------------------------------------------


def _words(column: str) -> str:
    known = f"translate({column}, U&'\\FFFE\\FFFF', '')"  # XML knows all but these two
    escaped = f"replace(replace(replace({known}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    return f"""'<c t="inlineStr"><is><t>' || {escaped} || '</t></is></c>'"""


_XLSX_LINE = " || ".join(
    (
        "'<row>'",
        *map(_words, ("name", "postcode", "country")),
        f"'<c s=\"{workbook.A_DAY}\"><v>' || (day - date '{workbook.DAY_ZERO}') || '</v></c>'",
        _words("coalesce(confirmed_by, '')"),
        """'<c t="b"><v>' || public_name::int || '</v></c></row>'""",
    )
)


async def _xlsx(parts: Parts) -> AsyncIterator[bytes]:
    """Further sheets where one would be too long."""
    book = workbook.Workbook()
    book.sheet("signers", COLUMNS)
    rows = 0
    async for part in parts:
        if rows + part.rows > A_SHEET:
            book.sheet("signers", COLUMNS)
            rows = 0
        rows += part.rows
        # Packing takes a while: in a thread, so that other readers do not wait for it.
        yield await asyncio.to_thread(book.rows, part.text)
    yield book.end()


FORMS = {
    form.name: form
    for form in (
        Form(
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _XLSX_LINE,
            "",
            _xlsx,
        ),
        Form("csv", "text/csv; charset=utf-8; header=present", _CSV_LINE, "\r\n", _csv),
        Form("json", "application/json", _JSON_LINE, ",\n", _json),
    )
}
