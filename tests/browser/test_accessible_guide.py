"""The guide, the statement and the shelves at home: what axe, a narrow screen and a finger say."""

import pytest
from playwright.async_api import Browser

from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.running import Site

pytestmark = pytest.mark.browser
PAGES = ["help", "help/signers", "accessibility", "?state=closed", "?state=answered",
         "?state=rejected", "?q=park"]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
async def test_the_guide_and_the_shelves(site: Site, chromium: Browser, language: str) -> None:
    async with Window(chromium, site.url, site.network(), Screen(320)) as visitor:
        for page in PAGES:
            await visitor.open(f"/{language}/{page}")
            await seen.whole(visitor, language)


async def test_in_the_dark_and_on_a_wide_screen_too(site: Site, chromium: Browser) -> None:
    for screen in (Screen(390, dark=True), Screen(1280)):
        async with Window(chromium, site.url, site.network(), screen) as visitor:
            for page in PAGES:
                await visitor.open(f"/nl/{page}")
                await seen.whole(visitor, "nl")
