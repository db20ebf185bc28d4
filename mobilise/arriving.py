"""How content arrives in the store: in a draft, on a disk of this machine.

A draft is written, hashed and counted piece by piece; nobody sees it before it is whole.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from mobilise.errors import N_, Refusal

INCOMING = "incoming"
FILE_MODE, FOLDER_MODE = 0o640, 0o750
KEPT_FREE = 1024 * 1024 * 1024
"""Bytes of the disk that documents leave to others: a database on a full disk stops."""
PIECE = 1024 * 1024
LEFTOVERS_AFTER = 24 * 60 * 60
"""Seconds after which an upload that nobody finished is swept."""


class NoRoom(Refusal):
    status = 507
    heading = N_("There is no room left")
    message = N_("The disk of this site is full. Write to its keeper. Your file was not stored.")


class Draft:
    """A file that is still arriving: written, hashed and counted piece by piece."""

    def __init__(self, incoming: Path) -> None:
        self.path = folder_for(incoming) / f"{secrets.token_hex(16)}.part"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        self._file = os.fdopen(os.open(self.path, flags, FILE_MODE), "wb")
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        with room_on_disk():
            self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def finish(self) -> None:
        """All bytes are on the disk itself, not merely on their way to it."""
        with room_on_disk():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self.path.chmod(FILE_MODE)  # whatever the umask says

    async def written(self) -> None:
        """Another process wrote the file in its place: it is hashed and counted as it lies there,
        and is finished."""
        await asyncio.to_thread(self._read_again)

    def _read_again(self) -> None:
        self._file.close()  # whoever wrote may have put another file under this name
        self._hash, self.size = hashlib.sha256(), 0
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                self._hash.update(piece)
                self.size += len(piece)
            with room_on_disk():
                os.fsync(file.fileno())
        self.path.chmod(FILE_MODE)

    def discard(self) -> None:
        """Leaves nothing behind; harmless after `keep`."""
        with contextlib.suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)


def look_for_room(folder: Path) -> None:
    """Raises NoRoom while the disk of a folder, which need not exist yet, is nearly full."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if shutil.disk_usage(there).free < KEPT_FREE:
        raise NoRoom()


class Arriving:
    """The local part of every store: a folder for what is on its way."""

    def __init__(self, incoming: Path) -> None:
        self.incoming = incoming

    def draft(self) -> Draft:
        return Draft(self.incoming)

    async def look_for_room(self) -> None:
        await asyncio.to_thread(look_for_room, self.incoming)

    async def sweep(self) -> int:
        return await asyncio.to_thread(self._sweep)

    def _sweep(self) -> int:
        oldest = time.time() - LEFTOVERS_AFTER
        swept = 0
        with contextlib.suppress(FileNotFoundError):
            for entry in os.scandir(self.incoming):
                with contextlib.suppress(FileNotFoundError):  # another process sweeps too
                    if entry.stat(follow_symlinks=False).st_mtime < oldest:
                        os.unlink(entry.path)
                        swept += 1
        return swept


@contextlib.contextmanager
def room_on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom() from error
        raise


def folder_for(folder: Path) -> Path:
    """Makes a folder of ours and its parents; changes none that was there."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(made):
        with contextlib.suppress(FileExistsError):
            each.mkdir(FOLDER_MODE)
            settle(each.parent)
    return folder


def settle(folder: Path) -> None:
    """A new name in a folder survives a power cut only when the folder itself is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
