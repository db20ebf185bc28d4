"""Names of places: Belgian municipalities and their postcodes from the files in `reference`,
countries from Babel. No database, no network.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources

from babel import Locale

from mobilise import i18n
from mobilise.signatures.forms import ELSEWHERE, FIRST, OTHERS

LEVELS = ("municipality", "country", "postcode", "language")
_POSTCODE = re.compile(r"(BE|NL)-([1-9][0-9]{3})\Z")


@dataclass(frozen=True)
class Place:
    """`names` by language, the place's own one first. `population`: None where nobody loaded it;
    `population_year`: on the first of January of that year."""

    code: str
    country: str
    names: dict[str, str] = field(default_factory=dict)
    population: int | None = None
    population_year: int | None = None
    parent: str = ""
    """Of a postcode: its municipality, where it has one alone."""

    @property
    def level(self) -> str:
        return level(self.code)

    @property
    def name(self) -> str:
        """In the reader's language, else in its own, else its code."""
        return self.names.get(i18n.language()) or next(iter(self.names.values()), self.code)


def place(code: str) -> Place | None:
    """21004, GM0363, BE-2060, NL-1011, FR; None for what is no place that we know."""
    if code in municipalities():
        return municipalities()[code]
    if match := _POSTCODE.match(code):
        own = postcodes().get(code, ())
        return Place(code, match[1], {}, parent=own[0] if len(own) == 1 else "")
    return countries().get(code)


def level(code: str) -> str:
    """21004 and GM0363 are municipalities, BE-1050 a postcode, FR a country."""
    if code[2:3] == "-":
        return "postcode"
    return "country" if len(code) == 2 else "municipality"


@cache
def listed() -> tuple[Place, ...]:
    """Every place of our own list: municipalities, postcodes, countries."""
    found = [place(code) for code in (*municipalities(), *postcodes(), *countries())]
    return tuple(each for each in found if each is not None)


@lru_cache(maxsize=2)
def with_figures(
    figures: tuple[tuple[str, str, str, int | None, int | None], ...],
    pairs: tuple[tuple[str, str], ...],
) -> tuple[Place, ...]:
    """The list with what a keeper loaded. `figures`: code, country, name, inhabitants, year;
    `pairs`: postcode and municipality. All editions hold the same one."""
    if not figures and not pairs:
        return listed()
    own: dict[str, list[str]] = {}
    for postcode, municipality in pairs:
        own.setdefault(postcode, []).append(municipality)
    found = {each.code: each for each in listed()}
    for code, municipalities in own.items():
        parent = municipalities[0] if len(municipalities) == 1 else ""
        found[code] = Place(code, code[:2], parent=parent)
    for code, country, name, population, year in figures:
        known = found.get(code) or place(code) or Place(code, country, {"nl": name} if name else {})
        found[code] = replace(known, population=population, population_year=year)
    return tuple(sorted(found.values(), key=lambda each: (LEVELS.index(each.level), each.code)))


@cache
def municipalities() -> dict[str, Place]:
    """By their official code."""
    found = {}
    for row in _table("municipalities.csv"):
        languages = sorted(("nl", "fr", "de"), key=lambda code: code != row["own"])
        names = {code: row[code] for code in languages if row[code]}
        found[row["code"]] = Place(row["code"], row["country"], names)
    return found


@cache
def postcodes() -> dict[str, tuple[str, ...]]:
    """BE-2060 → the municipalities it belongs to; three Belgian ones belong to two."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _table("postcodes.csv"):
        code = f"{row['country']}-{row['postcode']}"
        found[code] = (*found.get(code, ()), row["municipality"])
    return found


@cache
def countries() -> dict[str, Place]:
    """By ISO 3166-1 code, in our languages: those that one may sign from."""
    found = {}
    for code in (*FIRST, *OTHERS):
        named = {language: Locale(language).territories.get(code) for language in i18n.LANGUAGES}
        names = {language: name for language, name in named.items() if name}
        found[code] = Place(code, code, names)
    found[ELSEWHERE] = Place(
        ELSEWHERE, ELSEWHERE, {code: _elsewhere(code) for code in i18n.LANGUAGES}
    )
    return found


def _elsewhere(language: str) -> str:
    with i18n.using(language):
        return i18n.gettext("Another country")


def _table(name: str) -> Iterable[dict[str, str]]:
    text = (resources.files("mobilise.opendata") / "reference" / name).read_text("utf-8")
    return csv.DictReader(text.splitlines())
