"""A mail server that takes every letter, keeps none but the last, and knows when they came.

As little as SMTP allows, so that it is not what is measured. Three words more than SMTP:
XBEGIN forgets what came, XTOLD answers "total first last", XLAST answers with the last letter.
"""

import asyncio
import sys
import time
from typing import cast

import uvloop

from mobilise.lifeline import die_with_parent

_END = b"\r\n.\r\n"


class Counter:
    def __init__(self) -> None:
        self.total, self.first, self.last = 0, 0.0, 0.0
        self.letter = b""


class Door(asyncio.Protocol):
    """One connection."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.heard = bytearray()
        self.in_letter = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(b"220 sink.example\r\n")

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while True:
            end = _END if self.in_letter else b"\r\n"
            at = self.heard.find(end)
            if at < 0:
                return
            said = bytes(self.heard[:at])
            del self.heard[: at + len(end)]
            self.transport.write(self._taken(said) if self.in_letter else self._answer(said))

    def _taken(self, letter: bytes) -> bytes:
        self.in_letter = False
        now, counter = time.perf_counter(), self.counter
        counter.first = counter.first if counter.total else now
        counter.total, counter.last, counter.letter = counter.total + 1, now, letter
        return b"250 taken\r\n"

    def _answer(self, said: bytes) -> bytes:
        word, counter = said[:6].upper(), self.counter
        if word.startswith(b"DATA"):
            self.in_letter = True
            return b"354 go on\r\n"
        if word.startswith(b"EHLO"):
            return b"250-sink.example\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
        if word.startswith(b"QUIT"):
            self.transport.close()
        elif word == b"XBEGIN":
            counter.total, counter.first, counter.last = 0, 0.0, 0.0
        elif word.startswith(b"XTOLD"):
            return f"250 {counter.total} {counter.first} {counter.last}\r\n".encode()
        elif word.startswith(b"XLAST"):
            return counter.letter + _END
        return b"250 fine\r\n"


async def _serve(port: int) -> None:
    counter = Counter()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Door(counter), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    die_with_parent()
    uvloop.run(_serve(int(sys.argv[1])))
