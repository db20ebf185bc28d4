"""One petition before the keeper: everything to read, and what to decide."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import db, i18n, web
from mobilise.accounts import door
from mobilise.documents import dossier
from mobilise.errors import NotFound, NotNow
from mobilise.petitions import deciding, lifecycle, reading
from mobilise.petitions.reading import Petition
from mobilise.reasons import REASONS, REPORTED
from mobilise.signatures import counting
from mobilise.trust import queries, reporting
from mobilise.trust.at_keep import keeper
from mobilise.trust.forms import RulingForm
from mobilise.trust.words import CHECKLIST, DECISIONS, STATES, Decision


async def petition(request: Request) -> Response:
    """All its texts, its documents, its group, what was reported and decided before."""
    _, found = await _petition(request)
    await door.fresh(request)  # the page has the addresses of the owners
    database = web.database(request)
    texts = await queries.texts(database, found.id)
    return web.render(
        request, "trust/petition.html", private=True, petition=found, texts=texts,
        read_until=max(text["at"] for text in texts).isoformat(), checklist=CHECKLIST,
        decisions=_offered(found), state=i18n.gettext(STATES[found.state]),
        today=_now(request).date(), **await _around(database, found),
    )  # fmt: skip


async def _around(database: db.Database, found: Petition) -> dict[str, Any]:
    reported = await queries.reported(database, i18n.language())
    return {
        "documents": await dossier.documents(database, found.id),
        "tally": await counting.tally(database, found),
        "group": await queries.group(database, found.group_id),
        "owners": await queries.owners(database, found.group_id),
        "before": await queries.decisions(database, found.id),
        "reports": next((row for row in reported if row["petition_id"] == found.id), None),
        "why_reported": REPORTED,
        "reasons": REASONS,
        "labels": {decision.name: decision.label for decision in DECISIONS.values()},
    }


async def let_open(request: Request) -> Response:
    """He has read it; what was changed meanwhile he reads once more."""
    person, found = await _petition(request)
    sent = await request.form(max_files=0, max_fields=5)
    opened = await deciding.let_open(
        web.database(request), web.tokens(request), found.id, person.id, _now(request).date(),
        read_until=_moment(sent.get("read_until")),
    )  # fmt: skip
    to = web.url(request, "trust.queue")
    return web.redirect(to, said="let_open" if opened else "cleared")


async def ask(request: Request) -> Response:
    """Why, in a reason that everybody reads and in words for the group."""
    _, found = await _petition(request)
    decision = _decision(request, found)
    return _page(request, found, decision, RulingForm(name=decision.name))


async def decide(request: Request) -> Response:
    person, found = await _petition(request)
    decision = _decision(request, found)
    form = await web.filled(request, RulingForm, name=decision.name)
    if not form.is_right():
        return _page(request, found, decision, form)
    database, same_as = web.database(request), ""
    if form.data.get("reason") == "same" and "same_as" in form:
        same_as = await queries.slug_of_public(database, form.slug()) or ""
        if not same_as or same_as == found.slug:
            form.same_as.errors = [i18n.gettext("No open petition has this address")]
            return _page(request, found, decision, form)
    ruling = form.ruling(person.language, same_as)
    await reporting.decide(database, web.tokens(request), decision.name, found, person.id, ruling)
    return web.redirect(_back(request, decision, found), said=decision.name)


async def dismiss(request: Request) -> Response:
    """Nothing is wrong with it."""
    person, found = await _petition(request)
    await reporting.dismiss(web.database(request), web.tokens(request), found, person.id)
    return web.redirect(web.url(request, "trust.reports"), said="report_settled")


async def _petition(request: Request) -> tuple[door.Person, Petition]:
    """For a keeper; a draft is its group's own."""
    person = await keeper(request)
    slug = request.path_params["slug"]
    found = await reading.petition(web.database(request), slug, i18n.language())
    if found.state not in STATES:
        raise NotFound()
    return person, found


def _offered(found: Petition) -> dict[str, Decision]:
    """The decisions that its state allows."""
    return {
        path: decision
        for path, decision in DECISIONS.items()
        if found.state in lifecycle.MOVES[decision.name].begins
    }


def _decision(request: Request, found: Petition) -> Decision:
    decision = DECISIONS.get(request.path_params["decision"])
    if decision is None:
        raise NotFound()
    move = lifecycle.MOVES[decision.name]
    if found.state not in move.begins:
        raise NotNow(move.otherwise)
    return decision


def _page(request: Request, found: Petition, decision: Decision, form: RulingForm) -> Response:
    return web.render(
        request, "trust/decide.html", status=422 if form.errors else 200, private=True,
        petition=found, decision=decision, form=form,
    )  # fmt: skip


def _back(request: Request, decision: Decision, found: Petition) -> str:
    if decision.name in ("send_back", "reject"):
        return web.url(request, "trust.queue")
    return web.url(request, "trust.petition", slug=found.slug)


def _moment(typed: Any) -> datetime | None:
    """When the newest text was written that stood on the page."""
    try:
        moment = datetime.fromisoformat(str(typed))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _now(request: Request) -> datetime:
    return datetime.now(web.settings(request).zone)


_ONE = "/keep/petitions/{slug}"
ROUTES = [
    Route(_ONE, petition, name="trust.petition", methods=["GET"]),
    Route(f"{_ONE}/open", let_open, name="trust.let_open", methods=["POST"]),
    Route(f"{_ONE}/dismiss", dismiss, name="trust.dismiss", methods=["POST"]),
    Route(f"{_ONE}/{{decision}}", ask, name="trust.decide", methods=["GET"]),
    Route(f"{_ONE}/{{decision}}", decide, name="trust.decide", methods=["POST"]),
]
