"""Who may import whom. `make check` asks import-linter; here the same in a second, with reasons."""

import ast
import tomllib
from pathlib import Path

import pytest

from tests.house.source import CODE, LAYERS, ROOT, imports, modules, name_of, tree

RANK = {name: level for level, names in enumerate(LAYERS) for name in names}
# What may know of HTTP: routes and the modules that they were split into, the door to them, and
# the flat modules that serve them.
OF_HTTP = {
    "app", "web", "bodies", "middleware", "visitors", "refusals", "cache", "cookies",
    "accounts.asking", "accounts.door", "accounts.mine", "documents.desk_pages",
    "documents.serving", "documents.streaming",
    "opendata.serving", "pages.desk", "pages.ways_in", "petitions.mine", "signatures.checking",
    "signatures.cookie",
    "signatures.links", "trust.at_keep",
}  # fmt: skip


def _room(name: str) -> str:
    return name.split(".")[0]


def _may_know_of_http(name: str) -> bool:
    return name in OF_HTTP or _is_routes(name.split(".")[-1])


def _is_routes(name: str) -> bool:
    return name == "routes" or name.endswith("_routes")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_rooms_import_downwards_only(path: Path) -> None:
    """A room that imports from above cannot be understood, tested or moved without the house."""
    room = _room(name_of(path))
    for imported in imports(path):
        if not imported.startswith("mobilise."):
            continue
        other = _room(imported.removeprefix("mobilise."))
        if other == room or other not in RANK:
            continue
        if room in RANK:
            allowed = RANK[other] > RANK[room] or {room, other} == {"supervisor", "app"}
            assert allowed, f"{room} stands below or beside {other}, and may not import it"
        elif (CODE / f"{room}.py").exists():
            started_by_name = room == "__main__" or path.name == "app.py"
            assert started_by_name, f"the flat module {room} serves all rooms and imports none"


def test_only_app_imports_routes() -> None:
    """Links go by route name; a room that imports another one's routes knows its addresses."""
    for path in modules():
        if name_of(path) == "app":
            continue
        for imported in imports(path):
            parts = imported.split(".")
            own = parts[1:2] == [_room(name_of(path))]
            assert own or parts[0] != "mobilise" or not any(map(_is_routes, parts)), (
                f"{name_of(path)} imports {imported}"
            )


def test_nothing_below_the_routes_knows_of_http() -> None:
    """Verbs and queries serve jobs and letters as well, which have no request."""
    for path in modules():
        name = name_of(path)
        if _may_know_of_http(name):
            continue
        known = [each for each in imports(path) if each.split(".")[0] == "starlette"]
        assert not known, f"{name} imports {known}"


def test_the_contract_names_every_module_below_the_routes() -> None:
    """What is not named there is not looked at; the command line starts the site and may know."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    below = next(each for each in asked["contracts"] if each["name"].startswith("Below"))
    named = [name.removeprefix("mobilise.") for name in below["source_modules"]]
    assert len(named) == len(set(named)), "one is named twice"
    expected = {
        name_of(path)
        for path in modules()
        if path.stem != "__init__" and not _may_know_of_http(name_of(path))
    }
    starts_it = {name for name in expected if name == "__main__" or name.startswith("cli.")}
    assert expected - starts_it == set(named)


def test_only_db_imports_the_database_library() -> None:
    """Its traps are known in one place."""
    for path in modules():
        if name_of(path) != "db":
            found = [each for each in imports(path) if each.split(".")[0] == "databases"]
            assert not found, f"{name_of(path)} imports {found}: go through mobilise.db"


def test_nothing_is_connected_or_configured_at_import() -> None:
    """Two instances in one process, and tests, each bring their own settings and database."""
    for path in modules():
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
                continue
            for call in ast.walk(node):
                if isinstance(call, ast.Call):
                    what = ast.unparse(call.func).split(".")[-1]
                    assert what not in ("Settings", "connect", "Database", "getenv"), (
                        f"{name_of(path)}:{node.lineno} calls {what} at import"
                    )


def test_transactions_are_opened_by_verbs_alone() -> None:
    """A query that opens its own transaction cannot be part of a larger deed."""
    for path in modules():
        if _is_routes(path.stem) or path.stem == "queries" or path.stem.endswith("_queries"):
            text = path.read_text("utf-8")
            assert "db.tx(" not in text and ".transaction(" not in text, (
                f"{name_of(path)}: the verb module owns the transaction"
            )
