"""Where a group fills its dossier: what stands in it, what is said about it, in which order."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import web
from mobilise.accounts import access
from mobilise.documents import desk_pages, dossier, forms, progress, sections
from mobilise.documents.desk_pages import DESK
from mobilise.documents.forms import DocumentForm, LinkForm, WhyForm
from mobilise.errors import Refusal
from mobilise.petitions.mine import mine


async def manage(request: Request) -> Response:
    person, petition = await mine(request, access.may_edit)
    shelves = await sections.sections(web.database(request), petition.id)
    form = DocumentForm(shelves=shelves, data={"language": petition.languages[0]})
    return await desk_pages.desk(request, person, petition, form)


async def link(request: Request) -> Response:
    """Adds what others wrote, and stays with them."""
    person, petition = await mine(request, access.may_edit)
    shelves = await sections.sections(web.database(request), petition.id)
    form: Any = LinkForm(shelves=shelves)
    if request.method == "POST":
        form = await web.filled(request, LinkForm, shelves=shelves)
        if form.validate():
            number = await dossier.mention(
                web.database(request),
                "link",
                form.caption(),
                petition_id=petition.id,
                person_id=person.id,
            )
            return desk_pages.beside(request, petition, number, "added")
    return desk_pages.page(request, "documents/link.html", person, petition, form=form)


async def edit(request: Request) -> Response:
    """What is said about a document. The file itself stays as it was published."""
    person, petition = await mine(request, access.may_edit)
    document = await desk_pages.document(request, petition)
    shelves = await sections.sections(web.database(request), petition.id)
    kind, kept = forms.FORMS[document.entry], forms.chosen_now(document)
    form: Any = kind(shelves=shelves, data=forms.said_now(document))
    if request.method == "POST":
        form = await web.filled(request, kind, shelves=shelves, data=kept)
        if form.validate():
            await dossier.change(
                web.database(request),
                form.caption(),
                petition_id=petition.id,
                document_id=document.id,
                person_id=person.id,
            )
            return desk_pages.beside(request, petition, document.id)
    return desk_pages.page(
        request, "documents/edit.html", person, petition, form=form, document=document
    )


async def move(request: Request) -> Response:
    """One place up or down."""
    person, petition = await mine(request, access.may_edit)
    number = request.path_params["id"]
    await dossier.move(
        web.database(request),
        await step(request),
        petition_id=petition.id,
        document_id=number,
        person_id=person.id,
    )
    return desk_pages.beside(request, petition, number)


async def step(request: Request) -> int:
    """`way` is up or down."""
    way = (await request.form()).get("way")
    if way not in ("up", "down"):
        raise Refusal()
    return dossier.UP if way == "up" else dossier.DOWN


async def withdraw(request: Request) -> Response:
    """Asks once more and for a reason, then takes the document away."""
    person, petition = await mine(request, access.may_edit)
    document = await desk_pages.document(request, petition)
    form = WhyForm()
    if request.method == "POST":
        form = await web.filled(request, WhyForm)
        if form.validate():
            await dossier.withdraw(
                web.database(request),
                web.store(request),
                form.because.data or "",
                petition_id=petition.id,
                document_id=document.id,
                person_id=person.id,
            )
            to = web.url(request, "documents.manage", slug=petition.slug)
            return web.redirect(to, said="taken_away")
    return desk_pages.page(
        request, "documents/withdraw.html", person, petition, form=form, document=document
    )


async def how_ready(request: Request) -> Response:
    """A fragment that asks for itself again until all pages are there."""
    _, petition = await mine(request, access.may_edit)
    document = await desk_pages.document(request, petition)
    unfinished = await progress.unfinished(web.database(request), petition.id)
    return web.render(
        request,
        "documents/_progress_fragment.html",
        private=True,
        petition=petition,
        document=document,
        far=unfinished.get(document.id),
        was_asked=True,
    )


_ONE = DESK + "/{id:int}"
ROUTES = [
    Route(DESK, manage, name="documents.manage"),
    Route(DESK + "/link", link, name="documents.link", methods=["GET", "POST"]),
    Route(_ONE, edit, name="documents.edit", methods=["GET", "POST"]),
    Route(_ONE + "/move", move, name="documents.move", methods=["POST"]),
    Route(_ONE + "/withdraw", withdraw, name="documents.withdraw", methods=["GET", "POST"]),
    Route(_ONE + "/progress", how_ready, name="documents.progress"),
]
