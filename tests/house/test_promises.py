"""docs/promises.md: every promise to a user stands beside a test that exists."""

import ast
import re
from pathlib import Path

from tests.house.source import ROOT

PROMISES = ROOT / "docs" / "promises.md"


def test_every_promise_has_a_test_that_exists() -> None:
    rows = [line for line in PROMISES.read_text("utf-8").splitlines() if line.startswith("| ")]
    promises = [row for row in rows if not set(row) <= set("|-: ") and "`tests/" in row]
    assert len(promises) > 40
    for row in rows[2:]:
        if "promise" in row.lower() and "test" in row.lower() and "`" not in row:
            continue  # the head of a table
        assert "`tests/" in row or set(row) <= set("|-: "), f"a promise without a test: {row}"
    for row in promises:
        for path, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row):
            assert name in _tests(ROOT / path), f"{path}::{name} does not exist"


def _tests(path: Path) -> set[str]:
    assert path.is_file(), f"{path} does not exist"
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
