"""The layers around the site: whose request this is, what other sites may not do, what is kept."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mobilise import bodies, cache, logs, middleware, web
from mobilise.db import Database
from mobilise.errors import TooSlow
from mobilise.tokens import Broken, Tokens
from tests import make
from tests.signatures.conftest import FORM

KEYS = ["a" * 40]


# --- other sites --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 303),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "http://127.0.0.1:8000/en/petitions/x"}, 303),
        ({"referer": "https://evil.example/http://127.0.0.1:8000"}, 403),
        ({}, 303),  # no browser of today; without a session there is nothing to ride on
        ({"cookie": "session=x"}, 403),
    ],
)
async def test_fetch_metadata_then_origin_then_referer(
    app: Starlette, db: Database, headers: dict[str, str], status: int
) -> None:
    petition = await make.petition(db)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000"
    ) as bare:
        answer = await bare.post(
            f"/en/petitions/{petition.slug}/signatures", data=FORM, headers=headers
        )
    assert answer.status_code == status


async def test_a_stranger_name_for_the_site_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/en/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert (await client.get("/healthz", headers={"host": "10.0.0.7"})).status_code == 200


async def test_nul_in_an_address_is_refused(client: httpx.AsyncClient) -> None:
    assert (await client.get("/en/petitions/%00")).status_code == 400
    assert (await client.get("/en/?q=%00")).status_code == 400


async def test_a_visitor_gets_no_cookie(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    for path in ("/en/", f"/en/petitions/{petition.slug}", "/en/privacy", "/en/start", "/en/login"):
        assert "set-cookie" not in (await client.get(path)).headers, path


async def test_a_form_that_never_ends_is_not_waited_for() -> None:
    """One byte now and then would keep a connection that others need."""
    app = Starlette(routes=[Route("/", _reads, methods=["POST"])])
    patient = bodies.Bodies(app, most=100, patience=0.2)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: Any) -> None: ...

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
    with pytest.raises(TooSlow):
        await patient(scope, receive, send)


async def _reads(request: Request) -> Response:
    await request.body()
    return PlainTextResponse("whole")


# --- pages that are kept for a second -----------------------------------------------------------


def kept(handler: Callable[[Request], Any], seconds: float = 60) -> httpx.AsyncClient:
    app = Starlette(routes=[Route("/{rest:path}", handler)])
    layered = cache.PublicPages(app, seconds)
    return httpx.AsyncClient(transport=httpx.ASGITransport(layered), base_url="http://x")


async def test_a_public_page_is_made_once_for_a_crowd() -> None:
    made = 0

    async def page(request: Request) -> Response:
        nonlocal made
        made += 1
        await asyncio.sleep(0.01)
        request.scope[cache.MARK] = True
        return PlainTextResponse("page " * 500)

    async with kept(page) as reader:
        answers = await asyncio.gather(*(reader.get("/a") for _ in range(50)))
        assert made == 1
        assert {answer.text for answer in answers} == {"page " * 500}
        assert answers[0].headers["content-encoding"] == "gzip"
        etag = answers[0].headers["etag"]
        again = await reader.get("/a", headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        plain = await reader.get("/a", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers and plain.text == "page " * 500
        head = await reader.head("/a")
        assert head.content == b"" and head.headers["etag"] == etag
        await reader.get("/b")
        assert made == 2


async def test_what_is_not_public_or_has_a_query_is_not_kept() -> None:
    made = 0

    async def page(request: Request) -> Response:
        nonlocal made
        made += 1
        if request.url.path != "/private":
            request.scope[cache.MARK] = True
        status = 404 if request.url.path == "/missing" else 200
        return PlainTextResponse("x", status)

    async with kept(page) as reader:
        for path in ("/private", "/a?x=1", "/missing"):
            made = 0
            await reader.get(path)
            await reader.get(path)
            assert made == 2, path


async def test_a_query_that_no_page_reads_makes_no_page() -> None:
    """Facebook puts a number of its own behind every link that it passes on."""
    made = 0

    async def page(request: Request) -> Response:
        nonlocal made
        made += 1
        await asyncio.sleep(0.01)
        request.scope[cache.MARK] = cache.ANY_QUERY
        return PlainTextResponse("page")

    async with kept(page) as reader:
        await reader.get("/a?fbclid=1")
        await asyncio.gather(*(reader.get(f"/a?fbclid={number}") for number in range(50)))
        await reader.get("/a")
        assert made == 1


async def test_pages_for_a_crowd_read_no_query(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    await make.petition(db, title="A pond")
    for page in ("", "/data", "/count"):
        answer = await client.get(f"/en/petitions/{petition.slug}{page}?fbclid=1&q=pond")
        assert "s-maxage=1" in answer.headers["cache-control"], page
        assert "pond" not in answer.text and "fbclid" not in answer.text
    for searched in ("/en/?q=pond", f"/en/petitions/{petition.slug}/documents?q=pond"):
        assert (await client.get(searched)).headers["cache-control"] == "no-store", searched
    search = await client.get("/en/?q=pond")
    assert "A pond" in search.text and "Make a park" not in search.text
    assert search.headers["cache-control"] == "no-store"


async def test_a_file_of_another_version_is_served_but_not_kept(client: httpx.AsyncClient) -> None:
    """While two versions serve side by side, the style of one must not stay under the other's."""
    own = await client.get(web.asset("style.css"))
    other = await client.get("/static/0123456789ab/style.css")
    assert own.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (other.status_code, other.headers["cache-control"]) == (200, "no-store")
    assert other.content == own.content


