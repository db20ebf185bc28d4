"""Stop for now and come back: the letter, its button, the other drafts, throwing one away."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import i18n, limits, tokens, web
from mobilise.accounts import asking, door
from mobilise.errors import Gone, NotFound, TooMany
from mobilise.petitions import starting, steps, writing_routes
from mobilise.petitions.forms import LaterForm
from mobilise.petitions.start_routes import step_url
from mobilise.petitions.starting import Draft


async def later(request: Request) -> Response:
    """What was typed is kept. Where should the letter go that brings one back?"""
    person = await door.person(request)
    draft = await writing_routes.draft(request, person)
    if draft is None:
        return web.redirect(web.url(request, "petitions.start"))
    email = person.email if person else draft.words.get("email", "")
    return _later(request, draft, LaterForm(data={"email": email}))


async def send(request: Request) -> Response:
    """The letter; the answer is the same whether or not this address had enough of them."""
    person = await door.person(request)
    draft = await writing_routes.draft_to_change(request, person)
    if draft is None:
        return web.redirect(web.url(request, "petitions.start"))
    form = await web.filled(request, LaterForm)
    if not form.validate():
        return _later(request, draft, form, 422)
    database, address = web.database(request), form.email.address
    recipient = web.tokens(request).recipient(address.key)
    if not await limits.take(database, limits.START, asking.network(request)):
        form.form_errors.append(i18n.gettext(TooMany.message))
        return _later(request, draft, form, TooMany.status)
    if await limits.take(database, limits.START_ADDRESS, recipient):
        await starting.send(database, draft, address, recipient)
    return web.redirect(web.url(request, "petitions.kept"))


def _later(request: Request, draft: Draft, form: LaterForm, status: int = 200) -> Response:
    return web.render(
        request, "petitions/start_later.html", status=status, private=True, draft=draft, form=form
    )


async def kept(request: Request) -> Response:
    return web.render(request, "petitions/start_kept.html", private=True)


async def resume(request: Request) -> Response:
    """The link of the letter: a page with one button, because scanners open links."""
    draft = await _of_letter(request)
    return web.render(
        request, "petitions/resume.html", private=True, draft=draft, action=request.url.path
    )


async def resume_now(request: Request) -> Response:
    """The button: this browser may write on."""
    draft = await _of_letter(request)
    return await _on_with(request, draft, await door.person(request))


async def go_on(request: Request) -> Response:
    """One of several drafts is worked on from now on."""
    person = await door.person(request)
    return await _on_with(request, await _named(request, person), person)


async def throw_away(request: Request) -> Response:
    """Asks once more, then erases what was written."""
    person = await door.person(request)
    draft = await _named(request, person)
    if request.method != "POST":
        return web.render(request, "petitions/start_throw_away.html", private=True, draft=draft)
    await starting.throw_away(web.database(request), draft, None if person is None else person.id)
    to = door.DESK if person else web.url(request, "petitions.start")
    return writing_routes.forget(request, web.redirect(to), draft.id)


async def _of_letter(request: Request) -> Draft:
    """NotFound for an address that is not whole, Gone for a draft that is none any more."""
    try:
        read = web.tokens(request).read_resume(request.path_params["token"])
        start_id = int(read.payload[0])
    except (tokens.Broken, ValueError, TypeError) as error:
        raise NotFound() from error
    draft = None if read.expired else await starting.by_letter(web.database(request), start_id)
    if draft is None:
        raise Gone(starting.GONE)
    if draft.person_id is not None:  # it is hers alone by now: it is found on her desk
        person = await door.somebody(request)
        if person.id != draft.person_id:
            raise Gone(starting.GONE)
    return draft


async def _named(request: Request, person: door.Person | None) -> Draft:
    number = request.path_params["number"]
    found = await writing_routes.drafts(request, person)
    draft = next((each for each in found if each.id == number), None)
    if draft is None:
        raise NotFound()
    return draft


async def _on_with(request: Request, draft: Draft, person: door.Person | None) -> Response:
    """To where she stopped."""
    step = steps.stopped_at(draft.words, await writing_routes.writer(request, person))
    return writing_routes.remember(request, web.redirect(step_url(request, step)), draft.id)


ROUTES = [
    Route("/{lang:lang}/start/later", later, name="petitions.later"),
    Route("/{lang:lang}/start/later", send, name="petitions.later", methods=["POST"]),
    Route("/{lang:lang}/start/kept", kept, name="petitions.kept"),
    Route("/{lang:lang}/start/go-on/{number:int}", go_on, name="petitions.go_on", methods=["POST"]),
    Route(
        "/{lang:lang}/start/throw-away/{number:int}",
        throw_away,
        name="petitions.throw_away",
        methods=["GET", "POST"],
    ),
    Route("/{lang:lang}/resume/{token}", resume, name="petitions.resume"),
    Route("/{lang:lang}/resume/{token}", resume_now, name="petitions.resume", methods=["POST"]),
]
