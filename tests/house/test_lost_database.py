"""A lost database is a page that says so and tries again, and nobody has to restart anything."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from mobilise import db as database_module
from mobilise import embedded
from mobilise.app import create_app
from mobilise.settings import Settings
from tests import cluster, conftest, make


@pytest.fixture
def folder() -> Iterator[Path]:
    """For a database of our own, which we may take away."""
    with cluster.own_folder() as found:
        yield found
        embedded.erase(found)


@pytest_asyncio.fixture
async def server(folder: Path) -> embedded.Embedded:
    started = embedded.start(folder)
    await database_module.migrate(started.owner_url)
    return started


@pytest_asyncio.fixture
async def app(folder: Path, server: embedded.Embedded) -> AsyncIterator[Starlette]:
    """The site as `serve` makes it: it connects by itself."""
    app = create_app(Settings(data=folder, database_url=server.app_url, listens_on_loopback=True))
    async with app.router.lifespan_context(app):
        yield app


async def _asks(app: Starlette, address: str, **headers: str) -> httpx.Response:
    async with conftest.browser(app, **headers) as client:
        return await client.get(address)


async def test_a_lost_database_is_a_503_page_that_recovers_by_itself(
    app: Starlette, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    park = await make.petition(app.state.db)
    page = f"/nl/petitions/{park.slug}/sign"
    assert (await _asks(app, page)).status_code == 200
    embedded.stop(folder)
    for address in (page, "/nl/?q=park", "/readyz"):
        lost = await _asks(app, address)
        assert lost.status_code == 503, address
        assert lost.headers["retry-after"] == "10" and lost.headers["refresh"] == "10"
        assert 'lang="nl"' in lost.text or not address.startswith("/nl")
    assert "/readyz: our data is out of reach" in caplog.text, "the keeper reads why"
    machine = await _asks(app, f"/api/petitions/{park.slug}/count?fresh", accept="*/*")
    assert machine.status_code == 503
    assert machine.headers["content-type"] == "application/problem+json"
    assert (await _asks(app, "/healthz")).status_code == 200, "the web server itself lives"
    embedded.start(folder)
    assert (await _asks(app, page)).status_code == 200
    assert (await _asks(app, "/readyz")).status_code == 200


async def test_a_form_that_meets_a_lost_database_says_so(app: Starlette, folder: Path) -> None:
    park = await make.petition(app.state.db)
    embedded.stop(folder)
    async with conftest.browser(app) as suzie:
        typed = {"name": "Suzie", "email": "suzie@post.example", "postcode": "2060"}
        answer = await suzie.post(
            f"/en/petitions/{park.slug}/signatures", data=typed | {"country": "BE"}
        )
        assert answer.status_code == 503
        assert not suzie.cookies, "nothing was stored, so nothing is remembered"
        embedded.start(folder)
        answer = await suzie.post(
            f"/en/petitions/{park.slug}/signatures", data=typed | {"country": "BE"}
        )
        assert answer.status_code == 303


async def test_a_site_that_starts_before_its_database_finds_it_later(
    folder: Path, server: embedded.Embedded
) -> None:
    embedded.stop(folder)
    app = create_app(Settings(data=folder, database_url=server.app_url, listens_on_loopback=True))
    async with app.router.lifespan_context(app):
        assert (await _asks(app, "/en/?fresh")).status_code == 503
        embedded.start(folder)
        assert (await _asks(app, "/en/?fresh")).status_code == 200
