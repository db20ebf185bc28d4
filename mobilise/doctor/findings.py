"""What the doctor finds: one line a check."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "wrong"]


@dataclass(frozen=True)
class Finding:
    """`do` is empty when there is nothing to do."""

    level: Level
    what: str
    do: str = ""


def ok(what: str) -> Finding:
    return Finding("ok", what)


def warn(what: str, do: str) -> Finding:
    return Finding("warn", what, do)


def wrong(what: str, do: str) -> Finding:
    return Finding("wrong", what, do)
