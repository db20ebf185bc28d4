"""Why people sign, in their words: nowhere before the group let them through."""

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database, Record
from mobilise.petitions.reading import Petition
from mobilise.signatures import comments
from mobilise.tokens import Tokens
from tests import make

WORDS = "Trees for my grandchildren <b>now</b> www.pills.example"


@pytest.fixture
async def signed(db: Database, petition: Petition) -> Record:
    return await make.signature(db, petition, name="Suzie Overweg", comment=WORDS)


@pytest.fixture
async def desk(client: httpx.AsyncClient, db: Database, petition: Petition) -> str:
    """Bob, an editor, is logged in."""
    bob = await make.person(db, "Bob")
    await make.member(
        db, make.Group(petition.group_id, petition.group_slug, petition.group_name), bob
    )
    await make.login(client, db, bob)
    return f"/manage/petitions/{petition.slug}/comments"


async def judge(
    client: httpx.AsyncClient, db: Database, petition: Petition, verdict: str, desk: str
) -> httpx.Response:
    lists = [await comments.listed(db, petition.id, which) for which in comments.VERDICTS]
    [comment] = [each for found in lists for each in found]
    return await client.post(
        f"{desk}/{comment.id}", data={"verdict": verdict, "seen": comment.seen, "from": "waiting"}
    )


async def public(client: httpx.AsyncClient, petition: Petition) -> list[str]:
    """What readers see: the petition's page, and the page of comments."""
    own = f"/en/petitions/{petition.slug}"
    return [(await client.get(path)).text for path in (own, f"{own}/comments")]


async def test_a_comment_waits_until_the_group_lets_it_through(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    signed: Record, desk: str,
) -> None:  # fmt: skip
    assert await comments.waiting(db, petition.id) == 1
    assert all("grandchildren" not in page for page in await public(stranger, petition))
    assert "grandchildren" in (await client.get(desk)).text

    answer = await judge(client, db, petition, "shown", desk)

    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert "It stands on the page now." in page.text and "Undo" in page.text
    assert await comments.waiting(db, petition.id) == 0
    for page in await public(stranger, petition):
        assert "Trees for my grandchildren &lt;b&gt;now&lt;/b&gt;" in page
        assert 'href="www.pills' not in page and "pills.example</a>" not in page
        assert "Somebody who signed" in page
        assert "Suzie" not in page and "2060" not in page.split("grandchildren")[1][:300]


async def test_the_name_stands_above_it_only_if_the_signer_asked(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    desk: str,
) -> None:  # fmt: skip
    await make.signature(
        db, petition, name="Suzie Overweg", comment="For the trees.", public_name=True
    )
    await judge(client, db, petition, "shown", desk)
    first, whole = await public(stranger, petition)
    assert "Suzie" in first and "Overweg" not in first
    assert "Suzie Overweg" in whole
    answer = await stranger.get(f"/en/petitions/{petition.slug}/comments")
    assert answer.headers["x-robots-tag"] == "noindex"


async def test_put_aside_and_undone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    signed: Record, desk: str,
) -> None:  # fmt: skip
    await judge(client, db, petition, "shown", desk)
    await judge(client, db, petition, "aside", desk)
    assert all("grandchildren" not in page for page in await public(stranger, petition))
    assert "grandchildren" in (await client.get(f"{desk}?which=aside")).text
    await judge(client, db, petition, "waiting", desk)
    assert await comments.totals(db, petition.id) == {"waiting": 1, "shown": 0, "aside": 0}
    deeds = await database_module.rows(db, "select deed from audit_log order by id")
    assert [line["deed"] for line in deeds] == [
        "comment.shown", "comment.aside", "comment.waiting",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["pending", "held", "withdrawn", "disowned", "invalidated"])
async def test_only_of_who_counts(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    signed: Record, desk: str, state: str,
) -> None:  # fmt: skip
    await judge(client, db, petition, "shown", desk)
    await database_module.run(db, "update signatures set state = :state", state=state)
    assert all("grandchildren" not in page for page in await public(stranger, petition))
    assert "grandchildren" not in (await client.get(f"{desk}?which=shown")).text
    assert await comments.waiting(db, petition.id) == 0


async def test_words_that_changed_meanwhile_are_not_let_through(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, tokens: Tokens,
    petition: Petition, signed: Record, desk: str,
) -> None:  # fmt: skip
    [read] = await comments.listed(db, petition.id, "waiting")
    mine = f"/en/signature/{tokens.signature(petition.id, signed['id'], 1)}"
    corrected = {"name": "Suzie Overweg", "postcode": "2060", "country": "BE"}
    await stranger.post(f"{mine}/correct", data=corrected | {"comment": "Buy my pills."})
    answer = await client.post(f"{desk}/{read.id}", data={"verdict": "shown", "seen": read.seen})
    assert answer.status_code == 409 and "changed or taken back" in answer.text
    assert all("pills" not in page for page in await public(stranger, petition))


async def test_who_may_read_and_decide(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    signed: Record, desk: str,
) -> None:  # fmt: skip
    [read] = await comments.listed(db, petition.id, "waiting")
    verdict = {"verdict": "shown", "seen": read.seen}
    assert (await stranger.get(desk)).headers["location"].startswith("/en/login")
    await make.login(stranger, db, await make.person(db, "Charlie"))
    assert (await stranger.get(desk)).status_code == 404
    assert (await stranger.post(f"{desk}/{read.id}", data=verdict)).status_code == 404
    await database_module.run(db, "update memberships set role = 'clerk' where role = 'editor'")
    assert (await client.get(desk)).status_code == 403
    assert (await client.post(f"{desk}/{read.id}", data=verdict)).status_code == 403
    other = await make.petition(db, organiser=await make.person(db, "Charlie"))
    elsewhere = f"/manage/petitions/{other.slug}/comments/{read.id}"
    assert (await stranger.post(elsewhere, data=verdict)).status_code == 409, "not of that petition"
    assert await comments.waiting(db, petition.id) == 1


async def test_odd_questions_are_answered_kindly(
    client: httpx.AsyncClient, petition: Petition, signed: Record, desk: str
) -> None:
    for query in ("?which=all", "?page=x", "?page=99999"):
        assert (await client.get(f"{desk}{query}")).status_code == 404
    for number in ("x", "9" * 30):
        assert (await client.post(f"{desk}/{number}", data={"verdict": "shown"})).status_code == 404
    one = f"{desk}/{signed['id']}"
    assert (await client.post(one, data={"verdict": "gone"})).status_code == 404
    assert (await client.post(one, data={"verdict": "shown"})).status_code == 409


async def test_a_thousand_comments_come_in_pages(
    client: httpx.AsyncClient, db: Database, petition: Petition, desk: str
) -> None:
    await database_module.run(
        db,
        """insert into signatures (petition_id, seat, state, name, name_key, email, email_key,
             postcode, country, comment, language, version, consents, confirmed_at)
           select :petition_id, 1, 'confirmed', 'N', 'n', 'e', 'e' || n, '2060', 'BE',
             'Word ' || n, 'en', 1, '{}', now() from generate_series(1, 1100) n""",
        petition_id=petition.id,
    )
    page = (await client.get(desk)).text
    assert "Word 1<" in page and "Word 51<" not in page and "Next" in page
    assert "Word 51<" in (await client.get(f"{desk}?which=waiting&page=2")).text
    assert await comments.waiting(db, petition.id) == comments.MOST_COUNTED


async def test_an_empty_desk_says_so(client: httpx.AsyncClient, desk: str) -> None:
    assert "Nothing waits for you" in (await client.get(desk)).text
