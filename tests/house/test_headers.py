"""The headers that protect a reader stand on every answer, also on those that went wrong."""

import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import logs, middleware
from mobilise.app import ROUTES, create_app
from mobilise.db import Database
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import conftest, make
from tests.house import world as worlds


def guarded(answer: httpx.Response) -> None:
    """Nothing runs that we did not name, nobody frames us, types are what we say."""
    policy = answer.headers["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'", answer.request.url
    sandboxed = "sandbox" in directives  # the bytes of a document: no page at all
    framed = answer.request.url.path.startswith("/embed/") and answer.status_code == 200
    assert sandboxed or directives["frame-ancestors"] == ("*" if framed else "'none'")
    assert sandboxed or directives["base-uri"] == "'none'"
    assert sandboxed or directives["form-action"] == ("'none'" if framed else "'self'")
    assert "unsafe" not in policy and "*" not in policy.replace("frame-ancestors *", "")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in ("strict-origin-when-cross-origin", "same-origin")
    assert answer.headers["cross-origin-resource-policy"] in ("same-origin", "cross-origin")
    assert answer.headers["cache-control"]
    assert answer.headers["x-request-id"]
    assert "server" not in answer.headers
    for name in ("content-security-policy", "referrer-policy", "cache-control"):
        assert len(answer.headers.get_list(name)) == 1, name


async def test_every_page_and_file_is_guarded(
    app: Starlette, db: Database, store: Store, tokens: Tokens
) -> None:
    world = await worlds.filled(db, store, tokens)
    async with conftest.browser(app) as client:
        for signed_in in (False, True):
            if signed_in:
                await make.login(client, db, await make.person(db, "Alice"))
            for route in ROUTES:
                method = "GET" if "GET" in (route.methods or {"GET"}) else "POST"
                for address in world.addresses(route)[:4]:
                    guarded(await client.request(method, address))


async def test_what_went_wrong_is_guarded_too(
    app: Starlette, client: httpx.AsyncClient, db: Database
) -> None:
    park = await make.petition(db)
    page = f"/en/petitions/{park.slug}"
    cases: list[tuple[int, httpx.Response]] = [
        (404, await client.get("/en/nowhere")),
        (404, await client.get("/api/petitions/nobody-knows")),
        (405, await client.delete(page)),
        (422, await client.post(f"{page}/signatures", data={"name": ""})),
        (413, await client.post(f"{page}/signatures", data={"comment": "x" * 200_000})),
        (403, await client.post(f"{page}/signatures", headers={"sec-fetch-site": "cross-site"})),
        (400, await client.get(page, headers={"host": "somebody-else.example"})),
        (400, await client.get(page, headers={"host": "[no address"})),
        (303, await client.get("/manage")),
    ]
    for status, answer in cases:
        assert answer.status_code == status, f"{answer.request.method} {answer.request.url}"
        guarded(answer)
    assert "GET" in cases[2][1].headers["allow"], "whoever asks wrongly learns how to ask"


async def test_a_body_that_hides_its_size_is_stopped_all_the_same(
    client: httpx.AsyncClient, db: Database
) -> None:
    park = await make.petition(db)

    async def endless() -> AsyncIterator[bytes]:
        yield b"name="
        for _ in range(100):
            yield b"x" * 10_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = await client.post(
        f"/nl/petitions/{park.slug}/signatures", content=endless(), headers=kind
    )
    assert answer.status_code == 413
    assert 'lang="nl"' in answer.text, "the reader's language, also when it went wrong"
    guarded(answer)


async def test_an_unchanged_page_is_guarded_too(client: httpx.AsyncClient, db: Database) -> None:
    park = await make.petition(db)
    for address in (f"/en/petitions/{park.slug}", f"/api/petitions/{park.slug}/count"):
        first = await client.get(address)
        again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
        if again.status_code == 200:  # a live number may carry its own time
            again = await client.get(address, headers={"if-none-match": again.headers["etag"]})
        assert again.status_code == 304
        guarded(again)


async def test_a_fault_of_ours_is_a_page_with_its_number(settings: Settings, db: Database) -> None:
    async def fault(request: Request) -> Response:
        raise ZeroDivisionError("a secret of the inside")

    app = create_app(settings, db)
    app.router.routes.append(Route("/fault", fault))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=conftest.BASE_URL) as client:
        answer = await client.get("/fault", headers={"accept": "text/html"})
        machine = await client.get("/fault", headers={"accept": "application/json"})
    for each in (answer, machine):
        assert each.status_code == 500
        guarded(each)
        assert "secret" not in each.text and "ZeroDivision" not in each.text
        assert each.headers["x-request-id"] in each.text
    assert machine.headers["content-type"] == "application/problem+json"


async def test_only_pages_that_need_it_may_load_htmx(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, tokens: Tokens
) -> None:
    world = await worlds.filled(db, store, tokens)
    # Where a petition is written: what looks alike, and how the text will look, while one types.
    allowed = {"pages.petition", "pages.home", "petitions.start", "petitions.step"}
    for route in ROUTES:
        if "GET" not in (route.methods or {"GET"}):
            continue
        for address in world.addresses(route):
            answer = await client.get(address)
            policy = answer.headers["content-security-policy"]
            desk = address.startswith("/manage")
            loads = (
                "<script" in answer.text.replace('<script type="application/ld+json">', "")
                if "html" in answer.headers.get("content-type", "")
                else False
            )
            if "script-src" in policy or loads:
                assert route.name in allowed or desk, address
                assert f"script-src {settings.htmx_url};" in policy, address


@pytest.mark.parametrize("secure", [True, False])
async def test_browsers_are_told_to_stay_on_https(
    settings: Settings, db: Database, secure: bool
) -> None:
    address = "https://sign.example" if secure else conftest.BASE_URL
    app = create_app(settings.model_copy(update={"base_url": address}), db)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=address) as client:
        answer = await client.get("/healthz")
    assert ("strict-transport-security" in answer.headers) is secure


def test_an_endless_address_costs_the_log_nothing() -> None:
    """Searched as a whole, this one would keep a worker from everybody else for minutes."""
    assert len(middleware.masked("/en/" + "a" * 200_000)) == 200
    for word in ("a", "a-", "a.b."):
        line = logging.LogRecord("mobilise", logging.INFO, "", 1, word * 200_000, (), None)
        assert logs.Masked("%(message)s").format(line) == word * 200_000


@pytest.mark.parametrize("path", [route.path for route in ROUTES if "{token}" in route.path])
def test_the_log_keeps_the_token_of_no_address_that_has_one(path: str) -> None:
    filled = path.replace("{token}", "abc.def.ghi").replace("{lang:lang}", "nl")
    assert "abc" not in middleware.masked(filled), path


def test_the_log_keeps_no_token_and_no_address() -> None:
    for path in (
        "/en/confirm/abc.def.ghi",
        "/nl/signature/abc.def.ghi/withdraw",
        "/u/abc.def.ghi",
        "/fr/login/abc.def.ghi",
    ):
        assert "abc" not in middleware.masked(path)
    assert "suzie" not in middleware.masked("/en/petitions/suzie@post.example")
    assert "\n" not in middleware.masked("/en/\nINFO forged line")
