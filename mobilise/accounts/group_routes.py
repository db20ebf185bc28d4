"""My groups: who is in them, and what they say about themselves."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import addresses, db, i18n, limits, web
from mobilise.accounts import access, door, group_queries, groups, inviting
from mobilise.accounts import invitation_queries as invitations
from mobilise.accounts.forms import MEANINGS, DescribeForm, NewGroupForm
from mobilise.accounts.mine import OURS, our_group
from mobilise.errors import ChangedMeanwhile, TooMany


async def mine(request: Request) -> Response:
    """My groups, and who asks me into theirs."""
    return await _mine(request, await door.somebody(request), NewGroupForm())


async def _mine(request: Request, person: door.Person, form: NewGroupForm) -> Response:
    database = web.database(request)
    found = await group_queries.of_person(database, person.id)
    return web.render(
        request,
        "accounts/groups.html",
        status=422 if form.errors else 200,
        private=True,
        form=form,
        groups=found,
        names=groups.told_apart(found),
        invitations=await invitations.of_person(database, person.id, inviting.VALID),
    )


async def make(request: Request) -> Response:
    """Another group; who makes it owns it."""
    person = await door.somebody(request)
    form = await web.filled(request, NewGroupForm)
    if not form.validate():
        return await _mine(request, person, form)
    database = web.database(request)
    if not await limits.take(database, limits.NEW_GROUP, b"person %d" % person.id):
        raise TooMany()
    slug = await groups.make(database, person.id, form.name.data or "")
    return web.redirect(web.url(request, "accounts.group", group=slug), said="saved")


async def group(request: Request) -> Response:
    """Who is in it, who is invited, what each role may."""
    person, found = await our_group(request, access.may_see_group)
    return await _who_is_in(request, person, found, addresses.masked)


async def whole_addresses(request: Request) -> Response:
    """The same with every address in full, after a log-in of just now."""
    _, found = await our_group(request, access.may_manage_group)
    return await _who_is_in(request, await door.fresh(request), found, str)


async def _who_is_in(
    request: Request, person: door.Person, found: db.Record, shown: Callable[[str], str]
) -> Response:
    """`shown`: how much of an address owners see; the others see none."""
    database, manages = web.database(request), access.may_manage_group(found["role"])
    invited = await invitations.waiting(database, found["id"]) if manages else []
    return web.render(
        request,
        "accounts/group.html",
        private=True,
        group=found,
        members=await group_queries.members(database, found["id"]),
        invitations=invited,
        meanings=MEANINGS,
        me=person.id,
        valid=inviting.VALID,
        shown=shown,
        whole=shown is str,
    )


async def describe(request: Request) -> Response:
    _, found = await our_group(request, access.may_manage_group)
    form = DescribeForm(data=dict(found) | {"seen": groups.mark(found)})
    return _description(request, found, form)


def _description(
    request: Request,
    found: db.Record,
    form: DescribeForm,
    status: int = 200,
    now: db.Record | None = None,
) -> Response:
    """`now`: what somebody else saved while this was written."""
    return web.render(
        request,
        "accounts/describe.html",
        status=status,
        private=True,
        group=found,
        form=form,
        now=now,
        names=i18n.LANGUAGES,
    )


async def described(request: Request) -> Response:
    person, found = await our_group(request, access.may_manage_group)
    form = await web.filled(request, DescribeForm)
    if not form.validate():
        return _description(request, found, form, 422)
    database, words = web.database(request), dict(form.data)
    try:
        seen = words.pop("seen") or None
        await groups.describe(database, found["id"], person.id, words, seen)
    except ChangedMeanwhile as refusal:
        now = await group_queries.description(database, found["id"])
        form.seen.data = groups.mark(now)  # to save again is to know of it
        form.form_errors.append(i18n.gettext(refusal.message))
        return _description(request, found, form, refusal.status, now)
    return web.redirect(web.url(request, "accounts.group", group=found["slug"]), said="saved")


async def leave(request: Request) -> Response:
    """Asks once more; the last owner is told what to do first."""
    _, found = await our_group(request, access.may_see_group)
    members = await group_queries.members(web.database(request), found["id"])
    owners = [each for each in members if each["role"] == "owner"]
    return web.render(
        request,
        "accounts/leave.html",
        private=True,
        group=found,
        last_owner=found["role"] == "owner" and len(owners) == 1,
        alone=len(members) == 1,
    )


async def left(request: Request) -> Response:
    person, found = await our_group(request, access.may_see_group)
    await groups.remove(web.database(request), found["id"], person.id, person.id)
    return web.redirect(web.url(request, "accounts.groups"), said="left")


ROUTES = [
    Route("/manage/groups", mine, name="accounts.groups"),
    Route("/manage/groups", make, name="accounts.groups", methods=["POST"]),
    Route(OURS, group, name="accounts.group"),
    Route(f"{OURS}/addresses", whole_addresses, name="accounts.addresses"),
    Route(f"{OURS}/about", describe, name="accounts.describe"),
    Route(f"{OURS}/about", described, name="accounts.describe", methods=["POST"]),
    Route(f"{OURS}/leave", leave, name="accounts.leave"),
    Route(f"{OURS}/leave", left, name="accounts.leave", methods=["POST"]),
]
