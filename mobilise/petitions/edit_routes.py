"""A petition that nobody signed yet, at the desk of its group: a list, and a page a question."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, prose, web
from mobilise.accounts import access, door
from mobilise.errors import ChangedMeanwhile, NotFound, NotNow
from mobilise.petitions import editing, reading, steps, texts, versions, writing_routes
from mobilise.petitions.forms import StepForm, Writer
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition
from mobilise.petitions.versions import Overtaken, Words


async def edit(request: Request) -> Response:
    """All that was answered. What is fixed says kindly why, and what can be done instead."""
    _, petition = await mine_in_its_own_language(request)
    return web.render(
        request,
        "petitions/edit.html",
        private=True,
        petition=petition,
        told=told(petition),
        asked=steps.EDITED,
        fixed=_fixed(petition),
    )


def told(petition: Petition) -> dict[str, Any]:
    """The answers as a list shows them."""
    return {
        "title": petition.title,
        "addressee": petition.addressee,
        "why": petition.text,
        "goal": petition.goal,
        "opens_on": petition.opens_on,
        "closes_on": petition.closes_on,
        "picture": petition.picture,
        "picture_alt": petition.picture_alt,
    }


async def edit_step(request: Request) -> Response:
    _, petition = await mine_in_its_own_language(request)
    if _fixed(petition):
        return web.redirect(web.url(request, "petitions.edit", slug=petition.slug))
    name, words = _step(request), steps.of_petition(petition)
    form = steps.form(name, words, _writer(request, petition))
    return edit_page(request, petition, name, form)


async def change(request: Request) -> Response:
    """Keeps another answer; what is open already gets a new, dated version."""
    person, petition = await mine_in_its_own_language(request)
    name = _step(request)
    form = await web.filled(request, steps.FORMS[name], writer=_writer(request, petition))
    seen = await _seen(request)
    if writing_routes.wants_a_look(form):
        return edit_page(request, petition, name, form, seen=seen)
    if not form.validate():
        return edit_page(request, petition, name, form, 422, seen=seen)
    try:
        await editing.change(web.database(request), petition, person.id, name, form.said(), seen)
    except NotNow as refusal:
        return await not_saved(request, petition, name, form, refusal)
    to = web.url(request, "petitions.edit", slug=petition.slug)
    return web.redirect(to, said="saved")


async def not_saved(
    request: Request, petition: Petition, name: str, form: StepForm, refusal: NotNow
) -> Response:
    """Nothing typed is lost. What somebody else saved stands beside it; to save again is to know
    of it."""
    form.form_errors.append(i18n.gettext(refusal.message))
    now = await reading.by_id(web.database(request), petition.id, petition.languages[0])
    return edit_page(
        request, now, name, form, refusal.status,
        theirs=refusal.now if isinstance(refusal, Overtaken) else None,
        beside=isinstance(refusal, ChangedMeanwhile) and name not in editing.PARTS,
    )  # fmt: skip


async def _seen(request: Request) -> str | None:
    """The mark of the answer that stood in the form."""
    seen = (await request.form()).get("seen")
    return seen if isinstance(seen, str) and seen else None


async def mine_in_its_own_language(request: Request) -> tuple[door.Person, Petition]:
    """The petition in its own language, whatever the reader's."""
    person, petition = await mine(request, access.may_edit)
    if petition.language != petition.languages[0]:
        petition = await reading.by_id(web.database(request), petition.id, petition.languages[0])
    return person, petition


def _step(request: Request) -> str:
    name: str = request.path_params["step"]
    if name not in steps.EDITED:
        raise NotFound()
    return name


def _writer(request: Request, petition: Petition) -> Writer:
    """Whoever edits: nothing here is asked about her."""
    zone = web.settings(request).zone
    opened = petition.opened_at.astimezone(zone).date() if petition.opened_at else None
    return Writer(datetime.now(zone).date(), opened=opened)


def _fixed(petition: Petition) -> str | None:
    sentence = texts.why_not_editable(petition)
    return i18n.gettext(sentence) if sentence else None


def edit_page(
    request: Request,
    petition: Petition,
    name: str,
    form: StepForm,
    status: int = 200,
    *,
    seen: str | None = None,
    theirs: Words | None = None,
    beside: bool = False,
) -> Response:
    """`theirs`: the words that somebody else saved while this was written, to be compared with it.
    `beside`: another answer than words, which stands in the petition by now."""
    now = theirs or Words(petition.title, petition.addressee, petition.text)
    part = editing.PARTS.get(name, "")
    written = replace(now, **{part: form[editing.FIELDS[name]].data or ""}) if part else now
    return web.render(
        request, "petitions/edit_step.html", status=status, private=True, live=name == "why",
        petition=petition, step=name, form=form, theirs=theirs,
        changes=versions.changes(theirs, written),
        told=told(petition) if beside else None,
        seen=seen or (prose.mark(getattr(now, part)) if part else steps.mark(name, petition)),
    )  # fmt: skip


ROUTES = [
    Route(f"{MINE}/edit", edit, name="petitions.edit"),
    Route(f"{MINE}/edit/{{step:step}}", edit_step, name="petitions.edit_step"),
    Route(f"{MINE}/edit/{{step:step}}", change, name="petitions.edit_step", methods=["POST"]),
]
