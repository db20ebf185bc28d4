"""The API in one list: every endpoint, what may be asked of it, what it answers.

Reading a request, the description for machines and the page for people all follow this list.
Sentences are of the catalogue, and stand in English in the description.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mobilise.errors import N_, Unprocessable
from mobilise.i18n import LANGUAGES, gettext
from mobilise.opendata import answers
from mobilise.petitions.reading import OPENED

A_PAGE, MOST = 50, 100
SLUG = re.compile(r"[a-z0-9-]{1,100}\Z")
_WORDS = re.compile(r"[^\x00-\x1f\x7f]*\Z")  # what a database takes, on one line


@dataclass(frozen=True)
class Parameter:
    """`read` gives the value, or ValueError for what it cannot be."""

    name: str
    says: str
    schema: dict[str, Any]
    read: Callable[[str], Any]
    example: str
    default: Any = None


@dataclass(frozen=True)
class Endpoint:
    """`of_one`: about the petition in the path. `answer`: a shape of `answers`."""

    name: str
    path: str
    says: str
    answer: type
    parameters: tuple[Parameter, ...] = ()

    @property
    def of_one(self) -> bool:
        return "{slug}" in self.path


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    def read(said: str) -> str:
        if said not in known:
            raise ValueError
        return said

    return read


def _matching(pattern: re.Pattern[str], longest: int) -> Callable[[str], str]:
    def read(said: str) -> str:
        if len(said) > longest or not pattern.match(said):
            raise ValueError
        return said

    return read


def _limit(said: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) <= 3 and 1 <= int(said) <= MOST):
        raise ValueError
    return int(said)


def _day(said: str) -> date:
    if len(said) != 10:  # Python also reads 20260501 and 2026-W18-5
        raise ValueError
    # At both ends of the calendar a day has no midnight in every zone, and no petition.
    return min(max(date.fromisoformat(said), date(1900, 1, 1)), date(9000, 1, 1))


_DAY = {"type": "string", "format": "date"}
PARAMETERS = (
    Parameter(
        "state",
        N_("Only petitions in this state: open, closed, delivered (handed over) or answered."),
        {"type": "string", "enum": list(OPENED)},
        _one_of(OPENED),
        "open",
    ),
    Parameter(
        "group",
        N_("Only petitions of this group: the last part of the address of its page."),
        {"type": "string", "pattern": "^[a-z0-9-]{1,100}$"},
        _matching(SLUG, 100),
        "neighbours-of-the-yard",
    ),
    Parameter(
        "language",
        N_("Only petitions with a text in this language: nl, fr, de or en."),
        {"type": "string", "enum": list(LANGUAGES)},
        _one_of(tuple(LANGUAGES)),
        "nl",
    ),
    Parameter(
        "q",
        N_(
            "Words that all stand in the title, the addressee or the name of the group. Capitals"
            " and accents make no difference. At most 200 signs, on one line."
        ),
        {"type": "string", "maxLength": 200, "pattern": "^[^\\x00-\\x1f\\x7f]*$"},
        _matching(_WORDS, 200),
        "park",
    ),
    Parameter(
        "opened_after",
        N_("Only petitions that opened on this day or later, such as 2026-05-01."),
        _DAY,
        _day,
        "2026-05-01",
    ),
    Parameter(
        "opened_before",
        N_("Only petitions that opened before this day, such as 2026-06-01."),
        _DAY,
        _day,
        "2026-06-01",
    ),
    Parameter(
        "limit",
        N_("How many at a time: a whole number from 1 to 100."),
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": A_PAGE},
        _limit,
        "10",
        A_PAGE,
    ),
    Parameter(
        "after",
        N_("Where the part before ended. Take the address in “next”, and do not make it yourself."),
        {"type": "string"},
        str,
        "",
    ),
)
ENDPOINTS = (
    Endpoint(
        "many",
        "/api/petitions",
        N_("Petitions that could ever be signed here, the newest first, a part at a time."),
        answers.Page,
        PARAMETERS,
    ),
    Endpoint(
        "one",
        "/api/petitions/{slug}",
        N_("One petition: its text in all versions, its documents, its count of this moment."),
        answers.Petition,
    ),
    Endpoint(
        "count",
        "/api/petitions/{slug}/count",
        N_("The count of this moment. Ask every minute if you like."),
        answers.Count,
    ),
    Endpoint(
        "days",
        "/api/petitions/{slug}/days",
        N_("What was added and taken off on each day that is over."),
        answers.Days,
    ),
    Endpoint(
        "areas",
        "/api/petitions/{slug}/areas",
        N_("Signatures by municipality, postcode, country and language, in rounded numbers."),
        answers.Areas,
    ),
    Endpoint(
        "documents",
        "/api/petitions/{slug}/documents",
        N_("The documents that the group published, with their source and checksum."),
        answers.Documents,
    ),
    Endpoint(
        "openapi",
        "/api/openapi.json",
        N_("This description for machines (OpenAPI 3.1)."),
        answers.Described,
    ),
)
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
UNKNOWN = N_("There is nothing called “%(name)s” to ask here. These can be asked: %(known)s.")
TWICE = N_("“%(name)s” stands there twice. Say it once.")
CANNOT_BE = N_("“%(name)s” cannot be “%(said)s”. %(says)s")


def asked(endpoint: Endpoint, query: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The value of each parameter; Unprocessable for what cannot be asked. Where nothing can be
    asked, a query is of whoever wants to pass by a cache, and changes nothing."""
    known = {parameter.name: parameter for parameter in endpoint.parameters}
    if not known:
        return {}
    found: dict[str, Any] = {name: each.default for name, each in known.items()}
    seen = set()
    for name, said in query:
        if name not in known:
            raise Unprocessable(UNKNOWN, name=name[:40], known=", ".join(known))
        if name in seen:
            raise Unprocessable(TWICE, name=name)
        seen.add(name)
        found[name] = _read(known[name], said)
    return found


def _read(parameter: Parameter, said: str) -> Any:
    try:
        return parameter.read(said)
    except ValueError:
        raise Unprocessable(
            CANNOT_BE, name=parameter.name, said=said[:40], says=gettext(parameter.says)
        ) from None
