"""Editions and their files, kept in the process as long as they are true.

Reading is cheap: whoever comes within a second of somebody else costs the database nothing. After
that second the edition is read once more; where it is what it was, all that was built from it
stays. So a day that closes, a correction, a document that was withdrawn and a petition that was
removed show within a second, whatever process the reader meets.
"""

import asyncio
import contextvars
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from mobilise import db
from mobilise.errors import Refusal
from mobilise.opendata import bundle, editions, kept
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import Measure
from mobilise.opendata.kept import Kept, Name
from mobilise.opendata.package import EVERY, PACKAGE
from mobilise.settings import Settings
from mobilise.signatures import counting

SECONDS = 1.0
ROOM = 32 * 1024 * 1024
"""Bytes of files in each process."""
LARGEST = 4 * 1024 * 1024
"""Bytes: of a larger file length and checksum are kept, and it is written again for each reader."""
ROOM_FOR_EDITIONS = 32 * 1024 * 1024
MOST_KEPT = 500
"""Lists of files of kept editions, a few kilobytes each."""
_A_ROW = 1000  # bytes, about: of a document, a day, hours
_DRAWING = ThreadPoolExecutor(1, "drawing")
"""Pictures take a processor for a while: one after the other, in nobody else's way."""
T = TypeVar("T")
Pieces = Callable[[Edition], Iterator[bytes]]


@dataclass(frozen=True)
class Built:
    """A file of an edition. `pieces` is None where it is too large to be kept."""

    edition: Edition
    measure: Measure
    pieces: tuple[bytes, ...] | None


@dataclass(frozen=True)
class _Read:
    edition: Edition
    until: float
    weight: int


class Shelf:
    """One a process. `seconds`: how long an edition is believed before it is read again."""

    def __init__(self, seconds: float = SECONDS, room: int = ROOM) -> None:
        self.seconds, self._room = seconds, room
        self._read: OrderedDict[str, _Read] = OrderedDict()
        self._files: OrderedDict[tuple[str, str], Built] = OrderedDict()
        self._kept: OrderedDict[tuple[str, str], tuple[Kept, float]] = OrderedDict()
        self._under_way: dict[object, asyncio.Task[Any]] = {}

    async def edition(self, database: db.Database, settings: Settings, slug: str) -> Edition:
        """As `editions.edition`, and the same object as long as nothing in it changed."""
        found, now = self._read.get(slug), asyncio.get_running_loop().time()
        is_today = found is not None and found.edition.closed_at == counting.midnight(settings.zone)
        if found is not None and is_today and now < found.until:
            self._read.move_to_end(slug)
            return found.edition

        async def read() -> Edition:
            try:
                return self._keep(slug, await editions.edition(database, settings, slug))
            except Refusal:
                self._forget(slug)
                raise

        return await self._once(slug, read)

    def _keep(self, slug: str, edition: Edition) -> Edition:
        found = self._read.get(slug)
        if found is not None and found.edition == edition:
            edition = found.edition
        else:
            self._forget(slug)
        until = asyncio.get_running_loop().time() + self.seconds
        self._read[slug] = _Read(edition, until, _weight(edition))
        self._read.move_to_end(slug)
        while len(self._read) > 1 and self._weight() > ROOM_FOR_EDITIONS:
            self._forget(next(iter(self._read)))
        return edition

    async def built(self, edition: Edition, name: str, pieces: Pieces) -> Built:
        """A file of an edition of this shelf, built by the first who asks."""
        key = (edition.petition.slug, name)
        found = self._files.get(key)
        if found is not None and found.edition is edition:
            self._files.move_to_end(key)
            return found

        async def build() -> Built:
            loop, context = asyncio.get_running_loop(), contextvars.copy_context()
            threads = _DRAWING if name.endswith("image/png") else None
            made = await loop.run_in_executor(threads, context.run, _build, edition, name, pieces)
            self._files[key] = made
            self._files.move_to_end(key)
            while len(self._files) > 1 and self._size() > self._room:
                self._files.popitem(last=False)
            return made

        return await self._once((id(edition), name), build)

    async def kept(self, database: db.Database, edition: Edition, name: Name) -> Kept:
        """As `kept.one`: what lies in it never changes, and that it was made again shows within a
        second."""
        key, now = (edition.petition.slug, str(name)), asyncio.get_running_loop().time()
        found = self._kept.get(key)
        if found is not None and now < found[1]:
            return found[0]

        async def read() -> Kept:
            made = await kept.one(database, edition, name)
            self._kept[key] = made, asyncio.get_running_loop().time() + self.seconds
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return made

        return await self._once(key, read)

    async def measured(self, edition: Edition) -> dict[str, Measure]:
        """Length and checksum of every file, and of the bundle."""
        # First what is measured in the description, which the bundle writes once more.
        every = sorted(EVERY, key=lambda file: file is PACKAGE)
        names = [(file.name, file.pieces) for file in (*every, bundle.WHOLE)]
        return {name: (await self.built(edition, name, write)).measure for name, write in names}

    async def _once(self, key: object, deed: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Who asks while it is being done waits for it; who goes away stops it for nobody."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(deed())
            task.add_done_callback(lambda done: self._over(key, done))
        return cast("T", await asyncio.shield(task))

    def _over(self, key: object, done: asyncio.Task[Any]) -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # whoever waited got it; nobody may have

    def _forget(self, slug: str) -> None:
        self._read.pop(slug, None)
        for key in [key for key in self._files if key[0] == slug]:
            del self._files[key]

    def _size(self) -> int:
        return sum(built.measure.size for built in self._files.values() if built.pieces is not None)

    def _weight(self) -> int:
        return sum(read.weight for read in self._read.values())


def _build(edition: Edition, name: str, pieces: Pieces) -> Built:
    size, digest = 0, hashlib.sha256()
    kept: list[bytes] | None = []
    for piece in pieces(edition):
        size += len(piece)
        digest.update(piece)
        if kept is not None:
            kept.append(piece)
            if size > LARGEST:
                kept = None
    made = None if kept is None else tuple(kept)
    measure = Measure(size, digest.hexdigest())
    edition.measures[name] = measure
    return Built(edition, measure, made)


def _weight(edition: Edition) -> int:
    """About how many bytes it takes."""
    rows = len(edition.documents) + len(edition.series) + len(edition.hours) + len(edition.texts)
    words = sum(len(text["body"]) for text in edition.texts)
    return rows * _A_ROW + words + sum(len(geometry) for _, geometry in edition.outlines)
