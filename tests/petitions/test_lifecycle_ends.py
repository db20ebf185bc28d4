"""How a petition ends: closed with days of grace, opened again, handed over, answered, thrown
away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from mobilise.db import Database, row, rows, run, value
from mobilise.errors import NotNow
from mobilise.petitions import deleting, lifecycle, reading
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting, signing
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import buckets, make
from tests.petitions.moving import TODAY, do, state

DAY = timedelta(days=1)


async def alice_at_her_desk(client: httpx.AsyncClient, db: Database) -> None:
    await make.login(client, db, await make.person(db, "Alice"))


# --- the days of grace --------------------------------------------------------------------


async def pending(db: Database, tokens: Tokens, petition: Petition) -> tuple[int, int, int]:
    made = await make.attempt(db, tokens, petition)
    found = await row(db, "select * from signatures where petition_id = :id", id=made.petition_id)
    assert found is not None
    return petition.id, found["id"], found["token_version"]


@pytest.mark.parametrize("moved", [(), ("deliver",), ("deliver", "answer")])
async def test_who_signed_in_time_may_confirm_for_two_days(
    db: Database, tokens: Tokens, moved: tuple[str, ...]
) -> None:
    petition = await make.petition(db, "open")
    link = await pending(db, tokens, petition)
    for name in ("close", *moved):
        await do(db, tokens, name, petition)
    await run(db, "update petitions set closed_at = now() - interval '47 hours 59 minutes'")
    assert await signing.standing(db, *link) == "full"
    assert await signing.confirm(db, *link, method="button", seconds=None) == "counted"
    assert (await counting.tally(db, petition)).confirmed == 1
    series = await counting.series(db, petition.id, ZoneInfo("Europe/Brussels"))
    assert sum(day.added for day in series) == 0, "today is not over"


async def test_after_two_days_it_is_too_late(db: Database, tokens: Tokens) -> None:
    petition = await make.petition(db, "open")
    link = await pending(db, tokens, petition)
    await do(db, tokens, "close", petition)
    await run(db, "update petitions set closed_at = now() - interval '48 hours 1 minute'")
    assert await signing.confirm(db, *link, method="button", seconds=None) == "closed"
    assert (await counting.tally(db, petition)).confirmed == 0


async def test_the_page_says_until_when_and_counts_nobody_too_early(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    petition = await make.petition(db, "open")
    await pending(db, tokens, petition)
    await do(db, tokens, "close", petition)
    page = (await client.get(f"/en/petitions/{petition.slug}")).text
    assert "Who signed in time may still confirm until" in page
    await run(db, "update recounts set pending = 12")
    page = (await client.get(f"/en/petitions/{petition.slug}")).text
    assert "10 people who signed in time may still confirm until" in page, "rounded, as always"
    await run(db, "update petitions set closed_at = now() - interval '3 days'")
    page = (await client.get(f"/en/petitions/{petition.slug}")).text
    assert "may still confirm" not in page and "You cannot sign now" in page


# --- opened again -------------------------------------------------------------------------


async def test_a_closed_one_opens_again_and_goes_on_counting(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    petition = await make.petition(db, "open")
    await make.signature(db, petition)
    await alice_at_her_desk(client, db)
    desk = f"/manage/petitions/{petition.slug}"
    await client.post(f"{desk}/close")
    assert "Open the petition again?" in (await client.get(f"{desk}/reopen")).text
    answer = await client.post(f"{desk}/reopen")
    assert answer.headers["location"] == f"{desk}?said=reopened"
    spoken = (await client.get(answer.headers["location"])).text
    assert 'role="status"' in spoken and "Your petition is open again." in spoken
    found = await reading.by_id(db, petition.id, "en")
    assert (found.state, found.closed_at, found.opened_at) == ("open", None, petition.opened_at)
    assert (await counting.tally(db, petition)).confirmed == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("update petitions set closes_on = current_date - 2", lifecycle.OVER),
        ("update petitions set closed_at = now() - interval '6 months 1 day'", lifecycle.ERASED),
        ("update petitions set opened_at = now() - interval '21 months 1 day'", lifecycle.ERASED),
        ("update recounts set erased_at = now()", lifecycle.ERASED),
    ],
)
async def test_what_is_over_stays_closed_and_says_why(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, change: str, sentence: str
) -> None:
    petition = await make.petition(db, "closed")
    await run(db, change)
    with pytest.raises(NotNow) as refused:
        await lifecycle.reopen(db, tokens, petition, 1, TODAY)
    assert refused.value.message == sentence
    await alice_at_her_desk(client, db)
    asked = await client.get(f"/manage/petitions/{petition.slug}/reopen")
    assert asked.status_code == 409 and sentence in asked.text
    assert await state(db, petition) == "closed" and await rows(db, "select * from audit_log") == []


# --- handed over and answered -------------------------------------------------------------


async def test_the_group_says_when_it_was_handed_over_and_answered(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "closed")
    await alice_at_her_desk(client, db)
    desk = f"/manage/petitions/{petition.slug}"
    form = (await client.get(f"{desk}/deliver")).text
    assert "erased 30 days later" in form
    handed = TODAY - 3 * DAY
    assert (await client.post(f"{desk}/deliver", data={"day": str(handed)})).status_code == 303
    page = (await stranger.get(f"/en/petitions/{petition.slug}")).text
    assert f"Handed over on {handed.day}" in page and "to The city council" in page
    too_early = await client.post(f"{desk}/answer", data={"day": str(handed - DAY)})
    assert too_early.status_code == 422
    assert (await client.post(f"{desk}/answer", data={"day": str(TODAY)})).status_code == 303
    found = await reading.by_id(db, petition.id, "en")
    assert (found.state, found.delivered_on, found.answered_on) == ("answered", handed, TODAY)
    assert "Answered on" in (await stranger.get(f"/en/petitions/{petition.slug}")).text


@pytest.mark.parametrize(
    ("day", "mistake"),
    [
        ("", "Choose a day"),
        ("tomorrow", "Write the date like 18/3/2026"),
        (str(TODAY + 2 * DAY), "Choose a day that has been"),
        ("2001-01-01", "Choose a day that has been"),
    ],
)
async def test_a_wrong_day_is_told_and_moves_nothing(
    client: httpx.AsyncClient, db: Database, day: str, mistake: str
) -> None:
    petition = await make.petition(db, "closed")
    await alice_at_her_desk(client, db)
    answer = await client.post(f"/manage/petitions/{petition.slug}/deliver", data={"day": day})
    assert answer.status_code == 422 and mistake in answer.text
    assert await state(db, petition) == "closed"


async def test_a_month_after_the_hand_over_the_people_go_and_the_numbers_stay(
    db: Database, tokens: Tokens
) -> None:
    petition = await make.petition(db, "closed")
    await make.signature(db, petition, at=datetime.now(UTC) - 40 * DAY)
    await run(db, "update recounts set folded_until = current_date")
    await do(db, tokens, "deliver", petition)
    later = "update petitions set delivered_at = now() - make_interval(days => :days)"
    for days, left in ((lifecycle.DAYS_DELIVERED - 1, 1), (lifecycle.DAYS_DELIVERED + 1, 0)):
        await run(db, later, days=days)
        await run(db, "select forget_signers()")
        assert await value(db, "select count(*) from signatures") == left
    assert (await counting.tally(db, petition)).confirmed == 1


# --- thrown away --------------------------------------------------------------------------


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


async def test_nothing_of_a_draft_stays_but_its_line_in_the_trail(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    picture = await store.put(b"a picture")
    petition = await make.petition(db, "draft", picture=picture, nl={"title": "Een park"})
    await make.document(db, store, petition)
    await alice_at_her_desk(client, db)
    asked = await client.get(f"/manage/petitions/{petition.slug}/delete")
    assert "Throw the draft away?" in asked.text and len(await buckets.files(store)) == 2
    done = await client.post(f"/manage/petitions/{petition.slug}/delete")
    assert done.headers["location"] == "/manage?said=thrown_away"
    assert "The draft is thrown away." in (await client.get("/manage?said=thrown_away")).text
    for table in ("petitions", "petition_texts", "documents", "tallies", "recounts", "letters"):
        assert await value(db, f"select count(*) from {table}") == 0, table
    assert await buckets.files(store) == []
    line = await row(db, "select * from audit_log")
    assert line is not None and line["deed"] == "petition.delete"
    assert line["petition_id"] == petition.id and line["details"] == {"from": "draft"}
    assert (await client.get(f"/manage/petitions/{petition.slug}")).status_code == 404


async def test_what_another_petition_shows_too_stays(db: Database, store: Store) -> None:
    picture = await store.put(b"a picture")
    kept = await make.petition(db, "open", picture=picture)
    thrown = await make.petition(db, "draft", picture=picture)
    shared = await make.document(db, store, kept)
    await make.document(db, store, thrown)
    await deleting.delete(db, store, thrown, 1)
    assert len(await buckets.files(store)) == 2
    assert await store.size(shared.sha256) is not None


@pytest.mark.parametrize("before", ["submitted", "open", "closed", "rejected"])
async def test_what_is_no_draft_is_not_thrown_away(
    client: httpx.AsyncClient, db: Database, store: Store, before: str
) -> None:
    petition = await make.petition(db, before)
    await make.document(db, store, petition)
    await alice_at_her_desk(client, db)
    for method in ("GET", "POST"):
        answer = await client.request(method, f"/manage/petitions/{petition.slug}/delete")
        assert answer.status_code == 409
    assert await state(db, petition) == before and len(await buckets.files(store)) == 1
