"""What every test may ask for. Real PostgreSQL, real SMTP, real commits; no parts of ours faked.

`db` is an empty database with the application's rights; `owner` looks behind it. `client` is a
browser with its cookies, `stranger` another one. `post` is the mail server.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser
from starlette.applications import Starlette

from mobilise import db as database_module
from mobilise import embedded
from mobilise.db import Database
from mobilise.settings import Settings
from mobilise.store import Store, opened
from mobilise.tokens import Tokens
from tests import buckets, cluster, running
from tests.browser import window
from tests.postbox import Post, Sink, deliver_due, free_port

TEMPLATE = "mobilise_template"
BASE_URL = "http://127.0.0.1:8000"
BROWSER = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "accept-language": "en",
    "sec-fetch-site": "same-origin",
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
}


def pytest_configure(config: pytest.Config) -> None:
    """A run that is told to stop takes its server down like one that is interrupted."""

    def interrupted(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    for name in [name for name in os.environ if name.startswith("MOBILISE_")]:
        if not name.startswith("MOBILISE_TEST_"):  # the settings of a developer's own instance
            del os.environ[name]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: "pytest.CallInfo[None]"
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails shows what the running site said last."""
    report = yield
    found = getattr(item, "funcargs", {}).get("site")
    if report.failed and isinstance(found, running.Site):
        report.sections.append(("what the site said", found.said()))
    return report


# --- the database -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server() -> Iterator[cluster.Server]:
    with cluster.running() as found:
        asyncio.run(_make_template(found))
        yield found
        asyncio.run(cluster.administer(found, f"drop database {TEMPLATE}"))


async def _make_template(server: cluster.Server) -> None:
    if server.ours:  # the disk may lag behind
        await cluster.administer(server, "alter system set fsync = off", "select pg_reload_conf()")
    await cluster.administer(
        server,
        f"drop database if exists {TEMPLATE} with (force)",
        f"create database {TEMPLATE}",
    )
    await database_module.migrate(server.owner(TEMPLATE))


