"""Where the embedded database of a data folder lives, and what is remembered about it.

In the data folder itself, as a rule. As root PostgreSQL runs as a system user, and where
that user cannot enter the data folder the database lies under `/var/lib/mobilise`.
"""

import contextlib
import hashlib
import json
import logging
import os
import secrets
import stat
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mobilise.programs import (
    SYSTEM_FOLDER,
    Account,
    EmbeddedRefused,
    can_enter,
    make_public,
    package_folder,
    system_account,
    usable_binaries,
)

log = logging.getLogger(__name__)

CLUSTER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_LIMIT = 107 if sys.platform == "linux" else 103
"""Bytes that the kernel allows for the path of a unix socket."""


@dataclass(frozen=True)
class Record:
    """What `database.json` in the data folder remembers (mode 0600)."""

    owner_password: str
    app_password: str
    folder: str  # relative when it lies in the data folder
    data: str  # the data folder it was made for
    socket: str  # "" when the socket lies in the database's own folder


@dataclass(frozen=True)
class Lodging:
    home: Path
    account: Account | None
    binaries: Path
    socket: Path
    record: Record

    @property
    def cluster(self) -> Path:
        return self.home / CLUSTER

    @property
    def logs(self) -> Path:
        return self.home / "log"

    def program(self, name: str) -> str:
        return str(self.binaries / "bin" / name)


def lodge(data: Path) -> Lodging:
    """Find, or choose and prepare, the place of the database that belongs to `data`."""
    package = package_folder()
    record = _read_record(data)
    if record is None:
        record = Record(
            owner_password=secrets.token_urlsafe(24),
            app_password=secrets.token_urlsafe(24),
            folder=_choose_folder(data),
            data=str(data),
            socket="",
        )
    home = data / record.folder
    account = _account(home)
    _make_private(home, account)
    socket = _socket_folder(home, record.socket, account)
    record = replace(record, data=str(data), socket="" if socket.parent == home else str(socket))
    _write_record(data, record)
    return Lodging(home, account, usable_binaries(package, account), socket, record)


def recorded(data: Path) -> bool:
    """Has `data` ever had an embedded database?"""
    return _record_path(data).exists()


# --- the record -------------------------------------------------------------------


def _record_path(data: Path) -> Path:
    return data / "database.json"


def _read_record(data: Path) -> Record | None:
    path = _record_path(data)
    try:
        record = Record(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        if (data / "database" / CLUSTER).exists():
            raise EmbeddedRefused(
                f"The passwords of the database are missing: {path} is gone."
                " Put that file back from a backup."
            ) from None
        return None
    except PermissionError:
        raise EmbeddedRefused(
            f"You may not read {path}. Start mobilise as the user who started it first."
        ) from None
    except (ValueError, TypeError):
        raise EmbeddedRefused(f"{path} is damaged. Put it back from a backup.") from None
    if os.path.isabs(record.folder) and record.data != str(data):
        _refuse_a_copy(data, record)
    return record


def _refuse_a_copy(data: Path, record: Record) -> None:
    """A moved folder takes its database along; a copied one would share it."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        other = Record(**json.loads(_record_path(Path(record.data)).read_text("utf-8")))
        if other.folder == record.folder:
            raise EmbeddedRefused(
                f"{data} is a copy of {record.data}, and both would use the database in"
                f" {record.folder}. Make a backup there and restore it in a new folder."
            )


def _write_record(data: Path, record: Record) -> None:
    path = _record_path(data)
    text = json.dumps(asdict(record), indent=1)
    with contextlib.suppress(FileNotFoundError):
        if path.read_text("utf-8") == text:
            return
    descriptor, draft = tempfile.mkstemp(prefix=".database-", dir=data)  # mode 0600
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


# --- the folder and its user ------------------------------------------------------


def _choose_folder(data: Path) -> str:
    """`database` in the data folder, or a folder of its own where its user may come."""
    if os.geteuid() != 0 or can_enter(data, system_account()):
        return "database"
    name = f"data-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    earlier = sorted(SYSTEM_FOLDER.glob(f"{name}*"))
    if not earlier:
        return str(SYSTEM_FOLDER / name)
    log.warning("An earlier database of %s stays in %s. Remove it some day.", data, earlier[-1])
    return f"{earlier[-1]}x"  # sorts last, and is free


def _account(home: Path) -> Account | None:
    """Ourselves, unless we are root: then the owner of the database, or a system user."""
    if os.geteuid() != 0:
        return None
    for folder in (home / CLUSTER, home):
        with contextlib.suppress(FileNotFoundError):
            owner = folder.lstat()
            if owner.st_uid != 0:
                return Account(owner.st_uid, owner.st_gid)
    return system_account()


def _make_private(folder: Path, account: Account | None) -> None:
    """A folder of our own with mode 0700; its parents are made, never changed."""
    if folder.parent == SYSTEM_FOLDER:
        make_public(SYSTEM_FOLDER)
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)


# --- the socket -------------------------------------------------------------------


def _socket_folder(home: Path, remembered: str, account: Account | None) -> Path:
    own = home / "socket"
    if _fits(own):
        _make_private(own, account)
        return own
    if remembered and _is_ours_again(Path(remembered), account):
        return Path(remembered)
    bases = ["/tmp", "/var/tmp"] if account else [tempfile.gettempdir(), "/tmp", "/var/tmp"]
    for base in bases:
        if _fits(Path(base) / "mobilise-12345678") and _is_safe_base(Path(base)):
            made = Path(tempfile.mkdtemp(prefix="mobilise-", dir=base))  # mode 0700
            if account is not None:
                os.chown(made, account.uid, account.gid)
            return made
    raise EmbeddedRefused(
        f"The path {home} is too long for the database, and there is no safe temporary"
        " folder to help out. Choose a shorter folder with MOBILISE_DATA."
    )


def _is_ours_again(folder: Path, account: Account | None) -> bool:
    """Made anew under its old name where a temporary folder was cleaned: some know that name."""
    if _fits(folder) and _is_safe_base(folder.parent) and not folder.is_symlink():
        _make_private(folder, account)
    return _is_private(folder, account)


def _fits(folder: Path) -> bool:
    """Short enough for the kernel, and free of what lists of hosts are split on."""
    short = len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_LIMIT
    return short and not any(c in ",'\"\\" or ord(c) < 32 for c in str(folder))


def _is_private(folder: Path, account: Account | None) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    owner = account.uid if account else os.geteuid()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and not found.st_mode & 0o077


def _is_safe_base(folder: Path) -> bool:
    """Where nobody else can put a folder of his in the place of ours."""
    try:
        found = folder.stat()
    except OSError:
        return False
    trusted = found.st_uid in (0, os.geteuid())
    return trusted and (not found.st_mode & 0o022 or bool(found.st_mode & stat.S_ISVTX))
