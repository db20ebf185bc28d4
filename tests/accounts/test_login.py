"""Logging in by letter: Alice has an account, Charlie has none."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise.accounts import entering
from mobilise.db import Database, rows, run, value
from tests import make
from tests.postbox import Post

ASK = "/en/login"


async def ask(client: httpx.AsyncClient, email: str, **more: str) -> httpx.Response:
    return await client.post(ASK, data={"email": email, **more})


async def link(client: httpx.AsyncClient, post: Post, email: str) -> str:
    """The path in a fresh log-in letter."""
    await ask(client, email)
    await post.deliver()
    return urlsplit(post.to(email)[-1].link("login")).path


async def test_the_link_of_the_letter_logs_in_with_one_button(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    answer = await ask(client, alice.email)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/login/check-your-mail")
    waiting = await client.get(answer.headers["location"])
    assert alice.email in waiting.text.replace("<wbr>", "")

    path = urlsplit((await post.deliver())[-1].link("login")).path
    page = await client.get(path)
    assert page.status_code == 200 and f'action="{path}"' in page.text
    assert alice.email not in page.text.replace("<wbr>", "")  # a link may be forwarded
    assert (await client.get("/manage")).status_code == 303

    entered = await client.post(path)
    assert (entered.status_code, entered.headers["location"]) == (303, "/manage")
    desk = await client.get("/manage")
    assert desk.status_code == 200 and "Alice" in desk.text


async def test_the_code_logs_in_where_it_was_asked(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    code = (await post.deliver())[-1].code
    entered = await client.post("/en/login/code", data={"code": f"{code[:3]} {code[3:]}"})
    assert (entered.status_code, entered.headers["location"]) == (303, "/manage")
    assert (await client.get("/manage")).status_code == 200


async def test_the_code_opens_nothing_in_another_browser(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    code = (await post.deliver())[-1].code
    assert (await stranger.post("/en/login/code", data={"code": code})).status_code == 422
    await ask(stranger, "charlie@post.example")
    assert (await stranger.post("/en/login/code", data={"code": code})).status_code == 422
    assert await value(db, "select count(*) from sessions") == 0


async def test_after_log_in_one_is_where_one_wanted_to_be(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    petition = await make.petition(db, "draft", organiser=alice)
    wanted = f"/manage/petitions/{petition.slug}"
    sent_away = await client.get(wanted)
    assert sent_away.status_code == 303
    assert sent_away.headers["location"] == f"/en/login?next={wanted}"
    form = await client.get(sent_away.headers["location"])
    assert f'name="next" value="{wanted}"' in form.text
    await ask(client, alice.email, next=wanted)
    path = urlsplit((await post.deliver())[-1].link("login")).path
    assert (await client.post(path)).headers["location"] == wanted


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example/manage",
        "/manage\\@evil.example",
        "/managers",
        "/en/",
    ],
)
async def test_log_in_never_leads_to_another_site(
    client: httpx.AsyncClient, db: Database, post: Post, elsewhere: str
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email, next=elsewhere)
    path = urlsplit((await post.deliver())[-1].link("login")).path
    assert (await client.post(path)).headers["location"] == "/manage"


async def test_a_known_and_an_unknown_address_get_the_same_answer(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    known = await ask(client, alice.email)
    unknown = await ask(stranger, "charlie@post.example")
    for answer in (known, unknown):
        assert answer.headers["set-cookie"].startswith("login=")
    assert _shape(known) == _shape(unknown)
    pages = [await browser.get("/en/login/check-your-mail") for browser in (client, stranger)]
    assert pages[0].text == pages[1].text.replace("charlie@", "alice@")
    assert await value(db, "select count(*) from letters") == 2, "the same work for both"
    await post.deliver()
    assert [letter.to for letter in post.letters] == [alice.email]


def _shape(answer: httpx.Response) -> object:
    kept = {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "set-cookie")}
    return answer.status_code, kept, answer.content


async def test_the_letter_goes_to_the_address_of_the_account(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """`alice+x@` has the same key here, and may be somebody else's mailbox elsewhere."""
    alice = await make.person(db, "Alice")
    await ask(client, "alice+evil@post.example")
    assert "alice+evil@post.example" in (
        await client.get("/en/login/check-your-mail")
    ).text.replace("<wbr>", "")
    await post.deliver()
    assert [letter.to for letter in post.letters] == [alice.email]


