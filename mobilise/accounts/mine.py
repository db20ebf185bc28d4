"""My group: logged in, of my people, and I may do this. One line at the top of a handler."""

from collections.abc import Callable

from starlette.requests import Request

from mobilise import db, web
from mobilise.accounts import access, door, group_queries
from mobilise.errors import NotAllowed, NotFound

OURS = "/manage/groups/{group}"
Deed = Callable[[access.Role], bool]


async def our_group(request: Request, deed: Deed) -> tuple[door.Person, db.Record]:
    """`our_group(request, access.may_see_group)`: LogInFirst, NotFound for a stranger, else
    NotAllowed. A stranger cannot tell a group of others from one that does not exist."""
    person = await door.somebody(request)
    slug = request.path_params["group"]
    group = await group_queries.group(web.database(request), slug, person.id)
    if group is None or not access.may_see_group(group["role"]):
        raise NotFound()
    if not deed(group["role"]):
        raise NotAllowed()
    web.at_desk(request, may=access.allowed(group["role"]))
    return person, group


def number(request: Request, name: str = "number") -> int:
    """A number in the address; NotFound for anything that no row could have."""
    written = request.path_params[name]
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise NotFound()
    return int(written)
