"""A session that ends while somebody writes: told, and the words are one page back."""

import pytest
from playwright.async_api import Browser

from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.running import Site

pytestmark = pytest.mark.browser


async def test_alice_finds_her_words_one_page_back(site: Site, chromium: Browser) -> None:
    mailbox = site.address("alice")
    async with Window(chromium, site.url, site.network(), Screen(320)) as alice:
        slug = await deeds.start(site, alice, "Words that are not lost", mailbox)
        await alice.open(f"/manage/petitions/{slug}/languages/en")
        await alice.context.clear_cookies()
        await alice.press("Save the text", why="An hour of work.")
        assert alice.page.heading == "Log in" and alice.sees("nothing was saved")
        await seen.whole(alice, "en")
        await alice.press("Send me the email", email=mailbox)
        link = (await site.letter(mailbox, "log in")).link("login")
        other = await alice.context.new_page()
        await other.goto(link)
        await other.locator("main form button").first.click()
        await other.wait_for_url("**/manage**")
        await alice.tab.go_back()
        await alice.tab.go_back()
        assert await alice.tab.locator("[name=why]").input_value() == "An hour of work."
