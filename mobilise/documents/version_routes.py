"""Versions of a document at the desk: a newer file, and the original, which only the group gets."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mobilise import web
from mobilise.accounts import access
from mobilise.accounts.door import Person
from mobilise.documents import (
    desk_pages,
    desk_queries,
    kinds,
    upload_routes,
    uploading,
    versions,
)
from mobilise.documents.dossier import Document
from mobilise.documents.forms import ReplaceForm
from mobilise.documents.serving import HARMLESS
from mobilise.errors import NotFound, NotNow
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition


async def every(request: Request) -> Response:
    """All of them with their checksums, the newest first."""
    person, petition = await mine(request, access.may_edit)
    document = await desk_pages.document(request, petition)
    found = await versions.versions(web.database(request), petition.id, document.id)
    return desk_pages.page(
        request, "documents/versions.html", person, petition, document=document, versions=found
    )


async def replace(request: Request) -> Response:
    """The form for a newer file."""
    person, petition = await mine(request, access.may_edit)
    document = await _file(request, petition)
    return _replacing(request, person, petition, document, ReplaceForm())


def _replacing(
    request: Request,
    person: Person,
    petition: Petition,
    document: Document,
    form: ReplaceForm,
    status: int = 0,
) -> Response:
    return desk_pages.page(
        request,
        "documents/replace.html",
        person,
        petition,
        form=form,
        status=status,
        live=True,
        document=document,
        ticket=uploading.ticket(),
    )


async def receive(request: Request) -> Response:
    """A newer file in the place of the one that is read now, with the reason."""
    person, petition = await mine(request, access.may_edit)
    document = await _file(request, petition)
    async with upload_routes.received(request, person.id) as sent:
        form = ReplaceForm(formdata=upload_routes.said(sent))
        found, status = await upload_routes.judged(form, sent)
        if status or found is None or sent.draft is None:
            return desk_pages.whole(_replacing(request, person, petition, document, form, status))
        await versions.replace(
            web.database(request),
            web.store(request),
            sent.draft,
            found,
            form.because.data or "",
            document,
            petition_id=petition.id,
            person_id=person.id,
        )
    return desk_pages.after_upload(request, petition, document.id, "replaced")


async def original(request: Request) -> Response:
    """What was sent, as it was sent: to save, for the group alone."""
    _, petition = await mine(request, access.may_edit)
    store = web.store(request)
    row = await desk_queries.original(
        web.database(request),
        petition.id,
        request.path_params["id"],
        request.path_params["number"],
    )
    if row is None or await store.size(row["sha256"]) is None:
        raise NotFound()
    headers = HARMLESS | {
        "cache-control": "private, no-store",
        "content-length": str(row["size"]),
        "content-disposition": f"attachment; filename*=UTF-8''{quote(row['name'], safe='')}",
    }
    kind = kinds.MEDIA_TYPES[row["kind"]]
    return StreamingResponse(store.read(row["sha256"]), headers=headers, media_type=kind)


async def forget(request: Request) -> Response:
    """Asks once more, then removes what was sent."""
    person, petition = await mine(request, access.may_edit)
    document, number = await desk_pages.document(request, petition), request.path_params["number"]
    database = web.database(request)
    found = await versions.versions(database, petition.id, document.id)
    version = next((each for each in found if each.number == number), None)
    if version is None or not version.original_is_kept:
        raise NotFound()
    if request.method != "POST":
        return desk_pages.page(
            request, "documents/forget.html", person, petition, document=document, version=version
        )
    await versions.forget_original(
        database,
        web.store(request),
        petition_id=petition.id,
        document_id=document.id,
        number=number,
        person_id=person.id,
    )
    to = web.url(request, "documents.versions", slug=petition.slug, id=document.id)
    return web.redirect(to, said="original_forgotten")


async def _file(request: Request, petition: Petition) -> Document:
    """NotNow for a link, or a plan that is elsewhere."""
    document = await desk_pages.document(request, petition)
    if document.entry != "file":
        raise NotNow(versions.ANOTHER_KIND)
    return document


_ONE = desk_pages.DESK + "/{id:int}"
_VERSION = _ONE + "/versions/{number:small}"
ROUTES = [
    Route(_ONE + "/versions", every, name="documents.versions"),
    Route(_ONE + "/replace", replace, name="documents.replace"),
    Route(
        _ONE + "/replace",
        receive,
        name="documents.receive",
        methods=["POST"],
        max_body_size=upload_routes.LARGEST_BODY,
    ),
    Route(_VERSION + "/original", original, name="documents.original"),
    Route(_VERSION + "/forget", forget, name="documents.forget", methods=["GET", "POST"]),
]
