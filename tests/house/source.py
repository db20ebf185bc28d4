"""The source as the house tests read it: files, syntax trees, strings."""

import ast
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "mobilise"
TEMPLATES = ROOT / "templates"

# From the top down, as DESIGN has it; those on one line may not import each other.
LAYERS = [
    ["cli"],
    ["supervisor", "backup", "doctor"],
    ["demo", "app"],
    ["pages"],
    ["opendata"],
    ["trust"],
    ["signatures", "documents", "questions"],
    ["petitions"],
    ["accounts"],
    ["mail"],
    ["audit"],
]
ROOMS = [
    "pages", "opendata", "trust", "signatures", "documents", "questions", "petitions", "accounts",
    "mail", "audit",
]  # fmt: skip


def modules() -> list[Path]:
    return sorted(path for path in CODE.rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    """mobilise/signatures/signing.py → "signatures.signing"."""
    parts = path.relative_to(CODE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@lru_cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(path: Path) -> Iterator[str]:
    """Full names of what a module imports at run time; those for the type checker alone are not."""
    for node in _at_run_time(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write the whole name, no relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _at_run_time(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _at_run_time(child)


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module with its line; an f-string's holes are written {…}."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.JoinedStr):
            inside.update(ast.walk(node))
            text = "".join(
                part.value if isinstance(part, ast.Constant) else "{…}" for part in node.values
            )
            yield node.lineno, text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in inside:
            yield node.lineno, node.value


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def committed() -> list[Path]:
    """Files that git keeps, or would keep with the next commit."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
