"""Invitations: written in a group, taken up by the button in a letter or at one's own desk."""

import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, db, i18n, limits, tokens, web
from mobilise.accounts import access, door, inviting
from mobilise.accounts import invitation_queries as invitations
from mobilise.accounts.forms import MEANINGS, InviteForm, NewNameForm
from mobilise.accounts.mine import OURS, number, our_group
from mobilise.errors import N_, TooMany

log = logging.getLogger("mobilise.accounts")
LETTER = "/{lang:lang}/invitations/{token}"
ONE = f"{OURS}/invitations/{{number}}"
MINE = "/manage/invitations/{number}"
_ENOUGH = N_("You invited many people today. Go on tomorrow.")


async def invite(request: Request) -> Response:
    _, found = await our_group(request, access.may_manage_group)
    return _form(request, found, InviteForm(data={"role": "editor"}))


def _form(request: Request, found: db.Record, form: InviteForm, status: int = 200) -> Response:
    return web.render(
        request,
        "accounts/invite.html",
        status=status,
        private=True,
        group=found,
        form=form,
        meanings=MEANINGS,
    )


async def invited(request: Request) -> Response:
    """One letter, if this address had not too many; the answer is the same for every address."""
    person, found = await our_group(request, access.may_manage_group)
    form = await web.filled(request, InviteForm)
    if not form.validate():
        return _form(request, found, form, 422)
    database, address = web.database(request), form.email.address
    recipient = web.tokens(request).recipient(address.key)
    if not await _may_write(database, person, found):
        form.form_errors.append(i18n.gettext(_ENOUGH))
        return _form(request, found, form, TooMany.status)
    await inviting.invite(
        database,
        group_id=found["id"],
        by=person.id,
        address=address,
        role=form.role.data,
        greeting=form.greeting.data or "",
        recipient=recipient,
        write=await limits.take(database, limits.INVITE_ADDRESS, recipient),
    )
    return _to_group(request, found, "invited")


async def _may_write(database: db.Database, person: door.Person, found: db.Record) -> bool:
    """Enough is enough of a group, and of a person: she may found one group after the other."""
    return await limits.take(
        database, limits.INVITE, b"person %d" % person.id
    ) and await limits.take(database, limits.INVITE, b"group %d" % found["id"])


async def again(request: Request) -> Response:
    """The letter once more, and another fourteen days."""
    person, found = await our_group(request, access.may_manage_group)
    database = web.database(request)
    if not await _may_write(database, person, found):
        raise TooMany(_ENOUGH)
    await inviting.send_again(database, number(request), found["id"], web.tokens(request).recipient)
    return _to_group(request, found, "invited")


async def take_back(request: Request) -> Response:
    person, found = await our_group(request, access.may_manage_group)
    await inviting.take_back(web.database(request), number(request), found["id"], person.id)
    return _to_group(request, found, "taken_away")


def _to_group(request: Request, found: db.Record, said: str) -> Response:
    return web.redirect(web.url(request, "accounts.group", group=found["slug"]), said=said)


async def _opened(request: Request) -> tuple[db.Record | None, str]:
    """What the link stands for, and why it opens nothing any more: used, expired or broken."""
    try:
        read = web.tokens(request).read_invitation(request.path_params["token"])
    except tokens.Broken:
        return None, "broken"
    found = await invitations.invitation(web.database(request), int(read.payload[0]))
    if found is None or (not found["how"] and (read.expired or found["age"] > inviting.VALID)):
        return None, "expired"
    return found, "used" if found["how"] else ""


def _dead(request: Request, reason: str) -> Response:
    log.info("an invitation was refused: %s", reason)
    status = 404 if reason == "broken" else 410
    return web.render(
        request, "accounts/dead_invitation.html", status=status, private=True, reason=reason
    )


async def letter(request: Request) -> Response:
    """Who invites to what, and one button: mail scanners open links too."""
    found, dead = await _opened(request)
    if found is None or dead:
        return _dead(request, dead)
    return await _invitation(request, found, NewNameForm())


async def _invitation(request: Request, found: db.Record, form: NewNameForm) -> Response:
    return web.render(
        request,
        "accounts/invitation.html",
        status=422 if form.errors else 200,
        private=True,
        invitation=found,
        meaning=MEANINGS[found["role"]],
        email=addresses.masked(found["email"]),
        form=None if found["person_id"] else form,
        another=await _is_another(request, found),
    )


async def _is_another(request: Request, found: db.Record) -> bool:
    """Is somebody else in, with this browser, than who was invited?"""
    person = await door.person(request)
    return person is not None and person.id != found["person_id"]


async def accept(request: Request) -> Response:
    """The button. Who has no account gets one, and is in; who has one logs in as ever."""
    found, dead = await _opened(request)
    if found is None or dead:
        return _dead(request, dead)
    form = await web.filled(request, NewNameForm)
    new = found["person_id"] is None
    if await _is_another(request, found) or (new and not form.validate()):
        return await _invitation(request, found, form)
    joined = await inviting.accept(web.database(request), found["id"], form.name.data)
    if joined is None:
        return _dead(request, "used")
    there = web.url(request, "accounts.group", group=joined.group_slug)
    if joined.new:
        return await door.enter(request, joined.person_id, there)
    return web.redirect(there)


async def decline(request: Request) -> Response:
    """No, thank you."""
    found, dead = await _opened(request)
    if found is None or dead:
        return _dead(request, dead)
    await inviting.decline(web.database(request), found["id"])
    return web.render(request, "accounts/declined.html", private=True, invitation=found)


async def join(request: Request) -> Response:
    """The same button at one's own desk."""
    person = await door.somebody(request)
    slug = await inviting.accept_as(web.database(request), number(request), person.id)
    return web.redirect(web.url(request, "accounts.group", group=slug), said="joined")


async def refuse(request: Request) -> Response:
    person = await door.somebody(request)
    await inviting.decline_as(web.database(request), number(request), person.id)
    return web.redirect(web.url(request, "accounts.groups"), said="declined")


ROUTES = [
    Route(f"{OURS}/invite", invite, name="accounts.invite"),
    Route(f"{OURS}/invite", invited, name="accounts.invite", methods=["POST"]),
    Route(f"{ONE}/again", again, name="accounts.invite_again", methods=["POST"]),
    Route(f"{ONE}/take-back", take_back, name="accounts.uninvite", methods=["POST"]),
    Route(f"{MINE}/join", join, name="accounts.join", methods=["POST"]),
    Route(f"{MINE}/refuse", refuse, name="accounts.refuse", methods=["POST"]),
    Route(LETTER, letter, name="accounts.invitation"),
    Route(LETTER, accept, name="accounts.invitation", methods=["POST"]),
    Route(f"{LETTER}/decline", decline, name="accounts.decline", methods=["POST"]),
]
