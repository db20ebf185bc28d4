"""Looks into files of strangers in a child process with limits of the kernel.

A file that is made to blow up takes that child with it and nothing else.
"""

import asyncio
import contextlib
import logging
import os
import resource
import signal
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

log = logging.getLogger(__name__)
MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 45
PIXELS = 80_000_000  # an A3 scan at 600 dpi is 70 million
PATIENCE = WALL_SECONDS + 15
"""Seconds; the child ends itself earlier."""
AT_ONCE = 2
"""Children of one web process: each may take a gigabyte and a processor."""
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_FOLDER = Path(__file__).parent.parent
_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from importlib import import_module
import_module(sys.argv[2]).main(*sys.argv[3:])
"""


def place() -> asyncio.Semaphore:
    """`async with place():` waits until one of few children may begin."""
    return _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))


async def said_by(module: str, *arguments: str) -> tuple[bytes, str]:
    """What `module.main(*arguments)` writes, or nothing and why: too_heavy or broken."""
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
        env={"PATH": "", "LC_ALL": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, complaint = await child.communicate()
    except TimeoutError:
        return b"", "too_heavy"
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == 0:
        return said, ""
    if (child.returncode or 0) < 0:  # the kernel ended it: too much memory or time
        return b"", "too_heavy"
    log.error("%s failed: %s", module, complaint.decode()[-2000:])
    return b"", "broken"


def within_limits() -> None:
    """In the child: from here on the kernel ends this process when it asks for too much."""
    os.nice(10)
    signal.alarm(WALL_SECONDS)
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # some systems know not all of them
            resource.setrlimit(limit, (most, most))
