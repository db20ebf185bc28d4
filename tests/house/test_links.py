"""Every link and every form on every page leads to a page that exists."""

from urllib.parse import urljoin, urlsplit

import httpx
from starlette.applications import Starlette

from mobilise.app import ROUTES
from mobilise.db import Database
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import conftest, make
from tests.house import world as worlds
from tests.reader import Page


async def test_no_page_has_a_dead_link_or_a_form_to_nowhere(
    app: Starlette, db: Database, store: Store, tokens: Tokens
) -> None:
    world = await worlds.filled(db, store, tokens)
    async with conftest.browser(app) as visitor, conftest.browser(app) as alice:
        await make.login(alice, db, await make.person(db, "Alice"))
        for client in (visitor, alice):
            found = await _links(client, world)
            assert len(found) > 30
            dead = []
            for address, page in found.items():
                status = (await client.get(address)).status_code
                # 409 is a page that says why it cannot be done now.
                if status >= 400 and status != 409:
                    dead.append(f"{page} links to {address}: {status}")
            assert not dead, "\n".join(dead)


async def _links(client: httpx.AsyncClient, world: worlds.World) -> dict[str, str]:
    """Each address of ours that a page links to, and one such page. Forms are only looked up."""
    found: dict[str, str] = {}
    for route in ROUTES:
        if "GET" not in (route.methods or {"GET"}):
            continue
        for address in world.addresses(route):
            answer = await client.get(address)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            page = Page(answer.text)
            for _, href in page.links:
                target = urlsplit(urljoin(conftest.BASE_URL + address, href))
                # A page of which there is no twin (404) offers its languages all the same.
                if f"{target.scheme}://{target.netloc}" == conftest.BASE_URL and (
                    answer.status_code < 400
                ):
                    found.setdefault(target._replace(fragment="").geturl(), address)
                if href.startswith("#"):
                    assert href[1:] in page.ids, f"{address}: nothing is called {href}"
            for form in page.forms:
                path = urlsplit(urljoin(conftest.BASE_URL + address, form.action)).path
                method = form.method.upper()
                assert _leads(path, method), f"{address} has a form to {method} {path}"
    return found


def _leads(path: str, method: str) -> bool:
    return any(
        method in (route.methods or {"GET"}) and route.path_regex.match(path) for route in ROUTES
    )
