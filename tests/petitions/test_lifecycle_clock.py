"""What happens to petitions by itself, on which day, and what the group hears of it."""

import asyncio
import contextvars
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from mobilise.db import Database, rows, run, tx, value
from mobilise.errors import NotNow
from mobilise.petitions import by_the_clock, deciding, lifecycle, reading, text_queries
from mobilise.settings import PACKAGE
from mobilise.tokens import Tokens
from tests import make
from tests.petitions.moving import TODAY, state
from tests.postbox import Post

ZONE = ZoneInfo("Europe/Brussels")
DAY = timedelta(days=1)
Owner = asyncpg.Connection


async def kinds(db: Database) -> list[str]:
    return [row["kind"] for row in await rows(db, "select kind from letters order by id")]


async def published(
    db: Database, tokens: Tokens, opens_on: date | None, moderation: lifecycle.Moderation = "off"
) -> reading.Petition:
    petition = await make.petition(db, "draft", opens_on=opens_on)
    await lifecycle.publish(db, tokens, petition, petition.person_id or 0, moderation, TODAY)
    return petition


async def test_it_opens_by_itself_on_its_day_and_not_before(db: Database, tokens: Tokens) -> None:
    day = TODAY + 3 * DAY
    petition = await published(db, tokens, day)
    assert await state(db, petition) == "submitted"
    assert (await reading.by_id(db, petition.id, "en")).is_planned
    await by_the_clock.open_due(db, tokens, day - DAY, "off")
    assert await state(db, petition) == "submitted" and await kinds(db) == []
    await by_the_clock.open_due(db, tokens, day, "off")
    assert await state(db, petition) == "open" and await kinds(db) == ["opened"]
    assert (await reading.by_id(db, petition.id, "en")).is_editable, "nobody read it"
    await by_the_clock.open_due(db, tokens, day, "off")
    assert await kinds(db) == ["opened"]


@pytest.mark.parametrize("opens_on", [None, TODAY, TODAY - DAY])
async def test_without_a_day_to_come_it_opens_at_once(
    db: Database, tokens: Tokens, opens_on: date | None
) -> None:
    petition = await published(db, tokens, opens_on)
    assert await state(db, petition) == "open"
    assert await kinds(db) == [], "who did it knows"


async def test_the_group_need_not_wait_for_its_day(db: Database, tokens: Tokens) -> None:
    petition = await make.petition(db, "draft", opens_on=TODAY + 3 * DAY)
    done = await lifecycle.publish(db, tokens, petition, 1, "off", TODAY, at_once=True)
    assert done == "published" and await state(db, petition) == "open"


async def test_what_the_keeper_read_opens_on_its_day(
    db: Database, tokens: Tokens, post: Post
) -> None:
    day = TODAY + 3 * DAY
    petition = await published(db, tokens, day, "all")
    await by_the_clock.open_due(db, tokens, day, "all")
    assert await state(db, petition) == "submitted", "nobody has read it"
    assert not await deciding.let_open(db, tokens, petition.id, None, TODAY)
    assert await state(db, petition) == "submitted" and await kinds(db) == ["cleared"]
    await by_the_clock.open_due(db, tokens, day, "all")
    assert await state(db, petition) == "open"
    assert not (await reading.by_id(db, petition.id, "en")).is_editable, "what was read stays"
    await post.deliver()
    subjects = [letter.subject for letter in post.to("alice@post.example")]
    assert "opens on" in subjects[0] and subjects[1].endswith("is open")


@pytest.mark.parametrize(("moderation", "after"), [("all", "submitted"), ("off", "open")])
async def test_a_text_that_changed_after_it_was_read_is_read_again(
    db: Database, tokens: Tokens, moderation: lifecycle.Moderation, after: str
) -> None:
    day = TODAY + 3 * DAY
    petition = await published(db, tokens, day, "all")
    await deciding.let_open(db, tokens, petition.id, None, TODAY)
    await run(db, "update petition_texts set body = 'Bicycles', at = now() + interval '1 second'")
    await by_the_clock.open_due(db, tokens, day, moderation)
    assert await state(db, petition) == after
    assert (await reading.by_id(db, petition.id, "en")).is_editable, "not as it stands"


async def test_what_was_read_before_this_was_noted_is_known_from_the_trail(
    db: Database, tokens: Tokens, owner: Owner
) -> None:
    """What the migration finds in a database in which petitions opened before."""
    day = TODAY + 3 * DAY
    now, later, unread = [await published(db, tokens, on, "all") for on in (None, day, None)]
    for petition in (now, later):
        await deciding.let_open(db, tokens, petition.id, None, TODAY)
    await by_the_clock.open_due(db, tokens, day, "all")
    await run(db, "update petitions set state = 'open' where id = :id", id=unread.id)
    alone = await published(db, tokens, day, "off")
    await by_the_clock.open_due(db, tokens, day, "off")
    await run(db, "update petitions set read_at = null")
    found = (PACKAGE / "migrations" / "0017_read_before_it_opened.sql").read_text()
    await owner.execute(found[found.index("update petitions") :])
    read = await rows(db, "select id from petitions where read_at is not null order by id")
    assert [row["id"] for row in read] == [now.id, later.id], alone.id


