"""The built wheel, in an empty environment and an empty folder, runs `demo` and `serve`."""

import asyncio
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mobilise import embedded
from tests import cluster, running
from tests.house.source import CODE, ROOT, TEMPLATES
from tests.reader import Reader


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as `pip` would, but with the builder that is here: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("mobilise-*.whl"))


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An empty folder to live in."""
    with cluster.own_folder() as folder:
        (folder / "home").mkdir()
        yield folder / "home"
        embedded.erase(folder / "home" / "var")


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the wheel and nothing else of ours."""
    found = running.environment_of_our_own(tmp_path_factory.mktemp("environment"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(running.packages_of(found))
    return found


def _mobilise(python: Path, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [python, "-m", "mobilise", *arguments],
        cwd=home,
        env=running.clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_wheel_carries_all_that_is_no_code(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for path in CODE.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert str(path.relative_to(ROOT)) in inside
    for path in TEMPLATES.rglob("*"):
        if path.is_file():
            assert f"mobilise/templates/{path.relative_to(TEMPLATES)}" in inside
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert not [name for name in inside if name.startswith(("tests", "var", "docs_store"))]


def test_the_wheel_is_what_runs_here(python: Path, home: Path) -> None:
    """And not the checkout, which would prove nothing."""
    ask = "import mobilise, mobilise.settings as s; print(mobilise.__file__, s.CHECKOUT)"
    told = subprocess.check_output([python, "-c", ask], cwd=home, text=True)
    assert str(ROOT) not in told and told.strip().endswith("None")


async def test_demo_and_serve_run_from_an_empty_folder(python: Path, home: Path) -> None:
    done = _mobilise(python, home, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "/login/" in done.stdout, "the log-in of its organiser"
    with running.serve(home.parent, python=str(python), cwd=home) as site:
        async with Reader(site.url) as suzie:
            await _suzie_signs_and_reads_her_letter_here(suzie, site.demonstration)
    assert (home / "var").is_dir()
    assert {path.name for path in home.iterdir()} == {"var"}, "nothing lies outside of its data"


async def _suzie_signs_and_reads_her_letter_here(suzie: Reader, slug: str) -> None:
    """No mail server is set and nobody else can come: the letters are shown at /dev/mail."""
    await suzie.open(f"/nl/petitions/{slug}")
    assert suzie.status == 200 and suzie.page.language == "nl"
    await suzie.open(f"/en/petitions/{slug}")
    before = int((await suzie.client.get(f"/api/petitions/{slug}/count")).json()["confirmed"])
    assert before > 2000
    await suzie.press(
        "Sign the petition", name="Suzie", email="suzie@post.example", postcode="2060"
    )
    for _ in range(100):
        await suzie.open("/dev/mail")
        if "suzie@post.example" in suzie.html:
            break
        await asyncio.sleep(0.2)
    confirm = re.search(r"http://[^\"'\s<]+/confirm/[^\"'\s<]+", await _first_letter(suzie))
    assert confirm
    await suzie.open(confirm.group())
    assert suzie.page.heading == "Your signature counts"
    now = (await suzie.client.get(f"/api/petitions/{slug}/count?fresh")).json()["confirmed"]
    assert now == before + 1


async def _first_letter(reader: Reader) -> str:
    letters = [href for _, href in reader.page.links if href.startswith("/dev/mail/")]
    assert letters, reader.html
    await reader.open(letters[0])
    return reader.html
