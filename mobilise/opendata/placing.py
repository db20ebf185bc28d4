"""Where a signature belongs: postcode to municipality where that is known, else the country.

Nobody is guessed into a place. A postcode that two municipalities share stands beside them, as a
part of its own; a Belgian postcode that is in no list, and a country without one, count for the
country. Pure, but for the list that comes with the wheel.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from mobilise.opendata import places
from mobilise.petitions import postcodes
from mobilise.signatures.forms import ELSEWHERE

Pairs = dict[str, list[str]]  # BE-2060 → its municipalities


@dataclass(frozen=True)
class Tree:
    """All that there can be: the `parts` of the whole, and for some of them the postcodes."""

    pairs: Pairs
    parts: frozenset[str]
    children: dict[str, frozenset[str]]


@dataclass(frozen=True)
class Counted:
    """How many stand where. `postcodes`: by part, then by postcode."""

    parts: dict[str, int]
    postcodes: dict[str, dict[str, int]]
    languages: dict[str, int]


def pairs(loaded: Iterable[tuple[str, str]]) -> Pairs:
    """Those of the wheel, with those that the keeper loaded."""
    found = {code: sorted(each) for code, each in places.postcodes().items()}
    for postcode, municipality in loaded:
        found.setdefault(postcode, []).append(municipality)
    return dict(sorted(found.items()))


def digest(pairs: Pairs) -> str:
    return hashlib.sha256(orjson.dumps(pairs, option=orjson.OPT_SORT_KEYS)).hexdigest()


def tree(pairs: Pairs, eligible: Sequence[str]) -> Tree:
    """`eligible`: postcodes that may sign, as a petition keeps them; none is everybody."""
    children: dict[str, set[str]] = {}
    parts: set[str] = set()
    for code, municipalities in pairs.items():
        if postcodes.within(eligible, code[:2], code[3:]):
            parts.add(_part(code, municipalities))
            if len(municipalities) == 1:
                children.setdefault(municipalities[0], set()).add(code)
    parts |= _countries(eligible)
    for country in ("BE", "NL"):
        unlisted = {
            f"{country}-{number}"
            for number in range(1000, 10_000)
            if f"{country}-{number}" not in pairs
            and postcodes.within(eligible, country, str(number))
        }
        if not unlisted:
            parts.discard(country)
        elif country == "NL":
            children["NL"] = unlisted
    return Tree(pairs, frozenset(parts), {part: frozenset(own) for part, own in children.items()})


def _countries(eligible: Sequence[str]) -> set[str]:
    return {place[:2] for place in eligible} or set(places.countries())


def _part(code: str, municipalities: Sequence[str]) -> str:
    return municipalities[0] if len(municipalities) == 1 else code


def count(
    tree: Tree, standing: Iterable[tuple[str, str, int]], languages: dict[str, int]
) -> Counted:
    """`standing`: country, postcode, how many."""
    parts: Counter[str] = Counter()
    below: dict[str, Counter[str]] = {}
    for country, postcode, n in standing:
        code = f"{country}-{postcode}"
        part = _part(code, tree.pairs.get(code, [country]))
        if part not in tree.parts:  # a country that the form no longer names
            part = country if country in tree.parts else ELSEWHERE
        parts[part] += n
        if code in tree.children.get(part, ()):
            below.setdefault(part, Counter())[code] += n
    return Counted(dict(parts), {part: dict(own) for part, own in below.items()}, languages)
