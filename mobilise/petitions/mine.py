"""My petition: logged in, of my group, and I may do this. One line at the top of a handler."""

from collections.abc import Callable

from starlette.requests import Request

from mobilise import i18n, web
from mobilise.accounts import access, door
from mobilise.errors import NotAllowed, NotFound
from mobilise.petitions import queries, reading

MINE = "/manage/petitions/{slug}"
Deed = Callable[[access.Role], bool]


async def mine(request: Request, deed: Deed) -> tuple[door.Person, reading.Petition]:
    """`mine(request, access.may_edit)`: LogInFirst, NotFound for a stranger, else NotAllowed.

    A stranger cannot tell a draft of others from a petition that does not exist.
    """
    person = await door.somebody(request)
    database = web.database(request)
    petition = await reading.petition(database, request.path_params["slug"], i18n.language())
    role = await access.role_in(database, person.id, petition.group_id)
    if not access.may_see_desk(role):
        raise NotFound()
    if not deed(role):
        raise NotAllowed()
    waits = await queries.waits(database, petition.id)
    web.at_desk(request, may=access.allowed(role), waits=waits)
    return person, petition