@pytest_asyncio.fixture(scope="module")
async def clone(server: cluster.Server, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The name of this module's own database."""
    name = "m_" + request.module.__name__.rsplit(".", 1)[-1][:50]
    await cluster.administer(
        server,
        f'drop database if exists "{name}" with (force)',
        f'create database "{name}" template {TEMPLATE}',
    )
    yield name
    await cluster.administer(server, f'drop database "{name}" with (force)')


@pytest_asyncio.fixture(scope="module")
async def _behind(
    server: cluster.Server, clone: str
) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await cluster.owner_of(server, clone)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def owner(
    _behind: "asyncpg.Connection[asyncpg.Record]",
) -> "asyncpg.Connection[asyncpg.Record]":
    """The emptied database with its owner's rights: for looking behind the application."""
    await cluster.empty(_behind)
    return _behind


@pytest.fixture(scope="module")
def owner_url(server: cluster.Server, clone: str) -> str:
    return server.owner(clone)


@pytest_asyncio.fixture
async def db(
    settings: Settings, owner: "asyncpg.Connection[asyncpg.Record]"
) -> AsyncIterator[Database]:
    """A clean database with the application's rights. Commits are real."""
    assert settings.database_url is not None
    database = database_module.connect(settings.database_url)
    await database.connect()
    yield database
    async with asyncio.timeout(10):  # a connection that nobody gave back would wait for ever
        await database.disconnect()


# --- the site -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _folder() -> Iterator[Path]:
    with cluster.own_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def _settings(server: cluster.Server, clone: str, _folder: Path, _post: Post) -> Settings:
    return Settings(
        data=_folder / "data",
        docs_store=_folder / "docs_store",
        base_url=BASE_URL,
        database_url=server.app(clone),
        smtp_url=_post.url,
        mail_from="petitions@mobilise.example",
        secret_keys=None,
        listens_on_loopback=True,
    )


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a real S3 server on loopback."""
    with buckets.server() as address:
        yield address


@pytest.fixture
def kept_in(request: pytest.FixtureRequest) -> str:
    """The kind of store: a folder, unless a module says `pytestmark = buckets.ON_BOTH`."""
    return str(getattr(request, "param", "folder"))


@pytest.fixture
def settings(
    _settings: Settings, kept_in: str, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """The settings of a run on loopback; its folders are empty but for the keys."""
    _ = _settings.signing_keys
    for path in _settings.data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    shutil.rmtree(_settings.docs_store, ignore_errors=True)
    _settings.docs_store.mkdir()
    if kept_in == "folder":
        yield _settings
        return
    with buckets.made(request.getfixturevalue("s3")) as address:
        yield _settings.model_copy(update={"docs_store": address})


@pytest.fixture
def store(settings: Settings) -> Store:
    """The store of documents, empty."""
    return opened(settings)


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings.signing_keys)


@pytest.fixture(scope="module")
def _app(_settings: Settings) -> Starlette:
    """One a module: compiling its templates again for every test would be most of the run."""
    from mobilise import cache, web
    from mobilise.app import create_app

    app = create_app(_settings, database_module.connect(_settings.database_url or ""))
    assert isinstance(app.state.web, web.Web)
    layer: Any = app.build_middleware_stack()
    app.middleware_stack = layer
    app.state.shelf.seconds = -1.0  # a test reads what it has just written
    while layer is not None:
        if isinstance(layer, cache.PublicPages):
            layer.seconds = -1.0  # for the same reason
        layer = getattr(layer, "app", None)
    return app


@pytest.fixture
def app(_app: Starlette, db: Database, store: Store) -> Starlette:
    """The whole site on this test's database. Its pages are not kept, not even for a second."""
    _app.state.db, _app.state.store = db, store
    return _app


@pytest_asyncio.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that asks like one, keeps its cookies and follows no redirect by itself."""
    async with browser(app) as found:
        yield found


@pytest_asyncio.fixture
async def stranger(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser, without a cookie."""
    async with browser(app) as found:
        yield found


def browser(app: Starlette, **more: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=BASE_URL,
        headers=BROWSER | more,
        follow_redirects=False,
    )


# --- the mail -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _post() -> Iterator[Post]:
    found = Post(Sink(), free_port())
    yield found
    found.down()


@pytest.fixture
def post(_post: Post, db: Database, settings: Settings, tokens: Tokens) -> Iterator[Post]:
    """A mail server that keeps what it gets; `await post.deliver()` runs the real postman."""

    async def send_due() -> int:
        return await deliver_due(db, settings, tokens)

    _post.sink.reset()
    _post.up()
    _post.send_due = send_due
    yield _post
    _post.send_due = None
    _post.sink.reset()
    _post.up()


# --- Chromium -----------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for the whole run; each window of it has its own cookies."""
    if window.program() is None:
        missing = "Chromium is not installed: what needs a real browser was not tried"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    async with window.chromium() as browser:
        yield browser


# --- a really running site ----------------------------------------------------------------


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest) -> Iterator[running.Site]:
    """`mobilise serve --demo` in a process of its own, its letters caught by a real mail server."""
    post = running.mail_server()
    with cluster.own_folder() as folder:
        try:
            with running.serve(
                folder, "--demo", post=post, **_database_for_the_site(request)
            ) as found:
                yield found
        finally:
            embedded.erase(folder / "data")
            post.down()


def _database_for_the_site(request: pytest.FixtureRequest) -> dict[str, str]:
    """Its own embedded one, or a database on the server that this run was given."""
    if "MOBILISE_TEST_DATABASE_URL" not in os.environ:
        return {}
    server: cluster.Server = request.getfixturevalue("server")
    make = ("drop database if exists m_site with (force)", "create database m_site")
    asyncio.run(cluster.administer(server, *make))
    return {"database_url": server.owner("m_site")}
