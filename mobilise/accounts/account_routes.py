"""My account: name, language, where I am in, another address, and the end of it."""

import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, cookies, db, i18n, limits, tokens, web
from mobilise.accounts import (
    door,
    group_queries,
    leaving,
    mailbox_queries,
    moving,
    queries,
    sessions,
)
from mobilise.accounts.forms import AccountForm, NewAddressForm
from mobilise.accounts.mine import number
from mobilise.errors import NotFound, TooMany

log = logging.getLogger("mobilise.accounts")
ACCOUNT = "/manage/account"
LETTER = "/{lang:lang}/address/{token}"


async def account(request: Request) -> Response:
    person = await door.somebody(request)
    form = AccountForm(data={"name": person.name, "language": person.language})
    return await _account(request, person, form)


async def _account(request: Request, person: door.Person, form: AccountForm) -> Response:
    database, secret = web.database(request), cookies.read(request, door.SESSION)
    return web.render(
        request,
        "accounts/account.html",
        status=422 if form.errors else 200,
        private=True,
        form=form,
        sessions=await sessions.living(database, person.id, secret),
        moving=await mailbox_queries.waiting(database, person.id, moving.VALID),
    )


async def describe(request: Request) -> Response:
    person = await door.somebody(request)
    form = await web.filled(request, AccountForm)
    if not form.validate():
        return await _account(request, person, form)
    name, language = form.name.data or "", form.language.data
    await queries.describe(web.database(request), person.id, name, language)
    return web.redirect(web.url(request, "accounts.account"), said="saved")


async def speak(request: Request) -> Response:
    """Another language for the desk, from any of its pages, and back to that page."""
    person = await door.somebody(request)
    sent = await request.form(max_files=0, max_fields=5)
    language, back = str(sent.get("language", "")), door.safe(str(sent.get("back", "")))
    if language in i18n.LANGUAGES:
        await queries.speak(web.database(request), person.id, language)
    return web.redirect(back, said="language")


async def end_session(request: Request) -> Response:
    person = await door.somebody(request)
    await sessions.end_one(web.database(request), person.id, number(request))
    return web.redirect(web.url(request, "accounts.account"), said="session_ended")


async def end_others(request: Request) -> Response:
    person = await door.somebody(request)
    secret = cookies.read(request, door.SESSION)
    await sessions.end_others(web.database(request), person.id, secret)
    return web.redirect(web.url(request, "accounts.account"), said="session_ended")


async def move(request: Request) -> Response:
    """Another address: only for who proved the old one just now."""
    await door.fresh(request)
    return web.render(request, "accounts/move.html", private=True, form=NewAddressForm())


async def move_now(request: Request) -> Response:
    """Two letters. Whether the new address has an account already, nobody learns here."""
    person = await door.fresh(request)
    form = await web.filled(request, NewAddressForm)
    if not form.validate():
        return web.render(request, "accounts/move.html", status=422, private=True, form=form)
    database, recipient = web.database(request), web.tokens(request).recipient
    if not await limits.take(database, limits.NEW_ADDRESS, b"person %d" % person.id):
        raise TooMany()
    session = sessions.key(cookies.read(request, door.SESSION))
    address = form.email.address
    write = await limits.take(database, limits.NEW_ADDRESS, recipient(address.key))
    await moving.ask(database, person.id, session, address, recipient, write)
    return web.redirect(web.url(request, "accounts.account"), said="address_asked")


async def _opened(request: Request) -> tuple[db.Record | None, moving.Side]:
    """The wish that a link is about, and whose link it is; None when it opens nothing any more,
    NotFound for an address that is not whole."""
    try:
        read = web.tokens(request).read_account_address(request.path_params["token"])
    except tokens.Broken as error:
        raise NotFound() from error
    change = await mailbox_queries.change(web.database(request), int(read.payload[0]))
    over = change is None or read.expired or change["ended_at"] or change["age"] > moving.VALID
    return (None if over else change), "old" if read.payload[1] == "old" else "new"


async def address(request: Request) -> Response:
    """One button; for the old address also the one that stops it."""
    change, side = await _opened(request)
    if change is None:
        return _address(request, "over", side, 410)
    return _address(request, "asked", side, email=addresses.masked(change["email"]))


def _address(
    request: Request, outcome: str, side: moving.Side, status: int = 200, email: str = ""
) -> Response:
    return web.render(
        request,
        "accounts/address.html",
        status=status,
        private=True,
        outcome=outcome,
        side=side,
        email=email,
        token=request.path_params["token"],
    )


async def agree(request: Request) -> Response:
    change, side = await _opened(request)
    if change is None:
        return _address(request, "over", side, 410)
    outcome = await moving.agree(web.database(request), change["id"], side)
    return _address(request, outcome, side, 410 if outcome == "over" else 200)


async def stop(request: Request) -> Response:
    """Asks nothing more: the page of the link has both buttons."""
    return await address(request)


async def stop_now(request: Request) -> Response:
    change, side = await _opened(request)
    if change is None or side != "old":
        return _address(request, "over", side, 410)
    await moving.stop(web.database(request), change["id"])
    return _address(request, "stopped", side)


async def erase(request: Request) -> Response:
    """What goes and what stays, or what stands in the way."""
    person = await door.fresh(request)
    database = web.database(request)
    return web.render(
        request,
        "accounts/erase.html",
        private=True,
        in_the_way=await leaving.in_the_way(database, person.id),
        alone=await group_queries.owned_alone(database, person.id),
        groups=await group_queries.of_person(database, person.id),
    )


async def erased(request: Request) -> Response:
    person = await door.fresh(request)
    await leaving.erase(web.database(request), person.id, web.tokens(request).recipient)
    answer = web.redirect(web.url(request, "accounts.farewell"))
    cookies.take(request, answer, door.SESSION)
    return answer


async def farewell(request: Request) -> Response:
    return web.render(request, "accounts/farewell.html")


ROUTES = [
    Route(ACCOUNT, account, name="accounts.account"),
    Route(ACCOUNT, describe, name="accounts.account", methods=["POST"]),
    Route("/manage/language", speak, name="accounts.language", methods=["POST"]),
    Route(
        f"{ACCOUNT}/sessions/{{number}}/end",
        end_session,
        name="accounts.end_session",
        methods=["POST"],
    ),
    Route(f"{ACCOUNT}/sessions/end", end_others, name="accounts.end_others", methods=["POST"]),
    Route(f"{ACCOUNT}/address", move, name="accounts.move"),
    Route(f"{ACCOUNT}/address", move_now, name="accounts.move", methods=["POST"]),
    Route(f"{ACCOUNT}/erase", erase, name="accounts.erase"),
    Route(f"{ACCOUNT}/erase", erased, name="accounts.erase", methods=["POST"]),
    Route(LETTER, address, name="accounts.address"),
    Route(LETTER, agree, name="accounts.address", methods=["POST"]),
    Route(f"{LETTER}/stop", stop, name="accounts.stop_address"),
    Route(f"{LETTER}/stop", stop_now, name="accounts.stop_address", methods=["POST"]),
    Route("/{lang:lang}/farewell", farewell, name="accounts.farewell"),
]
