"""Log in by letter, log out."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, limits, web
from mobilise.accounts import (
    account_routes,
    asking,
    door,
    entering,
    group_routes,
    invitation_routes,
    member_routes,
)
from mobilise.accounts.forms import CodeForm, LoginForm


async def login(request: Request) -> Response:
    """Asks for the address. Who is in already goes on, or proves the mailbox `again`."""
    back = door.safe(request.query_params.get("next", ""))
    person, again = await door.person(request), request.query_params.get("again") == "1"
    if person and not again:
        return web.redirect(back)
    return _ask(request, LoginForm(data={"next": back}), person.email if person else None)


def _ask(
    request: Request, form: LoginForm, known: str | None = None, status: int = 200
) -> Response:
    """`known`: the address of who is in and proves it once more; no other one will do."""
    back = door.safe(form.next.data or "")
    return web.render(
        request,
        "accounts/login.html",
        status=status,
        private=True,
        form=form,
        next=back,
        known=known,
        unsaved=request.query_params.get("unsaved") == "1",
    )


async def send(request: Request) -> Response:
    """Sends the letter to whoever has an account; the answer is the same for everybody."""
    form = await web.filled(request, LoginForm)
    back = door.safe(form.next.data or "")
    person = await door.person(request) if form.again.data else None
    if person is not None:  # whatever was typed: this page opens for this account alone
        known = addresses.parse(person.email)
        return await asking.ask(request, "login", known, limits.LOGIN, {"next": back})
    if not form.validate():
        return _ask(request, form, status=422)
    return await asking.ask(request, "login", form.email.address, limits.LOGIN, {"next": back})


async def check(request: Request) -> Response:
    return await asking.check_page(request, "login")


async def code(request: Request) -> Response:
    """The six digits, typed in the browser that asked for the letter."""
    form = await web.filled(request, CodeForm)
    if not form.validate():
        return await asking.check_page(request, "login", form)
    found = await asking.matching(request, "login", form.code.data or "")
    entered = await entering.by_code(web.database(request), asking.browser(request), found)
    if entered is None:
        return await asking.check_page(request, "login", asking.refused_code(form))
    return await door.enter(request, entered.person_id, door.safe(entered.draft.get("next", "")))


async def enter(request: Request) -> Response:
    """The link of the letter: a page with one button, because scanners open links."""
    link = await asking.opened(request, "login")
    if link.dead:
        return asking.dead_page(request, link)
    return asking.enter_page(request, link)


async def press(request: Request) -> Response:
    """The button. Of two presses one logs in."""
    link = await asking.opened(request, "login")
    if link.dead:
        return asking.dead_page(request, link)
    entered = await entering.by_link(web.database(request), link.id)
    if entered is None:
        return asking.dead_page(request, link)
    return await door.enter(request, entered.person_id, door.safe(entered.draft.get("next", "")))


async def logout(request: Request) -> Response:
    """Ends the session of this browser; with `everywhere`, all of this person's."""
    sent = await request.form(max_files=0, max_fields=5)
    return await door.leave(
        request, web.url(request, "pages.home"), everywhere=sent.get("everywhere") == "1"
    )


ROUTES = [
    *group_routes.ROUTES,
    *member_routes.ROUTES,
    *invitation_routes.ROUTES,
    *account_routes.ROUTES,
    Route("/{lang:lang}/login", login, name="accounts.login"),
    Route("/{lang:lang}/login", send, name="accounts.login", methods=["POST"]),
    Route("/{lang:lang}/login/check-your-mail", check, name="accounts.check"),
    Route("/{lang:lang}/login/code", code, name="accounts.code", methods=["POST"]),
    Route("/{lang:lang}/login/{token}", enter, name="accounts.enter"),
    Route("/{lang:lang}/login/{token}", press, name="accounts.enter", methods=["POST"]),
    Route("/{lang:lang}/logout", logout, name="accounts.logout", methods=["POST"]),
]
