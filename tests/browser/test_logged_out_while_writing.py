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
        await _log_in_beside(site, alice, mailbox)
        await alice.tab.go_back()
        await alice.tab.go_back()
        assert await alice.tab.locator("[name=why]").input_value() == "An hour of work."


async def test_alice_finds_the_words_of_a_start_one_page_back(
    site: Site, chromium: Browser
) -> None:
    mailbox = site.address("alice")
    async with Window(chromium, site.url, site.network(), Screen(320)) as alice:
        await deeds.start(site, alice, "A first one, to have an account", mailbox)
        await alice.open("/en/start?new=1")
        await deeds.go_on(alice, title="Words of a draft that are not lost")
        await alice.open("/en/start/why")
        await alice.context.clear_cookies(name="session")
        await deeds.go_on(alice, why="An hour of work.")
        assert alice.page.heading == "Log in" and alice.sees("nothing was saved")
        await alice.press("Send me the email", email=mailbox)
        await _log_in_beside(site, alice, mailbox)
        await alice.tab.go_back()
        await alice.tab.go_back()
        why = alice.tab.locator("[name=why]")
        assert await why.input_value() == "An hour of work."
        await alice.tab.get_by_role("button", name="Go on", exact=True).click()
        await alice.tab.wait_for_url("**/start/goal")
        await alice.open("/en/start/why")
        assert await why.input_value() == "An hour of work."


async def test_a_draft_that_is_gone_leaves_the_words_on_the_page(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(320)) as alice:
        await alice.open("/en/start?new=1")
        await deeds.go_on(alice, title="Words that begin another draft")
        await alice.open("/en/start/why")
        await alice.context.clear_cookies()
        await deeds.go_on(alice, why="An hour of work.")
        assert alice.sees("Your draft is not here any more")
        await seen.whole(alice, "en")
        assert await alice.tab.locator("[name=why]").input_value() == "An hour of work."
        await deeds.go_on(alice)
        assert alice.path == "/en/start/goal"


async def _log_in_beside(site: Site, alice: Window, mailbox: str) -> None:
    """The letter opens in another tab, as mail programs do."""
    link = (await site.letter(mailbox, "log in")).link("login")
    other = await alice.context.new_page()
    await other.goto(link)
    await other.locator("main form button").first.click()
    await other.wait_for_url("**/manage**")
