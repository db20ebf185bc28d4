"""At the end of their time the rows about people go, and every number stays."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings
from mobilise.signatures import counting, counts, jobs, signing
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post
from tests.signatures.conftest import night

ZONE = ZoneInfo("Europe/Brussels")


@pytest.fixture
def place(db: Database, store: Store, settings: Settings, tokens: Tokens) -> Workplace:
    return Workplace(db, store, settings, tokens)


async def past(db: Database, *, opened: datetime, closed: datetime | None) -> Petition:
    """A petition with two signatures and one that was withdrawn, some days after it opened."""
    petition = await make.petition(db, state="closed" if closed else "open")
    await database_module.run(
        db, "update petitions set opened_at = :opened, closed_at = :closed where id = :id",
        opened=opened, closed=closed, id=petition.id,
    )  # fmt: skip
    for state in ("confirmed", "confirmed", "withdrawn"):
        await make.signature(db, petition, state=state, at=opened + timedelta(days=3))
    await database_module.run(
        db, "insert into subscriptions (petition_id, email_key, email, language) "
        "values (:id, 'suzie@post.example', 'suzie@post.example', 'en')", id=petition.id,
    )  # fmt: skip
    return petition


async def left(db: Database) -> int:
    total = 0
    for table in ("signatures", "count_events", "subscriptions"):
        total += await database_module.value(db, f"select count(*) from {table}")
    return total


async def test_six_months_after_closing_the_people_go_and_the_numbers_stay(
    db: Database, place: Workplace
) -> None:
    now = datetime.now(UTC)
    closed = now - relativedelta(months=counts.MONTHS_AFTER_CLOSING, days=1)
    petition = await past(db, opened=closed - timedelta(days=60), closed=closed)
    before = await counting.series(db, petition.id, ZONE)

    await night(place)

    assert await left(db) == 0
    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.withdrawn, tally.drift) == (2, 1, 0)
    assert await counting.series(db, petition.id, ZONE) == before
    await night(place)
    assert (await counting.tally(db, petition)).drift == 0, "nothing is left to recount"


async def test_a_day_earlier_they_stay(db: Database, place: Workplace) -> None:
    closed = datetime.now(UTC) - relativedelta(months=counts.MONTHS_AFTER_CLOSING, days=-1)
    await past(db, opened=closed - timedelta(days=60), closed=closed)
    await night(place)
    assert await left(db) > 0


async def test_what_is_open_for_too_long_closes_and_is_erased(
    db: Database, place: Workplace
) -> None:
    opened = datetime.now(UTC) - relativedelta(months=counts.MONTHS_AFTER_OPENING, days=1)
    petition = await past(db, opened=opened, closed=None)
    await night(place)
    assert (await reading.by_id(db, petition.id, "en")).state == "closed"
    assert await left(db) == 0
    assert await database_module.value(db, "select count(*) from audit_log") == 1


async def test_what_was_announced_to_close_does(db: Database, place: Workplace) -> None:
    today = datetime.now(ZONE).date()
    over = await make.petition(db, closes_on=today - timedelta(days=1))
    last_day = await make.petition(db, closes_on=today)
    await night(place)
    assert (await reading.by_id(db, over.id, "en")).state == "closed"
    assert (await reading.by_id(db, last_day.id, "en")).state == "open"


async def test_what_happens_in_the_last_night_is_not_lost_to_the_days(
    db: Database, place: Workplace
) -> None:
    """Midnight in Brussels comes before UTC's: who takes back between the two is in no day yet."""
    closed = datetime.now(UTC) - relativedelta(months=counts.MONTHS_AFTER_CLOSING, days=1)
    petition = await past(db, opened=closed - timedelta(days=60), closed=closed)
    today = datetime.now(ZONE).date()
    await counts.fold_days(db, str(ZONE), today)
    midnight = datetime(today.year, today.month, today.day, tzinfo=ZONE)
    await make.signature(db, petition, state="withdrawn", at=midnight + timedelta(minutes=5))
    assert await counts.forget_signers(db) == []


