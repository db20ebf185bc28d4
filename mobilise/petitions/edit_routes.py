"""The text of a petition that nobody signed yet, changed at the desk of its group."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import web
from mobilise.accounts import access, door
from mobilise.errors import NotNow
from mobilise.petitions import texts
from mobilise.petitions.forms import TextForm
from mobilise.petitions.mine import MINE, mine
from mobilise.petitions.reading import Petition


async def edit(request: Request) -> Response:
    person, petition = await mine(request, access.may_edit)
    _refuse_if_fixed(request, petition)
    form = TextForm(
        data={
            "title": petition.title,
            "addressee": petition.addressee,
            "why": petition.text,
            "goal": str(petition.goal or ""),
        }
    )
    return _edit_page(request, person, petition, form)


async def change(request: Request) -> Response:
    person, petition = await mine(request, access.may_edit)
    _refuse_if_fixed(request, petition)
    form = await web.filled(request, TextForm)
    if not form.validate():
        return _edit_page(request, person, petition, form, 422)
    moderation = web.settings(request).moderated
    await texts.change(web.database(request), petition, person.id, form.text(), moderation)
    return web.redirect(web.url(request, "pages.manage", slug=petition.slug))


def _refuse_if_fixed(request: Request, petition: Petition) -> None:
    sentence = texts.why_not_editable(petition, web.settings(request).moderated)
    if sentence:
        raise NotNow(sentence)


def _edit_page(
    request: Request, person: door.Person, petition: Petition, form: TextForm, status: int = 200
) -> Response:
    return web.render(
        request,
        "petitions/edit.html",
        status=status,
        private=True,
        person=person,
        petition=petition,
        form=form,
    )


ROUTES = [
    Route(f"{MINE}/edit", edit, name="petitions.edit"),
    Route(f"{MINE}/edit", change, name="petitions.edit", methods=["POST"]),
]
