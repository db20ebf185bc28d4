"""Start a petition: what is written, the letter, and what its link or its code begins."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, i18n, limits, web
from mobilise.accounts import asking, door
from mobilise.accounts import queries as people
from mobilise.accounts.forms import CodeForm
from mobilise.errors import TooMany
from mobilise.petitions import starting
from mobilise.petitions.forms import GroupForm, StartForm


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
    slug = await starting.start(database, person.id, i18n.language(), form.draft())
    return web.redirect(_desk(request, slug))


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
    begun = await starting.begin_by_code(web.database(request), browser, found)
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
    begun = await starting.begin(web.database(request), link.id)
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


def _desk(request: Request, slug: str) -> str:
    return web.url(request, "pages.manage", slug=slug)


ROUTES = [
    Route("/{lang:lang}/start", start, name="petitions.start"),
    Route("/{lang:lang}/start", write, name="petitions.start", methods=["POST"]),
    Route("/{lang:lang}/start/check-your-mail", check, name="petitions.check"),
    Route("/{lang:lang}/start/code", code, name="petitions.code", methods=["POST"]),
    Route("/{lang:lang}/start/{token}", begin, name="petitions.begin"),
    Route("/{lang:lang}/start/{token}", press, name="petitions.begin", methods=["POST"]),
    Route("/{lang:lang}/start/{token}/again", again, name="petitions.again", methods=["POST"]),
]
