"""Four languages: the reader's is set once a request (or a letter), all sentences follow it."""

import gettext as gettext_module
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, get_timezone
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
FALLBACK = "en"
_LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "de": "de_DE", "en": "en_GB"}
_language: ContextVar[str] = ContextVar("language", default=FALLBACK)
NARROW_SPACE, NO_BREAK_SPACE = "\u202f", "\u00a0"


def language() -> str:
    return _language.get()


def set_language(code: str) -> None:
    _language.set(code if code in LANGUAGES else FALLBACK)


@contextmanager
def using(code: str) -> Iterator[None]:
    token = _language.set(code if code in LANGUAGES else FALLBACK)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, **values: Any) -> str:
    translated = catalogue(language()).gettext(message)
    return translated % values if values else translated


def plural(one: str, many: str, n: int) -> str:
    """One of the two, translated but not filled in: templates fill in, and escape, themselves."""
    return catalogue(language()).ngettext(one, many, n)


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    return plural(one, many, n) % {"num": n, **values}


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(code: str) -> gettext_module.NullTranslations:
    """The sentences of one language, compiled in memory from its .po file when first asked."""
    source = resources.files("mobilise") / "locale" / code / "LC_MESSAGES" / "mobilise.po"
    if code == FALLBACK or not source.is_file():
        return gettext_module.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def preferred(accept_language: str) -> str:
    """The best of our languages for an Accept-Language header."""
    wishes = []
    for position, part in enumerate(accept_language[:500].split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        wishes.append((-weight, position, tag.strip().split("-")[0].lower()))
    return next(
        (code for weight, _, code in sorted(wishes) if code in LANGUAGES and weight),
        "nl",
    )


def number(value: float) -> str:
    """2.847 · 2 847 · 2.847 · 2,847"""
    return _number(value, language())


def signed(value: int) -> str:
    """+3, −3 or 0: what came or went."""
    return ("+" if value > 0 else "−" if value < 0 else "") + number(abs(value))


@lru_cache(maxsize=4096)
def _number(value: float, code: str) -> str:
    formatted = format_decimal(value, locale=_LOCALES[code])
    return formatted.replace(NARROW_SPACE, NO_BREAK_SPACE)


def day(value: date | datetime, zone: ZoneInfo | None = None) -> str:
    """12 mei 2026"""
    if isinstance(value, datetime):
        value = (value.astimezone(zone) if zone else value).date()
    return _joined(_first(format_date(value, "long", locale=_LOCALES[language()])))


def short_day(value: date) -> str:
    """12 mei"""
    return _joined(_first(format_skeleton("MMMMd", value, locale=_LOCALES[language()])))


def moment(value: datetime, zone: ZoneInfo) -> str:
    """12 mei 2026, 16.20 uur"""
    code = language()
    pattern = {"nl": "H.mm 'uur'", "fr": "H 'h' mm", "de": "H.mm 'Uhr'", "en": "H:mm"}[code]
    time = format_time(value, pattern, tzinfo=get_timezone(str(zone)), locale=_LOCALES[code])
    return f"{day(value, zone)}, {_joined(time)}"


def time(value: datetime) -> str:
    """15.58, in a column of its own; in the zone that the moment carries."""
    if language() == "fr":
        return f"{value.hour}\u00a0h\u00a0{value.minute:02}"
    return value.strftime("%H:%M" if language() == "en" else "%H.%M")


def size(octets: int) -> str:
    """8,4 MB, in French 8,4 Mo; between number and unit a space that does not break."""
    first = {"fr": "octets", "de": "Byte"}.get(language(), "bytes")
    units = (first, "ko", "Mo", "Go") if language() == "fr" else (first, "kB", "MB", "GB")
    amount, unit = float(octets), units[0]
    for unit in units:
        if amount < 1000 or unit == units[-1]:
            break
        amount /= 1000
    rounded = round(amount) if amount >= 10 or unit == units[0] else round(amount, 1)
    return f"{number(rounded)}{NO_BREAK_SPACE}{unit}"


def _first(date_in_words: str) -> str:
    """In French a month begins on its 1er."""
    begins = language() == "fr" and date_in_words.startswith("1 ")
    return f"1er{date_in_words[1:]}" if begins else date_in_words


def _joined(text: str) -> str:
    """Keeps day and month, or hour and unit, on one line."""
    return text.replace(" ", NO_BREAK_SPACE, 1)
