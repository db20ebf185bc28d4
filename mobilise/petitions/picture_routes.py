"""The picture of a petition: while it is started, and as long as nobody signed it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, limits, uploads, web
from mobilise.accounts import asking, door
from mobilise.errors import NotFound, NotNow, TooMany
from mobilise.petitions import picturing, reading, steps, texts, writing_routes
from mobilise.petitions.edit_routes import edit_page, mine_in_its_own_language, not_saved
from mobilise.petitions.forms import PictureForm, Writer
from mobilise.petitions.mine import MINE
from mobilise.petitions.picturing import PictureRefused
from mobilise.petitions.reading import Petition
from mobilise.petitions.start_routes import after, step_page
from mobilise.petitions.steps import Words
from mobilise.uploads import Upload

# Over this nothing is read at all. What is larger than a picture may be is read and thrown away,
# so that the answer is a page and not a broken connection.
LARGEST_BODY = 200 * 1024 * 1024
# Whatever the bytes hold, they are nothing but a picture here.
HARMLESS = {"content-security-policy": "default-src 'none'; sandbox"}


async def answer(request: Request) -> Response:
    """Keeps the picture and its words. A new picture is shown before one goes on."""
    person = await door.person(request)
    draft = await writing_routes.draft_to_change(request, person)
    writer = await writing_routes.writer(request, person)
    async with _received(request) as sent:
        words, refused = await _with(request, sent, draft.words if draft else Words())
    form = _form(words, writer, refused)
    ours = {name: words[name] for name in steps.OF_PICTURE if name in words}
    if draft is None and not refused and not any(ours.values()):
        return web.redirect(web.url(request, "petitions.start"))
    try:
        start_id = await writing_routes.keep(request, draft, writer, ours)
    except TooMany as refusal:
        form.form_errors.append(i18n.gettext(refusal.message))
        return step_page(request, "picture", form, writer, refusal.status)
    if draft is None or start_id != draft.id:
        shown = step_page(request, "picture", form, writer, begun="now")
    else:
        shown = _after_answer(request, sent, form, writer, refused)
    return writing_routes.remember(request, shown, start_id)


def _after_answer(
    request: Request,
    sent: Upload,
    form: PictureForm,
    writer: Writer,
    refused: PictureRefused | None,
) -> Response:
    """A sentence about a mistake, a look at the new picture, or the next page."""
    fields = dict(sent.fields)
    goes = writing_routes.goes(request, fields)
    if refused or (goes in ("on", "check") and not form.validate()):
        status = refused.status if refused else 422
        return step_page(request, "picture", form, writer, status, "before")
    new = sent.draft is not None or "remove" in fields
    here = request.url.path + ("?then=check" if goes == "check" else "")
    return web.redirect(
        here if new and goes != "later" else after(request, "picture", goes, writer)
    )


async def of_draft(request: Request) -> Response:
    """The picture of the draft that this browser works on, for nobody else."""
    draft = await writing_routes.draft(request, await door.person(request))
    sha256 = draft.words.get("picture_narrow", "") if draft else ""
    if not sha256:
        raise NotFound()
    try:
        content = b"".join([piece async for piece in web.store(request).read(sha256)])
    except FileNotFoundError as error:
        raise NotFound() from error
    return Response(content, media_type="image/webp", headers=HARMLESS)


async def change(request: Request) -> Response:
    """The same for a petition that nobody signed yet. Who may not is told before it is read."""
    person, petition = await mine_in_its_own_language(request)
    fixed = texts.why_not_editable(petition)
    if fixed:
        raise NotNow(fixed)
    writer = Writer((await writing_routes.writer(request, None)).today)
    async with _received(request) as sent:
        words, refused = await _with(request, sent, steps.of_petition(petition))
    form = _form(words, writer, refused)
    if refused or not form.validate():
        return edit_page(request, petition, "picture", form, refused.status if refused else 422)
    try:
        seen = dict(sent.fields).get("seen") or None
        await picturing.change(web.database(request), petition, person.id, form.said(), seen)
    except NotNow as refusal:
        return await _not_saved(request, petition, sent, writer, refusal)
    new = sent.draft is not None
    name = "petitions.edit_step" if new else "petitions.edit"
    more = {"step": "picture"} if new else {}
    return web.redirect(web.url(request, name, slug=petition.slug, **more), said="saved")


async def _not_saved(
    request: Request, petition: Petition, sent: Upload, writer: Writer, refusal: NotNow
) -> Response:
    """The words as they were typed, at the picture that stands there now. Which picture was sent
    no form says: it is chosen once more."""
    petition = await reading.by_id(web.database(request), petition.id, petition.languages[0])
    before = steps.of_petition(petition)
    typed = steps.typed(steps.form("picture", before, writer), dict(sent.fields))
    form = _form(Words(before | typed), writer, None)
    if sent.draft is not None:
        form.file.errors = [i18n.gettext("Choose your picture once more")]
    return await not_saved(request, petition, "picture", form, refusal)


def _form(words: Words, writer: Writer, refused: PictureRefused | None) -> PictureForm:
    form = steps.form("picture", words, writer)
    assert isinstance(form, PictureForm)
    if refused:
        form.validate()  # what it finds stands beside
        form.file.errors = [i18n.gettext(refused.message)]
    return form


async def _with(
    request: Request, sent: Upload, before: Words
) -> tuple[Words, PictureRefused | None]:
    """The words with what was sent, and why the picture that was sent may not stay."""
    fields = dict(sent.fields)
    form = steps.form("picture", before, Writer((await writing_routes.writer(request, None)).today))
    words = Words(before | steps.typed(form, fields))
    if "remove" in fields:
        return Words(words | {"picture": "", "picture_narrow": "", "picture_alt": ""}), None
    if sent.draft is None and not sent.too_large:
        return words, None
    if not await limits.take(web.database(request), limits.PICTURE, asking.network(request)):
        return words, PictureRefused("too_many")
    try:
        kept = await picturing.keep(web.database(request), web.store(request), sent)
    except PictureRefused as refusal:
        return words, refusal
    return Words(words | {"picture": kept.wide, "picture_narrow": kept.narrow}), None


@asynccontextmanager
async def _received(request: Request) -> AsyncIterator[Upload]:
    """What was sent, with or without a file."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        sent: Any = await request.form(max_files=0, max_fields=40, max_part_size=web.FORM_BYTES)
        yield Upload(fields=[(name, str(value)) for name, value in sent.multi_items()])
        return
    store = web.store(request)
    try:
        async with uploads.receiving(
            request.stream(), kind, store, largest=picturing.LARGEST
        ) as upload:
            yield upload
    except ClientDisconnect as gone:
        raise uploads.BrokenOff() from gone


_START = "/{lang:lang}/start/picture"
ROUTES = [
    Route(_START, answer, name="petitions.picture", methods=["POST"], max_body_size=LARGEST_BODY),
    Route(f"{_START}/shown", of_draft, name="petitions.draft_picture"),
    Route(
        f"{MINE}/edit/picture",
        change,
        name="petitions.edit_picture",
        methods=["POST"],
        max_body_size=LARGEST_BODY,
    ),
]
