"""Sessions end by themselves, and can be ended."""

import httpx
import pytest

from mobilise import cookies
from mobilise.accounts import door, sessions
from mobilise.db import Database, run, value
from mobilise.jobs import Workplace
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.accounts.clock import tonight


async def is_in(client: httpx.AsyncClient) -> bool:
    return (await client.get("/manage")).status_code == 200


async def test_a_session_lets_in_and_the_database_never_sees_its_secret(
    client: httpx.AsyncClient, db: Database
) -> None:
    alice = await make.person(db, "Alice")
    secret = await sessions.begin(db, alice.id)
    assert len(secret) >= 43  # 256 bits
    assert await value(db, "select id from sessions") == sessions.key(secret)
    client.cookies.set("session", secret)
    assert await is_in(client)


@pytest.mark.parametrize("secret", ["", "x", "0" * 43, "é", "a" * 5000])
async def test_a_made_up_session_lets_nobody_in(
    client: httpx.AsyncClient, db: Database, secret: str
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    client.cookies.clear()
    sent = {"cookie": b"session=" + secret.encode("latin-1")}
    assert (await client.get("/manage", headers=sent)).status_code == 303


@pytest.mark.parametrize(
    ("column", "age", "stays"),
    [
        ("seen_at", "11 hours 59 minutes", True),
        ("seen_at", "12 hours 1 minute", False),
        ("created_at", "6 days 23 hours", True),
        ("created_at", "7 days 1 minute", False),
    ],
)
async def test_a_session_ends_after_twelve_idle_hours_or_seven_days(
    client: httpx.AsyncClient, db: Database, column: str, age: str, stays: bool
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    await run(db, f"update sessions set {column} = now() - interval '{age}'")
    assert await is_in(client) is stays


async def test_reading_keeps_a_session_alive_but_rarely_writes(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    await run(db, "update sessions set seen_at = now() - interval '4 minutes'")
    before = await value(db, "select seen_at from sessions")
    assert await is_in(client)
    assert await value(db, "select seen_at from sessions") == before
    await run(db, "update sessions set seen_at = now() - interval '6 hours'")
    assert await is_in(client)
    assert await value(db, "select seen_at > now() - interval '1 minute' from sessions")


async def test_log_out_ends_this_session_and_no_other(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    alice = await make.person(db, "Alice")
    await make.login(client, db, alice)
    await make.login(stranger, db, alice)
    secret = client.cookies["session"]
    answer = await client.post("/en/logout")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/")
    client.cookies.set("session", secret)  # a thief's copy
    assert not await is_in(client)
    assert await is_in(stranger)


async def test_log_out_everywhere_ends_all_sessions_of_one_person(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    await make.login(client, db, alice)
    await sessions.begin(db, alice.id)
    await make.login(stranger, db, bob)
    await client.post("/en/logout", data={"everywhere": "1"})
    assert await value(db, "select count(*) from sessions") == 1
    assert await is_in(stranger)


async def test_log_out_is_not_done_by_a_link_or_from_another_site(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    assert (await client.get("/en/logout")).status_code == 405
    from_elsewhere = {"sec-fetch-site": "cross-site"}
    assert (await client.post("/en/logout", headers=from_elsewhere)).status_code == 403
    assert await is_in(client)


async def test_logging_in_gives_a_new_session_and_ends_the_one_before(
    client: httpx.AsyncClient, db: Database, post: object
) -> None:
    alice = await make.person(db, "Alice")
    first = await sessions.begin(db, alice.id)
    second = await sessions.begin(db, alice.id, instead_of=first)
    assert first != second
    assert await sessions.holder(db, first) is None
    assert await sessions.holder(db, second) is not None


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    answer = await client.post("/en/login", data={"email": "alice@post.example"})
    cookie = answer.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"):
        assert part in cookie
    assert "Domain" not in cookie
    secure = settings.model_copy(update={"base_url": "https://sign.example"})
    assert cookies.named(secure, door.SESSION) == "__Host-session"
    assert cookies.named(secure, door.LOGIN) == "__Host-login"


async def test_by_night_ended_sessions_and_old_drafts_are_forgotten(
    db: Database, store: Store, settings: Settings, tokens: Tokens, client: httpx.AsyncClient
) -> None:
    alice = await make.person(db, "Alice")
    for age in ("1 hour", "13 hours"):
        await sessions.begin(db, alice.id)
        await run(
            db,
            f"update sessions set seen_at = now() - interval '{age}' where seen_at > "
            "now() - interval '1 minute'",
        )
    await client.post("/en/login", data={"email": "alice@post.example"})
    await run(db, "update login_tokens set created_at = now() - interval '15 days'")
    await client.post("/en/login", data={"email": "alice@post.example"})
    await tonight(Workplace(db, store, settings, tokens))
    assert await value(db, "select count(*) from sessions") == 1
    assert await value(db, "select count(*) from login_tokens") == 1
