"""A name of its own for files: what strangers made never shares an origin with the site."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from mobilise.app import create_app
from mobilise.db import Database, value
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.conftest import BASE_URL

FILES = "http://files.example"


@pytest_asyncio.fixture
async def apart(
    settings: Settings, db: Database, store: Store
) -> AsyncIterator[tuple[httpx.AsyncClient, Any]]:
    """A browser on a site with a second name for files, and a document of a public petition."""
    document = await make.document(db, store, await make.petition(db))
    site = create_app(settings.model_copy(update={"files_url": FILES}), db)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE_URL) as client:
        yield client, document


async def test_files_have_a_name_of_their_own_where_one_is_set(apart: Any) -> None:
    client, document = apart
    answer = await client.get(document.href)
    assert (answer.status_code, answer.headers["location"]) == (308, FILES + document.href)
    answer = await client.get(FILES + document.href)
    assert (answer.status_code, answer.content) == (200, b"The soil is dry.\n")


async def test_under_that_name_there_is_nothing_else(apart: Any) -> None:
    client, document = apart
    for path in ("/", "/en/", "/en/login", "/manage", "/healthz", "/static/x/style.css"):
        assert (await client.get(FILES + path)).status_code == 404, path
    assert (await client.post(FILES + document.href)).status_code == 404


async def test_under_that_name_no_log_in_counts(
    apart: Any, db: Database, store: Store, client: httpx.AsyncClient
) -> None:
    browser, shown = apart
    alice = await make.person(db)
    draft = await make.petition(db, "draft", organiser=alice)
    hidden = await make.document(db, store, draft, content=b"Only of a draft.\n")
    assert hidden.href != shown.href
    await make.login(client, db, alice)
    cookies = {"cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    assert (await browser.get(hidden.href, headers=cookies)).status_code == 200
    assert (await browser.get(FILES + hidden.href, headers=cookies)).status_code == 404


async def test_the_page_and_the_list_lead_there(apart: Any, db: Database) -> None:
    client, document = apart
    slug = await value(db, "select slug from petitions limit 1")
    page = await client.get(f"/en/petitions/{slug}/documents/{document.id}")
    assert f'href="{FILES}{document.href}"' in page.text
    listed = await client.get(f"/petitions/{slug}/data/documents.csv")
    assert FILES + document.href in listed.text


def test_the_name_for_files_must_be_another_one() -> None:
    for wrong in ("http://127.0.0.1:8000", "files.example", "https://files.example/path"):
        with pytest.raises(ValueError):
            Settings(base_url="http://127.0.0.1:8000", files_url=wrong)


async def test_an_address_of_before_the_copy_leads_to_the_copy(
    stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    """Documents of an older mobilise were cited under the checksum of what was sent."""
    document = await make.paper(db, store, await make.petition(db), "Rain water")
    assert document.original != document.sha256
    answer = await stranger.get(f"/files/{document.original}/paper.pdf")
    assert (answer.status_code, answer.headers["location"]) == (308, document.href)
    assert (await stranger.get(answer.headers["location"])).content.startswith(b"%PDF-")
    hidden = await make.paper(db, store, await make.petition(db, "draft"), "Of a draft")
    assert (await stranger.get(f"/files/{hidden.original}/paper.pdf")).status_code == 404