async def test_the_door_does_not_open_for_a_petition_that_runs(
    db: Database, place: Workplace
) -> None:
    petition = await make.petition(db)
    await make.signature(db, petition)
    assert await counts.forget_signers(db) == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await database_module.run(db, "delete from count_events")
    assert await left(db) == 2


async def test_tables_that_look_like_ours_do_not_open_the_door(db: Database) -> None:
    """The application may make temporary tables; what erases history must not look at them."""
    await make.signature(db, await make.petition(db))
    async with database_module.tx(db):
        await database_module.run(
            db,
            """create temporary table petitions on commit drop as
               select id, 'closed'::text as state, timestamptz '2001-01-01' as closed_at,
                 timestamptz '2001-01-01' as opened_at,
                 timestamptz '2001-01-01' as delivered_at from public.petitions""",
        )
        await database_module.run(
            db,
            """create temporary table recounts on commit drop as
               select petition_id, null::timestamptz as erased_at, date '2999-01-01' as folded_until
               from public.recounts""",
        )
        await database_module.run(db, "select forget_signers()")
    assert await left(db) == 2


KEPT_OF_ONE_WHO_WENT = {
    "petition_id", "id", "seat", "state", "email_key", "language", "version", "token_version",
    "letter_attempt", "letter_at", "letter_kind", "letters_total", "code_tries", "marked",
    "created_at", "confirmed_at", "confirmed_by", "confirmed_after",
}  # fmt: skip


async def gone(db: Database, petition: Petition, state: str) -> database_module.Record:
    """Such a signature, filled in three weeks ago."""
    made = await make.signature(
        db, petition, state=state, name="Suzie Peeters", email="suzie@post.example",
        comment="For the trees.", at=datetime.now(UTC) - timedelta(days=21),
    )  # fmt: skip
    return made


@pytest.mark.parametrize("state", ["withdrawn", "disowned"])
async def test_of_whoever_took_it_back_nothing_stays_that_was_filled_in(
    db: Database, place: Workplace, state: str
) -> None:
    petition = await make.petition(db)
    await gone(db, petition, state)
    await make.signature(db, petition, name="Bert", email="bert@post.example")

    await jobs.forget_taken_back(place)

    row = await database_module.one(db, "select * from signatures where state = :s", s=state)
    filled = {column for column, value in row.items() if value not in ("", None, False, {})}
    assert filled <= KEPT_OF_ONE_WHO_WENT, "a new column about people needs a decision"
    assert "suzie" not in row["email_key"]
    sql = "select name, email from signatures where state = 'confirmed'"
    other = await database_module.one(db, sql)
    assert tuple(other) == ("Bert", "bert@post.example")
    await jobs.recount(place)
    assert (await counting.tally(db, petition)).drift == 0


async def test_an_erased_one_who_said_not_me_is_still_not_written_to(
    db: Database, place: Workplace, tokens: Tokens, post: Post
) -> None:
    petition = await make.petition(db)
    await gone(db, petition, "disowned")
    await jobs.forget_taken_back(place)
    await make.attempt(db, tokens, petition, email="suzie+again@post.example")
    await database_module.run(db, "update signatures set letter_at = now() - interval '1 hour'")
    await signing.ask_again(db, tokens, petition.id, "suzie@post.example")
    assert await post.deliver() == []
    await make.attempt(db, tokens, await make.petition(db), email="suzie@post.example")
    assert len(await post.deliver()) == 1, "of another petition she hears"


async def test_an_erased_one_who_withdrew_may_sign_again(
    db: Database, place: Workplace, tokens: Tokens, post: Post
) -> None:
    petition = await make.petition(db)
    await gone(db, petition, "withdrawn")
    await jobs.forget_taken_back(place)
    await make.attempt(db, tokens, petition, email="suzie@post.example")
    assert len(await post.deliver()) == 1


async def test_what_can_still_be_undone_stays(db: Database, place: Workplace) -> None:
    petition = await make.petition(db)
    await make.signature(db, petition, state="disowned", email="suzie@post.example")
    await jobs.forget_taken_back(place)
    assert await database_module.value(db, "select email from signatures") == "suzie@post.example"
