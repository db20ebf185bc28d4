"""What goes into a workbook or a database file, whatever it is about: typed columns and rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mobilise.opendata.columns import Column
from mobilise.tables import Cell

PIECE = 64 * 1024
ABOUT = "about"
"""The name of the first sheet, that explains the others."""
Line = tuple[str, str, str]
"""A line of it: something, and what it is, in at most three cells."""


@dataclass(frozen=True)
class Sheet:
    """`key`: the columns that together stand once."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    key: tuple[str, ...]

    @property
    def sql_name(self) -> str:
        """signatures_by_day: needs no quotes."""
        return self.name.replace("-", "_").replace(".", "_")


def read(file: BinaryIO) -> Iterator[bytes]:
    """A finished file from its beginning, in pieces."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece
