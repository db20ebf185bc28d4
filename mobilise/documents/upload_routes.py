"""A file on its way into a dossier: received piece by piece, judged, stored; and how far it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from starlette.datastructures import MultiDict
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, uploads, web
from mobilise.accounts import access
from mobilise.documents import desk_pages, dossier, judging, sections, uploading
from mobilise.documents.forms import DocumentForm, FileForm
from mobilise.petitions.mine import mine
from mobilise.uploads import Upload

# Over this nothing is read at all. Between a document's limit and this the body is read and
# thrown away, so that the answer is a page and not a broken connection.
LARGEST_BODY = 1024 * 1024 * 1024


async def upload(request: Request) -> Response:
    """Adds a document. Who may not is told so before a byte of the body is read."""
    person, petition = await mine(request, access.may_edit)
    shelves = await sections.sections(web.database(request), petition.id)
    async with received(request, person.id) as sent:
        known = {"language": petition.languages[0]}
        form = DocumentForm(formdata=said(sent), shelves=shelves, data=known)
        found, status = await judged(form, sent, may_be_missing=form.keeps_no_file)
        if status:
            return await desk_pages.desk(request, person, petition, form, status)
        number = await _add(request, sent, found, form.caption(), petition.id, person.id)
    return desk_pages.after_upload(request, petition, number, "added")


async def _add(
    request: Request,
    sent: Upload,
    found: judging.Found | None,
    caption: dossier.Caption,
    petition_id: int,
    person_id: int,
) -> int:
    """With its file; or without, where a plan is only mentioned."""
    database = web.database(request)
    if found is None or sent.draft is None:
        return await dossier.mention(
            database, "elsewhere", caption, petition_id=petition_id, person_id=person_id
        )
    return await dossier.add(
        database,
        web.store(request),
        sent.draft,
        found,
        caption,
        petition_id=petition_id,
        person_id=person_id,
    )


async def how_far(request: Request) -> Response:
    """A fragment that asks for itself again until the file is here."""
    person, petition = await mine(request, access.may_edit)
    ticket = request.path_params["ticket"]
    far = await uploading.how_far(web.database(request), person.id, ticket)
    return web.render(
        request,
        "documents/_upload_fragment.html",
        private=True,
        petition=petition,
        ticket=ticket,
        far=far,
    )


@asynccontextmanager
async def received(request: Request, person_id: int) -> AsyncIterator[Upload]:
    """What is sent, while somebody may look at how far it is."""
    length = request.headers.get("content-length", "")
    meter = uploading.Meter(
        web.database(request),
        person_id,
        request.query_params.get("ticket", ""),
        int(length) if length.isascii() and length.isdigit() else None,
    )
    kind = request.headers.get("content-type", "")
    try:
        async with uploads.receiving(
            request.stream(), kind, web.store(request), on_piece=meter.count
        ) as sent:
            yield sent
    except ClientDisconnect as gone:
        raise uploads.BrokenOff() from gone


def said(sent: Upload) -> Any:
    """The fields beside the file, as a form takes them."""
    return cast(Any, MultiDict(sent.fields))


async def judged(
    form: FileForm, sent: Upload, *, may_be_missing: bool = False
) -> tuple[judging.Found | None, int]:
    """What arrived, and 0; or the status when the form or the file needs another look."""
    fine = form.validate()
    if may_be_missing and not sent.name:
        return None, 0 if fine else 422
    try:
        found = await judging.judge(sent)
    except judging.FileRefused as refusal:
        form.file.errors = [i18n.gettext(refusal.message)]
        return None, refusal.status
    return found, 0 if fine else 422


ROUTES = [
    Route(
        desk_pages.DESK,
        upload,
        name="documents.upload",
        methods=["POST"],
        max_body_size=LARGEST_BODY,
    ),
    Route(desk_pages.DESK + "/uploads/{ticket}", how_far, name="documents.how_far"),
]
