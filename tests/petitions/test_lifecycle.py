"""What may become of a petition, and what may not."""

import asyncio
from typing import Any

import httpx
import pytest

from mobilise.db import Database, row, rows, run, value
from mobilise.errors import NotFound, NotNow
from mobilise.petitions import deciding, lifecycle, reading
from mobilise.settings import Settings
from mobilise.tokens import Tokens
from tests import make
from tests.petitions.moving import STATES, TODAY, do, state

TEXT = {
    "title": "Make a park",
    "addressee": "The mayor",
    "why": "Because.",
    "goal": None,
}


def test_the_table_knows_only_real_states_and_who_makes_each_move() -> None:
    for move in lifecycle.MOVES.values():
        assert {*move.begins, *move.ends} <= set(STATES)
        assert move.who and set(move.who) <= {"owner", "keeper", "clock"}


def test_what_is_removed_stays_removed_and_nothing_becomes_a_draft_but_what_waits() -> None:
    moves = lifecycle.MOVES.values()
    assert all("removed" not in move.begins for move in moves)
    assert {begin for move in moves if "draft" in move.ends for begin in move.begins} == {
        "submitted"
    }


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("name", lifecycle.MOVES)
async def test_a_move_is_made_from_its_states_and_from_no_other(
    db: Database, tokens: Tokens, name: str, before: str
) -> None:
    move = lifecycle.MOVES[name]
    petition = await make.petition(db, before)
    if before == "suspended":
        await run(db, "update petitions set suspended_from = 'closed'")
    if before in move.begins:
        await do(db, tokens, name, petition)
        after = await state(db, petition)
        assert after == ("closed" if name == "resume" else move.ends[0])
        line = await row(db, "select deed, petition_id, details from audit_log")
        assert line is not None
        assert (line["deed"], line["petition_id"]) == (f"petition.{name}", petition.id)
        assert (line["details"]["from"], line["details"]["to"]) == (before, after)
        assert line["details"]["by"] in move.who
    else:
        with pytest.raises(NotNow) as refused:
            await do(db, tokens, name, petition)
        assert refused.value.message == move.otherwise
        assert await state(db, petition) == before
        assert await rows(db, "select * from audit_log") == []
        assert await rows(db, "select * from letters") == []
        assert await rows(db, "select * from decisions") == []


async def test_opening_and_closing_leave_their_dates(db: Database, tokens: Tokens) -> None:
    petition = await make.petition(db, "draft")
    await do(db, tokens, "publish", petition)
    opened = await reading.by_id(db, petition.id, "en")
    assert opened.opened_at is not None and opened.closed_at is None
    await do(db, tokens, "close", opened)
    closed = await reading.by_id(db, petition.id, "en")
    assert closed.opened_at == opened.opened_at and closed.closed_at is not None


