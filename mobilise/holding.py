"""Who uses a data folder: locks that the kernel releases when their holder dies."""

import contextlib
import fcntl
import getpass
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from mobilise.programs import EmbeddedRefused


class HeldByAnother(EmbeddedRefused):
    """A live mobilise works on this data folder."""


@contextlib.contextmanager
def hold(data: Path) -> Iterator[None]:
    """Says "a live mobilise uses this folder", or refuses and tells who does."""
    path = data / "mobilise.lock"
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = _open(path)
    except OSError as error:
        raise EmbeddedRefused(
            f"mobilise cannot use the folder {data}: {error.strerror}."
            " Choose another with MOBILISE_DATA."
        ) from None
    try:
        if not _try_to_lock(descriptor):
            holder = path.read_text("utf-8").strip() or "another process"
            raise HeldByAnother(
                f"mobilise already runs on {data}: {holder}."
                " Stop it first, or choose another folder with MOBILISE_DATA."
            )
        now = datetime.now(UTC)
        line = f"process {os.getpid()}, started by {_user()} on {now:%Y-%m-%d at %H:%M} UTC\n"
        with contextlib.suppress(OSError):  # opened for reading only: the lock still counts
            os.ftruncate(descriptor, 0)
            os.write(descriptor, line.encode())
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def taking_turns(data: Path) -> Iterator[None]:
    """Two commands that start the database at the same moment do it one after the other."""
    descriptor = _open(data / "database.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Another user may open the file too, so that he can be told who holds it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        try:
            return os.open(path, os.O_RDWR)
        except PermissionError:
            return os.open(path, os.O_RDONLY)
    os.fchmod(descriptor, 0o644)  # whatever the umask
    return descriptor


def _try_to_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"
