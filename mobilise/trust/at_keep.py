"""Who comes to the keeper's desk, and what every page of it shows."""

from starlette.requests import Request

from mobilise import web
from mobilise.accounts import door
from mobilise.trust import queries


async def keeper(request: Request) -> door.Person:
    """Who keeps this instance, with what waits in the navigation; else NotFound."""
    person = await door.keeper(request)
    web.at_desk(request, waits=dict(await queries.waiting(web.database(request))))
    return person
