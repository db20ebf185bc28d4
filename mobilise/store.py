"""The store: every file under the SHA-256 of its own bytes, written once, never changed.

A file is written beside the others, on the same file system, and takes its place by renaming.
So whoever reads finds a whole file or none, also after a power cut.
"""

import contextlib
import errno
import hashlib
import os
import re
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
LEFTOVERS_AFTER = 24 * 60 * 60
"""Seconds after which an upload that nobody finished is swept."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NoRoom(Refusal):
    status = 507
    heading = N_("There is no room left")
    message = N_("The disk of this site is full. Write to its keeper. Your file was not stored.")


def look_for_room(root: Path) -> None:
    """Raises NoRoom while the disk is nearly full."""
    folder = next(each for each in (root, *root.parents) if each.exists())
    if shutil.disk_usage(folder).free < KEPT_FREE:
        raise NoRoom()


class Draft:
    """A file that is still arriving: written, hashed and counted piece by piece."""

    def __init__(self, root: Path) -> None:
        folder = _folder(root / INCOMING)
        self.path = folder / f"{secrets.token_hex(16)}.part"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        self._file = os.fdopen(os.open(self.path, flags, FILE_MODE), "wb")
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        with _room_on_disk():
            self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def finish(self) -> None:
        """All bytes are on the disk itself, not merely on their way to it."""
        with _room_on_disk():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
        self.path.chmod(FILE_MODE)  # whatever the umask says

    def discard(self) -> None:
        """Leaves nothing behind; harmless after `keep`."""
        with contextlib.suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)


def keep(root: Path, draft: Draft) -> bool:
    """Puts a finished draft in its place. False: the same content was there already."""
    target = place(root, draft.sha256)
    _folder(target.parent)
    if target.exists() and target.stat().st_size == draft.size:
        draft.discard()
        return False
    with _room_on_disk():
        os.replace(draft.path, target)
        _settle(target.parent)
    return True


def move_in(root: Path, other: Path, sha256: str) -> Path:
    """Content of another store on the same disk takes its place in this one."""
    target = place(root, sha256)
    _folder(target.parent)
    os.replace(place(other, sha256), target)
    _settle(target.parent)
    return target


def put(root: Path, content: bytes) -> str:
    """Stores bytes that are in memory already; returns their SHA-256."""
    draft = Draft(root)
    try:
        draft.write(content)
        draft.finish()
        keep(root, draft)
    finally:
        draft.discard()
    return draft.sha256


def place(root: Path, sha256: str) -> Path:
    """Where the content with this checksum lies, or would lie."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("a checksum has 64 hexadecimal digits")
    return root / sha256[:2] / sha256[2:4] / sha256


def set_aside(root: Path, sha256: str) -> None:
    """Takes content out of reach, so that it can still be brought back."""
    aside = _folder(root / INCOMING) / f"{sha256}.withdrawn"
    with contextlib.suppress(FileNotFoundError):
        os.utime(place(root, sha256))  # old as it is, nobody may sweep it before it is decided
        os.replace(place(root, sha256), aside)


def bring_back(root: Path, sha256: str) -> None:
    """Undoes `set_aside`."""
    with contextlib.suppress(FileNotFoundError):
        os.replace(root / INCOMING / f"{sha256}.withdrawn", place(root, sha256))


def forget(root: Path, sha256: str) -> None:
    """Removes content that no row came to point at."""
    place(root, sha256).unlink(missing_ok=True)


def forget_aside(root: Path, sha256: str) -> None:
    """Removes for good what was set aside."""
    (root / INCOMING / f"{sha256}.withdrawn").unlink(missing_ok=True)


def sweep(root: Path) -> int:
    """Removes what broken uploads left behind more than a day ago; tells how many files."""
    oldest = time.time() - LEFTOVERS_AFTER
    swept = 0
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(root / INCOMING):
            with contextlib.suppress(FileNotFoundError):  # another process sweeps too
                if entry.stat(follow_symlinks=False).st_mtime < oldest:
                    os.unlink(entry.path)
                    swept += 1
    return swept


@contextlib.contextmanager
def _room_on_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom() from error
        raise


def _folder(folder: Path) -> Path:
    """Makes a folder of ours and its parents; changes none that was there."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(made):
        with contextlib.suppress(FileExistsError):
            each.mkdir(FOLDER_MODE)
            _settle(each.parent)
    return folder


def _settle(folder: Path) -> None:
    """A new name in a folder survives a power cut only when the folder itself is written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
