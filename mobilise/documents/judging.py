"""Decides whether a file that arrived may stay. The looking itself happens in a child process."""

import asyncio
import contextlib
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from mobilise.documents import inspecting, kinds
from mobilise.documents.uploads import Upload
from mobilise.errors import Refusal
from mobilise.settings import PACKAGE

log = logging.getLogger(__name__)
_CHILD = """
import sys
sys.path.insert(0, sys.argv[1])
from mobilise.documents.inspecting import main
main(*sys.argv[2:])
"""
AT_ONCE = 2
"""Files that one web process has looked into: each may take a gigabyte and a processor."""
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
PATIENCE = inspecting.WALL_SECONDS + 15
"""Seconds; the child ends itself earlier."""


@dataclass(frozen=True)
class Found:
    """What a file turned out to be. `pages` only of a PDF."""

    name: str
    kind: str
    pages: int | None


class FileRefused(Refusal):
    """The file may not stay; the sentence belongs at its field."""

    def __init__(self, why: str) -> None:
        self.status, sentence = kinds.REFUSED[why]
        super().__init__(sentence)
        self.why = why


async def judge(upload: Upload) -> Found:
    """What was uploaded, or FileRefused with a sentence that says what to do."""
    name, extension = kinds.clean_name(upload.name)
    if upload.too_large:
        raise FileRefused("too_large")
    if not name:
        raise FileRefused("missing")
    if upload.draft is None:
        raise FileRefused("empty")
    if extension in kinds.BY_EXTENSION:
        raise FileRefused(kinds.BY_EXTENSION[extension])
    places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with places:
        answer = await look_into(upload.draft.path, extension)
    if "refused" in answer:
        raise FileRefused(str(answer["refused"]))
    pages = answer.get("pages")
    return Found(name, str(answer["kind"]), pages if isinstance(pages, int) else None)


async def look_into(path: Path, extension: str) -> dict[str, object]:
    """What the child says; a child that dies of the file has said enough."""
    # -I: nothing in the surroundings may change what the child imports.
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        _CHILD,
        str(PACKAGE.parent),
        str(path),
        extension,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "", "LC_ALL": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, complaint = await child.communicate()
    except TimeoutError:
        return {"refused": "too_heavy"}
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode == 0:
        answer: dict[str, object] = json.loads(said)
        return answer
    if (child.returncode or 0) < 0:  # the kernel ended it: too much memory or time
        return {"refused": "too_heavy"}
    log.error("looking into a %s file failed: %s", extension, complaint.decode()[-2000:])
    return {"refused": "broken"}
