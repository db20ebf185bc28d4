"""The whole site on one screen: every route (hot ones first), every layer, every job."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from mimetypes import guess_type
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from mobilise import bodies, cache, cookies, db, lifeline, logs, middleware, store, visitors, web
from mobilise.accounts import door
from mobilise.accounts import jobs as accounts_jobs
from mobilise.accounts import routes as accounts
from mobilise.documents import jobs as documents_jobs
from mobilise.documents import routes as documents
from mobilise.errors import Refusal
from mobilise.jobs import Job, Task
from mobilise.mail import jobs as mail_jobs
from mobilise.mail import routes as mail
from mobilise.opendata import routes as opendata
from mobilise.opendata.shelf import Shelf
from mobilise.pages import routes as pages
from mobilise.petitions import jobs as petitions_jobs
from mobilise.petitions import routes as petitions
from mobilise.questions import jobs as questions_jobs
from mobilise.questions import routes as questions
from mobilise.refusals import refuse
from mobilise.settings import Settings
from mobilise.signatures import jobs as signatures_jobs
from mobilise.signatures import routes as signatures
from mobilise.tokens import Tokens
from mobilise.trust import jobs as trust_jobs
from mobilise.trust import routes as trust

HOT = [*pages.HOT, *signatures.HOT, *opendata.HOT]


async def static(request: Request) -> Response:
    """A file of the package, to be kept for ever under the address of its content.

    Under another address it is older or newer than the page that asks, and not to be kept.
    """
    path = web.static_file(request.path_params["name"])
    is_its_own = request.url.path == web.asset(path.name)
    lasts = "public, max-age=31536000, immutable" if is_its_own else "no-store"
    headers = {"cache-control": lasts, "vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(path, headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(web.zipped(path), media_type=guess_type(path.name)[0], headers=headers)


async def alive(request: Request) -> Response:
    """`mobilise doctor` looks whether it is this instance that answers under its public name, and
    whether the proxy before it is believed."""
    for_the_doctor = {
        "mobilise-instance": web.tokens(request).instance(),
        "mobilise-forwarded": visitors.forwarded(request.scope, request.app.state.settings),
    }
    return PlainTextResponse("alive\n", headers=for_the_doctor)


async def ready(request: Request) -> Response:
    """Answers 200 when the database answers, else the page for a lost database (503)."""
    await db.value(web.database(request), "select 1")
    return PlainTextResponse("ready\n")


ROUTES = [
    *HOT,
    Route("/static/{digest}/{name}", static, name="static"),
    *documents.ROUTES,
    *signatures.ROUTES,
    *questions.ROUTES,
    *pages.ROUTES,
    *opendata.ROUTES,
    *mail.ROUTES,
    *trust.ROUTES,
    *petitions.ROUTES,
    *accounts.ROUTES,
    Route("/healthz", alive, name="alive"),
    Route("/readyz", ready, name="ready"),
]
JOBS: list[Job | Task] = [
    *signatures_jobs.JOBS,
    *documents_jobs.JOBS,
    *questions_jobs.JOBS,
    *trust_jobs.JOBS,
    *petitions_jobs.JOBS,
    *accounts_jobs.JOBS,
    *mail_jobs.JOBS,
]


def create_app(settings: Settings, database: db.Database | None = None) -> Starlette:
    """The site. `database`: one that is connected already, else it is opened for its lifetime."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        if database is not None:
            yield
            return
        await app.state.db.connect()
        try:
            yield
        finally:
            await app.state.db.disconnect()

    handlers: dict[Any, Any] = dict.fromkeys((Refusal, HTTPException, Exception), refuse)
    handlers[door.LogInFirst] = door.ask_to_log_in
    app = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        exception_handlers=handlers,
        middleware=[
            Middleware(middleware.Requests, settings),
            Middleware(middleware.Hosts, settings),
            Middleware(visitors.Visitor, settings),
            Middleware(cache.PublicPages),
            Middleware(middleware.Language),
            Middleware(middleware.Faults, refuse),
            Middleware(bodies.Bodies, web.FORM_BYTES),
            Middleware(
                middleware.SameOrigin, settings, cookies.named(settings, door.SESSION), refuse
            ),
        ],
    )
    assert settings.database_url is not None or database is not None, "serve gives the address"
    app.state.settings = settings
    app.state.tokens = Tokens(settings.signing_keys)
    app.state.web = web.Web(settings, ROUTES)
    app.state.store = store.opened(settings)
    app.state.shelf = Shelf()
    app.state.db = database or db.connect(settings.database_url or "")
    return app


def from_environment() -> Starlette:
    """What each worker of the server calls."""
    lifeline.die_with_parent()
    settings = Settings()
    logs.to_stdout()
    app = create_app(settings)
    gc.freeze()  # what is here stays: the collector need not look through it again and again
    return app


__all__ = ["JOBS", "ROUTES", "create_app", "from_environment"]
