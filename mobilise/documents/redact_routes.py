"""Marks on the pages of a document what must not be read, and publishes the copy without it.

A place is shown by pressing on the picture of the page, an image button: it works without a
script, and tells where it was pressed in dots of the picture as it is shown. So that width is
fixed, and on a phone one moves the picture in its frame.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import db, i18n, web
from mobilise.accounts import access
from mobilise.accounts.door import Person
from mobilise.documents import desk_pages, dossier, marking, page_queries, progress, redacting
from mobilise.documents.dossier import Document
from mobilise.documents.forms import WhyForm, WordsForm
from mobilise.documents.judging import FileRefused
from mobilise.documents.serving import HARMLESS
from mobilise.errors import N_, NotFound
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition

WIDTH = 680
"""Dots in which a page is shown, whatever the screen."""
BY_KEYBOARD = N_(
    "We cannot see which place you mean: a keyboard shows none. Write the words below instead."
)
NOWHERE = N_("These words stand nowhere in the text. Show the places on the page instead.")


async def show(request: Request) -> Response:
    person, petition, document = await _ours(request)
    return await _page(request, person, petition, document, WordsForm())


async def press(request: Request) -> Response:
    """A place on the page: a corner, or the opposite one."""
    person, petition, document = await _ours(request)
    database, number = web.database(request), web.page_number(request)
    page = await _leaf(database, petition, document, number)
    sent = await request.form()
    x, y = _dots(sent.get("place.x")), _dots(sent.get("place.y"))
    if not x and not y:  # so says an image button that was pressed without a pointer
        form = WordsForm()
        return await _page(request, person, petition, document, form, 422, BY_KEYBOARD)
    wide, high = _shown(page)
    await redacting.point(database, petition.id, document, number, x / wide, y / high)
    return _back(request, petition, document, number)


async def words(request: Request) -> Response:
    """Marks words wherever they stand, and tells in how many places."""
    person, petition, document = await _ours(request)
    form = await web.filled(request, WordsForm)
    if not form.validate():
        return await _page(request, person, petition, document, form, 422)
    try:
        total = await redacting.mark_words(
            web.database(request), petition.id, document, form.words.data or ""
        )
    except redacting.TooManyMarks as refusal:
        form.words.errors = [i18n.gettext(refusal.message)]
        return await _page(request, person, petition, document, form, 422)
    if not total:
        form.words.errors = [i18n.gettext(NOWHERE)]
        return await _page(request, person, petition, document, form, 422)
    return _back(request, petition, document, web.page_number(request), f"&places={total}")


async def unmark(request: Request) -> Response:
    _, petition, document = await _ours(request)
    mark = request.path_params["mark"]
    await redacting.unmark(web.database(request), petition.id, document, mark)
    return _back(request, petition, document, web.page_number(request))


async def picture(request: Request) -> Response:
    """The page with its marks, for the group alone."""
    _, petition, document = await _ours(request)
    database, number = web.database(request), request.path_params["page"]
    page = await _leaf(database, petition, document, number)
    marks = await redacting.marks(database, petition.id, document)
    jpeg = b"".join([piece async for piece in web.store(request).read(page["picture"])])
    ours = [mark for mark in marks if mark.page == number]
    content = await asyncio.to_thread(marking.drawn, jpeg, ours)
    headers = HARMLESS | {"cache-control": "private, no-store"}
    return Response(content, headers=headers, media_type="image/jpeg")


async def publish(request: Request) -> Response:
    """Asks once more and for a reason; then only the copy can be read."""
    person, petition, document = await _ours(request)
    database, form = web.database(request), WhyForm()
    if request.method == "POST":
        form = await web.filled(request, WhyForm)
        if form.validate() and await _published(request, person, petition, document, form):
            return desk_pages.beside(request, petition, document.id, "redacted")
    marks = await redacting.marks(database, petition.id, document)
    if not any(mark.box for mark in marks):
        raise redacting.NothingMarked()
    return desk_pages.page(
        request,
        "documents/redact_publish.html",
        person,
        petition,
        document=document,
        marks=[mark for mark in marks if mark.box],
        form=form,
    )


async def _published(
    request: Request, person: Person, petition: Petition, document: Document, form: WhyForm
) -> bool:
    try:
        await redacting.publish(
            web.database(request),
            web.store(request),
            form.because.data or "",
            document,
            petition_id=petition.id,
            person_id=person.id,
        )
    except FileRefused as refusal:
        form.because.errors = [i18n.gettext(refusal.message)]
        return False
    return True


# --- what they share ------------------------------------------------------------------------


async def _ours(request: Request) -> tuple[Person, Petition, Document]:
    """A document whose pages can be marked, else NotNow."""
    person, petition = await mine(request, access.may_edit)
    database = web.database(request)
    document = await dossier.document(database, petition.id, request.path_params["id"])
    redacting.may_be_marked(document)
    await progress.newest_is_read(database, petition.id, document)
    return person, petition, document


async def _leaf(
    database: db.Database, petition: Petition, document: Document, number: int
) -> db.Record:
    """A page that can be shown."""
    found = await page_queries.pages(
        database, petition.id, document.id, document.version or 0, number, number
    )
    if not found or not found[0]["picture"]:
        raise NotFound()
    return found[0]


async def _page(
    request: Request,
    person: Person,
    petition: Petition,
    document: Document,
    form: WordsForm,
    status: int = 0,
    said: str = "",
) -> Response:
    number = web.page_number(request)
    return desk_pages.page(
        request,
        "documents/redact.html",
        person,
        petition,
        form=form,
        status=status,
        document=document,
        number=number,
        size=_shown(await _leaf(web.database(request), petition, document, number)),
        marks=await redacting.marks(web.database(request), petition.id, document),
        mistake=i18n.gettext(said) if said else "",
        places=_places(request),
    )


def _places(request: Request) -> int | None:
    """In how many places words were marked just now."""
    said = request.query_params.get("places", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 5 else None


def _shown(page: db.Record) -> tuple[int, int]:
    """Dots in which a page is shown."""
    return WIDTH, max(1, round(WIDTH * (page["height"] or 1) / (page["width"] or 1)))


def _dots(said: object) -> int:
    digits = said if isinstance(said, str) else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 0


def _back(
    request: Request, petition: Petition, document: Document, number: int, more: str = ""
) -> Response:
    address = web.url(request, "documents.redact", slug=petition.slug, id=document.id)
    return web.redirect(f"{address}?page={number}{more}")


_ONE = desk_pages.DESK + "/{id:int}/redact"
ROUTES = [
    Route(_ONE, show, name="documents.redact"),
    Route(_ONE, press, name="documents.press", methods=["POST"]),
    Route(_ONE + "/words", words, name="documents.mark_words", methods=["POST"]),
    Route(_ONE + "/marks/{mark:int}/remove", unmark, name="documents.unmark", methods=["POST"]),
    Route(_ONE + "/publish", publish, name="documents.redact_publish", methods=["GET", "POST"]),
    Route(_ONE + "/{page:small}.jpg", picture, name="documents.redact_page"),
]
