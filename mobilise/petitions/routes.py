"""Start a petition, change it, publish it, close it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, i18n, limits, web
from mobilise.accounts import access, asking, door
from mobilise.accounts import queries as people
from mobilise.accounts.forms import CodeForm
from mobilise.errors import NotNow, TooMany
from mobilise.petitions import lifecycle
from mobilise.petitions.forms import GroupForm, StartForm, TextForm
from mobilise.petitions.mine import mine
from mobilise.petitions.reading import Petition

# --- start --------------------------------------------------------------------------------


async def start(request: Request) -> Response:
    """A short form; shorter for who is in."""
    person = await door.person(request)
    if person is None:
        return web.render(request, "petitions/start.html", form=StartForm())
    names = await people.group_names(web.database(request), person.id)
    form = GroupForm(data={"group": names[0] if names else ""})
    return web.render(request, "petitions/start.html", private=True, form=form)


async def write(request: Request) -> Response:
    """Keeps what was written until the letter is opened; who is in has a draft at once."""
    person = await door.person(request)
    form = await web.filled(request, StartForm if person is None else GroupForm)
    if not form.validate():
        return _start_again(request, form, 422)
    try:
        return await _begun(request, person, form)
    except TooMany as refusal:
        form.form_errors.append(i18n.gettext(refusal.message))
        return _start_again(request, form, refusal.status)


async def _begun(request: Request, person: door.Person | None, form: GroupForm) -> Response:
    database = web.database(request)
    if person is None:
        assert isinstance(form, StartForm)
        address = form.email.address
        return await asking.ask(request, "start", address, limits.START, form.draft())
    if not await limits.take(database, limits.START, b"person %d" % person.id):
        raise TooMany()
    slug = await lifecycle.start(database, person.id, i18n.language(), form.draft())
    return _to_desk(request, slug)


def _start_again(request: Request, form: GroupForm, status: int) -> Response:
    return web.render(request, "petitions/start.html", status=status, private=True, form=form)


async def check(request: Request) -> Response:
    return await asking.check_page(request, "start")


async def code(request: Request) -> Response:
    """The six digits, typed in the browser in which the petition was written."""
    form = await web.filled(request, CodeForm)
    if not form.validate():
        return await asking.check_page(request, "start", form)
    found = await asking.matching(request, "start", form.code.data or "")
    browser = asking.browser(request)
    begun = await lifecycle.begin_by_code(web.database(request), browser, found)
    if begun is None:
        return await asking.check_page(request, "start", asking.refused_code(form))
    return await door.enter(request, begun.person_id, _desk(request, begun.slug))


async def begin(request: Request) -> Response:
    """The link of the start letter: a page with one button, because scanners open links."""
    link = await asking.opened(request, "start")
    if link.dead:
        return _dead(request, link)
    return asking.enter_page(request, link)


async def press(request: Request) -> Response:
    """The button: the mailbox is proven, the draft stands, its writer is in."""
    link = await asking.opened(request, "start")
    if link.dead:
        return _dead(request, link)
    begun = await lifecycle.begin(web.database(request), link.id)
    if begun is None:
        return _dead(request, link)
    return await door.enter(request, begun.person_id, _desk(request, begun.slug))


async def again(request: Request) -> Response:
    """A new letter for one that came too late; what was written is still there."""
    link = await asking.opened(request, "start")
    if link.dead not in (None, "expired") or not link.draft:
        return _dead(request, link)
    address = addresses.Address(link.draft["email"], link.email_key)
    return await asking.ask(request, "start", address, limits.START, link.draft)


def _dead(request: Request, link: asking.Link) -> Response:
    token = request.path_params["token"]
    again = web.url(request, "petitions.again", token=token) if link.dead == "expired" else None
    return asking.dead_page(request, link, again)


# --- change, publish, close ---------------------------------------------------------------


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
    await lifecycle.change(web.database(request), petition, person.id, form.text(), moderation)
    return _to_desk(request, petition.slug)


async def publish(request: Request) -> Response:
    """Opens it, or hands it to the keeper first; the desk says which."""
    person, petition = await mine(request, access.may_publish)
    moderation = web.settings(request).moderated
    await lifecycle.publish(web.database(request), petition, person.id, moderation)
    return _to_desk(request, petition.slug)


async def close(request: Request) -> Response:
    """Asks once more."""
    person, petition = await mine(request, access.may_close)
    if petition.state != "open":
        raise NotNow(lifecycle.MOVES["close"].otherwise)
    return web.render(
        request, "petitions/close.html", private=True, person=person, petition=petition
    )


async def close_now(request: Request) -> Response:
    person, petition = await mine(request, access.may_close)
    await lifecycle.close(web.database(request), petition, person.id)
    return _to_desk(request, petition.slug)


def _refuse_if_fixed(request: Request, petition: Petition) -> None:
    sentence = lifecycle.why_not_editable(petition, web.settings(request).moderated)
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


def _desk(request: Request, slug: str) -> str:
    return web.url(request, "pages.manage", slug=slug)


def _to_desk(request: Request, slug: str) -> Response:
    return web.redirect(_desk(request, slug))


MINE = "/manage/petitions/{slug}"
ROUTES = [
    Route("/{lang:lang}/start", start, name="petitions.start"),
    Route("/{lang:lang}/start", write, name="petitions.start", methods=["POST"]),
    Route("/{lang:lang}/start/check-your-mail", check, name="petitions.check"),
    Route("/{lang:lang}/start/code", code, name="petitions.code", methods=["POST"]),
    Route("/{lang:lang}/start/{token}", begin, name="petitions.begin"),
    Route("/{lang:lang}/start/{token}", press, name="petitions.begin", methods=["POST"]),
    Route("/{lang:lang}/start/{token}/again", again, name="petitions.again", methods=["POST"]),
    Route(f"{MINE}/edit", edit, name="petitions.edit"),
    Route(f"{MINE}/edit", change, name="petitions.edit", methods=["POST"]),
    Route(f"{MINE}/publish", publish, name="petitions.publish", methods=["POST"]),
    Route(f"{MINE}/close", close, name="petitions.close"),
    Route(f"{MINE}/close", close_now, name="petitions.close", methods=["POST"]),
]
