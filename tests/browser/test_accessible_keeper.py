"""The keeper's pages, in four languages, at 320 px: axe finds nothing, nothing is too wide."""

import pytest
from playwright.async_api import Browser

from tests.browser import seen
from tests.browser.test_accessible import LANGUAGES, button
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.journeys.test_mo import broken, keeper, sees
from tests.running import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_a_keeper_sees(site: Site, chromium: Browser, language: str) -> None:
    async with Window(chromium, site.url, site.network(), Screen(320)) as mo:
        await keeper(site, mo, site.address("mo"), "--language", language)
        for page in ("/keep", "/keep/letters", "/keep/settings"):
            await mo.open(page)
            await seen.whole(mo, language)
        await mo.open("/keep/letters")
        await mo.press(button(mo, "/keep/letters/silence"), email="nobody")
        assert mo.status == 422
        await seen.whole(mo, language)


async def test_what_a_keeper_sees_while_mail_stands_still(site: Site, chromium: Browser) -> None:
    """On a phone in the dark, and on a wide screen."""
    slug, suzies, jos = (
        await deeds.published(site, "Mail stands still"),
        site.address("suzie"),
        site.address("jo"),
    )
    assert site.post is not None
    site.post.refuse(jos, 550, "5.1.1 No such user")
    async with (
        Window(chromium, site.url, site.network(), Screen(320, dark=True)) as mo,
        Window(chromium, site.url, site.network(), Screen(1280)) as wide,
        Window(chromium, site.url, site.network(), Screen(390)) as suzie,
    ):
        await keeper(site, mo, site.address("mo"), "--language", "nl")
        await keeper(site, wide, site.address("mo"), "--language", "de")
        await deeds.fill_in(suzie, slug, jos, name="Jo")
        await sees(mo, "/keep/letters", "(550)")
        with broken(site) as post:
            await deeds.fill_in(suzie, slug, suzies)
            await sees(mo, "/keep", "geen mail")
            for page in ("/keep", "/keep/letters", "/keep/settings", "/manage"):
                for reader, language in ((mo, "nl"), (wide, "de")):
                    await reader.open(page)
                    await seen.whole(reader, language)
            post.up()
            await mo.open("/keep/letters")
            await mo.press(button(mo, "/keep/letters/now"))
        await site.letter(suzies)
