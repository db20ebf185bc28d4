"""`mobilise backup` and `mobilise restore` as Mo types them, on the database that comes along."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from click.testing import Result
from typer.testing import CliRunner

from mobilise import cli, embedded
from mobilise.backup import archive
from mobilise.db import Database
from mobilise.settings import Settings
from tests import cluster, make, running
from tests.backup.test_restore import Rows, files, rows


@pytest.fixture
def place() -> Iterator[Path]:
    """Room for two instances with databases of their own."""
    with cluster.own_folder() as folder:
        try:
            yield folder
        finally:
            for name in ("data", "other"):
                embedded.erase(folder / name)


def typed(
    place: Path, data: str, *words: str, answer: str = ""
) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own."""
    environment = running.clean_environment() | {
        "MOBILISE_DATA": str(place / data),
        "MOBILISE_DOCS_STORE": str(place / data / "docs_store"),
        "MOBILISE_BASE_URL": "http://127.0.0.1:8000",
        "COLUMNS": "200",
    }
    return subprocess.run(
        [sys.executable, "-m", "mobilise", *words],
        cwd=running.ROOT,
        env=environment,
        input=answer,
        capture_output=True,
        text=True,
    )


def everything(place: Path, data: str) -> tuple[Rows, dict[str, bytes]]:
    """Rows and files of a stopped instance."""
    settings = Settings(data=place / data, docs_store=place / data / "docs_store")
    found = embedded.start(place / data)
    try:

        async def read() -> Rows:
            connection = await asyncpg.connect(found.owner_url)
            try:
                return await rows(connection)
            finally:
                await connection.close()

        return asyncio.run(read()), asyncio.run(files(settings))
    finally:
        embedded.stop(place / data)


def test_an_instance_moves_to_another_folder_in_one_file(place: Path) -> None:
    made = typed(place, "data", "demo")
    assert made.returncode == 0, made.stdout + made.stderr
    before = everything(place, "data")
    assert len(before[0]["signatures"]) > 100 and len(before[1]) > 3
    file = place / "saved.tar.gz"
    saved = typed(place, "data", "backup", str(file))
    assert saved.returncode == 0 and "Saved" in saved.stdout, saved.stdout + saved.stderr

    embedded.erase(place / "data")
    shutil.rmtree(place / "data")
    back = typed(place, "other", "restore", str(file))
    assert back.returncode == 0 and "Restored." in back.stdout, back.stdout + back.stderr
    after = everything(place, "other")
    assert after[1] == before[1]
    for name, found in before[0].items():
        if name in ("audit_log", "sequences"):  # both commands say in the trail that they ran
            continue
        assert after[0][name] == found, name
    since = set(after[0]["audit_log"]) - set(before[0]["audit_log"])
    assert len(since) == len(after[0]["audit_log"]) - len(before[0]["audit_log"]), "none is gone"
    assert any("instance.restore" in line for line in since)

    again = typed(place, "other", "restore", str(file))
    assert again.returncode == 1 and "Nothing was touched." in again.stdout
    refused = typed(place, "other", "restore", str(file), "--replace", answer="n\n")
    assert refused.returncode == 1 and "This goes for good" in refused.stdout
    replaced = typed(place, "other", "restore", str(file), "--replace", "--yes")
    assert replaced.returncode == 0, replaced.stdout + replaced.stderr
    assert everything(place, "other")[1] == before[1]


def test_a_backup_is_made_while_the_site_serves(
    site: running.Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "MOBILISE_TEST_DATABASE_URL" in os.environ:
        pytest.skip("this site has no database of its own")
    file = tmp_path / "saved.tar.gz"
    words = [sys.executable, "-m", "mobilise", "backup", str(file)]
    environment = running.clean_environment() | {
        "MOBILISE_DATA": str(site.folder / "data"),
        "MOBILISE_DOCS_STORE": str(site.folder / "docs_store"),
    }
    done = subprocess.run(words, cwd=running.ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert archive.checked(file).tables["signatures"]["rows"] > 100
    running.wait_until_it_answers(site)
    refused = subprocess.run(
        [*words[:3], "restore", str(file), "--replace", "--yes"],
        cwd=running.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1 and "already runs" in refused.stdout
    running.wait_until_it_answers(site)


# --- on one's own server ------------------------------------------------------------------


@pytest.fixture
def environment(settings: Settings, owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "database_url", "docs_store"):
        monkeypatch.setenv(f"MOBILISE_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("MOBILISE_DATABASE_OWNER_URL", owner_url)
    monkeypatch.setattr(cli.console, "_width", 200)


async def command(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli.app, list(words))


@pytest.mark.usefixtures("environment")
async def test_the_last_backup_stands_in_the_trail(
    db: Database, owner: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    await make.petition(db)
    answer = await command("backup", str(tmp_path / "saved.tar.gz"))
    assert answer.exit_code == 0, answer.output
    assert await owner.fetchval("select deed from audit_log") == "instance.backup"


@pytest.mark.usefixtures("environment")
async def test_check_looks_and_touches_nothing(
    db: Database, owner: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    await make.petition(db)
    file = tmp_path / "saved.tar.gz"
    await command("backup", str(file))
    before = await rows(owner)
    for words in (("backup", str(file), "--check"), ("restore", str(file), "--check")):
        answer = await command(*words)
        assert answer.exit_code == 0 and "1 petitions" in answer.output, answer.output
    file.write_bytes(file.read_bytes()[:-9])
    answer = await command("restore", str(file), "--check")
    assert answer.exit_code == 1 and "no whole backup" in answer.output
    assert await rows(owner) == before


@pytest.mark.usefixtures("environment")
async def test_what_cannot_be_is_said_in_one_sentence(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "saved.tar.gz"
    await make.petition(db)
    assert (await command("backup", str(file))).exit_code == 0
    cases = {
        ("backup", str(file)): "exists already",
        ("backup", str(tmp_path / "nowhere" / "x.tar.gz")): "No such file or directory",
        ("restore", str(tmp_path / "none.tar.gz")): "No such file or directory",
        # This test itself is connected.
        ("restore", str(file), "--replace", "--yes"): "Somebody works with this database",
    }
    for words, says in cases.items():
        answer = await command(*words)
        assert answer.exit_code == 1, answer.output
        assert says in answer.output and "Traceback" not in answer.output
