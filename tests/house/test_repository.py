"""What is committed: no address of a registry, no path of somebody's machine, all pinned."""

import re
import tomllib
from pathlib import Path

from PIL import Image

from tests.house.source import ROOMS, ROOT, committed

# In pieces, so that this file does not hold what it looks for.
REGISTRY = re.compile(
    "|".join(
        [
            "--(extra-)?index-" + "url",
            r"https?://[^\s\"']*/simple" + r"\b",
            "files.python" + "hosted.org",
            r"registry\.npm" + "js",
            "proxy.golang" + ".org",
        ]
    )
)
MACHINE = re.compile(r"(?<![\w.{}])/(?:work|root|home/\w+|Users/\w+|usr/local/google)" + "/")
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".sql", ".po", ".lock", ".yml", ".json"}


def _texts() -> list[tuple[Path, str]]:
    found = []
    for path in committed():
        if path.suffix in TEXT or path.name in ("Makefile", "Dockerfile", ".gitignore", "run"):
            found.append((path, path.read_text("utf-8")))
    return found


def test_no_address_of_a_registry_is_committed() -> None:
    for path, text in _texts():
        found = REGISTRY.search(text)
        assert not found, f"{path.relative_to(ROOT)}: {found and found.group()}"


def test_no_path_of_a_machine_is_committed() -> None:
    for path, text in _texts():
        found = MACHINE.search(text)
        assert not found, f"{path.relative_to(ROOT)}: {found and found.group()}"


def test_run_time_data_is_not_committed() -> None:
    for path in committed():
        parts = path.relative_to(ROOT).parts
        assert parts[0] != "var", path
        assert parts[0] != "docs_store" or parts[1] == "README.md", path
        assert path.stat().st_size < 1_500_000, f"{path}: too large to keep in git"


def test_every_dependency_is_pinned_with_hashes() -> None:
    for lock in ("requirements.lock", "tests/requirements.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8"))
        pinned = [entry for entry in entries if entry and not entry.startswith("#")]
        assert pinned
        for entry in pinned:
            if not entry.startswith("-"):
                assert re.match(r"[\w.\[\],-]+==[^\s;]+", entry), entry[:80]
                assert "--hash=sha256:" in entry, entry[:80]


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    locked = _names((ROOT / "requirements.lock").read_text("utf-8"))
    for wish in project["dependencies"]:
        name = re.split(r"[\[<>=~!;]", wish)[0]
        assert _normal(name) in locked, wish


def _names(lock: str) -> set[str]:
    return {_normal(name) for name in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==", lock, re.M)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_licence_is_in_the_box() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "EUPL-1.2"


def test_no_document_leads_to_a_file_that_is_not_there() -> None:
    for path in committed():
        if path.suffix == ".md":
            for link in re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8")):
                # The guide links by route name: {{ url('…') }}, held by tests/pages/test_guide.py.
                if "://" not in link and not link.startswith(("mailto:", "{{")):
                    assert (path.parent / link).exists(), f"{path.relative_to(ROOT)}: {link}"


def test_readme_begins_with_the_command_and_shows_the_page() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```[a-z]*\n(.*?)```", text, re.S)
    assert block and "make run" in block.group(1)
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures, "a real picture of the petition page, with words for who cannot see it"
    for picture in pictures:
        assert Image.open(ROOT / picture).size[0] >= 600


def test_readme_maps_every_room() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for room in ROOMS:
        assert f"`{room}/`" in text or f"`mobilise/{room}/`" in text, room
