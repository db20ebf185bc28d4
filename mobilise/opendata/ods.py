"""ODS with typed cells, as offices of the state keep it: written while it is sent."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from stream_write_ods import stream_write_ods

from mobilise.opendata import sheets
from mobilise.opendata.sheets import Line, Sheet
from mobilise.tables import Cell

MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def pieces(lines: Iterable[Line], tables: Iterable[Sheet], at: datetime) -> Iterator[bytes]:
    """A sheet of lines that explains, then a sheet a table. The same content gives the same
    bytes: `at` is the one moment in it."""
    yield from stream_write_ods(
        _sheets(lines, tables), get_modified_at=lambda: at.replace(tzinfo=None)
    )


def _sheets(
    lines: Iterable[Line], tables: Iterable[Sheet]
) -> Iterator[tuple[str, tuple[str, ...], Iterable[tuple[Cell, ...]]]]:
    explained = iter(lines)
    yield (
        sheets.ABOUT,
        next(explained),
        (tuple(word or None for word in each) for each in explained),
    )
    for table in tables:
        yield table.name, tuple(each.name for each in table.columns), table.rows
