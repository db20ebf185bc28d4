"""Everything that is published of a petition, written into a folder instead of being served.

Never half a file: each is written beside its place and renamed; and never half an export: what was
written goes again when something fails.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mobilise.arriving import settle
from mobilise.errors import Refusal
from mobilise.opendata.bundle import EVERY, WHOLE
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import File, measure_of

Told = Callable[[int, int], None]
"""Called with the bytes that are done and about how many there are."""
BESIDE = ".part"


class NotEmpty(Refusal):
    """Something lies there that an export would mix with."""


@dataclass(frozen=True)
class Exported:
    files: int
    size: int  # bytes


def look_for_room(folder: Path) -> None:
    """Raises NotEmpty, or OSError where it cannot be a folder of ours; changes nothing."""
    if folder.exists():
        if any(folder.iterdir()):
            raise NotEmpty(f"{folder} is not empty. Choose a new folder.")
    elif not folder.parent.is_dir():
        raise NotEmpty(f"{folder.parent} is no folder. Make it first.")


def export(edition: Edition, folder: Path, told: Told = lambda done, of: None) -> Exported:
    """The same bytes as the addresses of that day give, under the same names."""
    look_for_room(folder)
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    files, done = (*EVERY, WHOLE), 0
    of = sum(measure_of(file, edition).size for file in EVERY)
    written: list[Path] = []
    try:
        for file in files:
            for size in _write(file, edition, folder, written):
                done += size
                told(done, max(done, of))
        settle(folder)
    except BaseException:
        _take_away(folder, written, is_new)
        raise
    return Exported(len(files), done)


def _write(file: File, edition: Edition, folder: Path, ours: list[Path]) -> Iterator[int]:
    """Gives the size of each piece once it is written. `ours`: what is to be taken away when
    something goes wrong; what somebody else writes there is not."""
    beside = folder / (file.name + BESIDE)
    with beside.open("xb") as target:
        ours.append(folder / file.name)
        for piece in file.pieces(edition):
            target.write(piece)
            yield len(piece)
        target.flush()
        os.fsync(target.fileno())
    os.replace(beside, folder / file.name)


def _take_away(folder: Path, written: list[Path], is_new: bool) -> None:
    for path in written:
        path.with_name(path.name + BESIDE).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    if is_new:
        folder.rmdir()
