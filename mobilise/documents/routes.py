"""The dossier for everybody, the bytes behind it, and the desk where a group fills it."""

from typing import Any, cast

from starlette.datastructures import MultiDict
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, uploads, web
from mobilise.accounts import access
from mobilise.accounts.door import Person
from mobilise.documents import dossier, forms, judging, serving
from mobilise.documents.forms import AboutForm, DocumentForm
from mobilise.errors import Refusal
from mobilise.petitions import reading
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition

# Over this nothing is read at all. Between a document's limit and this the body is read and
# thrown away, so that the answer is a page and not a broken connection.
LARGEST_BODY = 1024 * 1024 * 1024


async def show(request: Request) -> Response:
    """What the group collected, in its order."""
    database = web.database(request)
    petition = await reading.public(database, request.path_params["slug"], i18n.language())
    documents = await dossier.documents(database, petition.id)
    return web.render(
        request, "documents/dossier.html", public=True, petition=petition, documents=documents
    )


async def manage(request: Request) -> Response:
    person, petition = await mine(request, access.may_edit)
    return await _desk(request, person, petition, DocumentForm())


async def upload(request: Request) -> Response:
    """Adds a document. Who may not is told so before a byte of the body is read."""
    person, petition = await mine(request, access.may_edit)
    store = web.store(request)
    kind = request.headers.get("content-type", "")
    try:
        async with uploads.receiving(request.stream(), kind, store) as sent:
            form = DocumentForm(formdata=cast(Any, MultiDict(sent.fields)))
            found, status = await _judged(form, sent)
            if found is None or sent.draft is None:
                return await _desk(request, person, petition, form, status)
            number = await dossier.add(
                web.database(request),
                store,
                sent.draft,
                found,
                form.caption(),
                petition_id=petition.id,
                person_id=person.id,
            )
    except ClientDisconnect as gone:
        raise uploads.BrokenOff() from gone
    return _beside(request, petition, number)


async def _judged(form: DocumentForm, sent: uploads.Upload) -> tuple[judging.Found | None, int]:
    """What arrived; None when the form or the file needs another look, and the status then."""
    fine = form.validate()
    try:
        found = await judging.judge(sent)
    except judging.FileRefused as refusal:
        form.file.errors = [i18n.gettext(refusal.message)]
        return None, refusal.status
    return (found if fine else None), 422


async def edit(request: Request) -> Response:
    """What is said about a document. The file itself stays as it was published."""
    person, petition = await mine(request, access.may_edit)
    database, number = web.database(request), request.path_params["id"]
    document = await dossier.document(database, petition.id, number)
    if request.method != "POST":
        return _edit_page(request, person, petition, document, forms.about(document))
    form = await web.filled(request, AboutForm)
    if not form.validate():
        return _edit_page(request, person, petition, document, form, 422)
    await dossier.change(
        database,
        form.caption(),
        petition_id=petition.id,
        document_id=number,
        person_id=person.id,
    )
    return _beside(request, petition, number)


async def move(request: Request) -> Response:
    """One place up or down."""
    person, petition = await mine(request, access.may_edit)
    way = (await request.form()).get("way")
    if way not in ("up", "down"):
        raise Refusal()
    number = request.path_params["id"]
    await dossier.move(
        web.database(request),
        dossier.UP if way == "up" else dossier.DOWN,
        petition_id=petition.id,
        document_id=number,
        person_id=person.id,
    )
    return _beside(request, petition, number)


async def withdraw(request: Request) -> Response:
    """Asks once more, then takes the document away."""
    person, petition = await mine(request, access.may_edit)
    database, number = web.database(request), request.path_params["id"]
    document = await dossier.document(database, petition.id, number)
    if request.method != "POST":
        return web.render(
            request,
            "documents/withdraw.html",
            private=True,
            person=person,
            petition=petition,
            document=document,
        )
    await dossier.withdraw(
        database,
        web.store(request),
        petition_id=petition.id,
        document_id=number,
        person_id=person.id,
    )
    return web.redirect(web.url(request, "documents.manage", slug=petition.slug))


def _beside(request: Request, petition: Petition, number: int) -> Response:
    """Back to the list, where the document is that was just worked on."""
    desk = web.url(request, "documents.manage", slug=petition.slug)
    return web.redirect(f"{desk}#document-{number}")


async def _desk(
    request: Request, person: Person, petition: Petition, form: DocumentForm, status: int = 200
) -> Response:
    documents = await dossier.documents(web.database(request), petition.id)
    return web.render(
        request,
        "documents/manage.html",
        status=status,
        private=True,
        person=person,
        petition=petition,
        documents=documents,
        form=form,
    )


def _edit_page(
    request: Request,
    person: Person,
    petition: Petition,
    document: dossier.Document,
    form: AboutForm,
    status: int = 200,
) -> Response:
    return web.render(
        request,
        "documents/edit.html",
        status=status,
        private=True,
        person=person,
        petition=petition,
        document=document,
        form=form,
    )


_MANAGE = "/manage/petitions/{slug}/documents"
ROUTES = [
    Route("/files/{sha256}/{name}", serving.file, name="documents.file"),
    Route("/pictures/{sha256}.webp", serving.picture, name="documents.picture"),
    Route("/{lang:lang}/petitions/{slug}/documents", show, name="documents.dossier"),
    Route(_MANAGE, manage, name="documents.manage"),
    Route(_MANAGE, upload, name="documents.upload", methods=["POST"], max_body_size=LARGEST_BODY),
    Route(_MANAGE + "/{id:int}", edit, name="documents.edit", methods=["GET", "POST"]),
    Route(_MANAGE + "/{id:int}/move", move, name="documents.move", methods=["POST"]),
    Route(
        _MANAGE + "/{id:int}/withdraw",
        withdraw,
        name="documents.withdraw",
        methods=["GET", "POST"],
    ),
]
