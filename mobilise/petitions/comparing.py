"""What changed between two texts, in words that somebody can read.

First sentence by sentence, then word by word within the sentences that differ. What is compared is
the Markdown as it was written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

Kind = Literal["same", "gone", "new", "skipped"]
# A sentence with the spaces behind it; a line end also ends one. What it has taken it never gives
# back, and it begins to look at the first of many full stops alone: a page of them is soon read.
_SENTENCE = re.compile(r"[^\n]*?(?:(?<![.!?…:;])[.!?…:;]++[\"”’)\]]*+[ \t]++|\n+|\Z)")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_COMPARISONS = 4_000_000  # then the whole is shown as gone and new: still true, less fine
_ALIKE = 0.4  # sentences with less in common read better apart than woven together


@dataclass(frozen=True)
class Piece:
    """`skipped`: a stretch that stayed the same and is not shown."""

    kind: Kind
    text: str


@lru_cache(maxsize=256)
def compare(old: str, new: str) -> tuple[Piece, ...]:
    """`same` and `gone` make the old text, `same` and `new` the new one."""
    return tuple(_merged(_by_sentence(_SENTENCE.findall(old), _SENTENCE.findall(new))))


def shown(pieces: Sequence[Piece], around: int = 120) -> tuple[Piece, ...]:
    """Only what changed, with some words before and after it."""
    kept: list[Piece] = []
    for position, piece in enumerate(pieces):
        if piece.kind != "same" or len(piece.text) <= 2 * around + 40:
            kept.append(piece)
            continue
        before = _cut(piece.text, around, from_start=True) if position else ""
        after = _cut(piece.text, around, from_start=False) if position < len(pieces) - 1 else ""
        skipped = piece.text[len(before) : len(piece.text) - len(after)]
        parts = [Piece("same", before), Piece("skipped", skipped), Piece("same", after)]
        kept += [part for part in parts if part.text]
    return tuple(kept)


def _cut(text: str, length: int, *, from_start: bool) -> str:
    """About so many signs of it, up to a space."""
    if from_start:
        return text[:length].rsplit(" ", 1)[0]
    return text[-length:].partition(" ")[2]


def _by_sentence(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for how, a, b, c, d in _steps(old, new):
        gone, came = "".join(old[a:b]), "".join(new[c:d])
        if how == "equal":
            yield Piece("same", gone)
        elif how == "replace" and b - a == d - c:
            for one, other in zip(old[a:b], new[c:d], strict=True):
                yield from _by_word(one, other)
        else:
            yield from _by_word(gone, came)


def _by_word(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    steps = _steps(before, after)
    same = sum(len("".join(before[a:b])) for how, a, b, _, _ in steps if how == "equal")
    if same < _ALIKE * max(len(old), len(new)):
        yield Piece("gone", old)
        yield Piece("new", new)
        return
    for how, a, b, c, d in steps:
        if how == "equal":
            yield Piece("same", "".join(before[a:b]))
        else:
            yield Piece("gone", "".join(before[a:b]))
            yield Piece("new", "".join(after[c:d]))


def _steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > _MOST_COMPARISONS:
        return [("replace", 0, len(old), 0, len(new))]
    return list(SequenceMatcher(None, old, new, autojunk=True).get_opcodes())


def _merged(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; nothing empty."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
