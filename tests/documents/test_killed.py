"""A worker that is killed with -9 in the middle of a document: every page comes, none twice."""

import asyncio
import contextlib
import re
import time

import psutil
import pytest

from tests.documents import samples
from tests.journeys import deeds
from tests.journeys.test_documents import PDF
from tests.reader import Reader
from tests.running import Site

PAGES = 60
# Half a minute until another worker may take the task up, on a machine with other work.
PATIENCE = 180.0
_MADE = re.compile(r"(\d+) of 60 pages")


def worker(site: Site) -> psutil.Process:
    """The process that runs the jobs: a child of the site's own."""
    found = [
        each
        for each in psutil.Process(site.process.pid).children(recursive=True)
        if "jobs" in each.cmdline()
    ]
    assert len(found) == 1, found
    return found[0]


async def half_way(reader: Reader, address: str) -> int:
    """Waits until some pages can be read and others not; tells how many."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        await reader.open(f"{address}?at={time.monotonic()}")
        made = _MADE.search(reader.page.text)
        if made and int(made[1]) > 0:
            return int(made[1])
        await asyncio.sleep(0.02)
    raise AssertionError(reader.page.text)


def slow(words: str) -> str:
    """A page that takes a moment to draw."""
    return words + ") Tj " + "0 0 m 500 700 l 20 800 l 300 5 l S " * 700 + " (."


@pytest.mark.parametrize("victim", ["the worker", "the child that draws"])
async def test_after_kill_9_every_page_comes_and_none_twice(site: Site, victim: str) -> None:
    async with Reader(site.url, site.network()) as alice, Reader(site.url) as suzie:
        slug = await deeds.start(site, alice, f"A yard without {victim}")
        await deeds.publish(alice, slug)
        await alice.open(f"/manage/petitions/{slug}/documents")
        await alice.press(
            "Add the document",
            title="Long study",
            files={
                "file": (
                    "study.pdf",
                    samples.written(*(slow(f"Leaf {n}") for n in range(1, PAGES + 1))),
                    PDF,
                )
            },
        )
        found = re.search(r"#document-(\d+)", alice.url) or re.search(
            r'id="document-(\d+)"', alice.html
        )
        assert found, alice.url
        address = f"/en/petitions/{slug}/documents/{found[1]}"
        made = await half_way(suzie, address)
        killed = worker(site)
        if victim == "the child that draws":
            killed = next(each for each in killed.children() if "leafing" in str(each.cmdline()))
        killed.kill()
        with contextlib.suppress(psutil.NoSuchProcess):
            killed.wait(10)
        assert 0 < made < PAGES, "it was killed in the middle"
        await everything_is_there(suzie, address, victim)


async def everything_is_there(suzie: Reader, address: str, victim: str) -> None:
    """Without a hand: each page once, with its words and its picture."""
    deadline = time.monotonic() + PATIENCE
    while "still making" in suzie.page.text:
        assert time.monotonic() < deadline, suzie.page.text[:500]
        await asyncio.sleep(0.2)
        await suzie.open(f"{address}?at={time.monotonic()}")
    seen: list[int] = []
    without: list[int] = []
    for first in (1, 26, 51):
        await suzie.open(f"{address}?page={first}")
        for section in suzie.html.split('<section class="page" id="page-')[1:]:
            number = int(section.split('"', 1)[0])
            seen.append(number)
            if not re.search(rf"Leaf {number}\b", section) or "/pages/" not in section:
                without.append(number)
    assert seen == list(range(1, PAGES + 1))
    # The page that was being drawn may be one that kills: the child's death costs it alone.
    assert len(without) <= (victim == "the child that draws"), without