async def test_what_is_saved_in_the_moment_it_opens_is_read_again(
    db: Database, tokens: Tokens
) -> None:
    day = TODAY + 3 * DAY
    petition = await published(db, tokens, day, "all")
    await deciding.let_open(db, tokens, petition.id, None, TODAY)

    async def saving() -> "asyncio.Task[None]":
        """A text is on its way into the database when the hour strikes."""
        async with tx(db):
            await text_queries.standing(db, petition.id)
            clock = asyncio.create_task(
                by_the_clock.open_due(db, tokens, day, "all"), context=contextvars.Context()
            )
            await asyncio.sleep(0.5)
            await run(db, "update petition_texts set body = 'Buy my bicycles', at = now()")
        return clock

    await (await saving())
    assert await state(db, petition) == "submitted"


async def test_what_was_taken_back_does_not_open(db: Database, tokens: Tokens) -> None:
    day = TODAY + 3 * DAY
    petition = await published(db, tokens, day)
    await lifecycle.take_back(db, petition, 1)
    await by_the_clock.open_due(db, tokens, day, "off")
    assert await state(db, petition) == "draft"
    assert not (await reading.by_id(db, petition.id, "en")).is_planned


async def test_the_last_day_is_whole_and_ends_at_midnight_in_our_zone(
    db: Database, tokens: Tokens
) -> None:
    last = TODAY - DAY
    petition = await make.petition(db, "open", closes_on=last)
    await by_the_clock.close_overdue(db, tokens, last, ZONE)
    assert await state(db, petition) == "open"
    await by_the_clock.close_overdue(db, tokens, TODAY, ZONE)
    assert await state(db, petition) == "closed"
    closed_at = (await reading.by_id(db, petition.id, "en")).closed_at
    assert closed_at == datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=ZONE)
    assert await kinds(db) == ["closed"]
    line = await rows(db, "select person_id, details from audit_log")
    assert line[0]["person_id"] is None and line[0]["details"]["by"] == "clock"


async def test_what_has_been_open_for_too_long_closes_now(db: Database, tokens: Tokens) -> None:
    petition = await make.petition(db, "open")
    await run(db, "update petitions set opened_at = now() - interval '21 months 1 day'")
    await by_the_clock.close_overdue(db, tokens, TODAY, ZONE)
    closed_at = (await reading.by_id(db, petition.id, "en")).closed_at
    assert closed_at is not None and datetime.now(UTC) - closed_at < timedelta(minutes=5)


@pytest.mark.parametrize(("days", "told"), [(4, False), (3, True), (0, True), (-1, False)])
async def test_three_days_before_the_last_the_group_hears_it_once(
    db: Database, tokens: Tokens, days: int, told: bool
) -> None:
    await make.petition(db, "open", closes_on=TODAY + days * DAY)
    await by_the_clock.warn(db, tokens, TODAY)
    await by_the_clock.warn(db, tokens, TODAY)
    assert await kinds(db) == (["closes_soon"] if told else [])


async def test_owners_and_editors_hear_it_each_in_their_own_language(
    db: Database, tokens: Tokens, post: Post
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    clerk = await make.person(db, "Karim")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    await make.member(db, group, clerk, "clerk")
    await run(db, "update people set language = 'nl' where id = :id", id=bob.id)
    petition = await make.petition(db, "open", group=group, organiser=alice)
    await run(db, "update petitions set closes_on = :day", day=TODAY + DAY)
    await by_the_clock.warn(db, tokens, TODAY)
    await post.deliver()
    assert "closes on" in post.to("alice@post.example")[0].subject
    assert "sluit op" in post.to("bob@post.example")[0].subject
    assert post.to("karim@post.example") == []
    await lifecycle.close(db, tokens, petition, alice.id)
    await post.deliver()
    assert len(post.to("alice@post.example")) == 1, "she did it herself"
    assert "is gesloten" in post.to("bob@post.example")[1].subject


async def test_what_would_close_at_once_does_not_open(db: Database, tokens: Tokens) -> None:
    draft = await make.petition(db, "draft", closes_on=TODAY - DAY)
    waiting = await make.petition(db, "submitted", closes_on=TODAY - DAY)
    with pytest.raises(NotNow) as refused:
        await lifecycle.publish(db, tokens, draft, 1, "off", TODAY)
    assert refused.value.message == lifecycle.TOO_LATE
    with pytest.raises(NotNow):
        await deciding.let_open(db, tokens, waiting.id, None, TODAY)
    await run(db, "update petitions set cleared_at = 'infinity' where id = :id", id=waiting.id)
    await by_the_clock.open_due(db, tokens, TODAY, "off")
    assert (await state(db, draft), await state(db, waiting)) == ("draft", "submitted")


async def test_the_clock_of_the_site_does_all_this(db: Database) -> None:
    from mobilise.app import JOBS

    names = {job.name for job in JOBS}
    assert {"petitions.open_due", "petitions.close_overdue", "petitions.warn"} <= names
    assert {"trust.tell_keeper", "trust.forget_reporters"} <= names
    assert await value(db, "select 1") == 1
