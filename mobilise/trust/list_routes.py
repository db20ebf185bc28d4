"""The keeper's lists: what waits to be read, what is reported, all petitions, all groups."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, web
from mobilise.petitions import reading
from mobilise.reasons import REPORTED
from mobilise.trust import queries
from mobilise.trust.at_keep import keeper
from mobilise.trust.words import STATES

LAST_PAGE = 10_000


@dataclass(frozen=True)
class Filter:
    href: str
    word: str
    total: int
    is_here: bool


async def queue(request: Request) -> Response:
    await keeper(request)
    waiting = await queries.queue(web.database(request), i18n.language())
    return web.render(request, "trust/queue.html", private=True, waiting=waiting)


async def reports(request: Request) -> Response:
    await keeper(request)
    found = await queries.reported(web.database(request), i18n.language())
    return web.render(request, "trust/reports.html", private=True, reported=found, words=REPORTED)


async def petitions(request: Request) -> Response:
    """All but drafts, by state and by words: `?state=closed&q=park&page=2`."""
    await keeper(request)
    query, page = _asked(request)
    state = request.query_params.get("state", "")
    state = state if state in STATES else ""
    database, patterns = web.database(request), reading.patterns(query)
    found = await queries.petitions(database, i18n.language(), patterns, state or None, page)
    totals = await queries.states(database, i18n.language(), patterns)
    return web.render(
        request, "trust/petitions.html", private=True, query=query, state=state, states=STATES,
        found=found[: queries.PAGE], filters=_filters(request, totals, query, state),
        **_beside(request, page, len(found), q=query, state=state),
    )  # fmt: skip


async def groups(request: Request) -> Response:
    """All groups, the most active first: `?q=park&page=2`."""
    await keeper(request)
    query, page = _asked(request)
    found = await queries.groups(web.database(request), reading.patterns(query), page)
    return web.render(
        request, "trust/groups.html", private=True, query=query, found=found[: queries.PAGE],
        **_beside(request, page, len(found), q=query),
    )  # fmt: skip


def _asked(request: Request) -> tuple[str, int]:
    """Words, and the page from 1."""
    typed = request.query_params.get("page", "")
    page = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    query = " ".join(request.query_params.get("q", "").split())[:200]
    return query, min(max(page, 1), LAST_PAGE)


def _filters(request: Request, totals: dict[str, int], query: str, here: str) -> list[Filter]:
    everything = Filter(_to(request, q=query), i18n.gettext("All"), sum(totals.values()), not here)
    return [
        everything,
        *(
            Filter(_to(request, q=query, state=state), i18n.gettext(word), total, state == here)
            for state, word in STATES.items()
            if (total := totals.get(state, 0)) or state == here
        ),
    ]


def _beside(request: Request, page: int, found: int, **asked: str) -> dict[str, Any]:
    """The pages before and after this one, where there are any."""
    return {
        "newer": _to(request, **asked, page=str(page - 1)) if page > 1 else None,
        "older": _to(request, **asked, page=str(page + 1)) if found > queries.PAGE else None,
    }


def _to(request: Request, **asked: str) -> str:
    """This list, asked for something else."""
    wanted = {name: value for name, value in asked.items() if value}
    return f"{request.url.path}?{urlencode(wanted)}" if wanted else request.url.path


ROUTES = [
    Route("/keep/queue", queue, name="trust.queue"),
    Route("/keep/reports", reports, name="trust.reports"),
    Route("/keep/petitions", petitions, name="trust.petitions"),
    Route("/keep/groups", groups, name="trust.groups"),
]
