"""Who asks: the address behind our own proxies, and the network that it lies in."""

import ipaddress
from functools import lru_cache, partial
from typing import Literal

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mobilise.errors import Refusal
from mobilise.middleware import HOST, header, plain
from mobilise.settings import Settings, networks
from mobilise.web import OPEN

UNREADABLE = "This address cannot be read."
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Visitor:
    """Who asks: the address behind our own proxies, and never what a stranger's header says."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.site = settings.base_url
        self.proxies = networks(settings.trusted_proxies)
        self.trusted = lru_cache(maxsize=1024)(partial(_within, listed=self.proxies))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if "\x00" in scope["path"] or b"%00" in scope.get("query_string", b""):
                return await self._unreadable(scope, receive, send)
            scope["mobilise.network"] = prefix(self._address(scope))
        await self.app(scope, receive, send)

    async def _unreadable(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Plain for people, who never type it, and as any other problem for programs."""
        if not scope["path"].startswith("/api/"):
            return await plain(send, 400, UNREADABLE.encode())
        problem = {
            "type": f"{self.site}/api#refused",
            "title": Refusal.heading,
            "status": 400,
            "detail": UNREADABLE,
            "instance": f"urn:request:{scope.get('mobilise.request_id', '')}",
        }
        answer = Response(orjson.dumps(problem), 400, OPEN, "application/problem+json")
        await answer(scope, receive, send)

    def _address(self, scope: Scope) -> str:
        address = _caller(scope)
        if not self.proxies or not self.trusted(address):
            return address
        # A proxy may add a line of its own under the one that a stranger sent: all are read.
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        for hop in reversed([_bare(part) for part in forwarded.split(",") if part.strip()]):
            address = hop
            if not self.trusted(hop):
                break
        return address


def forwarded(scope: Scope, settings: Settings) -> Literal["believed", "ignored", "none"]:
    """What became of the word of whoever passed this request on about who asks. It says nothing
    that the caller does not know, but for one: whether it counts."""
    if not header(scope, b"x-forwarded-for").strip():
        return "none"
    ours = _within(_caller(scope), networks(settings.trusted_proxies))
    return "believed" if ours else "ignored"


def _caller(scope: Scope) -> str:
    """Who speaks to us: a visitor, or a proxy."""
    return str(scope["client"][0]) if scope.get("client") else "127.0.0.1"


def _within(address: str, listed: list[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in listed)


def _bare(hop: str) -> str:
    """203.0.113.9:4711 and [2001:db8::1]:4711 as addresses: some proxies add the port."""
    found = HOST.fullmatch(hop.strip())
    bracketed = hop.strip().startswith("[")
    return found[1] if found and (bracketed or hop.count(":") == 1) else hop.strip()


@lru_cache(maxsize=1024)
def prefix(address: str) -> str:
    """The network of an address: /24 for IPv4, /48 for IPv6. Less than a house, more than none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = 24 if found.version == 4 else 48
    rest = found.max_prefixlen - length
    return f"{type(found)(int(found) >> rest << rest)}/{length}"
