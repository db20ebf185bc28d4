"""One table after the other: places, the postcodes of those that are shown, and languages.

Pure: counts and what was told before go in, what is told now comes out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from mobilise import i18n
from mobilise.opendata import disclosure, places
from mobilise.opendata.areas import REST, Row
from mobilise.opendata.disclosure import RULE, Told
from mobilise.opendata.placing import Counted, Tree

ROUNDED_TO = 5


@dataclass(frozen=True)
class Exact:
    """What stands behind a table, to the unit. `closed`: places whose postcodes are told no more,
    because they would tell too much of what was told before."""

    places: Told
    postcodes: dict[str, Told]
    closed: tuple[str, ...]
    languages: Told

    @property
    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        return cls(
            Told(**kept["places"]),
            {part: Told(**told) for part, told in kept["postcodes"].items()},
            tuple(kept["closed"]),
            Told(**kept["languages"]),
        )


def following(tree: Tree, counted: Counted, before: Exact | None, lost: int) -> Exact | None:
    """The next table; None where it would tell too much now. `lost`: taken off since `before`."""
    told_places, told_languages = (before.places, before.languages) if before else (None, None)
    parts = _next(tree.parts, counted.parts, told_places, lost)
    languages = _next(frozenset(i18n.LANGUAGES), counted.languages, told_languages, lost)
    if parts is None or languages is None:
        return None
    told, closed = before.postcodes if before else {}, set(before.closed if before else ())
    closed |= told.keys() - parts.shown.keys()
    found = {}
    for part in sorted(parts.shown.keys() & tree.children.keys() - closed):
        own = counted.postcodes.get(part, {})
        found[part] = _next(tree.children[part], own, told.get(part), lost)
        if found[part] is None:
            if not _may_close(told[part], parts.shown[part], lost):
                return None
            closed.add(part)
    kept = {part: each for part, each in found.items() if each is not None}
    return Exact(parts, kept, tuple(sorted(closed)), languages)


def _next(
    parts: frozenset[str],
    counts: Mapping[str, int],
    before: Told | None,
    lost: int,
) -> Told | None:
    if before is None:
        return disclosure.first(parts, counts)
    return disclosure.later(parts, counts, before, lost)


def _may_close(before: Told, whole: int, lost: int) -> bool:
    """Is there so much change that what was shown is open again?"""
    return whole - sum(before.shown.values()) - before.rest + 2 * lost >= RULE.room - 1


def rows(exact: Exact) -> Iterator[Row]:
    """What may be told of it: rounded, the rest of each whole as OTHER."""
    for code, n in exact.places.shown.items():
        yield Row(places.level(code), code, "", _rounded(n))
    yield from _rest("municipality", "", exact.places.rest)
    for part, n in exact.places.shown.items():
        told = exact.postcodes.get(part)
        if told is not None:
            for code, own in told.shown.items():
                yield Row("postcode", code, part, _rounded(own))
            yield from _rest("postcode", part, told.rest)
        elif part in exact.closed:
            yield from _rest("postcode", part, n)
    for code, n in exact.languages.shown.items():
        yield Row("language", code, "", _rounded(n))
    yield from _rest("language", "", exact.languages.rest)


def _rest(level: str, parent: str, n: int) -> Iterator[Row]:
    if n >= RULE.k:
        yield Row(level, REST, parent, _rounded(n))


def _rounded(n: int) -> int:
    return n // ROUNDED_TO * ROUNDED_TO
