"""The dossier's desk: axe, a narrow screen, a finger; a page marked with it; a file on its way."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.documents import samples
from tests.journeys import deeds
from tests.journeys.test_documents import PDF, until
from tests.running import Site

pytestmark = pytest.mark.browser
LETTER = samples.written("Dear Maria Janssens,", "The soil is wet.", "It rains.")


async def submit(alice: Window, action: str) -> None:
    """Presses the main button of a form, whatever its words; the page may stay, and say why."""
    form = alice.tab.locator(f'form[action*="{action}"]')
    await form.locator("button.main, button.undo, button.low").last.click()
    await expect(alice.tab.locator(".problem")).to_be_focused()
    alice.html = await alice.tab.content()


async def choose(alice: Window, name: str, kind: str, content: bytes) -> None:
    sent: Any = {"name": name, "mimeType": kind, "buffer": content}
    await alice.tab.set_input_files("[name=file]", sent)


async def add(alice: Window, slug: str, content: bytes = LETTER) -> str:
    """A letter in her dossier, ready; its address at the desk."""
    desk = f"/manage/petitions/{slug}/documents"
    await alice.open(desk)
    await choose(alice, "letter.pdf", PDF, content)
    await alice.tab.fill("[name=title]", "Letter")
    async with alice.tab.expect_navigation():
        await alice.tab.locator("#upload button.main").click()
    found = re.search(r"#document-(\d+)", alice.tab.url)
    assert found, alice.tab.url
    await until_ready(alice, desk)
    return f"{desk}/{found[1]}"


async def until_ready(alice: Window, desk: str) -> None:
    """The page asks by itself how far it is, and shows the cover at the end."""
    await expect(alice.tab.locator(".desk-papers .paper-facts")).to_be_visible(timeout=60_000)
    await expect(alice.tab.locator(".desk-papers img.leaf")).to_be_visible()
    await alice.open(desk)


@pytest.mark.parametrize(
    ("language", "width"), [("nl", 320), ("fr", 320), ("de", 320), ("en", 320), ("nl", 1280)]
)
async def test_what_an_organiser_sees_of_her_dossier(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(width)) as alice:
        slug = await deeds.start(site, alice, f"A dossier in {language} {width}", lang=language)
        desk = f"/manage/petitions/{slug}/documents"
        await alice.open(desk)
        await seen.whole(alice, language)
        await submit(alice, "ticket=")
        await seen.whole(alice, language)
        await alice.open(f"{desk}/sections")
        await seen.whole(alice, language)
        await submit(alice, "/sections")
        await seen.whole(alice, language)
        for title in ("Studies", "Press"):
            await alice.tab.fill("[name=title]", title)
            async with alice.tab.expect_navigation():
                await alice.tab.locator("button.main").click()
        await alice.open(f"{desk}/sections")
        await seen.whole(alice, language)
        found = re.search(r"/sections/(\d+)/remove", await alice.tab.content())
        assert found
        for rest in (found[1], f"{found[1]}/remove"):
            await alice.open(f"{desk}/sections/{rest}")
            await seen.whole(alice, language)
        await alice.open(f"{desk}/link")
        await seen.whole(alice, language)
        await submit(alice, "/link")
        await seen.whole(alice, language)
        one = await add(alice, slug)
        await seen.whole(alice, language)
        await alice.tab.locator("#add ~ form details summary").click()
        await seen.whole(alice, language)
        for rest in ("", "/versions", "/versions/1/forget", "/replace", "/withdraw", "/redact"):
            await alice.open(one + rest)
            await seen.whole(alice, language)
        for rest in ("/replace", "/withdraw", "/redact"):
            await alice.open(one + rest)
            await submit(alice, "/words" if rest == "/redact" else rest)
            await seen.whole(alice, language)
        await alice.open(f"{one}/redact?page=2")
        await alice.tab.locator("input[type=image]").focus()
        async with alice.tab.expect_navigation():
            await alice.tab.keyboard.press("Enter")
        await seen.whole(alice, language)
        await alice.tab.fill("[name=words]", "soil")
        async with alice.tab.expect_navigation():
            await alice.tab.locator("form[action*=words] button").click()
        await seen.whole(alice, language)
        await alice.open(f"{one}/redact/publish")
        await seen.whole(alice, language)


@pytest.mark.parametrize("javascript", [True, False])
async def test_a_place_is_marked_by_pressing_on_the_page(
    site: Site, chromium: Browser, javascript: bool
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        slug = await deeds.start(site, alice, f"Marks with {javascript} in Chromium")
        one = await add(alice, slug)
        cookies = await alice.context.cookies()
    screen = Screen(390, javascript=javascript)
    async with Window(chromium, site.url, site.network(), screen) as alice:
        await alice.context.add_cookies([dict(each) for each in cookies])  # type: ignore[misc]
        await alice.open(f"{one}/redact?page=1")
        for x, y in ((70, 120), (330, 180)):
            async with alice.tab.expect_navigation():
                await alice.tab.locator("input[type=image]").click(position={"x": x, "y": y})
        await expect(alice.tab.locator(".marked-line")).to_have_count(1)
        await alice.open(f"{one}/redact/publish")
        await alice.press("Publish the copy", because="A name of a neighbour.")
        await until(alice, f"{one}/versions", "published copy", "A name of a neighbour.")
        await until(alice, one.rsplit("/", 1)[0], "version 2", "3 pages, ")


async def test_the_page_tells_how_far_a_file_is(site: Site, chromium: Browser) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        slug = await deeds.start(site, alice, "A slow line")
        await alice.open(f"/manage/petitions/{slug}/documents")
        line = await alice.context.new_cdp_session(alice.tab)
        await line.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 250_000},
        )
        large = b"A line of words about the soil.\n" * 40_000
        await choose(alice, "long.txt", "text/plain", large)
        await alice.tab.fill("[name=title]", "A long text")
        await alice.tab.locator("#upload button.main").click()
        far = alice.tab.locator("#upload-far progress[value]")
        await expect(far).to_be_visible(timeout=15_000)
        await expect(alice.tab.locator("#upload button.main")).to_be_disabled()
        assert int(await far.get_attribute("max") or 0) > len(large)
        await expect(alice.tab.locator(".notice.done")).to_be_visible(timeout=60_000)
        assert "#document-" in alice.tab.url


async def test_a_mistake_leaves_what_was_typed_on_a_page_that_stays(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        slug = await deeds.start(site, alice, "A mistake that stays")
        await alice.open(f"/manage/petitions/{slug}/documents")
        await alice.tab.fill("[name=source]", "The city")
        for _ in range(2):  # the page that came instead sends its file in the same way
            await submit(alice, "ticket=")
            await expect(alice.tab.locator("#title-mistake")).to_be_visible()
            await expect(alice.tab.locator("[name=source]")).to_have_value("The city")