async def test_a_page_that_fails_is_no_trap_for_those_who_wait() -> None:
    async def page(request: Request) -> Response:
        await asyncio.sleep(0.01)
        raise RuntimeError("broken")

    async with kept(page) as reader:
        answers = await asyncio.gather(
            *(reader.get("/a") for _ in range(5)), return_exceptions=True
        )
        assert all(isinstance(answer, RuntimeError) for answer in answers)


# --- the log ------------------------------------------------------------------------------------


def test_tokens_and_addresses_stay_out_of_the_log() -> None:
    token = Tokens(KEYS).confirm(1, 2, 3)
    record = logging.LogRecord(
        "x", logging.INFO, "x", 1, "%s %s %s",
        (f"/nl/confirm/{token}", "suzie@post.example", "postgresql://me:secret@db/x"), None,
    )  # fmt: skip
    line = logs.Masked("%(message)s").format(record)
    assert token not in line and "suzie" not in line and "secret" not in line


def test_a_short_token_stays_out_of_the_log_too() -> None:
    for token in (Tokens(KEYS).invitation(1), Tokens(KEYS).resume(12), Tokens(KEYS).drafts([3])):
        record = logging.LogRecord("x", logging.INFO, "x", 1, "broke at %s", (token,), None)
        assert token not in logs.Masked("%(message)s").format(record)


@pytest.mark.parametrize("part", ["confirm", "signature", "login", "start", "u"])
def test_the_path_in_the_log_has_no_token(part: str) -> None:
    shown = middleware.masked(f"/nl/{part}/WzEsMl0.abc.def/withdraw")
    assert "WzEsMl0" not in shown and part in shown


async def test_a_request_line_is_written_without_secrets(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mobilise.requests"):
        await client.get("/en/confirm/WzEsMl0.abc.def")
        await client.post("/en/petitions/x/suzie@post.example")
    assert "WzEsMl0" not in caplog.text and "suzie@" not in caplog.text
    assert "404" in caplog.text


# --- tokens -------------------------------------------------------------------------------------


def test_a_token_opens_one_door_only() -> None:
    tokens = Tokens(KEYS)
    assert tokens.read_confirm(tokens.confirm(1, 2, 3)).payload == [1, 2, 3]
    with pytest.raises(Broken):
        tokens.read_signature(tokens.confirm(1, 2, 3))
    with pytest.raises(Broken):
        tokens.read_confirm(tokens.signature(1, 2, 3))
    with pytest.raises(Broken):
        tokens.read_unsubscribe(tokens.attempt(1, 2))


def test_keys_can_be_changed_without_killing_links() -> None:
    old, new = "o" * 40, "n" * 40
    token = Tokens([old]).confirm(1, 2, 3)
    assert Tokens([old, new]).read_confirm(token).payload == [1, 2, 3]
    with pytest.raises(Broken):
        Tokens([new]).read_confirm(token)
    assert Tokens([old, new]).recipient("a@x") == Tokens([old]).recipient("a@x")


def test_tampering_is_noticed() -> None:
    token = Tokens(KEYS).confirm(1, 2, 3)
    for broken in (token[:-1], token + "x", "W" + token, token.replace(".", "", 1), "", "." * 99):
        with pytest.raises(Broken):
            Tokens(KEYS).read_confirm(broken)
