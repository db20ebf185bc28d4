"""Size, names and manners of the source."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import (
    CODE,
    TEMPLATES,
    committed,
    functions,
    imports,
    modules,
    name_of,
    strings,
    tree,
)

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "services", "service", "manager"}
# The owner of each table: the only room that writes to it (anybody may read).
OWNERS = {
    "people": "accounts",
    "groups": "accounts",
    "memberships": "accounts",
    "sessions": "accounts",
    "login_tokens": "accounts",
    "invitations": "accounts",
    "mailbox_changes": "accounts",
    "farewells": "accounts",
    "petitions": "petitions",
    "petition_texts": "petitions",
    "decisions": "petitions",
    "reports": "trust",
    "starts": "petitions",
    "pictures": "petitions",
    "signatures": "signatures",
    "attempts": "signatures",
    "count_events": "signatures",
    "tallies": "signatures",
    "days": "signatures",
    "hours": "signatures",
    "off_by_reason": "signatures",
    "recounts": "signatures",
    "address_changes": "signatures",
    "questions": "questions",
    "letters": "mail",
    "streams": "mail",
    "subscriptions": "mail",
    "suppressions": "mail",
    "notes": "mail",
    "documents": "documents",
    "document_versions": "documents",
    "document_pages": "documents",
    "sections": "documents",
    "redaction_marks": "documents",
    "uploads_under_way": "documents",
    "editions": "opendata",
    "edition_files": "opendata",
    "snapshots": "opendata",
    "snapshot_files": "opendata",
    "area_editions": "opendata",
    "area_releases": "opendata",
    "area_release_rows": "opendata",
    "area_states": "opendata",
    "area_pairs": "opendata",
    "area_figures": "opendata",
    "area_shapes": "opendata",
    "audit_log": "audit",
    "buckets": "limits",
    "migrations": "db",
}
_WRITES = re.compile(
    r"\b(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|merge\s+into)\s+(?:only\s+)?"
    r"([a-z_]+)",
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_fits_in_a_head(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines < 300, f"{lines} lines: split it by what it does"


def test_a_handler_fits_on_a_screen() -> None:
    """Read the request, ask the verb, answer: what is longer belongs in the verb."""
    long = []
    for path in modules():
        for function in functions(path):
            if path.stem == "routes" or _takes_a_request(function):
                lines = _lines(function)
                if lines >= 25:
                    long.append(f"{name_of(path)}.{function.name}: {lines} lines")
    assert not long


def _takes_a_request(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = function.args.args[:1]
    return bool(first and first[0].arg == "request")


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without the docstring."""
    total = (function.end_lineno or 0) - function.lineno + 1
    start = function.body[0]
    if ast.get_docstring(function) is not None:
        total -= (start.end_lineno or 0) - start.lineno + 1
    return total


def test_names_say_what_is_inside() -> None:
    for path in [*CODE.rglob("*"), *TEMPLATES.rglob("*")]:
        assert path.stem not in EMPTY_NAMES, f"{path}: name it after what it does"


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    for path in committed():
        written = path.suffix in (".py", ".html", ".txt", ".css", ".sql", ".md")
        if written and path != Path(__file__):
            found = later.search(path.read_text("utf-8"))
            assert not found, f"{path}: {found and found.group()}"


def test_a_room_writes_to_its_own_tables_only() -> None:
    """Two writers of one table cannot both keep its promises. Fragments of SQL that the owner
    offers as constants are fine: they stand in the owner's file."""
    for path in modules():
        room = name_of(path).split(".")[0]
        for line, text in strings(path):
            for table in _WRITES.findall(text):
                owner = OWNERS.get(table.lower(), room)
                assert owner == room, f"{name_of(path)}:{line} writes {table}, which is {owner}'s"


def test_every_table_has_an_owner() -> None:
    made: set[str] = set()
    for file in (CODE / "migrations").glob("*.sql"):
        made |= set(re.findall(r"create (?:unlogged )?table (\w+)", file.read_text("utf-8")))
    assert made - set(OWNERS) == set(), "say in OWNERS whose they are"
    assert set(OWNERS) - made == {"migrations"}


def test_no_index_names_the_state_of_a_signature() -> None:
    """With one, no update of a signature is HOT: measured, 0 of 2,000."""
    for file in (CODE / "migrations").glob("*.sql"):
        for index in re.findall(r"create [^;]*?index[^;]*;", file.read_text("utf-8"), re.I | re.S):
            if re.search(r"\bon signatures\b", index):
                assert "state" not in index


def test_history_is_never_rewritten() -> None:
    """The application has no right to; the source does not try."""
    rewriting = re.compile(
        r"(update|delete\s+from|truncate)\s+"
        r"(count_events|audit_log|hours|editions|edition_files|snapshots|snapshot_files|area_release\w+)\b",
        re.I,
    )
    for path in modules():
        for line, text in strings(path):
            assert not rewriting.search(text), f"{name_of(path)}:{line}"


def test_no_validator_of_a_form_is_async() -> None:
    """WTForms never awaits it: the coroutine is made, dropped, and everything passes."""
    for path in modules():
        if any(each.startswith(("wtforms", "mobilise.forms")) for each in imports(path)):
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ClassDef):
                    for method in node.body:
                        assert not isinstance(method, ast.AsyncFunctionDef), (
                            f"{name_of(path)}.{node.name}.{method.name}"
                        )
        if path.stem == "forms":
            found = [f.name for f in functions(path) if isinstance(f, ast.AsyncFunctionDef)]
            assert not found, f"{name_of(path)}: {found}"


def test_pages_need_no_eval() -> None:
    """The CSP forbids inline scripts and styles and eval, so nothing may count on them."""
    forbidden = re.compile(
        r"""\s(hx-on|onclick|onload|onsubmit|onchange|style)\s*[:=]|javascript:|js:"""
    )
    for path in TEMPLATES.rglob("*.html"):
        if "letters" in path.parts:
            continue  # mail programs know no other way than style attributes
        found = forbidden.search(path.read_text("utf-8"))
        assert not found, f"{path.relative_to(TEMPLATES)}: {found and found.group()}"
