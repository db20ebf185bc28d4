"""The desk of a dossier as a page, and the ways back to it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from mobilise import notices, web
from mobilise.accounts.door import Person
from mobilise.documents import dossier, progress, redacting, rights, sections, uploading
from mobilise.documents.dossier import Document
from mobilise.documents.forms import DocumentForm
from mobilise.forms import Form
from mobilise.petitions.mine import MINE
from mobilise.petitions.reading import Petition

DESK = MINE + "/documents"


async def document(request: Request, petition: Petition) -> Document:
    """The one in the address. NotFound when this dossier has none of that number."""
    return await dossier.document(web.database(request), petition.id, request.path_params["id"])


async def desk(
    request: Request, person: Person, petition: Petition, form: DocumentForm, status: int = 200
) -> Response:
    database = web.database(request)
    answer = web.render(
        request,
        "documents/manage.html",
        status=status,
        private=True,
        live=True,
        person=person,
        petition=petition,
        documents=await dossier.documents(database, petition.id),
        sections=await sections.sections(database, petition.id),
        gone=await dossier.withdrawn(database, petition.id),
        unfinished=await progress.unfinished(database, petition.id),
        rights=rights.RIGHTS,
        drawn=redacting.KINDS,
        form=form,
        ticket=uploading.ticket(),
    )
    return whole(answer)


def whole(answer: Response) -> Response:
    """A page that takes the place of the one from which htmx sent a file."""
    answer.headers["hx-retarget"] = "body"
    answer.headers["hx-reswap"] = "outerHTML"
    return answer


def beside(request: Request, petition: Petition, number: int, said: str = "saved") -> Response:
    """Back to the list, where the document is that was just worked on."""
    desk = web.url(request, "documents.manage", slug=petition.slug)
    return web.redirect(f"{desk}#document-{number}", said=said)


def after_upload(request: Request, petition: Petition, number: int, said: str) -> Response:
    """The same after a file. A browser that is at this list already loads it anew, because the
    address differs in more than what stands behind its #."""
    desk = web.url(request, "documents.manage", slug=petition.slug)
    to = notices.after(f"{desk}?document={number}#document-{number}", said)
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"hx-redirect": to})
    return web.redirect(to)


def page(
    request: Request,
    name: str,
    person: Person,
    petition: Petition,
    *,
    form: Form | None = None,
    status: int = 0,
    **context: Any,
) -> Response:
    """A page of its own beside the list. `status`: what the form says of itself, unless told."""
    status = status or (422 if form is not None and form.errors else 200)
    context |= {"person": person, "petition": petition, "form": form}
    return web.render(request, name, status=status, private=True, **context)
