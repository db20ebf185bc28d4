"""People in a group: roles, taking somebody out, handing over."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import db, i18n, web
from mobilise.accounts import access, group_queries, groups
from mobilise.accounts.forms import MEANINGS, HandOverForm, RoleForm
from mobilise.accounts.mine import OURS, number, our_group
from mobilise.errors import NotFound

MEMBER = f"{OURS}/members/{{number}}"


async def _member(request: Request, found: db.Record) -> db.Record:
    database = web.database(request)
    member = await group_queries.member(database, found["id"], number(request))
    if member is None:
        raise NotFound()
    return member


async def member(request: Request) -> Response:
    """One of us, with the roles to choose from."""
    _, found = await our_group(request, access.may_manage_group)
    one = await _member(request, found)
    return _role(request, found, one, RoleForm(data={"role": one["role"]}))


def _role(request: Request, found: db.Record, one: db.Record, form: RoleForm) -> Response:
    return web.render(
        request,
        "accounts/member.html",
        status=422 if form.errors else 200,
        private=True,
        group=found,
        member=one,
        form=form,
        meanings=MEANINGS,
    )


async def change_role(request: Request) -> Response:
    person, found = await our_group(request, access.may_manage_group)
    one, form = await _member(request, found), await web.filled(request, RoleForm)
    if not form.validate():
        return _role(request, found, one, form)
    database, role = web.database(request), form.role.data
    await groups.change_role(database, found["id"], one["id"], role, person.id)
    return web.redirect(web.url(request, "accounts.group", group=found["slug"]), said="saved")


async def remove(request: Request) -> Response:
    """Asks once more."""
    _, found = await our_group(request, access.may_manage_group)
    one = await _member(request, found)
    return web.render(request, "accounts/remove.html", private=True, group=found, member=one)


async def removed(request: Request) -> Response:
    person, found = await our_group(request, access.may_manage_group)
    one = await _member(request, found)
    await groups.remove(web.database(request), found["id"], one["id"], person.id)
    return web.redirect(web.url(request, "accounts.group", group=found["slug"]), said="removed")


async def hand_over(request: Request) -> Response:
    """Says what changes, and asks who it shall be."""
    person, found = await our_group(request, access.may_hand_over)
    return await _heirs(request, found, person.id, HandOverForm())


async def _heirs(
    request: Request, found: db.Record, person_id: int, form: HandOverForm
) -> Response:
    members = await group_queries.members(web.database(request), found["id"])
    return web.render(
        request,
        "accounts/hand_over.html",
        status=422 if form.errors else 200,
        private=True,
        group=found,
        form=form,
        heirs=[each for each in members if each["id"] != person_id],
    )


async def handed_over(request: Request) -> Response:
    person, found = await our_group(request, access.may_hand_over)
    database, form = web.database(request), await web.filled(request, HandOverForm)
    if form.validate():
        members = await group_queries.members(database, found["id"])
        to = next((m["id"] for m in members if str(m["id"]) == form.to.data), None)
        if to is None or to == person.id:
            form.to.errors = [i18n.gettext("Choose who becomes the owner")]
    if form.errors:
        return await _heirs(request, found, person.id, form)
    recipient = web.tokens(request).recipient
    await groups.hand_over(database, found["id"], person.id, int(form.to.data or 0), recipient)
    there = web.url(request, "accounts.group", group=found["slug"])
    return web.redirect(there, said="handed_over")


ROUTES = [
    Route(MEMBER, member, name="accounts.member"),
    Route(MEMBER, change_role, name="accounts.member", methods=["POST"]),
    Route(f"{MEMBER}/remove", remove, name="accounts.remove"),
    Route(f"{MEMBER}/remove", removed, name="accounts.remove", methods=["POST"]),
    Route(f"{OURS}/hand-over", hand_over, name="accounts.hand_over"),
    Route(f"{OURS}/hand-over", handed_over, name="accounts.hand_over", methods=["POST"]),
]
