"""Questions to the group: the mailbox says yes, the group answers, both decide what is shown."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise import db as database_module
from mobilise import limits
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.petitions.reading import Petition
from mobilise.questions import asking, jobs
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post

ASKED = {
    "name": "Suzie Overweg",
    "email": "suzie@post.example",
    "question": "When does it open? <script>alert(1)</script>",
}


@pytest.fixture
async def petition(db: Database) -> Petition:
    """Alice's; Bob is an editor of her group, Karim its clerk."""
    made = await make.petition(db)
    group = make.Group(made.group_id, made.group_slug, made.group_name)
    await make.member(db, group, await make.person(db, "Bob"))
    await make.member(db, group, await make.person(db, "Karim"), "clerk")
    return made


@pytest.fixture
async def bob(client: httpx.AsyncClient, db: Database, petition: Petition) -> httpx.AsyncClient:
    await make.login(client, db, await make.person(db, "Bob"))
    return client


def desk(petition: Petition) -> str:
    return f"/manage/petitions/{petition.slug}/questions"


async def ask(
    client: httpx.AsyncClient, petition: Petition, **changes: str | None
) -> httpx.Response:
    data = {name: value for name, value in (ASKED | changes).items() if value is not None}
    return await client.post(f"/en/petitions/{petition.slug}/ask", data=data)


async def proven(
    client: httpx.AsyncClient, petition: Petition, post: Post, **changes: str | None
) -> str:
    """The path of "my question", after the button."""
    await ask(client, petition, **changes)
    (letter,) = await post.deliver()
    path = urlsplit(letter.link("question")).path
    assert (await client.post(path)).status_code == 303
    return path


async def row(db: Database) -> Any:
    return await database_module.one(db, "select * from questions")


# --- asking -------------------------------------------------------------------------------


