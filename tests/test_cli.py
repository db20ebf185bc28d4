"""What the keeper types, and what is answered."""

import asyncio
import re

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mobilise import cli
from mobilise.app import ROUTES
from mobilise.db import Database
from mobilise.petitions import reading
from mobilise.settings import Settings
from tests import make


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
