"""Asks a server on loopback as fast as it answers, or at a steady pace, from one process.

Plain sockets and `selectors`, because the asker shares two cores with the server and the
database: what it spends is taken from them. Bounded by time and by the number of requests.
"""

import re
import selectors
import socket
import time
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_ROOM = 1 << 18
CONNECTIONS = 32
GIVE_UP_AFTER = 15.0
"""Seconds without any answer."""


@dataclass(frozen=True)
class Pouring:
    """What came back. Rates are answers a second, times are milliseconds."""

    rate: float
    total: int
    p50: float
    p99: float
    statuses: dict[int, int]
    octets: int  # of the last answer's body

    def expect(self, status: int) -> "Pouring":
        """A benchmark of error pages would be a fast one."""
        if set(self.statuses) != {status}:
            raise RuntimeError(f"expected only {status}, got {self.statuses}")
        return self


class _Line:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=GIVE_UP_AFTER)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.buffer = bytearray(_ROOM)
        self.view = memoryview(self.buffer)
        self.have = self.need = self.octets = 0
        self.asked_at = 0.0

    def ask(self, request: bytes, at: float) -> None:
        self.asked_at = at
        self.have = self.need = 0
        if self.socket.send(request) != len(request):
            raise RuntimeError("the server does not take what it is sent")

    def hears(self) -> int:
        """The status, once the whole answer is here; 0 before."""
        got = self.socket.recv_into(self.view[self.have :])
        if not got:
            raise RuntimeError("the server closed a connection")
        self.have += got
        if not self.need:
            head = self.buffer.find(_END, 0, self.have)
            if head < 0:
                return 0
            length = _LENGTH.search(self.buffer, 0, head)
            self.octets = int(length[1]) if length else 0
            self.need = head + len(_END) + self.octets
        return int(self.buffer[9:12]) if self.have >= self.need else 0


def pour(
    port: int,
    requests: Iterable[bytes],
    seconds: float,
    connections: int,
    a_second: float | None,
) -> Pouring:
    """Sends `requests` over `connections` until they or the `seconds` are over.

    With a rate `a_second` each request has its moment, and its time counts from that moment even
    when no connection was free: a server that stalls cannot hide it.
    """
    lines = [_Line(port) for _ in range(connections)]
    chosen = selectors.DefaultSelector()
    for line in lines:
        chosen.register(line.socket, selectors.EVENT_READ, line)
    free, rest = deque(lines), iter(requests)
    took, statuses = array("d"), Counter[int]()
    octets, busy, asked = 0, 0, 0
    began = last = time.perf_counter()
    until = began + seconds
    try:
        while True:
            now = time.perf_counter()
            while free and now < until:
                moment = now if a_second is None else began + asked / a_second
                request = None if moment > now else next(rest, None)
                if request is None:
                    until = until if moment > now else now  # nothing left to ask
                    break
                free.popleft().ask(request, moment)
                busy, asked = busy + 1, asked + 1
            if not busy and now >= until:
                break
            if now - last > GIVE_UP_AFTER:
                raise RuntimeError(f"no answer for {GIVE_UP_AFTER:.0f} s")
            for key, _ in chosen.select(_patience(a_second, began, asked, now, bool(free))):
                line = key.data
                if status := line.hears():
                    last = time.perf_counter()
                    took.append(last - line.asked_at)
                    statuses[status] += 1
                    octets, busy = line.octets, busy - 1
                    free.append(line)
    finally:
        chosen.close()
        for line in lines:
            line.socket.close()
    return Pouring(
        len(took) / max(last - began, 1e-9), len(took), *_percentiles(took), dict(statuses), octets
    )


def _patience(a_second: float | None, began: float, asked: int, now: float, may_ask: bool) -> float:
    """How long to wait for an answer before it is time to ask again."""
    if a_second is None or not may_ask:
        return 1.0
    return min(1.0, max(0.0, began + asked / a_second - now))


def _percentiles(took: "array[float]") -> tuple[float, float]:
    """The middle and the slowest hundredth, in milliseconds."""
    if not took:
        return 0.0, 0.0
    ordered = sorted(took)
    return tuple(1000 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))  # type: ignore[return-value]


class Askers:
    """Processes of their own that pour, so that what measures is not what is measured."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))

    def __enter__(self) -> "Askers":
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def start(
        self,
        port: int,
        requests: Iterable[bytes],
        seconds: float,
        *,
        connections: int = CONNECTIONS,
        a_second: float | None = None,
    ) -> "Future[Pouring]":
        return self._pool.submit(pour, port, requests, seconds, connections, a_second)


@dataclass(frozen=True)
class Same:
    """One request, again and again."""

    request: bytes

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield self.request


def get(path: str, *, accept: str = "gzip, deflate, br") -> bytes:
    """As a browser asks that opens a page."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
        f"Accept-Language: en-GB,en;q=0.7,nl;q=0.3\r\nAccept-Encoding: {accept}\r\n{_BROWSER}\r\n"
    ).encode()


def post(path: str, form: bytes, *, visitor: str) -> bytes:
    """As a browser sends a form of this site, through a proxy that tells who sent it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {visitor}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
        f"Accept: text/html\r\nAccept-Encoding: gzip\r\nOrigin: http://127.0.0.1\r\n{_BROWSER}\r\n"
    ).encode() + form


_BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"
    "Connection: keep-alive\r\n"
)


def visitor(number: int) -> str:
    """An address in one of 60,000 networks, so that none sends more than a street would."""
    network = number * 7919 % 60_000
    return f"{11 + network // 6000}.{network // 250 % 24}.{network % 250}.7"