async def test_the_group_gets_a_question_when_its_mailbox_said_yes(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    answer = await ask(stranger, petition)
    assert answer.status_code == 303
    assert "Now check your email" in (await stranger.get(answer.headers["location"])).text
    (letter,) = await post.deliver()
    assert letter.to == ASKED["email"] and "Suzie" in letter.text
    assert "open?" not in letter.text, "nobody sends his words to others through us"
    path = urlsplit(letter.link("question")).path
    page = await stranger.get(path)
    assert "When does it open?" in page.text and "<script>" not in page.text
    assert (await row(db))["state"] == "unproven", "looking changes nothing"
    assert await asking.waiting(db, petition.id) == 0

    await stranger.post(path)

    letters = await post.deliver()
    assert {letter.to for letter in letters} == {"alice@post.example", "bob@post.example"}
    for told in letters:
        assert "When does it open?" in told.text
        assert "<script>" not in told.html and ASKED["email"] not in told.raw.decode()
        assert told.message["reply-to"] is None
        assert urlsplit(told.link("questions")).path == f"{desk(petition)}/{(await row(db))['id']}"
    assert await asking.waiting(db, petition.id) == 1
    await stranger.post(path)
    assert await post.deliver() == [], "a repeat tells nobody again"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": None}, "Enter your name"),
        ({"name": "www.pills.example"}, "Write only a name here"),
        ({"email": "suzie"}, "Enter an address with an @"),
        ({"question": " "}, "Write what you want to know"),
        ({"question": "x" * 2001}, "Keep this under 2000 characters"),
        ({"question": "\x00"}, "cannot be read"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_all_stays_typed(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, post: Post,
    changes: dict[str, str | None], sentence: str,
) -> None:  # fmt: skip
    answer = await ask(stranger, petition, **changes)
    assert answer.status_code == 422 and sentence in answer.text
    assert "There is a problem" in answer.text
    if "question" not in changes:
        assert "When does it open?" in answer.text
    assert await database_module.value(db, "select count(*) from questions") == 0
    assert await post.deliver() == []


async def test_nobody_fills_a_mailbox(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    answers = [await ask(stranger, petition) for _ in range(limits.ASK.capacity + 1)]
    assert [a.status_code for a in answers] == [303] * limits.ASK.capacity + [429]
    assert len(await post.deliver()) == limits.ASK_ADDRESS.capacity
    await database_module.run(db, "delete from buckets")
    await database_module.run(
        db, "insert into suppressions (recipient, reason) values (:who, 'asked')",
        who=tokens.recipient("silent@post.example"),
    )  # fmt: skip
    answer = await ask(stranger, petition, email="silent@post.example")
    assert answer.headers["location"] == answers[0].headers["location"]
    assert await post.deliver() == []


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("removed", 410), ("rejected", 409), ("closed", 200)]
)
async def test_what_can_be_asked_about(
    stranger: httpx.AsyncClient, db: Database, state: str, status: int
) -> None:
    petition = await make.petition(db, state)
    assert (await stranger.get(f"/en/petitions/{petition.slug}/ask")).status_code == status
    answer = await ask(stranger, petition)
    assert answer.status_code == (303 if status == 200 else status)


async def test_write_to_us_on_the_petition_leads_to_the_group(
    stranger: httpx.AsyncClient, petition: Petition
) -> None:
    page = await stranger.get(f"/en/petitions/{petition.slug}")
    assert f'href="/en/petitions/{petition.slug}/ask"' in page.text


# --- answering ----------------------------------------------------------------------------


async def answer(
    client: httpx.AsyncClient, db: Database, petition: Petition, words: str, **more: str
) -> httpx.Response:
    path = f"{desk(petition)}/{(await row(db))['id']}"
    return await client.post(path, data={"answer": words} | more)


async def test_the_answer_comes_by_letter_and_is_shown_when_both_wish_it(
    stranger: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    path = await proven(stranger, petition, post, may_show="y")
    await post.deliver()
    assert "When does it open?" in (await bob.get(desk(petition))).text

    done = await answer(bob, db, petition, "In <i>spring</i>.", shown="y")

    assert done.status_code == 303
    assert "Sent." in (await bob.get(done.headers["location"])).text
    (letter,) = await post.deliver()
    assert letter.to == ASKED["email"]
    assert "In <i>spring</i>." in letter.text and "When does it open?" in letter.text
    assert "<i>" not in letter.html
    assert "In &lt;i&gt;spring&lt;/i&gt;." in (await stranger.get(path)).text
    own = f"/en/petitions/{petition.slug}"
    for page in (own, f"{own}/questions"):
        text = (await stranger.get(page)).text
        assert "In &lt;i&gt;spring&lt;/i&gt;." in text and "Suzie asked" in text
        assert "Overweg" not in text and ASKED["email"] not in text
    assert await asking.waiting(db, petition.id) == 0


@pytest.mark.parametrize(("asker", "group"), [(None, "y"), ("y", None)])
async def test_one_who_does_not_wish_it_is_enough_to_show_nothing(
    stranger: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post, asker: str | None, group: str | None,
) -> None:  # fmt: skip
    await proven(stranger, petition, post, may_show=asker)
    await answer(bob, db, petition, "In spring.", **({"shown": group} if group else {}))
    own = f"/en/petitions/{petition.slug}"
    for page in (own, f"{own}/questions"):
        assert "In spring." not in (await stranger.get(page)).text


async def test_a_mended_answer_goes_out_again_and_the_same_one_does_not(
    stranger: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    await proven(stranger, petition, post)
    await post.deliver()
    for words, letters in (("In spring.", 1), ("In spring.", 0), ("In summer.", 1)):
        await answer(bob, db, petition, words)
        assert len(await post.deliver()) == letters
    empty = await answer(bob, db, petition, " ")
    assert empty.status_code == 422 and "Write an answer" in empty.text


async def test_put_aside_and_back(
    stranger: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    await proven(stranger, petition, post, may_show="y")
    await answer(bob, db, petition, "In spring.", shown="y")
    path = f"{desk(petition)}/{(await row(db))['id']}/aside"
    await bob.post(path, data={"aside": "yes"})
    assert "In spring." not in (await stranger.get(f"/en/petitions/{petition.slug}/questions")).text
    assert "When does it open?" in (await bob.get(f"{desk(petition)}?which=aside")).text
    await bob.post(path, data={"aside": "no"})
    assert (await row(db))["state"] == "answered"
    deeds = await database_module.rows(db, "select deed from audit_log order by id")
    assert [line["deed"] for line in deeds] == [
        "question.asked", "question.answered", "question.aside", "question.back",
    ]  # fmt: skip


async def test_who_may_read_and_answer(
    stranger: httpx.AsyncClient, client: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    await proven(stranger, petition, post)
    paths = [desk(petition), f"{desk(petition)}/{(await row(db))['id']}"]
    for path in paths:
        assert "/login" in (await client.get(path)).headers["location"]
    for name, status in (("Charlie", 404), ("Karim", 403)):
        await make.login(client, db, await make.person(db, name))
        for path in paths:
            assert (await client.get(path)).status_code == status
        assert (await answer(client, db, petition, "Never.")).status_code == status
        assert (await client.post(f"{paths[1]}/aside", data={"aside": "yes"})).status_code == status
    other = await make.petition(db, organiser=await make.person(db, "Charlie"))
    await make.login(client, db, await make.person(db, "Charlie"))
    number = (await row(db))["id"]
    assert (await client.get(f"{desk(other)}/{number}")).status_code == 404
    assert (await row(db))["state"] == "waiting"


async def test_the_group_sees_nothing_before_the_mailbox_said_yes(
    stranger: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    await ask(stranger, petition)
    assert "When does it open?" not in (await bob.get(desk(petition))).text
    assert (await bob.get(f"{desk(petition)}/{(await row(db))['id']}")).status_code == 404
    assert (await answer(bob, db, petition, "In spring.")).status_code == 404


# --- taking back and forgetting -----------------------------------------------------------


async def test_the_asker_takes_it_back_and_everything_is_erased(
    stranger: httpx.AsyncClient, bob: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    path = await proven(stranger, petition, post, may_show="y")
    await answer(bob, db, petition, "In spring.", shown="y")
    assert "Take your question back?" in (await stranger.get(f"{path}/take-back")).text
    assert (await stranger.post(f"{path}/take-back")).status_code == 200
    for table in ("questions", "letters"):
        assert await database_module.value(db, f"select count(*) from {table}") == 0, table
    assert "In spring." not in (await stranger.get(f"/en/petitions/{petition.slug}")).text
    assert (await stranger.get(path)).status_code == 410
    assert (await stranger.post(path)).status_code == 410
    assert await post.deliver() == []


async def test_a_key_of_ones_own_opens_no_question(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, post: Post
) -> None:
    await ask(stranger, petition)
    number = (await row(db))["id"]
    others = (
        tokens.attempt(petition.id, number), tokens.new_address(petition.id, number), "made-up",
    )  # fmt: skip
    for token in others:
        assert (await stranger.get(f"/en/question/{token}")).status_code == 404
        assert (await stranger.post(f"/en/question/{token}")).status_code == 404
    assert (await row(db))["state"] == "unproven"


@pytest.mark.parametrize(
    ("sql", "left"),
    [
        ("update questions set at = now() - interval '15 days'", 0),
        ("update questions set at = now() - interval '13 days'", 1),
        ("update questions set at = now() - interval '15 days', state = 'waiting'", 1),
        ("update petitions set state = 'closed', closed_at = now() - interval '7 months'", 0),
        ("update petitions set state = 'closed', closed_at = now() - interval '5 months'", 1),
        ("update petitions set opened_at = now() - interval '22 months'", 0),
    ],
)
async def test_what_is_kept_and_how_long(
    stranger: httpx.AsyncClient, db: Database, store: Store, settings: Settings, tokens: Tokens,
    petition: Petition, sql: str, left: int,
) -> None:  # fmt: skip
    await ask(stranger, petition)
    await database_module.run(db, sql)
    await jobs.nightly(Workplace(db, store, settings, tokens))
    assert await database_module.value(db, "select count(*) from questions") == left