async def test_of_many_who_publish_at_once_one_does(db: Database, tokens: Tokens) -> None:
    petition = await make.petition(db, "draft")
    outcomes = await asyncio.gather(
        *(do(db, tokens, "publish", petition) for _ in range(6)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert await value(db, "select count(*) from audit_log") == 1


@pytest.mark.parametrize(
    ("moderation", "before", "expected"),
    [
        ("off", None, "open"),
        ("off", "closed", "open"),
        ("first", None, "submitted"),
        ("first", "closed", "open"),
        ("first", "suspended", "submitted"),
        ("first", "removed", "submitted"),
        ("all", None, "submitted"),
        ("all", "closed", "submitted"),
    ],
)
async def test_who_reads_before_it_opens(
    db: Database,
    tokens: Tokens,
    moderation: lifecycle.Moderation,
    before: str | None,
    expected: str,
) -> None:
    group = await make.group(db)
    if before:
        await make.petition(db, before, group=group)
    petition = await make.petition(db, "draft", group=group)
    done = await lifecycle.publish(db, tokens, petition, 1, moderation, TODAY)
    assert done == ("published" if expected == "open" else "submitted")
    assert await state(db, petition) == expected


async def test_the_keeper_cannot_open_what_does_not_exist(db: Database, tokens: Tokens) -> None:
    with pytest.raises(NotFound):
        await deciding.let_open_by_name(db, tokens, "nothing", TODAY)


# --- over HTTP ----------------------------------------------------------------------------


async def test_alice_publishes_and_closes(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db, "draft", title="Make a park")
    await make.login(client, db, await make.person(db, "Alice"))
    desk = f"/manage/petitions/{petition.slug}"
    public = f"/en/petitions/{petition.slug}"
    assert (await client.get(public)).status_code == 404

    published = await client.post(f"{desk}/publish")
    assert (published.status_code, published.headers["location"]) == (303, f"{desk}?said=published")
    assert "Make a park" in (await client.get(public)).text
    assert (await client.post(f"{desk}/publish")).status_code == 409

    asked = await client.get(f"{desk}/close")
    assert asked.status_code == 200 and await state(db, petition) == "open"
    closed = await client.post(f"{desk}/close")
    assert (closed.status_code, closed.headers["location"]) == (
        303,
        f"{desk}?said=closed",
    )
    assert await state(db, petition) == "closed"
    assert (await client.get(public)).status_code == 200
    assert (await client.get(f"{desk}/close")).status_code == 409
    deeds = [line["deed"] for line in await rows(db, "select deed from audit_log order by id")]
    assert deeds == ["petition.publish", "petition.close"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""), ("GET", "/preview"), ("GET", "/edit"), ("GET", "/edit/why"),
        ("POST", "/edit/why"), ("POST", "/publish"), ("GET", "/close"), ("POST", "/close"),
        ("POST", "/take-back"), ("GET", "/reopen"), ("POST", "/reopen"), ("GET", "/deliver"),
        ("POST", "/deliver"), ("GET", "/answer"), ("POST", "/answer"), ("GET", "/delete"),
        ("POST", "/delete"), ("POST", "/again"),
    ],
)  # fmt: skip
async def test_charlie_finds_nothing_and_an_editor_does_not_decide(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, method: str, path: str
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    petition = await make.petition(db, "draft", group=group, organiser=alice)
    address = f"/manage/petitions/{petition.slug}{path}"

    nobody = await stranger.request(method, address)
    assert nobody.status_code == 303 and nobody.headers["location"].startswith("/en/login?next=")
    await make.login(stranger, db, await make.person(db, "Charlie"))
    charlie = await stranger.request(method, address, data=TEXT if method == "POST" else None)
    missing = await stranger.request(method, f"/manage/petitions/nothing{path}")
    assert charlie.status_code == missing.status_code == 404
    number = charlie.headers["x-request-id"], missing.headers["x-request-id"]
    assert charlie.text.replace(number[0], "") == missing.text.replace(number[1], "").replace(
        "/nothing", f"/{petition.slug}"
    )

    await make.login(client, db, bob)
    answer = await client.request(method, address)
    decides = bool(path) and not path.startswith(("/preview", "/edit"))
    assert (answer.status_code == 403) is decides
    assert await state(db, petition) == "draft"


async def test_a_moderated_instance_says_that_somebody_reads_it_first(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, app: Any, settings: Settings
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    app.state.settings = settings.model_copy(update={"moderation": "first"})
    try:
        await client.post(f"/manage/petitions/{petition.slug}/publish")
        desk = await client.get(f"/manage/petitions/{petition.slug}")
        assert "read it first" in desk.text
        assert (await client.get(f"/en/petitions/{petition.slug}")).status_code == 404
        assert (await client.get(f"/manage/petitions/{petition.slug}/preview")).status_code == 200
    finally:
        app.state.settings = settings
    await deciding.let_open_by_name(db, tokens, petition.slug, TODAY)
    assert (await client.get(f"/en/petitions/{petition.slug}")).status_code == 200


async def test_a_session_that_ended_while_writing_leads_back(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    await run(db, "delete from sessions")
    answer = await client.post(f"/manage/petitions/{petition.slug}/publish")
    assert answer.headers["location"] == "/en/login?next=/manage&unsaved=1"
    assert await state(db, petition) == "draft"
