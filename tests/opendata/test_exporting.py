"""`mobilise export` and `mobilise editions` as they are typed: the same bytes, or one sentence."""

import asyncio
import hashlib
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import frictionless
import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from mobilise import cli
from mobilise import db as sql
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.opendata import editions, exporting
from mobilise.opendata.bundle import EVERY
from mobilise.opendata.files import measure
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.opendata import past
from tests.opendata.past import ago, data
from tests.opendata.test_editions import night, opened_long_ago

NAMES = {*(file.name for file in EVERY), "bundle.zip"}


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "database_url", "docs_store", "base_url"):
        monkeypatch.setenv(f"MOBILISE_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setattr(cli.console, "_width", 200)


async def typed(*words: Any) -> Result:
    """The command as in a terminal; it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, cli.app, [str(word) for word in words])


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
async def park(db: Database, store: Store, settings: Settings) -> Any:
    found = await past.park(db, settings)
    await make.document(db, store, found)
    return found


# --- export ---------------------------------------------------------------------------------


async def test_it_writes_what_the_addresses_give(
    client: httpx.AsyncClient, park: Any, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "open data"
    answer = await typed("export", "a-park", "--to", folder)
    assert answer.exit_code == 0, answer.output
    assert f"Wrote {len(NAMES)} files to {folder}" in answer.output
    assert str(ago(settings, 1)) in answer.output
    assert names(folder) == NAMES
    for name in NAMES:
        assert (folder / name).read_bytes() == (await client.get(data(name))).content, name
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])


async def test_an_empty_folder_will_do(park: Any, tmp_path: Path) -> None:
    assert (await typed("export", "a-park", "--to", tmp_path)).exit_code == 0
    assert names(tmp_path) == NAMES


async def test_it_tells_how_far_it_is(db: Database, park: Any, settings: Settings) -> None:
    edition, told = await editions.edition(db, settings, "a-park"), []
    folder = settings.data / "exported"
    done = exporting.export(edition, folder, lambda *progress: told.append(progress))
    assert [done_so_far for done_so_far, _ in told] == sorted(done for done, _ in told)
    assert all(done_so_far <= of for done_so_far, of in told)
    assert told[-1][0] == done.size == sum(path.stat().st_size for path in folder.iterdir())


@pytest.mark.parametrize("slug", ["no-such-thing", "a-draft"])
async def test_an_unknown_petition_is_told_in_one_sentence(
    db: Database, tmp_path: Path, slug: str
) -> None:
    await make.petition(db, "draft", slug="a-draft")
    answer = await typed("export", slug, "--to", tmp_path / "new")
    assert (answer.exit_code, answer.output) == (1, f"No petition called {slug} has opened.\n")
    assert not (tmp_path / "new").exists()


async def test_a_removed_petition_is_not_exported(db: Database, park: Any, tmp_path: Path) -> None:
    await sql.run(db, "update petitions set state = 'removed'")
    await sql.run(
        db,
        """insert into decisions (petition_id, move, reason, words, language)
           values (:id, 'remove', 'spam', '', 'en')""",
        id=park.id,
    )
    answer = await typed("export", "a-park", "--to", tmp_path / "new")
    assert answer.exit_code == 1 and answer.output.startswith("The people who run this site")
    assert "%(" not in answer.output and "Traceback" not in answer.output
    assert not (tmp_path / "new").exists()


async def test_a_folder_with_something_in_it_stays_as_it_is(park: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Keep me.")
    answer = await typed("export", "a-park", "--to", tmp_path)
    assert (answer.exit_code, answer.output) == (
        1, f"{tmp_path} is not empty. Choose a new folder.\n",
    )  # fmt: skip
    assert names(tmp_path) == {"mine.txt"}


async def test_a_place_where_no_folder_can_be_is_told_in_one_sentence(
    park: Any, tmp_path: Path
) -> None:
    (tmp_path / "a-file").write_text("I am a file.")
    for to in (tmp_path / "a-file", tmp_path / "a-file" / "new", tmp_path / "no" / "such"):
        answer = await typed("export", "a-park", "--to", to)
        assert answer.exit_code == 1, answer.output
        assert str(tmp_path) in answer.output and len(answer.output.splitlines()) == 1
    assert names(tmp_path) == {"a-file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_is_not_ours_is_told_in_one_sentence(park: Any, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    answer = await typed("export", "a-park", "--to", tmp_path / "new")
    assert answer.exit_code == 1 and "Permission denied" in answer.output
    assert len(answer.output.splitlines()) == 1


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As a disk that is full in the middle of a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_full_disk_leaves_nothing_behind(
    db: Database, park: Any, settings: Settings, tmp_path: Path, is_new: bool
) -> None:
    edition = await editions.edition(db, settings, "a-park")
    folder = tmp_path / "new" if is_new else tmp_path
    sizes = {file.name: measure(file.pieces(edition)).size for file in EVERY}
    limit = max(size for name, size in sizes.items() if name != "data.sqlite") + 1
    assert limit < sizes["data.sqlite"]
    with no_file_larger_than(limit), pytest.raises(OSError, match="too large"):
        exporting.export(edition, folder)
    assert folder.exists() is not is_new
    assert list(tmp_path.iterdir()) == []
    assert exporting.export(edition, folder).files == len(NAMES)


async def test_nobody_sees_half_a_file(
    db: Database, park: Any, settings: Settings, tmp_path: Path
) -> None:
    """At each step every file under its own name is whole."""
    edition = await editions.edition(db, settings, "a-park")
    whole = {
        file.name: hashlib.sha256(b"".join(file.pieces(edition))).hexdigest() for file in EVERY
    }
    seen = set()

    def look(done: int, of: int) -> None:
        for path in tmp_path.iterdir():
            if path.suffix != exporting.BESIDE and path.name in whole:
                assert hashlib.sha256(path.read_bytes()).hexdigest() == whole[path.name]
                seen.add(path.name)

    exporting.export(edition, tmp_path, look)
    assert len(seen) > 10


# --- editions -------------------------------------------------------------------------------


async def test_mo_lists_editions_and_makes_one_again(
    client: httpx.AsyncClient,
    db: Database,
    store: Store,
    settings: Settings,
    tokens: Tokens,
    park: Any,
) -> None:
    await opened_long_ago(db)
    answer = await typed("editions", "list", "a-park")
    assert (answer.exit_code, answer.output[:16]) == (0, "None is kept yet")
    await night(Workplace(db, store, settings, tokens))
    day = str(ago(settings, 1))
    again = await typed("editions", "correct", "a-park", day, "--because", "To be sure.")
    assert (again.exit_code, again.output) == (
        1, "It would be the same as it is. Nothing was changed.\n",
    )  # fmt: skip
    await sql.run(db, "update petitions set goal = 4711")
    again = await typed("editions", "correct", "a-park", day, "--because", "Wrong goal.")
    assert (again.exit_code, again.output) == (
        0, f"a-park: the edition of {day} has version 2 now.\n",
    )  # fmt: skip
    answer = await typed("editions", "list", "a-park")
    assert answer.exit_code == 0
    assert answer.output.count(day) == 2 and "Wrong goal." in answer.output
    assert (await client.get(data(f"{day}.2/petition.json"))).json()["goal"] == 4711


@pytest.mark.parametrize(
    "words, code, says",
    [
        (["list", "no-such-thing"], 1, "No petition called no-such-thing has opened.\n"),
        (
            ["correct", "a-park", "2020-01-01", "--because", "Wrong."],
            1,
            "No edition of 2020-01-01 is kept of a-park.\n",
        ),
        (["correct", "a-park", "2020-01-01", "--because", " "], 1, "Say why, in one sentence.\n"),
        (["correct", "a-park", "yesterday", "--because", "Wrong."], 2, None),
        (["correct", "a-park", "2020-01-01"], 2, None),
    ],
)
async def test_what_cannot_be_is_told_in_one_sentence(
    park: Any, words: list[str], code: int, says: str | None
) -> None:
    answer = await typed("editions", *words)
    assert answer.exit_code == code
    assert says is None or answer.output == says
    assert "Traceback" not in answer.output
