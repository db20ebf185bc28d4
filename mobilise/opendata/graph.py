"""Things and what is said of them, written as Turtle and as JSON-LD from one and the same list.

Only what our own descriptions need: an address or a nameless thing, its types, and values that
are addresses, words, days, numbers or things within.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UNFIT = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_ESCAPES = {number: f"\\u{number:04X}" for number in (*range(32), 127)} | {
    ord("\\"): "\\\\",
    ord('"'): '\\"',
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


@dataclass(frozen=True)
class Iri:
    """An address, as it stands in the graph: `Iri("https://…")`."""

    address: str

    def __post_init__(self) -> None:
        if _UNFIT.search(self.address):
            raise ValueError(f"{self.address!r} is no address")


@dataclass(frozen=True)
class Words:
    """`language` None: no language, such as a name or an identifier."""

    words: str
    language: str | None = None


@dataclass(frozen=True)
class Thing:
    """`types` and the keys of `says` are short names such as `dcat:Dataset`."""

    types: Sequence[str]
    says: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    id: Iri | None = None


# --- Turtle -------------------------------------------------------------------------------


def turtle_head() -> str:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())


def turtle(thing: Thing) -> str:
    """One thing with all that is within it, as one statement."""
    assert thing.id is not None
    return f"\n<{thing.id.address}> {_statements(thing, 1)} .\n"


def _statements(thing: Thing, depth: int) -> str:
    """`a dcat:Catalog ; dct:title "…"@nl`, one a line."""
    between = " ;\n" + "  " * depth
    said = [f"a {', '.join(thing.types)}"] if thing.types else []
    for name, values in thing.says.items():
        if values:
            said.append(f"{name} {', '.join(_value(value, depth) for value in values)}")
    return between.join(said)


def _value(value: Any, depth: int) -> str:
    if isinstance(value, Thing):
        if value.id is None:
            return f"[ {_statements(value, depth + 1)} ]"
        raise ValueError("a thing with an address stands for itself")
    if isinstance(value, Iri):
        return f"<{value.address}>"
    if isinstance(value, Words):
        return _quoted(value.words) + (f"@{value.language}" if value.language else "")
    if isinstance(value, datetime):
        return f'"{value.isoformat(timespec="seconds")}"^^xsd:dateTime'
    if isinstance(value, date):
        return f'"{value.isoformat()}"^^xsd:date'
    return str(int(value))


def _quoted(words: str) -> str:
    return f'"{words.translate(_ESCAPES)}"'


# --- JSON-LD ------------------------------------------------------------------------------


JSON_END = b"\n]}\n"


def json_head() -> bytes:
    """What stands before the first thing; commas stand between them, JSON_END behind."""
    return b'{"@context":' + orjson.dumps(PREFIXES) + b',"@graph":['


def json_of(thing: Thing) -> bytes:
    return orjson.dumps(json(thing))


def json(thing: Thing) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if thing.id is not None:
        found["@id"] = thing.id.address
    if thing.types:
        found["@type"] = list(thing.types)
    for name, values in thing.says.items():
        if values:
            found[name] = [_json_value(value) for value in values]
    return found


def _json_value(value: Any) -> Any:
    if isinstance(value, Thing):
        return json(value)
    if isinstance(value, Iri):
        return {"@id": value.address}
    if isinstance(value, Words):
        said = {"@value": value.words}
        return said | ({"@language": value.language} if value.language else {})
    if isinstance(value, datetime):
        return {"@value": value.isoformat(timespec="seconds"), "@type": "xsd:dateTime"}
    if isinstance(value, date):
        return {"@value": value.isoformat(), "@type": "xsd:date"}
    return int(value)
