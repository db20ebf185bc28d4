"""The end of a start: the list to check, the letter, and what its link or its code makes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, i18n, limits, web
from mobilise.accounts import asking, door
from mobilise.accounts.forms import CodeForm
from mobilise.errors import TooMany
from mobilise.petitions import starting, steps, writing_routes
from mobilise.petitions.forms import Writer
from mobilise.petitions.start_routes import step_url
from mobilise.petitions.starting import Draft


async def check_list(request: Request) -> Response:
    """Everything in one list, each with a link to change it."""
    person = await door.person(request)
    draft = await writing_routes.draft(request, person)
    if draft is None:
        return web.redirect(web.url(request, "petitions.start"))
    return _list(request, draft, await writing_routes.writer(request, person))


async def finish(request: Request) -> Response:
    """The one button: a letter for who is not in, the petition itself for who is."""
    person = await door.person(request)
    draft = await writing_routes.draft_to_change(request, person)
    if draft is None:
        return web.redirect(web.url(request, "petitions.start"))
    writer = await writing_routes.writer(request, person)
    amiss = steps.amiss(draft.words, writer)
    if amiss:
        return web.redirect(step_url(request, amiss[0]) + "?then=check")
    try:
        if person is not None:
            return await _made(request, draft, person, writer)
        return await _asked(request, draft, writer)
    except TooMany as refusal:
        message = i18n.gettext(refusal.message)
        return _list(request, draft, writer, refusal.status, message)


async def _made(request: Request, draft: Draft, person: door.Person, writer: Writer) -> Response:
    database = web.database(request)
    if not await limits.take(database, limits.START, b"person %d" % person.id):
        raise TooMany()
    slug = await starting.finish(database, draft, person.id, writer)
    to = _desk(request, slug) if slug else door.DESK
    return writing_routes.forget(request, web.redirect(to), draft.id)


async def _asked(request: Request, draft: Draft, writer: Writer) -> Response:
    said = steps.said(draft.words, writer)
    letter = {"start": draft.id, "title": said["title"], "name": said["name"]}
    return await asking.ask(request, "start", said["email"], limits.START, letter)


def _list(
    request: Request, draft: Draft, writer: Writer, status: int = 200, message: str = ""
) -> Response:
    asked = steps.asked(writer)
    return web.render(
        request,
        "petitions/start_check.html",
        status=status,
        private=True,
        draft=draft,
        said=steps.said(draft.words, writer),
        amiss=steps.amiss(draft.words, writer),
        asked=asked,
        progress=writing_routes.progress("check", asked),
        message=message,
        logged_in=writer.logged_in,
    )


async def check(request: Request) -> Response:
    return await asking.check_page(request, "start")


async def code(request: Request) -> Response:
    """The six digits, typed in the browser in which the petition was written."""
    form = await web.filled(request, CodeForm)
    if not form.validate():
        return await asking.check_page(request, "start", form)
    found = await asking.matching(request, "start", form.code.data or "")
    today = (await writing_routes.writer(request, None)).today
    begun = await starting.begin_by_code(
        web.database(request), asking.browser(request), found, today
    )
    if begun is None:
        return await asking.check_page(request, "start", asking.refused_code(form))
    return await _in(request, begun)


async def begin(request: Request) -> Response:
    """The link of the start letter: a page with one button, because scanners open links."""
    link = await asking.opened(request, "start")
    if link.dead:
        return _dead(request, link)
    return asking.enter_page(request, link)


async def press(request: Request) -> Response:
    """The button: the mailbox is proven, the petition stands, its writer is in."""
    link = await asking.opened(request, "start")
    if link.dead:
        return _dead(request, link)
    today = (await writing_routes.writer(request, None)).today
    begun = await starting.begin(web.database(request), link.id, today)
    if begun is None:
        return _dead(request, link)
    return await _in(request, begun)


async def _in(request: Request, begun: starting.Begun) -> Response:
    """To the desk of the new petition, or to what wants another look in its draft."""
    if begun.slug is not None:
        answer = await door.enter(request, begun.person_id, _desk(request, begun.slug))
        return writing_routes.forget(request, answer, begun.start_id)
    to = web.url(request, "petitions.check_list")
    answer = await door.enter(request, begun.person_id, to)
    return writing_routes.remember(request, answer, begun.start_id)


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
    Route("/{lang:lang}/start/check", check_list, name="petitions.check_list"),
    Route("/{lang:lang}/start/check", finish, name="petitions.check_list", methods=["POST"]),
    Route("/{lang:lang}/start/check-your-mail", check, name="petitions.check"),
    Route("/{lang:lang}/start/code", code, name="petitions.code", methods=["POST"]),
    # After everything under /start that has a name of its own.
    Route("/{lang:lang}/start/{token}", begin, name="petitions.begin"),
    Route("/{lang:lang}/start/{token}", press, name="petitions.begin", methods=["POST"]),
    Route("/{lang:lang}/start/{token}/again", again, name="petitions.again", methods=["POST"]),
]
