"""Whoever knows everything but the small numbers: he tries every world that could have been.

He knows the whole to the unit, told numbers to the unit, and the rule. Two worlds that give the
same tables are one to him.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

World = tuple[int, ...]
Seen = Any


def worlds(parts: int, whole: int) -> Iterator[World]:
    """Every way to divide `whole` over `parts`."""
    if parts == 1:
        yield (whole,)
        return
    for n in range(whole + 1):
        for others in worlds(parts - 1, whole - n):
            yield (n, *others)


def recovered(
    possible: Iterable[tuple[Any, Seen, Sequence[tuple[int, bool]]]], k: int, room: int
) -> list[tuple[Any, int]]:
    """`possible`: each world, what he sees of it, and each number in it with whether it is told.

    Tells in which worlds which number below k is known to fewer than `room` values.
    """
    groups: dict[Seen, list[tuple[Any, Sequence[tuple[int, bool]]]]] = defaultdict(list)
    for world, seen, numbers in possible:
        groups[seen].append((world, numbers))
    found = []
    for members in groups.values():
        columns = list(zip(*(numbers for _, numbers in members), strict=True))
        for place, column in enumerate(columns):
            if len({n for n, _ in column}) >= room:
                continue
            found += [
                (members[row][0], place)
                for row, (n, is_told) in enumerate(column)
                if not is_told and n < k
            ]
    return found


Tell = Callable[[World], Seen]