async def test_a_link_works_once(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    path = await link(client, post, alice.email)
    assert (await client.post(path)).status_code == 303
    for again in (await stranger.get(path), await stranger.post(path)):
        assert again.status_code == 410
        assert "used already" in again.text and "/en/login" in again.text
        assert "session" not in again.cookies


async def test_of_two_claims_at_once_exactly_one_gets_a_session(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    path = await link(client, post, alice.email)
    answers = await asyncio.gather(*(client.post(path) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 11
    assert await value(db, "select count(*) from sessions") == 1


async def test_of_two_right_codes_at_once_exactly_one_gets_a_session(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    code = (await post.deliver())[-1].code
    answers = await asyncio.gather(
        *(client.post("/en/login/code", data={"code": code}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    assert await value(db, "select count(*) from sessions") == 1


async def test_reading_the_link_logs_nobody_in(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    path = await link(client, post, alice.email)
    for method in ("GET", "HEAD"):
        seen = await client.request(method, path, headers={"sec-purpose": "prefetch"})
        assert seen.status_code == 200 and "session" not in seen.cookies
    assert await value(db, "select count(*) from sessions") == 0
    assert (await client.post(path)).status_code == 303


async def test_another_browser_is_told_so(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    path = await link(client, post, alice.email)
    warning = "in another browser"
    assert warning not in (await client.get(path)).text
    assert warning in (await stranger.get(path)).text
    assert (await stranger.post(path)).status_code == 303  # the letter is what counts


async def test_a_link_of_ten_minutes_ago_opens_nothing(
    client: httpx.AsyncClient, db: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = await make.person(db, "Alice")
    path = await link(client, post, alice.email)
    _pass(monkeypatch, seconds=601)
    for answer in (await client.get(path), await client.post(path)):
        assert answer.status_code == 410 and "expired" in answer.text
    assert await value(db, "select count(*) from sessions") == 0


def _pass(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """The clock that signs and reads tokens goes on by so much."""
    import time

    from itsdangerous import TimestampSigner

    later = int(time.time()) + seconds
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: later)


async def test_a_code_of_ten_minutes_ago_opens_nothing(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    code = (await post.deliver())[-1].code
    await run(db, "update login_tokens set created_at = now() - interval '601 seconds'")
    assert (await client.post("/en/login/code", data={"code": code})).status_code == 422


async def test_a_code_may_be_tried_five_times(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    code = (await post.deliver())[-1].code
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(entering.CODE_TRIES):
        refused = await client.post("/en/login/code", data={"code": wrong})
        assert refused.status_code == 422 and wrong in refused.text
    assert (await client.post("/en/login/code", data={"code": code})).status_code == 422
    assert await value(db, "select count(*) from sessions") == 0


async def test_tries_at_once_are_all_counted(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    code = (await post.deliver())[-1].code
    wrong = [f"{n:06d}" for n in range(40) if f"{n:06d}" != code]
    await asyncio.gather(*(client.post("/en/login/code", data={"code": c}) for c in wrong))
    assert await value(db, "select tries from login_tokens") == entering.CODE_TRIES
    assert (await client.post("/en/login/code", data={"code": code})).status_code == 422


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "1\x002345", "9" * 10000]
)
async def test_what_is_no_code_says_so(client: httpx.AsyncClient, typed: str) -> None:
    answer = await client.post("/en/login/code", data={"code": typed})
    assert answer.status_code == 422 and "digits" in answer.text


async def test_a_code_of_an_earlier_letter_still_works(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """Letters may overtake each other."""
    alice = await make.person(db, "Alice")
    await ask(client, alice.email)
    first = (await post.deliver())[-1].code
    await ask(client, alice.email)
    assert (await client.post("/en/login/code", data={"code": first})).status_code == 303


async def test_an_address_gets_five_letters_an_hour_and_always_the_same_answer(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    answers = [await ask(client, alice.email) for _ in range(8)]
    assert {answer.headers["location"] for answer in answers} == {"/en/login/check-your-mail"}
    assert alice.email in (await client.get("/en/login/check-your-mail")).text.replace("<wbr>", "")
    await post.deliver()
    assert len(post.letters) == 5


async def test_a_network_that_asks_for_everybody_must_wait(
    client: httpx.AsyncClient, db: Database
) -> None:
    statuses = [(await ask(client, f"someone{n}@post.example")).status_code for n in range(21)]
    assert statuses == [303] * 20 + [429]


@pytest.mark.parametrize(
    "typed", ["", "alice", "alice@", "alice@post.example\x00", "a" * 10_000 + "@post.example"]
)
async def test_what_is_no_address_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, db: Database, typed: str
) -> None:
    answer = await ask(client, typed, next="/manage/petitions/x")
    assert answer.status_code == 422
    assert 'id="problem"' in answer.text and 'value="/manage/petitions/x"' in answer.text
    if typed.isprintable():
        assert f'value="{typed}"' in answer.text
    assert await value(db, "select count(*) from login_tokens") == 0


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "W10.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbb", "9" * 400]
)
async def test_a_made_up_link_is_told_apart_from_nothing(
    client: httpx.AsyncClient, db: Database, token: str
) -> None:
    for answer in (await client.get(f"/en/login/{token}"), await client.post(f"/en/login/{token}")):
        assert answer.status_code == 404 and "/en/login" in answer.text


async def test_a_start_letter_opens_no_log_in(
    client: httpx.AsyncClient, db: Database, post: Post, tokens: object
) -> None:
    """One token, one door: the same signed text under the other path is refused."""
    alice = await make.person(db, "Alice")
    path = await link(client, post, alice.email)
    token = path.rsplit("/", 1)[-1]
    assert (await client.post(f"/en/start/{token}")).status_code == 404
    assert (await client.post(path)).status_code == 303


async def test_the_desk_speaks_the_language_one_logged_in_with(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await client.post("/nl/login", data={"email": alice.email})
    await client.post(urlsplit((await post.deliver())[-1].link("login")).path)
    assert '<html lang="nl"' in (await client.get("/manage")).text
    assert await value(db, "select language from people") == "nl"


async def test_who_is_in_needs_no_letter(client: httpx.AsyncClient, db: Database) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    assert (await client.get("/en/login")).headers["location"] == "/manage"
    there = "/manage/petitions/x"
    assert (await client.get(f"/en/login?next={there}")).headers["location"] == there


async def test_another_site_cannot_make_a_browser_ask(
    client: httpx.AsyncClient, db: Database
) -> None:
    answer = await client.post(
        ASK, data={"email": "alice@post.example"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert await rows(db, "select * from login_tokens") == []
