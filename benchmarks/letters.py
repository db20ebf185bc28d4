"""Letters: one postman, from the outbox to a mail server on loopback."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import uvloop

from benchmarks import seeding
from benchmarks.figures import RUNS, Row, Run, in_turns
from benchmarks.instance import FIRST_PORT, LAST_PORT, child, spent_by
from benchmarks.stage import Stage
from mobilise import ports
from mobilise.mail.postman import CONNECTIONS

WARM_UP = 400
A_SECOND = 1000  # letters that are made ready for each second of a run
PATIENCE = 60.0
"""Seconds without a letter, after which the postman counts as lost."""


def measure(stage: Stage) -> Row:
    runs = iter(range(1000))
    total = int(A_SECOND * stage.seconds)
    # What the signing before left in the outbox is not for this postman.
    stage.mobilise.query("update letters set state = 'dropped' where state = 'waiting'")
    port = ports.first_free(FIRST_PORT, LAST_PORT)
    with _sink(stage, port) as sink, _postman(stage, port) as postman:

        def delivered(letters: int) -> Run:
            name = f"karim-{next(runs)}-"
            waiting = seeding.pending(stage.mobilise, stage.petition, letters, name)
            stage.mobilise.settle()
            sink.ask("XBEGIN")
            before = spent_by(postman), stage.mobilise.spent_by_database()
            seeding.waiting_letters(stage.mobilise, stage.petition, waiting)
            rate = sink.until(letters)
            after = spent_by(postman), stage.mobilise.spent_by_database()
            own, database = (1e6 * (b - a) / letters for a, b in zip(before, after, strict=True))
            return Run(rate, total=letters, cpu={"postman": own, "db": database})

        def floor() -> Run:
            letter = sink.last()
            sink.ask("XBEGIN")
            uvloop.run(_sent(port, letter, total))
            return Run(sink.until(total), total=total)

        delivered(WARM_UP)
        found, raw = in_turns(RUNS, lambda: delivered(total), floor)
    beside = {f"floor: the same letter, raw SMTP, {CONNECTIONS} connections": raw}
    return Row("letters, one postman", found, beside, "1,000/s")


@dataclass(frozen=True)
class Sink:
    """The mail server, asked from outside."""

    line: socket.socket

    def ask(self, word: str) -> str:
        self.line.sendall(word.encode() + b"\r\n")
        return self.line.recv(200).decode()

    def last(self) -> bytes:
        self.line.sendall(b"XLAST\r\n")
        heard = b""
        while not heard.endswith(b"\r\n.\r\n"):
            heard += self.line.recv(65536)
        return heard

    def until(self, total: int) -> float:
        """Waits for that many letters; their rate from the first to the last."""
        known, since = 0, time.monotonic()
        while True:
            _, told, first, last = self.ask("XTOLD").split()
            if int(told) >= total:
                return (total - 1) / (float(last) - float(first))
            if int(told) > known:
                known, since = int(told), time.monotonic()
            if time.monotonic() - since > PATIENCE:
                raise RuntimeError(f"{told} of {total} letters came")
            time.sleep(0.05)


@contextlib.contextmanager
def _sink(stage: Stage, port: int) -> Iterator[Sink]:
    said = stage.mobilise.folder / "sink.txt"
    with child(["benchmarks.sink", str(port)], said, stage.mobilise.environment):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        with line:
            line.recv(200)  # its greeting
            yield Sink(line)


@contextlib.contextmanager
def _postman(stage: Stage, port: int) -> Iterator[int]:
    environment = stage.mobilise.environment | {
        "MOBILISE_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "MOBILISE_MAIL_FROM": "letters@mobilise.example",
    }
    command = ["mobilise", "work", "--only", "letters"]
    with child(command, stage.mobilise.folder / "postman.txt", environment) as process:
        yield process.pid


# --- the floor ----------------------------------------------------------------------------


async def _sent(port: int, letter: bytes, total: int) -> None:
    """`total` copies over as many connections as the postman has, command by command."""
    loop, rest = asyncio.get_running_loop(), iter(range(total))
    doors = [
        (await loop.create_connection(lambda: _Sender(letter, rest), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(door.done for door in doors))


class _Sender(asyncio.Protocol):
    def __init__(self, letter: bytes, rest: Iterator[int]) -> None:
        self.steps = (
            b"MAIL FROM:<letters@mobilise.example>\r\n",
            b"RCPT TO:<karim@post.example>\r\n",
            b"DATA\r\n",
            letter,
        )
        self.step, self.rest = 0, rest
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if not data.endswith(b"\n"):
            return
        if self.step == 0 and next(self.rest, None) is None:
            self.transport.close()
            self.done.set_result(None)
            return
        self.transport.write(self.steps[self.step])
        self.step = (self.step + 1) % len(self.steps)
