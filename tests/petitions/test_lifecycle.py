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


# What was decided, step by step: from, to, and who makes it. The code has its own table, in which
# a slip would not show beside itself.
LIFE: dict[str, set[tuple[str, str, str]]] = {
    "submit": {("draft", "submitted", "owner")},
    "take_back": {("submitted", "draft", "owner")},
    "publish": {("draft", "open", "owner")},
    "let_open": {("submitted", "open", "keeper"), ("submitted", "open", "clock")},
    "send_back": {("submitted", "draft", "keeper")},
    "reject": {("submitted", "rejected", "keeper")},
    "close": {("open", "closed", "owner"), ("open", "closed", "clock")},
    "reopen": {("closed", "open", "owner")},
    "deliver": {("closed", "delivered", "owner")},
    "answer": {("delivered", "answered", "owner")},
    "suspend": {
        ("open", "suspended", "keeper"),
        ("closed", "suspended", "keeper"),
        ("delivered", "suspended", "keeper"),
        ("answered", "suspended", "keeper"),
    },
    "resume": {
        ("suspended", "open", "keeper"),
        ("suspended", "closed", "keeper"),
        ("suspended", "delivered", "keeper"),
        ("suspended", "answered", "keeper"),
    },
    "remove": {
        ("open", "removed", "keeper"),
        ("closed", "removed", "keeper"),
        ("delivered", "removed", "keeper"),
        ("answered", "removed", "keeper"),
        ("rejected", "removed", "keeper"),
        ("suspended", "removed", "keeper"),
    },
}
STEPS = {step for steps in LIFE.values() for step in steps}


def test_the_code_allows_these_steps_and_no_other() -> None:
    allowed = {
        name: {
            (before, after, who)
            for before in move.begins
            for after in move.ends
            for who in move.who
        }
        for name, move in lifecycle.MOVES.items()
    }
    assert allowed == LIFE


def test_what_is_removed_stays_removed_and_nothing_becomes_a_draft_but_what_waits() -> None:
    assert {state for before, after, _ in STEPS for state in (before, after)} == set(STATES)
    assert all(before != "removed" for before, _, _ in STEPS)
    assert {before for before, after, _ in STEPS if after == "draft"} == {"submitted"}


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("name", LIFE)
async def test_a_move_is_made_from_its_states_and_from_no_other(
    db: Database, tokens: Tokens, name: str, before: str
) -> None:
    petition = await make.petition(db, before)
    if before == "suspended":
        await run(db, "update petitions set suspended_from = 'closed'")
    if before in {step[0] for step in LIFE[name]}:
        await do(db, tokens, name, petition)
        after = await state(db, petition)
        line = await row(db, "select deed, petition_id, details from audit_log")
        assert line is not None
        assert (line["deed"], line["petition_id"]) == (f"petition.{name}", petition.id)
        assert (line["details"]["from"], line["details"]["to"]) == (before, after)
        assert (before, after, line["details"]["by"]) in LIFE[name]
        assert name != "resume" or after == "closed", "where it was suspended"
    else:
        with pytest.raises(NotNow) as refused:
            await do(db, tokens, name, petition)
        assert refused.value.message == lifecycle.MOVES[name].otherwise
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
