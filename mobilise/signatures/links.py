"""The links of a letter, opened: what they say, and a kind page when they say it too late."""

from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response

from mobilise import i18n, web
from mobilise.errors import NotFound
from mobilise.petitions import reading
from mobilise.tokens import Broken, Read

_STATUS = {"expired": 410, "replaced": 410, "withdrawn": 410, "broken": 404, "gone": 410}


@dataclass(frozen=True)
class Link:
    petition_id: int
    signature_id: int
    version: int
    token: str = ""
    age: int = 0  # seconds since the letter was written
    expired: bool = False
    confirms: bool = False  # it came with the letter that asks to confirm

    @property
    def ids(self) -> tuple[int, int, int]:
        return self.petition_id, self.signature_id, self.version


def opened(request: Request) -> Link | None:
    """The confirm link of this request; None when it is none of ours."""
    token = request.path_params["token"]
    try:
        return _link(token, web.tokens(request).read_confirm(token), confirms=True)
    except Broken:
        return None


def mine(request: Request) -> Link | None:
    """The link to "my signature"; None when it is none of ours."""
    token = request.path_params["token"]
    try:
        return _link(token, web.tokens(request).read_signature(token))
    except Broken:
        return None


def _link(token: str, read: Read, *, confirms: bool = False) -> Link:
    petition_id, signature_id, version = read.payload
    return Link(petition_id, signature_id, version, token, read.age, read.expired, confirms)


async def dead(request: Request, link: Link | None, reason: str) -> Response:
    """This link cannot do it (any more): why, and what works instead."""
    petition = None
    if link is not None:
        try:
            petition = await reading.by_id(web.database(request), link.petition_id, i18n.language())
        except NotFound:
            reason = "gone"
    return web.render(
        request,
        "signatures/dead_link.html",
        status=_STATUS.get(reason, 409),
        private=True,
        petition=petition,
        token=link.token if link and link.confirms else None,
        reason=reason,
    )


def signed_page(request: Request, link: Link, said: str) -> str:
    """My signature. `said` is what the page begins with: `new`, `again` or `saved`."""
    token = web.tokens(request).signature(*link.ids)
    return f"{web.url(request, 'signatures.signed', token=token)}?{said}=1"


def after_confirming(request: Request, link: Link, outcome: str) -> str:
    return signed_page(request, link, "new" if outcome == "counted" else "again")


def slug(request: Request) -> str:
    return str(request.path_params["slug"])


def today(request: Request) -> date:
    return datetime.now(web.settings(request).zone).date()
