"""The figures and the frames for other sites, in four languages and both widths."""

import pytest
from playwright.async_api import Browser

from mobilise.opendata.graphics import GRAPHICS
from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.running import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_a_journalist_sees(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    slug = site.demonstration
    async with Window(chromium, site.url, site.network(), Screen(width)) as jo:
        await jo.open(f"/{language}/petitions/{slug}/data")
        await seen.whole(jo, language)
        for graphic in GRAPHICS:
            await jo.open(f"/embed/{slug}/{graphic.name}.{language}")
            await seen.whole(jo, language)


async def test_lines_are_reached_by_keyboard_and_scroll_by_themselves(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(320)) as jo:
        await jo.open(f"/en/petitions/{site.demonstration}/data")
        found = await jo.tab.evaluate(
            """() => [...document.querySelectorAll(".recipes pre")].map(each => {
              each.focus();
              const reached = document.activeElement === each;
              each.scrollLeft = 50;
              return [reached, each.scrollWidth > each.clientWidth && each.scrollLeft > 0];
            })"""
        )
        assert len(found) >= 5 and all(reached and scrolls for reached, scrolls in found)
