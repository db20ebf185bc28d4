"""Sections of a dossier: named, described, put in order, removed."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import web
from mobilise.accounts import access
from mobilise.documents import desk_pages, desk_routes, sections
from mobilise.documents.forms import SectionForm
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition


async def every(request: Request) -> Response:
    """All of them, and the form for one more."""
    person, petition = await mine(request, access.may_edit)
    database, form = web.database(request), SectionForm()
    if request.method == "POST":
        form = await web.filled(request, SectionForm)
        if form.validate():
            await sections.add(
                database,
                form.title.data or "",
                form.about.data or "",
                petition_id=petition.id,
                person_id=person.id,
            )
            return _back(request, petition, "added")
    shelves = await sections.sections(database, petition.id)
    return desk_pages.page(
        request, "documents/sections.html", person, petition, form=form, sections=shelves
    )


async def one(request: Request) -> Response:
    """Another name, or another line under it."""
    person, petition = await mine(request, access.may_edit)
    database, number = web.database(request), request.path_params["section"]
    section = await sections.section(database, petition.id, number)
    form: Any = SectionForm(data=vars(section))
    if request.method == "POST":
        form = await web.filled(request, SectionForm)
        if form.validate():
            await sections.change(
                database,
                form.title.data,
                form.about.data,
                petition_id=petition.id,
                section_id=number,
                person_id=person.id,
            )
            return _back(request, petition, "saved")
    return desk_pages.page(
        request, "documents/section.html", person, petition, form=form, section=section
    )


async def move(request: Request) -> Response:
    """One place up or down."""
    person, petition = await mine(request, access.may_edit)
    await sections.move(
        web.database(request),
        await desk_routes.step(request),
        petition_id=petition.id,
        section_id=request.path_params["section"],
        person_id=person.id,
    )
    return _back(request, petition, "saved")


async def remove(request: Request) -> Response:
    """Asks once more; its documents stay."""
    person, petition = await mine(request, access.may_edit)
    database, number = web.database(request), request.path_params["section"]
    section = await sections.section(database, petition.id, number)
    if request.method != "POST":
        return desk_pages.page(
            request, "documents/section_remove.html", person, petition, section=section
        )
    await sections.remove(database, petition_id=petition.id, section_id=number, person_id=person.id)
    return _back(request, petition, "taken_away")


def _back(request: Request, petition: Petition, said: str) -> Response:
    return web.redirect(web.url(request, "documents.sections", slug=petition.slug), said=said)


_ALL = desk_pages.DESK + "/sections"
_ONE = _ALL + "/{section:int}"
ROUTES = [
    Route(_ALL, every, name="documents.sections", methods=["GET", "POST"]),
    Route(_ONE, one, name="documents.section", methods=["GET", "POST"]),
    Route(_ONE + "/move", move, name="documents.section_move", methods=["POST"]),
    Route(_ONE + "/remove", remove, name="documents.section_remove", methods=["GET", "POST"]),
]
