"""Parts of a page as large as somebody wants to see them, drawn when they are asked for and kept
for the next one, on this machine."""

import asyncio
import os
import secrets
import shutil
import time
from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakValueDictionary

from mobilise import arriving, confined
from mobilise.documents.zooming import TILE
from mobilise.errors import NotFound
from mobilise.store import Store

A3 = 1191
"""Points of the longer side: what is larger is a plan, of which one wants to see more."""
KEPT = 14 * 24 * 60 * 60
"""Seconds after which squares that were drawn go again."""
FOLDER = "tiles"
DRAWN = ("pdf", "jpg", "png", "webp")
_drawing: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()


@dataclass(frozen=True)
class Leaf:
    """A page that can be enlarged. `width` and `height` are of its picture, in dots."""

    sha256: str
    kind: str
    page: int
    width: int
    height: int
    points: int | None

    @property
    def levels(self) -> range:
        if self.kind not in DRAWN:
            return range(0)
        return range(1, 4 if (self.points or 0) > A3 else 3)

    def size(self, level: int) -> tuple[int, int]:
        """Dots in which it is drawn; NotFound for a level that it has not."""
        if level not in self.levels:
            raise NotFound()
        return self.width << level, self.height << level

    def squares(self, level: int) -> tuple[int, int]:
        """Rows and columns of squares."""
        width, height = self.size(level)
        return -(-height // TILE), -(-width // TILE)


def is_drawn(data: Path, leaf: Leaf, level: int, row: int) -> bool:
    """Does this row wait there already? Then to look at it costs nothing."""
    return _folder(data, leaf, level, row).exists()


def _folder(data: Path, leaf: Leaf, level: int, row: int) -> Path:
    return data / FOLDER / leaf.sha256 / f"{leaf.page}-{level}-{row}"


async def square(store: Store, data: Path, leaf: Leaf, level: int, row: int, column: int) -> Path:
    """The file of one square. A whole row of them is drawn at once: who sees one sees the next.
    Raises NoRoom rather than draw on a disk that is nearly full."""
    rows, columns = leaf.squares(level)
    if row >= rows or column >= columns:
        raise NotFound()
    folder = _folder(data, leaf, level, row)
    lock = _drawing.setdefault(folder, asyncio.Lock())
    async with lock:
        if not folder.exists():
            await asyncio.to_thread(arriving.look_for_room, data)
            await _draw(store, leaf, level, row, folder)
    return folder / f"{column}.jpg"


async def _draw(store: Store, leaf: Leaf, level: int, row: int, folder: Path) -> None:
    """All or none: the folder takes its name when every square is in it."""
    width, height = leaf.size(level)
    made = folder.with_name(f"{secrets.token_hex(8)}.part")
    await asyncio.to_thread(made.mkdir, parents=True)
    try:
        async with confined.place(FOLDER, at_once=1), store.at_hand(leaf.sha256) as path:
            told = confined.told_by(
                "mobilise.documents.zooming",
                *(str(path), leaf.kind, str(leaf.page), str(width), str(height), str(row)),
            )
            async with aclosing(told):
                async for facts, (content,) in told:
                    target = made / f"{int(facts['column'])}.jpg"
                    await asyncio.to_thread(target.write_bytes, content)
        await asyncio.to_thread(_take_its_place, made, folder)
    except (confined.Ended, FileNotFoundError) as error:
        raise NotFound() from error
    finally:
        await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)


def _take_its_place(made: Path, folder: Path) -> None:
    try:
        os.rename(made, folder)
    except OSError:
        if not folder.exists():  # else another process drew the same ones meanwhile
            raise


def sweep(data: Path, kept: float = KEPT) -> int:
    """Removes what was drawn some time ago; tells how many documents' squares went."""
    oldest, gone = time.time() - kept, 0
    folder = data / FOLDER
    for each in folder.iterdir() if folder.exists() else ():
        if each.stat().st_mtime < oldest:
            shutil.rmtree(each, ignore_errors=True)
            gone += 1
    return gone


def drawn(data: Path) -> list[str]:
    """Checksums of the copies of which parts lie here."""
    folder = data / FOLDER
    return [each.name for each in folder.iterdir()] if folder.exists() else []


def forget(data: Path, copies: Iterable[str]) -> None:
    """Of what was closed no part stays: it may show what somebody made unreadable."""
    for sha256 in copies:
        shutil.rmtree(data / FOLDER / sha256, ignore_errors=True)
