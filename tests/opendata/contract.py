"""The description of the API that is committed, and what a newer one may not do to it.

`python -m tests.opendata.contract` writes it again, and refuses when something would be lost.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from mobilise.opendata import openapi
from tests.running import ROOT

COPY = ROOT / "docs" / "openapi.json"


def committed() -> Any:
    return json.loads(COPY.read_text("utf-8"))


def now() -> Any:
    return json.loads(json.dumps(openapi.described()))


def lost(old: Any, new: Any) -> list[str]:
    """What a program that was written for the old one would miss in the new one."""
    return [*_paths(old, new), *_shapes(old, new)]


def _paths(old: Any, new: Any) -> Iterator[str]:
    for path, item in old["paths"].items():
        if path not in new["paths"]:
            yield f"{path} is gone"
            continue
        was, is_now = item["get"], new["paths"][path].get("get", {})
        if was["operationId"] != is_now.get("operationId"):
            yield f"{path} has another name"
        yield from (
            f"{path} answers no {status}"
            for status in was["responses"]
            if status not in is_now.get("responses", {})
        )
        ok, ok_now = (each.get("responses", {}).get("200", {}) for each in (was, is_now))
        if ok.get("content") != ok_now.get("content"):
            yield f"{path} answers another shape"
        yield from _parameters(path, was["parameters"], is_now.get("parameters", []))


def _parameters(path: str, old: Any, new: Any) -> Iterator[str]:
    by_name = {each["name"]: each for each in new}
    for each in old:
        found = by_name.pop(each["name"], None)
        if found is None:
            yield f"{path} cannot be asked {each['name']} any more"
        else:
            yield from _narrower(f"{path} {each['name']}", each["schema"], found["schema"])
    yield from (f"{path} demands {name}" for name, each in by_name.items() if each.get("required"))


def _narrower(where: str, old: Any, new: Any) -> Iterator[str]:
    """May less be said now than before?"""
    for word in ("type", "format", "pattern", "default"):
        if old.get(word) != new.get(word):
            yield f"{where}: another {word}"
    if gone := set(old.get("enum", [])) - set(new.get("enum", [])):
        yield f"{where} does not take {sorted(gone)}"
    if new.get("maximum", 0) < old.get("maximum", 0):
        yield f"{where}: a lower maximum"
    if new.get("minimum", 0) > old.get("minimum", 0):
        yield f"{where}: a higher minimum"
    if new.get("maxLength", 10**9) < old.get("maxLength", 10**9):
        yield f"{where}: shorter"


def _shapes(old: Any, new: Any) -> Iterator[str]:
    for name, shape in old["components"]["schemas"].items():
        found = new["components"]["schemas"].get(name, {})
        for field, schema in shape.get("properties", {}).items():
            if field not in found.get("properties", {}):
                yield f"{name}.{field} is gone"
            elif _bare(schema) != _bare(found["properties"][field]):
                yield f"{name}.{field} is something else"
        yield from (
            f"{name}.{field} may be missing"
            for field in shape.get("required", [])
            if field not in found.get("required", [])
        )


def _bare(schema: Any) -> Any:
    """Without the words that explain it."""
    if isinstance(schema, dict):
        words = ("description", "title", "example", "examples")
        return {key: _bare(value) for key, value in schema.items() if key not in words}
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema


def main() -> None:
    missing = lost(committed(), now()) if COPY.exists() else []
    if missing:
        sys.exit("\n".join(["Programs of others would break:", *missing]))
    COPY.write_text(json.dumps(now(), indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
