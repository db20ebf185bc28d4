"""Names of places: Belgian municipalities and their postcodes from the files in `reference`,
countries from Babel. No database, no network.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from babel import Locale

from mobilise import i18n
from mobilise.signatures.forms import ELSEWHERE, FIRST, OTHERS

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

    @property
    def name(self) -> str:
        """In the reader's language, else in its own, else its code."""
        return self.names.get(i18n.language()) or next(iter(self.names.values()), self.code)


def place(code: str) -> Place | None:
    """21004, GM0363, BE-2060, NL-1011, FR; None for what is no place that we know."""
    if code in municipalities():
        return municipalities()[code]
    if match := _POSTCODE.match(code):
        return Place(code, match[1], {})
    return countries().get(code)


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
