"""About, privacy and the form that reaches the keeper."""

from typing import Any

import httpx
import pytest

from mobilise.db import Database, row, value
from mobilise.pages.retention import retention
from mobilise.settings import Settings
from mobilise.signatures import counts
from mobilise.tokens import Tokens
from tests.postbox import Post, deliver_due

LETTER = {"name": "Suzie", "email": "suzie@post.example", "message": "Is this you?\n\nGreetings"}


@pytest.mark.parametrize("page", ["about", "privacy", "contact"])
@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
async def test_the_page_exists_in_every_language(
    client: httpx.AsyncClient, db: Database, page: str, language: str
) -> None:
    answer = await client.get(f"/{language}/{page}")
    assert answer.status_code == 200 and f'<html lang="{language}"' in answer.text


async def test_privacy_tells_the_times_that_the_code_keeps(
    client: httpx.AsyncClient, db: Database
) -> None:
    assert retention()["pending"] == counts.UNCONFIRMED_KEPT.days == 14
    text = (await client.get("/en/privacy")).text
    for what, kept in retention().items():
        unit = "months" if what in ("closed", "opened", "unused") else "day"
        assert f"{kept} {unit}" in text


async def test_privacy_names_who_answers_for_the_data(
    client: httpx.AsyncClient, db: Database, app: Any, settings: Settings
) -> None:
    from mobilise import web

    named = settings.model_copy(
        update={"controller": "De Wissel, Kaai 1", "contact": "keeper@wissel.example"}
    )
    before = app.state.web
    app.state.web = web.Web(named, list(app.routes))
    try:
        text = (await client.get("/en/privacy")).text
    finally:
        app.state.web = before
    assert "De Wissel, Kaai 1" in text and "keeper@wissel.example" in text


async def test_a_message_is_kept_and_reaches_the_keeper(
    client: httpx.AsyncClient, db: Database
) -> None:
    answer = await client.post("/en/contact", data=LETTER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/contact/sent")
    assert (await client.get("/en/contact/sent")).status_code == 200
    note = await row(db, "select name, email, message, language from notes")
    assert note is not None and dict(note) == {**LETTER, "language": "en"}
    assert await value(db, "select kind from letters") == "note"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""), ("name", "=cmd"), ("name", "see www.evil.example"), ("email", "suzie"),
        ("message", "   "), ("message", "x" * 5001), ("message", "a\x00b"),
    ],
)  # fmt: skip
async def test_a_mistake_keeps_everything_typed(
    client: httpx.AsyncClient, db: Database, field: str, typed: str
) -> None:
    answer = await client.post("/en/contact", data=LETTER | {field: typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    for other in set(LETTER) - {field}:
        assert LETTER[other].split("\n")[0] in answer.text
    assert await value(db, "select count(*) from notes") == 0


async def test_a_flood_of_messages_waits(client: httpx.AsyncClient, db: Database) -> None:
    statuses = [(await client.post("/en/contact", data=LETTER)).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    refused = await client.post("/en/contact", data=LETTER)
    assert "Is this you?" in refused.text
    assert await value(db, "select count(*) from notes") == 5


async def test_a_message_cannot_carry_headers(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await client.post("/en/contact", data=LETTER | {"name": "Suzie\r\nBcc: all@post.example"})
    assert await value(db, "select count(*) from notes") == 0


async def test_a_keeper_who_cannot_be_reached_closes_no_visitors_mailbox(
    client: httpx.AsyncClient, db: Database, settings: Settings, app: Any, post: Post
) -> None:
    """What bounced was the letter to the keeper, not one to whoever wrote it."""
    named = settings.model_copy(update={"contact": "keeper@gone.example"})
    post.refuse("keeper@gone.example", 550, "5.1.1 No such user")
    app.state.settings = named
    try:
        await client.post("/en/contact", data=LETTER)
        await deliver_due(db, named, Tokens(named.signing_keys))
    finally:
        app.state.settings = settings
    assert await value(db, "select state from letters") == "failed"
    theirs = Tokens(named.signing_keys).recipient(LETTER["email"])
    silenced = "select count(*) from suppressions where recipient = :theirs"
    assert await value(db, silenced, theirs=theirs) == 0
