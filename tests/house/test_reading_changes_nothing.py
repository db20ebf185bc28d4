"""No GET changes anything: mail scanners, link previews and prefetching browsers open links.

The one exception is the click from a letter in the browser that signed, and it needs the cookie
and a person who went to the page. What costs the machine much to read is counted for each network.
"""

from pathlib import Path

import asyncpg
import httpx
from starlette.applications import Starlette

from mobilise.app import ROUTES
from mobilise.db import Database
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import conftest, make
from tests.house import world as worlds

Owner = asyncpg.Connection
DEAR_TO_READ = {"documents.square", "opendata.dossier"}  # a bucket may count these, and no more
PREFETCH = {"sec-purpose": "prefetch;prerender", "purpose": "prefetch"}


async def test_reading_without_a_cookie_changes_nothing(
    app: Starlette, db: Database, owner: Owner, store: Store, settings: Settings, tokens: Tokens
) -> None:
    world = await worlds.filled(db, store, tokens)
    async with conftest.browser(app) as client:
        await _walk(client, world, owner, settings)
        assert not client.cookies, "a visitor gets no cookie"


async def test_a_prefetching_browser_with_all_its_cookies_changes_nothing(
    app: Starlette, db: Database, owner: Owner, store: Store, settings: Settings, tokens: Tokens
) -> None:
    world = await worlds.filled(db, store, tokens)
    async with conftest.browser(app, **PREFETCH) as client:
        await make.login(client, db, await make.person(db, "Alice"))
        client.cookies.set("attempt", world.attempt, domain="127.0.0.1", path="/")
        await _walk(client, world, owner, settings)


async def test_a_program_with_all_its_cookies_changes_nothing(
    app: Starlette, db: Database, owner: Owner, store: Store, settings: Settings, tokens: Tokens
) -> None:
    """A scanner that stole the cookies, but goes to no page: no Sec-Fetch headers."""
    world = await worlds.filled(db, store, tokens)
    async with conftest.browser(app) as client:
        for name in ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"):
            del client.headers[name]
        await make.login(client, db, await make.person(db, "Alice"))
        client.cookies.set("attempt", world.attempt, domain="127.0.0.1", path="/")
        await _walk(client, world, owner, settings)


def _folder(settings: Settings) -> Path:
    assert isinstance(settings.docs_store, Path)
    return settings.docs_store


async def _walk(
    client: httpx.AsyncClient, world: worlds.World, owner: Owner, settings: Settings
) -> None:
    """Every address of every route that can be read, with GET and with HEAD."""
    before = await worlds.checksum(owner)
    stored = worlds.files(_folder(settings))
    answered = 0
    for route in ROUTES:
        if "GET" not in (route.methods or {"GET"}):
            continue
        for address in world.addresses(route):
            for method in ("HEAD", "GET"):
                answer = await client.request(method, address)
                assert answer.status_code < 500, f"{method} {address}: {answer.status_code}"
                answered += answer.status_code in (200, 206)
        after = await worlds.checksum(owner)
        changed = [name for name in before if before[name] != after[name]]
        if route.name in DEAR_TO_READ and changed == ["buckets"]:
            changed, before = [], after
        assert not changed, f"GET {route.path} changed {changed}"
    assert worlds.files(_folder(settings)) == stored
    assert answered > len(ROUTES), "most of these pages should exist, else nothing was tried"
