"""The file: a gzipped tar whose last member lists all others with their checksums.

What has no list is not whole: the writer was stopped. Members are written and read one after the
other, so that memory does not know how large the instance is. Nothing is unpacked by its name:
whoever reads asks for the parts that it knows.
"""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import orjson

from mobilise.errors import Refusal

LIST = "manifest.json"
FORMAT = 1
PIECE = 1024 * 1024
_FAST = 4  # gzip: two thirds of the time of 6, a few per cent more bytes
Progress = Callable[[int], None]


class Damaged(Refusal):
    """The file is not what was written, or not all of it."""


class Exists(Refusal):
    """A backup never takes the place of another file."""


class Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Manifest:
    """What the file holds. `tables`: name → columns and number of rows, in their order."""

    version: str
    made_at: str
    base_url: str
    migrations: dict[str, str]  # name → sha256
    tables: dict[str, dict[str, Any]]
    sequences: dict[str, int]
    members: dict[str, tuple[int, str]] = field(default_factory=dict)  # name → size, sha256
    format: int = FORMAT

    @property
    def documents(self) -> list[str]:
        return [name.split("/")[1] for name in self.members if name.startswith("documents/")]

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(size for size, _ in self.members.values())


# --- writing ------------------------------------------------------------------------------


@contextmanager
def written(path: Path) -> Iterator["Writer"]:
    """A new file for its owner alone. It stands under its name when it is whole, or never."""
    if path.exists():
        raise Exists(f"{path} exists already. Choose another name.")
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            writer = Writer(file)
            yield writer
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        _take_its_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _take_its_name(draft: Path, path: Path) -> None:
    """A link fails where somebody else was faster; some file systems know no links."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise Exists(f"{path} exists already. Choose another name.") from None
    except OSError:
        os.rename(draft, path)
    with suppress(OSError):  # the name survives a power cut, where the file system can
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


class Writer:
    """Parts go through the packer piece by piece; nothing is left to be closed when it fails."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packer = zlib.compressobj(_FAST, zlib.DEFLATED, zlib.MAX_WBITS | 16)  # 16: gzip
        self.members: dict[str, tuple[int, str]] = {}

    def add(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> int:
        """Its size in bytes. Raises FileNotFoundError before anything is written."""
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            self._add(name, file, size)
        return size

    def _add(self, name: str, source: BinaryIO, size: int) -> None:
        known, hashing = tarfile.TarInfo(name), hashlib.sha256()
        known.size, known.mode = size, 0o600
        self._pack(known.tobuf(tarfile.PAX_FORMAT))
        left = size
        while left:
            piece = source.read(min(PIECE, left))
            if not piece:
                raise OSError(f"{name} became shorter while it was read")
            hashing.update(piece)
            self._pack(piece)
            left -= len(piece)
        self._pack(bytes(-size % tarfile.BLOCKSIZE))
        self.members[name] = (size, hashing.hexdigest())

    def _pack(self, content: bytes) -> None:
        self._file.write(self._packer.compress(content))

    def list(self, manifest: Manifest) -> None:
        """The last member, without which the file counts for nothing."""
        content = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
        self._add(LIST, io.BytesIO(content), len(content))

    def close(self) -> None:
        self._pack(bytes(2 * tarfile.BLOCKSIZE))
        self._file.write(self._packer.flush())


# --- reading ------------------------------------------------------------------------------


def checked(path: Path, progress: Progress = lambda _: None) -> Manifest:
    """Reads the file from one end to the other; raises Damaged for anything that is not right."""
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    for name, member in members(path, progress):
        if manifest is not None:
            raise Damaged(f"{path}: something follows after the list of its parts.")
        if name == LIST:
            manifest = _manifest(path, member.read())
            continue
        while member.read(PIECE):
            pass
        found[name] = (member.size, member.sha256)
    if manifest is None:
        raise Damaged(f"{path} is not whole: its end is missing.")
    wrong = sorted(name for name in manifest.members if found.get(name) != manifest.members[name])
    if wrong or set(found) - set(manifest.members):
        raise Damaged(f"{path} is damaged: {(wrong or ['an unknown part'])[0]} is not as written.")
    return manifest


def _manifest(path: Path, content: bytes) -> Manifest:
    try:
        read = orjson.loads(content)
        if read["format"] != FORMAT:
            raise Damaged(f"{path} was made by another mobilise ({read['version']}), in a format")
        members = {name: (size, digest) for name, (size, digest) in read["members"].items()}
        return Manifest(**read | {"members": members})
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path} is damaged: its list cannot be read.") from error


def members(path: Path, progress: Progress = lambda _: None) -> Iterator[tuple[str, "Member"]]:
    """Each part in its order, to be read before the next one is asked for."""
    with (
        path.open("rb") as file,
        _in_plain_words(path),
        gzip.GzipFile(fileobj=_Told(file, progress)) as unzipped,  # type: ignore[call-overload]
        tarfile.open(fileobj=unzipped, mode="r|") as tar,
    ):
        for known in tar:
            content = tar.extractfile(known) if known.isreg() else None
            if content is None:
                raise Damaged(f"{path} holds what no backup holds: {known.name}.")
            yield known.name, Member(path, content, known.size)
        while unzipped.read(PIECE):  # gzip's own checksum stands at the very end
            pass


@contextmanager
def _in_plain_words(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Damaged(f"{path} is no whole backup: {error}.") from error


class Member:
    """One part of the file, while it is read."""

    def __init__(self, path: Path, source: Reads, size: int) -> None:
        self._path, self._source, self.size = path, source, size
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        with _in_plain_words(self._path):
            found = self._source.read(size)
        self._hash.update(found)
        return found

    @property
    def sha256(self) -> str:
        """Of what was read so far."""
        return self._hash.hexdigest()


class _Told:
    """A file that tells how many bytes were read from it."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file, self._progress = file, progress

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(size)
        self._progress(len(found))
        return found
