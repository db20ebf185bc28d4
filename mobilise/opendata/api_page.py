"""The page of the API: its endpoints with addresses that work on this very site."""

from dataclasses import dataclass
from urllib.parse import urlencode

from mobilise import db
from mobilise.opendata import list_queries
from mobilise.opendata.endpoints import ENDPOINTS, Endpoint
from mobilise.opendata.list_queries import Filter

A_SLUG = "a-park"  # where nothing is published yet
ASKED = ("state", "q", "limit")  # what the example of the list asks for


@dataclass(frozen=True)
class Shown:
    """`example`: an address that can be asked at once."""

    endpoint: Endpoint
    example: str


async def contents(database: db.Database, site: str) -> list[Shown]:
    """The endpoints in their order; those of one petition with the newest one's address."""
    newest = await list_queries.listed(database, Filter(), None, 1)
    slug = newest[0]["slug"] if newest else A_SLUG
    return [Shown(each, _example(each, site, slug)) for each in ENDPOINTS]


def _example(endpoint: Endpoint, site: str, slug: str) -> str:
    asked = {each.name: each.example for each in endpoint.parameters if each.name in ASKED}
    query = f"?{urlencode(asked)}" if asked else ""
    return site + endpoint.path.replace("{slug}", slug) + query
