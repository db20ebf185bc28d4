"""My account: what it says, where I am in, a fresh log-in, another address, and its end."""

import asyncio
import contextvars
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise.accounts import agents, door, entering
from mobilise.db import Database, rows, run, tx, value
from mobilise.jobs import Workplace
from mobilise.petitions import jobs as petition_jobs
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import conftest, make
from tests.accounts.clock import tonight
from tests.postbox import Post

ACCOUNT = "/manage/account"
NEW = "alice@new.example"
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
async def alice(client: httpx.AsyncClient, db: Database) -> make.Person:
    person = await make.person(db, "Alice")
    await make.login(client, db, person)
    return person


async def grow_stale(db: Database) -> None:
    await run(db, "update sessions set fresh_at = now() - interval '31 minutes'")


async def log_in(browser: httpx.AsyncClient, post: Post, email: str) -> httpx.Response:
    await browser.post("/en/login", data={"email": email})
    await post.deliver()
    return await browser.post(urlsplit(post.to(email)[-1].link("login")).path)


# --- name and language --------------------------------------------------------------------


async def test_name_and_language_can_be_changed(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    answer = await client.post(ACCOUNT, data={"name": "Alice Claes", "language": "de"})
    assert answer.headers["location"] == f"{ACCOUNT}?said=saved"
    page = await client.get(ACCOUNT)
    assert '<html lang="de"' in page.text and "Alice Claes" in page.text
    for words in ({"name": "", "language": "de"}, {"name": "Alice", "language": "xx"}):
        assert (await client.post(ACCOUNT, data=words)).status_code == 422
    assert await value(db, "select name from people") == "Alice Claes"


async def test_the_language_is_changed_from_any_page_and_one_stays_there(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    sent = {"language": "fr", "back": "/manage/groups"}
    answer = await client.post("/manage/language", data=sent)
    assert answer.headers["location"] == "/manage/groups?said=language"
    assert '<html lang="fr"' in (await client.get("/manage/groups")).text
    for back in ("https://evil.example", "//evil.example/manage", ""):
        answer = await client.post("/manage/language", data={"language": "nl", "back": back})
        assert answer.headers["location"] == "/manage?said=language"
    await client.post("/manage/language", data={"language": "xx", "back": "/manage"})
    assert await value(db, "select language from people") == "nl"


# --- sessions -----------------------------------------------------------------------------


async def test_where_one_is_in_is_told_in_plain_words(
    client: httpx.AsyncClient, db: Database, post: Post, app: Any
) -> None:
    alice = await make.person(db, "Alice")
    async with conftest.browser(app, **{"user-agent": PHONE}) as phone:
        await log_in(phone, post, alice.email)
    await log_in(client, post, alice.email)
    page = (await client.get(ACCOUNT)).text
    assert "Firefox on Android" in page and "Firefox on Linux" in page
    assert page.index("Firefox on Linux") < page.index("Firefox on Android"), "this one first"
    assert page.count("Log out there") == 1, "this browser has its own way out"
    kept = await rows(db, "select agent from sessions order by 1")
    assert [row["agent"] for row in kept] == ["Firefox/Android", "Firefox/Linux"], "and no more"


@pytest.mark.parametrize(
    ("said", "short"),
    [
        (PHONE, "Firefox/Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         "Safari/iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge/Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome/Chromebook"),
        ("curl/8", "/"),
        ("", "/"),
        ("Firefox " * 10_000, "Firefox/"),
    ],
)  # fmt: skip
def test_a_browser_in_two_words(said: str, short: str) -> None:
    assert agents.in_short(said) == short


async def test_one_log_in_can_be_ended_and_all_others_too(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    await make.login(stranger, db, alice)
    number = await value(db, "select max(number) from sessions")
    assert (await client.post(f"{ACCOUNT}/sessions/{number}/end")).status_code == 303
    assert (await stranger.get("/manage")).status_code == 303
    assert (await client.get("/manage")).status_code == 200
    await make.login(stranger, db, alice)
    assert (await client.post(f"{ACCOUNT}/sessions/end")).status_code == 303
    assert (await stranger.get("/manage")).status_code == 303
    assert (await client.get("/manage")).status_code == 200


@pytest.mark.parametrize("number", ["0", "999999", "x", "9" * 30, "-1", "١"])
async def test_a_session_of_somebody_else_cannot_be_ended(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, alice: make.Person,
    number: str,
) -> None:  # fmt: skip
    await make.login(stranger, db, await make.person(db, "Bob"))
    theirs = await value(db, "select max(number) from sessions")
    for each in (number, str(theirs)):
        assert (await client.post(f"{ACCOUNT}/sessions/{each}/end")).status_code == 404
    assert (await stranger.get("/manage")).status_code == 200


# --- a fresh log-in -----------------------------------------------------------------------


async def test_after_half_an_hour_the_mailbox_is_proven_once_more_and_one_is_back(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person
) -> None:
    await grow_stale(db)
    secret = client.cookies["session"]
    asked = await client.get(f"{ACCOUNT}/address")
    assert asked.headers["location"] == f"/en/login?next={ACCOUNT}/address&again=1"
    page = await client.get(asked.headers["location"])
    assert alice.email in page.text.replace("<wbr>", "") and 'name="email"' not in page.text
    await client.post("/en/login", data={"again": "1", "next": f"{ACCOUNT}/address"})
    code = (await post.deliver())[-1].code
    entered = await client.post("/en/login/code", data={"code": code})
    assert entered.headers["location"] == f"{ACCOUNT}/address"
    assert (await client.get(f"{ACCOUNT}/address")).status_code == 200
    assert client.cookies["session"] != secret
    assert await value(db, "select count(*) from sessions") == 1, "the same session, fresh"


async def test_the_page_of_one_opens_with_no_letter_of_another(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person
) -> None:
    """Whatever address is sent along, the letter goes to who is in; and a letter to Bob, pressed
    in Alice's browser, leads to Bob's desk and not to her page."""
    bob = await make.person(db, "Bob")
    await grow_stale(db)
    sent = {"again": "1", "next": f"{ACCOUNT}/erase", "email": bob.email}
    await client.post("/en/login", data=sent)
    assert [letter.to for letter in await post.deliver()] == [alice.email]
    await client.post("/en/login", data={"email": bob.email, "next": f"{ACCOUNT}/erase"})
    path = urlsplit((await post.deliver())[-1].link("login")).path
    assert (await client.post(path)).headers["location"] == door.DESK
    assert "Bob" in (await client.get(ACCOUNT)).text
    owners = await rows(db, "select person_id from sessions")
    assert [row["person_id"] for row in owners] == [bob.id]


async def test_twenty_tries_of_a_code_a_day_from_all_browsers_together(
    app: Any, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    refused = 0
    for _ in range(5):
        async with conftest.browser(app) as guesser:
            await guesser.post("/en/login", data={"email": alice.email})
            code = (await post.deliver())[-1].code
            wrong = "000000" if code != "000000" else "000001"
            for _ in range(entering.CODE_TRIES - 1):
                answer = await guesser.post("/en/login/code", data={"code": wrong})
                refused += answer.status_code == 422
            last = await guesser.post("/en/login/code", data={"code": code})
            path = urlsplit(post.letters[-1].link("login")).path
            if last.status_code == 422:  # twenty were tried: the button still opens
                assert (await guesser.post(path)).status_code == 303
                break
    assert refused == 20 and last.status_code == 422


# --- another address ----------------------------------------------------------------------


async def move(client: httpx.AsyncClient, post: Post, old: str, new: str = NEW) -> tuple[str, str]:
    """The paths in the letters to the new and the old address."""
    answer = await client.post(f"{ACCOUNT}/address", data={"email": new})
    assert answer.headers["location"] == f"{ACCOUNT}?said=address_asked"
    await post.deliver()
    return tuple(  # type: ignore[return-value]
        urlsplit(post.to(address)[-1].link("address")).path for address in (new, old)
    )


@pytest.mark.parametrize("first", ["new", "old"])
async def test_the_address_changes_when_both_mailboxes_agreed(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post,
    alice: make.Person, first: str,
) -> None:  # fmt: skip
    await make.login(stranger, db, alice)
    paths = await move(client, post, alice.email)
    assert NEW in (await client.get(ACCOUNT)).text.replace("<wbr>", "")
    for path in paths if first == "new" else reversed(paths):
        assert await value(db, "select email from people") == alice.email
        page = await client.get(path)
        assert page.status_code == 200 and NEW not in page.text.replace("<wbr>", ""), (
            "a link may be forwarded"
        )
        assert (await client.post(path)).status_code == 200
    assert await value(db, "select email from people") == NEW
    assert (await client.get(ACCOUNT)).status_code == 200, "who asked stays in"
    assert (await stranger.get(ACCOUNT)).status_code == 303, "everybody else is out"
    for path in paths:
        assert (await client.post(path)).status_code == 410
    deeds = await rows(db, "select deed, details from audit_log order by id")
    assert [row["deed"] for row in deeds] == ["account.address_asked", "account.address_changed"]
    assert "@" not in str([row["details"] for row in deeds])


async def test_one_mailbox_alone_changes_nothing(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person
) -> None:
    paths = await move(client, post, alice.email)
    for _ in range(3):
        assert (await client.post(paths[0])).status_code == 200
    await client.get(paths[1])
    assert await value(db, "select email from people") == alice.email
    await run(db, "update mailbox_changes set asked_at = now() - interval '24 hours 1 minute'")
    for answer in (await client.get(paths[1]), await client.post(paths[1])):
        assert answer.status_code == 410
    assert await value(db, "select email from people") == alice.email


async def test_a_link_that_is_not_whole_is_no_page(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post,
    alice: make.Person,
) -> None:  # fmt: skip
    new, old = await move(client, post, alice.email)
    for path in ("/en/address/made-up", new[:-2], old[:-2]):
        for way in ("GET", "POST"):
            for button in ("", "/stop"):
                answer = await stranger.request(way, path + button)
                assert answer.status_code == 404, (way, path + button)


async def test_the_old_mailbox_stops_it_and_whoever_asked_is_out(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post,
    alice: make.Person,
) -> None:  # fmt: skip
    new, old = await move(client, post, alice.email)
    assert (await stranger.post(f"{new}/stop")).status_code == 410, "the new one stops nothing"
    assert (await stranger.get(f"{old}/stop")).status_code == 200
    assert (await client.get(ACCOUNT)).status_code == 200, "looking does nothing"
    assert (await stranger.post(f"{old}/stop")).status_code == 200
    assert (await client.get(ACCOUNT)).status_code == 303
    for path in (new, old):
        assert (await stranger.post(path)).status_code == 410
    assert await value(db, "select email from people") == alice.email


async def test_an_address_that_has_an_account_gets_no_letter_and_the_same_answer(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person
) -> None:
    bob = await make.person(db, "Bob")
    answer = await client.post(f"{ACCOUNT}/address", data={"email": bob.email})
    assert answer.headers["location"] == f"{ACCOUNT}?said=address_asked"
    assert [letter.to for letter in await post.deliver()] == [alice.email]
    path = urlsplit(post.last.link("address")).path
    assert (await client.post(path)).status_code == 200
    assert await value(db, "select count(*) from people where email = :bob", bob=bob.email) == 1


async def test_an_address_that_is_taken_in_that_very_moment_stays_with_who_took_it(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    alice: make.Person,
) -> None:
    new, old = await move(client, post, alice.email)
    await stranger.post(new)

    async def taking() -> "asyncio.Task[httpx.Response]":
        """Charlie's account is on its way into the database when the old mailbox agrees."""
        async with tx(db):
            await run(
                db,
                """insert into people (name, email, email_key, language)
                   values ('Charlie', :new, :new, 'en')""",
                new=NEW,
            )
            pressed = asyncio.create_task(stranger.post(old), context=contextvars.Context())
            await asyncio.sleep(0.5)
        return pressed

    answer = await (await taking())
    assert answer.status_code == 410
    assert await value(db, "select email from people where name = 'Alice'") == alice.email


async def test_an_address_that_was_taken_meanwhile_stays_with_who_took_it(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person
) -> None:
    paths = await move(client, post, alice.email)
    await make.person(db, "Bob", NEW)
    assert (await client.post(paths[0])).status_code == 200
    assert (await client.post(paths[1])).status_code == 410
    found = await rows(db, "select email from people order by id")
    assert [row["email"] for row in found] == [alice.email, NEW]


async def test_a_log_in_letter_to_the_old_mailbox_opens_nothing_any_more(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post,
    alice: make.Person,
) -> None:  # fmt: skip
    await stranger.post("/en/login", data={"email": alice.email})
    path = urlsplit((await post.deliver())[-1].link("login")).path
    for each in await move(client, post, alice.email):
        await client.post(each)
    assert (await stranger.post(path)).status_code == 404
    entered = await log_in(stranger, post, NEW)
    assert entered.headers["location"] == "/manage"


# --- the end ------------------------------------------------------------------------------


async def test_before_the_end_one_sees_what_goes_and_what_stays(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group = await make.group(db, alice)
    await make.petition(db, "draft", group=group, organiser=alice)
    page = await client.get(f"{ACCOUNT}/erase")
    assert "1 draft of Friends of the Yard" in page.text and "This stays" in page.text
    await grow_stale(db)
    for answer in (await client.get(f"{ACCOUNT}/erase"), await client.post(f"{ACCOUNT}/erase")):
        assert answer.headers["location"].endswith("&again=1")


async def test_the_account_goes_and_the_petitions_stay_without_the_name(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person, owner: Any
) -> None:
    group, bob = await make.group(db, alice), await make.person(db, "Bob")
    await make.member(db, group, bob, "owner")
    petition = await make.petition(db, "open", group=group, organiser=alice)
    done = await client.post(f"{ACCOUNT}/erase")
    assert done.headers["location"] == "/en/farewell" and "session" not in client.cookies
    assert (await client.get("/en/farewell")).status_code == 200
    [letter] = await post.deliver()
    assert letter.to == alice.email and "is erased" in letter.subject
    page = await client.get(f"/en/petitions/{petition.slug}")
    assert page.status_code == 200 and "Alice" not in page.text
    await run(db, "delete from farewells")  # the night does, once the letter has gone
    for (table,) in await owner.fetch(
        "select tablename from pg_tables where schemaname = 'public'"
    ):
        found = await owner.fetchval(
            f"select count(*) from {table} t where t::text ilike '%alice%'"
        )
        assert not found, f"{table} still knows her"
    assert (await log_in_again(client, post, alice.email)) == []


async def log_in_again(client: httpx.AsyncClient, post: Post, email: str) -> list[str]:
    await client.post("/en/login", data={"email": email})
    return [letter.to for letter in await post.deliver()]


@pytest.mark.parametrize("state", ["open", "submitted", "suspended"])
async def test_whose_petition_runs_must_close_it_first(
    client: httpx.AsyncClient, db: Database, alice: make.Person, state: str
) -> None:
    group = await make.group(db, alice)
    await make.petition(db, state, group=group, organiser=alice)
    assert "still runs" in (await client.get(f"{ACCOUNT}/erase")).text
    assert (await client.post(f"{ACCOUNT}/erase")).status_code == 409
    await run(db, "update petitions set state = 'closed', closed_at = now()")
    assert (await client.post(f"{ACCOUNT}/erase")).status_code == 303
    assert await value(db, "select count(*) from petitions") == 1


async def test_whoever_leaves_others_behind_must_hand_over_first(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group, bob = await make.group(db, alice), await make.person(db, "Bob")
    await make.member(db, group, bob, "editor")
    assert "Hand the group over" in (await client.get(f"{ACCOUNT}/erase")).text
    assert (await client.post(f"{ACCOUNT}/erase")).status_code == 409
    assert await value(db, "select count(*) from people") == 2


async def test_a_group_in_which_nobody_is_left_goes_by_night_with_its_drafts(
    client: httpx.AsyncClient, db: Database, store: Store,
    settings: Settings, tokens: Tokens,
    alice: make.Person,
) -> None:  # fmt: skip
    group, place = await make.group(db, alice), Workplace(db, store, settings, tokens)
    draft = await make.petition(db, "draft", group=group, organiser=alice)
    await make.document(db, store, draft)
    await client.post(f"{ACCOUNT}/erase")
    await petition_jobs.forget_deserted(place)
    await tonight(place)
    for table in ("groups", "petitions", "documents", "memberships"):
        assert await value(db, f"select count(*) from {table}") == 0, table


# --- accounts that nobody uses -------------------------------------------------------------


async def test_an_unused_account_is_told_and_goes_two_months_later(
    db: Database, store: Store, settings: Settings, tokens: Tokens, post: Post
) -> None:
    place = Workplace(db, store, settings, tokens)
    for name, months in (("Alice", 25), ("Bob", 23), ("Mo", 30)):
        person = await make.person(db, name)
        await run(
            db,
            """update people set seen_at = now() - make_interval(months => :months),
                 keeper = name = 'Mo' where id = :id""",
            months=months,
            id=person.id,
        )
    for _ in range(2):
        await tonight(place)
    assert [letter.to for letter in await post.deliver()] == ["alice@post.example"], "told once"
    await run(db, "update people set warned_at = now() - interval '59 days' where name = 'Alice'")
    await tonight(place)
    assert await value(db, "select count(*) from people") == 3
    await run(db, "update people set warned_at = now() - interval '61 days' where name = 'Alice'")
    await tonight(place)
    left = await rows(db, "select name from people order by name")
    assert [row["name"] for row in left] == ["Bob", "Mo"]
    assert "is erased" in (await post.deliver())[-1].subject


async def test_who_logs_in_keeps_the_account(
    client: httpx.AsyncClient,
    db: Database,
    store: Store,
    settings: Settings,
    tokens: Tokens,
    post: Post,
) -> None:
    alice = await make.person(db, "Alice")
    await run(
        db,
        """update people set seen_at = now() - interval '26 months',
             warned_at = now() - interval '61 days'""",
    )
    await log_in(client, post, alice.email)
    await tonight(Workplace(db, store, settings, tokens))
    assert await value(db, "select count(*) from people") == 1
