"""The figures and the frames for other sites, in four languages and both widths."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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


@asynccontextmanager
async def newspaper(page: str) -> AsyncIterator[str]:
    """A site of somebody else's, on this machine: Chromium lets no page from outside frame one
    from here."""

    async def answer(asked: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        await asked.readuntil(b"\r\n\r\n")
        body = f"<!doctype html><title>News</title>{page}".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        answers.write(f"{head}Connection: close\r\n\r\n".encode() + body)
        await answers.drain()
        answers.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_another_site_may_frame_the_picture_and_not_the_page(
    site: Site, chromium: Browser
) -> None:
    """As a newspaper's page does it, from an origin of its own."""
    slug = site.demonstration
    async with Window(chromium, site.url, site.network(), Screen(1280)) as jo:
        await jo.open(f"/en/petitions/{slug}/data")
        line = await jo.tab.input_value("#embed-growth")
        other = f'<iframe src="{site.url}/en/petitions/{slug}" title="no"></iframe>'
        async with newspaper(line + other) as address:
            page = await jo.tab.context.new_page()
            await page.goto(address)
            framed, refused = (page.locator("iframe").nth(n).content_frame for n in (0, 1))
            await framed.locator(".framed h1").wait_for()
            assert await framed.locator("svg.graph:visible").count() == 1
            assert await refused.locator("main").count() == 0
            assert not await page.context.cookies()
