"""The letters of a run on one's own computer, where no mail server is set."""

import pytest
from playwright.async_api import Browser

from mobilise import embedded
from tests import cluster, running
from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.journeys.test_mo import sees
from tests.reader import Reader

pytestmark = pytest.mark.browser


async def test_what_a_developer_reads(chromium: Browser) -> None:
    with cluster.own_folder() as folder:
        try:
            with running.serve(folder) as site:
                await _read(site, chromium)
        finally:
            embedded.erase(folder / "data")


async def _read(site: running.Site, chromium: Browser) -> None:
    async with Reader(site.url) as alice, Window(chromium, site.url, "", Screen(320)) as developer:
        await developer.open("/dev/mail")
        await seen.whole(developer, "en")
        await deeds.write(alice, "A bench", site.address("alice"))
        await deeds.go_on(alice)
        await sees(developer, "/dev/mail", "alice.1@post.example")
        await seen.whole(developer, "en")
        await developer.open(next(href for _, href in developer.page.links if "/dev/mail/" in href))
        await seen.whole(developer, "en")
