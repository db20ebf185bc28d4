"""The keys that sign tokens: given in the settings, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

SHORTEST = 32


class UnsafeKey(Exception):
    """A key that somebody could guess."""


def checked(keys: list[str]) -> list[str]:
    """The keys without blanks; refuses one under 32 characters."""
    cleaned = [key.strip() for key in keys if key.strip()]
    if not cleaned or any(len(key) < SHORTEST for key in cleaned):
        raise UnsafeKey(
            f"MOBILISE_SECRET_KEYS needs keys of at least {SHORTEST} characters. "
            "Leave it out, and mobilise makes one itself."
        )
    return cleaned


def kept_in(folder: Path) -> list[str]:
    """The keys in `folder/secret_keys`, made on first use, readable by their owner alone."""
    path = folder / "secret_keys"
    if not path.exists():
        _make(path)
    return checked(path.read_text(encoding="ascii").split())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(draft, path)  # two processes at once: the first one's key stands
    except FileExistsError:
        pass
    except OSError:
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
