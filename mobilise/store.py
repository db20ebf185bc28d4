"""The store: all content under the SHA-256 of its own bytes, written once, never changed.

Two kinds: a folder of this machine, here, and a bucket that many machines share, in `bucket.py`.
Whoever reads finds a whole file or none, also after a power cut.

Content is removed by `petitions.releasing` alone, after the commit that took away the last row
that showed it.
"""

import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from mobilise.arriving import INCOMING, Arriving, folder_for, room_on_disk, settle
from mobilise.arriving import Draft as Draft
from mobilise.arriving import NoRoom as NoRoom
from mobilise.bucket_address import BucketAddress
from mobilise.errors import N_, Refusal
from mobilise.settings import Settings

PIECE = 1024 * 1024
"""Bytes that a reader gets at once."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Away(Refusal):
    """The store does not answer, or does not let us in. `why`: for the log and the keeper."""

    status = 503
    heading = N_("We cannot reach our documents right now")
    message = N_("Try again in a minute. What was stored stays stored.")

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    def __str__(self) -> str:
        return f"The store of documents cannot be reached: {self.why}."


class Store(Protocol):
    """What rooms know of it. Every checksum has 64 hexadecimal digits, else ValueError.

    All but the local part of arriving raise `Away` when a bucket cannot be reached.
    """

    def draft(self) -> Draft:
        """A file that begins to arrive, in a folder of this machine."""
        ...

    async def keep(self, draft: Draft) -> bool:
        """A finished draft takes its place. False: content of this checksum and size was there."""
        ...

    async def put(self, content: bytes) -> str:
        """Stores bytes that are in memory already; returns their SHA-256."""
        ...

    async def size(self, sha256: str) -> int | None:
        """Bytes; None when it is not there."""
        ...

    def read(self, sha256: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Pieces of at most `PIECE` bytes, from `start`, which lies before its last byte, up to and
        without `end`. The first one raises FileNotFoundError when it is not there."""
        ...

    def at_hand(self, sha256: str) -> AbstractAsyncContextManager[Path]:
        """A local file to look into while the block runs. FileNotFoundError when not there."""
        ...

    def path(self, sha256: str) -> Path | None:
        """Where the local file lies, or would lie; None in a bucket."""
        ...

    async def forget(self, sha256: str) -> None:
        """Removes it; harmless when it is not there."""
        ...

    def kept(self, before: datetime | None = None) -> AsyncIterator[tuple[str, int]]:
        """Checksum and size in bytes of everything, or of what was stored `before` a moment."""
        ...

    async def look_for_room(self) -> None:
        """Raises NoRoom while the disk on which drafts arrive is nearly full."""
        ...

    async def sweep(self) -> int:
        """Removes what broken uploads left behind more than a day ago; tells how many files."""
        ...


def opened(settings: Settings) -> Store:
    """The store of an instance. Nothing is asked of it yet."""
    where = settings.docs_store
    if isinstance(where, Path):
        return Folder(where)
    from mobilise.bucket import Bucket  # half a second, for those who have one

    return Bucket(BucketAddress.parse(where), settings.data / INCOMING)


def place(sha256: str) -> str:
    """The name under which content lies, the same in both kinds."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("a checksum has 64 hexadecimal digits")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def is_place(name: str) -> bool:
    """Is that a name which `place` gives?"""
    sha256 = name.rpartition("/")[2]
    return bool(_SHA256.fullmatch(sha256)) and name == place(sha256)


class Folder(Arriving):
    """A folder of this machine. A file is written beside the others, on the same file system, and
    takes its place by renaming."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / INCOMING)
        self.root = root

    def path(self, sha256: str) -> Path:
        return self.root / place(sha256)

    async def keep(self, draft: Draft) -> bool:
        return await asyncio.to_thread(self._keep, draft)

    def _keep(self, draft: Draft) -> bool:
        target = self.path(draft.sha256)
        folder_for(target.parent)
        if target.exists() and target.stat().st_size == draft.size:
            draft.discard()
            return False
        with room_on_disk():
            os.replace(draft.path, target)
            settle(target.parent)
        return True

    async def put(self, content: bytes) -> str:
        return await asyncio.to_thread(self._put, content)

    def _put(self, content: bytes) -> str:
        draft = self.draft()
        try:
            draft.write(content)
            draft.finish()
            self._keep(draft)
        finally:
            draft.discard()
        return draft.sha256

    async def size(self, sha256: str) -> int | None:
        try:
            return (await asyncio.to_thread(self.path(sha256).stat)).st_size
        except FileNotFoundError:
            return None

    async def read(
        self, sha256: str, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self.path(sha256).open, "rb")
        try:
            file.seek(start)
            while True:
                most = PIECE if end is None else min(PIECE, max(0, end - start))
                piece = await asyncio.to_thread(file.read, most)
                if not piece:
                    return
                start += len(piece)
                yield piece
        finally:
            file.close()

    @contextlib.asynccontextmanager
    async def at_hand(self, sha256: str) -> AsyncIterator[Path]:
        if await self.size(sha256) is None:
            raise FileNotFoundError(sha256)
        yield self.path(sha256)

    async def forget(self, sha256: str) -> None:
        path = self.path(sha256)
        await asyncio.to_thread(lambda: path.unlink(missing_ok=True))

    async def kept(self, before: datetime | None = None) -> AsyncIterator[tuple[str, int]]:
        until = None if before is None else before.timestamp()
        for first in await asyncio.to_thread(lambda: sorted(self.root.glob("[0-9a-f][0-9a-f]"))):
            for each in await asyncio.to_thread(self._under, first, until):
                yield each

    def _under(self, first: Path, until: float | None) -> list[tuple[str, int]]:
        """Of one folder out of 256, so that memory hardly knows how large the store is."""
        found = []
        for path in sorted(first.glob("[0-9a-f][0-9a-f]/*")):
            with contextlib.suppress(FileNotFoundError):  # forgotten meanwhile
                known = path.stat()
                is_ours = path.is_file() and is_place(str(path.relative_to(self.root)))
                if is_ours and (until is None or known.st_mtime < until):
                    found.append((path.name, known.st_size))
        return found
