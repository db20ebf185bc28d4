"""Looks into files of strangers in a child process with limits of the kernel.

A file that is made to blow up takes that child with it and nothing else.
"""

import asyncio
import contextlib
import json
import logging
import os
import resource
import signal
import struct
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

log = logging.getLogger(__name__)
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 30
CPU_SECONDS_IN_ALL = 3600
"""Of a child that makes many pages; each of them has CPU_SECONDS."""
MOST_COMPLAINT = 64 * 1024
WALL_SECONDS = 45
AT_A_TIME = 512 * 1024
"""Bytes of what a child says that may wait here: a page of text and its picture, about twice."""
PIXELS = 80_000_000  # an A3 scan at 600 dpi is 70 million
PATIENCE = WALL_SECONDS + 15
"""Seconds; the child ends itself earlier."""
AT_ONCE = 2
"""Children of one web process: each may take a gigabyte and a processor."""
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]] = (
    WeakKeyDictionary()
)
_FOLDER = Path(__file__).parent.parent
_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from importlib import import_module
import_module(sys.argv[2]).main(*sys.argv[3:])
"""


def place(line: str = "", at_once: int = AT_ONCE) -> asyncio.Semaphore:
    """`async with place():` waits until one of few children may begin. `line`: who waits in one
    keeps nobody in another one waiting."""
    lines = _places.setdefault(asyncio.get_running_loop(), {})
    return lines.setdefault(line, asyncio.Semaphore(at_once))


async def said_by(module: str, *arguments: str) -> tuple[bytes, str]:
    """What `module.main(*arguments)` writes, or nothing and why: too_heavy or broken."""
    async with _child(module, *arguments) as child:
        assert child.stdout is not None and child.stderr is not None
        try:
            async with asyncio.timeout(PATIENCE):
                said, complaint = await asyncio.gather(child.stdout.read(), _last_of(child.stderr))
                await child.wait()
        except TimeoutError:
            return b"", "too_heavy"
    why = _why_it_ended(module, child.returncode, complaint)
    return (b"", why) if why else (said, "")


async def answered_by(module: str, *arguments: str) -> dict[str, Any]:
    """The one line of JSON that it writes; `{"refused": why}` when it ends before that."""
    said, refused = await said_by(module, *arguments)
    answer: dict[str, Any] = {"refused": refused} if refused else json.loads(said)
    return answer


class Ended(Exception):
    """The child ended before it was done; the word says why: too_heavy or broken."""


Told = tuple[dict[str, Any], list[bytes]]


async def told_by(
    module: str, *arguments: str, patience: float = PATIENCE
) -> AsyncGenerator[Told, None]:
    """What `module.main(*arguments)` tells with `tell`, one after the other, in constant memory.

    `patience`: seconds without a word. Raises Ended. Read it to its end or inside `aclosing`.
    """
    async with _child(module, *arguments) as child:
        assert child.stdout is not None and child.stderr is not None
        complaining = asyncio.create_task(_last_of(child.stderr))
        try:
            while True:
                async with asyncio.timeout(patience):
                    told = await _one_told(child.stdout)
                if told is None:
                    break
                yield told
            async with asyncio.timeout(PATIENCE):
                why = _why_it_ended(module, await child.wait(), await complaining)
        except TimeoutError as error:
            raise Ended("too_heavy") from error
        finally:
            complaining.cancel()
    if why:
        raise Ended(why)


async def _last_of(stream: asyncio.StreamReader) -> bytes:
    """Its end, of however much: a child that nobody listens to would stand still."""
    kept = b""
    while piece := await stream.read(MOST_COMPLAINT):
        kept = (kept + piece)[-MOST_COMPLAINT:]
    return kept


async def _one_told(stream: asyncio.StreamReader) -> Told | None:
    """The next one; None at the end, also where it breaks off in the middle."""
    try:
        length, count = struct.unpack(">II", await stream.readexactly(8))
        header = json.loads(await stream.readexactly(length))
        sizes = struct.unpack(f">{count}I", await stream.readexactly(4 * count))
        return header, [await stream.readexactly(size) for size in sizes]
    except asyncio.IncompleteReadError:
        return None


@contextlib.asynccontextmanager
async def _child(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Ends with the block, whatever it was doing."""
    # -I: nothing in the surroundings may change what the child imports.
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        _CHILD,
        str(_FOLDER),
        module,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=AT_A_TIME,
        env={"PATH": "", "LC_ALL": "C.UTF-8"},
        start_new_session=True,  # who stops us from the keyboard does not say that a file is bad
    )
    try:
        yield child
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()


def _why_it_ended(module: str, code: int | None, complaint: bytes) -> str:
    if code == 0:
        return ""
    if (code or 0) < 0:  # the kernel ended it: too much memory or time
        return "too_heavy"
    if complaint.rstrip().rpartition(b"\n")[2].startswith(b"MemoryError"):
        return "too_heavy"
    log.error("%s failed: %s", module, complaint.decode("utf-8", "replace")[-2000:])
    return "broken"


# --- in the child -----------------------------------------------------------------------------


def tell(header: dict[str, Any], *parts: bytes) -> None:
    """One thing to the parent: a few facts, and bytes that belong to them."""
    facts = json.dumps(header).encode()
    sizes = struct.pack(f">{len(parts)}I", *map(len, parts))
    out = sys.stdout.buffer
    out.write(struct.pack(">II", len(facts), len(parts)) + facts + sizes)
    for part in parts:
        out.write(part)
    out.flush()


def one_more() -> None:
    """The next page or picture may take as long as the first one could."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    used = int(spent.ru_utime + spent.ru_stime)
    signal.alarm(WALL_SECONDS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (used + CPU_SECONDS, CPU_SECONDS_IN_ALL))


def within_limits(*, writes: int = 0, one_after_the_other: bool = False) -> None:
    """From here on the kernel ends this process when it asks for too much.

    `writes`: bytes that a file of it may have. `one_after_the_other`: it calls `one_more` before
    each of many pages.
    """
    os.nice(10)
    signal.alarm(WALL_SECONDS)
    longest = CPU_SECONDS_IN_ALL if one_after_the_other else CPU_SECONDS
    for limit, soft, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS, longest),
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (resource.RLIMIT_FSIZE, writes, writes),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # some systems know not all of them
            resource.setrlimit(limit, (soft, most))
