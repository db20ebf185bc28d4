"""Visitors say what is wrong; the keeper decides once about all of it, and answers."""

import httpx
import pytest

from mobilise.db import Database, rows, run, value
from mobilise.petitions import reading
from mobilise.settings import Settings
from mobilise.tokens import Tokens
from mobilise.trust import queries, reporting
from tests import make
from tests.petitions.moving import state
from tests.postbox import Post
from tests.trust.test_moderation import mo

__all__ = ["mo"]
REPORT = {"reason": "private", "words": "The second paragraph names my son.", "email": ""}


async def report(
    client: httpx.AsyncClient, petition: reading.Petition, **changes: str
) -> httpx.Response:
    return await client.post(f"/en/petitions/{petition.slug}/report", data=REPORT | changes)


async def test_a_visitor_reports_a_petition_from_its_page(
    stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    page = await stranger.get(f"/en/petitions/{petition.slug}")
    assert f"/en/petitions/{petition.slug}/report" in page.text
    answer = await report(stranger, petition, email="Charlie@post.example")
    assert answer.status_code == 303
    assert "Your report is on its way" in (await stranger.get(answer.headers["location"])).text
    found = (await rows(db, "select * from reports"))[0]
    assert (found["reason"], found["email"]) == ("private", "Charlie@post.example")
    assert found["petition_id"] == petition.id and found["decided_at"] is None
    assert "set-cookie" not in answer.headers
    assert await rows(db, "select * from audit_log") == [], "who reports stands in no trail"


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"reason": ""}, "Choose one from the list"),
        ({"reason": "made up"}, "Choose one from the list"),
        ({"email": "charlie"}, "Enter an address with an @"),
        ({"words": "x" * 2001}, "Keep this under 2000 characters"),
    ],
)
async def test_a_mistake_keeps_what_was_typed(
    stranger: httpx.AsyncClient, db: Database, changes: dict[str, str], mistake: str
) -> None:
    petition = await make.petition(db)
    answer = await report(stranger, petition, **changes)
    assert answer.status_code == 422 and mistake in answer.text
    assert "words" in changes or REPORT["words"] in answer.text
    assert await rows(db, "select * from reports") == []


async def test_five_an_hour_from_one_network(stranger: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    statuses = [(await report(stranger, petition)).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]


@pytest.mark.parametrize(
    ("before", "status"), [("draft", 404), ("submitted", 404), ("suspended", 403), ("removed", 410)]
)
async def test_what_nobody_can_read_cannot_be_reported(
    stranger: httpx.AsyncClient, db: Database, before: str, status: int
) -> None:
    petition = await make.petition(db, before)
    assert (await report(stranger, petition)).status_code == status
    assert (await stranger.get(f"/en/petitions/{petition.slug}/report")).status_code == status


async def test_the_keeper_sees_them_together_oldest_petition_first(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    assert "No report waits for a decision." in (await client.get("/keep/reports")).text
    first, second = await make.petition(db, title="First"), await make.petition(db, title="Second")
    for petition in (first, second, first):
        await report(stranger, petition)
    page = (await client.get("/keep/reports")).text
    assert page.index("First") < page.index("Second") and "2 reports" in page
    one = (await client.get(f"/keep/petitions/{first.slug}")).text
    assert one.count(REPORT["words"]) == 2


@pytest.mark.parametrize(
    ("deed", "data", "decision", "answer"),
    [
        ("dismiss", {}, "nothing", "We found nothing that breaks the rules"),
        ("suspend", {"reason": "private"}, "suspend", "The petition is suspended"),
        ("remove", {"reason": "private"}, "remove", "We removed the petition."),
    ],
)
async def test_one_decision_settles_all_and_answers_who_wished(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post,
    mo: make.Person, deed: str, data: dict[str, str], decision: str, answer: str,
) -> None:  # fmt: skip
    petition = await make.petition(db)
    await report(stranger, petition, email="charlie@post.example")
    await report(stranger, petition)
    done = await client.post(f"/keep/petitions/{petition.slug}/{deed}", data=data)
    assert done.status_code == 303
    assert {row["decision"] for row in await rows(db, "select decision from reports")} == {decision}
    await post.deliver()
    letters = post.to("charlie@post.example")
    assert len(letters) == 1 and answer in letters[0].text
    assert REPORT["words"] not in letters[0].text
    again = await client.post(f"/keep/petitions/{petition.slug}/dismiss")
    assert again.status_code == 409, "nothing waits any more"
    assert len(await rows(db, "select * from audit_log")) == 1


async def test_one_mailbox_gets_one_answer_a_petition_and_a_few_a_day(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post,
    mo: make.Person,
) -> None:  # fmt: skip
    """Charlie types somebody else's address again and again."""
    for number in range(7):
        petition = await make.petition(db, title=f"Park {number}")
        for email in ("victim@post.example", "Victim@post.example"):
            await reporting.report(db, petition, "spam", "", email, "en")
        done = await client.post(f"/keep/petitions/{petition.slug}/dismiss")
        assert done.status_code == 303
    await post.deliver()
    assert len(post.letters) == len(post.to("victim@post.example")) == 5


async def test_who_wants_no_mail_gets_no_answer(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, tokens: Tokens,
    post: Post, mo: make.Person,
) -> None:  # fmt: skip
    petition = await make.petition(db)
    await report(stranger, petition, email="charlie@post.example")
    await run(
        db, "insert into suppressions (recipient, reason) values (:who, 'asked')",
        who=tokens.recipient("charlie@post.example"),
    )  # fmt: skip
    await client.post(f"/keep/petitions/{petition.slug}/dismiss")
    await post.deliver()
    assert post.to("charlie@post.example") == []


async def test_the_keeper_hears_of_reports_in_one_letter(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, settings: Settings
) -> None:
    petition = await make.petition(db)
    for _ in range(3):
        await report(stranger, petition)
    assert await reporting.tell_keeper(db, tokens, "mo@post.example")
    assert not await reporting.tell_keeper(db, tokens, "mo@post.example")
    assert await value(db, "select count(*) from letters") == 1


async def test_a_month_after_the_decision_nobody_knows_who_said_it(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    petition = await make.petition(db)
    await report(stranger, petition, email="charlie@post.example")
    await client.post(f"/keep/petitions/{petition.slug}/dismiss")
    await report(stranger, petition, email="charlie@post.example")
    assert await queries.forget_reporters(db, reporting.DAYS_KEPT) == 0
    await run(db, "update reports set decided_at = decided_at - interval '31 days'")
    assert await queries.forget_reporters(db, reporting.DAYS_KEPT) == 1
    found = await rows(db, "select email, words, reason from reports order by id")
    assert (found[0]["email"], found[0]["words"], found[0]["reason"]) == ("", "", "private")
    assert found[1]["email"] == "charlie@post.example", "it still waits"
    assert await state(db, petition) == "open"
