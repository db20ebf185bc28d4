"""The desk, the list of signers and the page of a group, in four languages, at 320 px."""

import pytest
from playwright.async_api import Browser

from tests.browser import desk as desk_of
from tests.browser import seen
from tests.browser.test_accessible import LANGUAGES, button
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.running import Site

pytestmark = pytest.mark.browser


async def _walk(site: Site, alice: Window, language: str) -> None:
    mailbox = site.address("alice")
    slug = await desk_of.begun(site, alice, f"A desk in {language}", mailbox, language)
    desk = f"/manage/petitions/{slug}"
    for page in ("/manage", desk, f"{desk}/trail"):
        await alice.open(page)
        await seen.whole(alice, language)
    await alice.open(desk)
    await alice.press(button(alice, "/publish"))
    await seen.whole(alice, language)
    await _sign(site, alice, slug)
    group = _group(alice)
    for page in (desk, "/manage", f"{desk}/signers", f"/{language}/groups/{group}"):
        await alice.open(page)
        assert alice.status == 200, page
        await seen.whole(alice, language)
    await alice.open(f"{desk}/signers")
    await alice.press(button(alice, "/signers"))
    assert alice.sees("Suzie van den Bossche-Peeters")
    await seen.whole(alice, language)
    await alice.press(button(alice, "/signers/print"))
    assert alice.sees("Suzie van den Bossche-Peeters")
    await seen.whole(alice, language)


async def _sign(site: Site, alice: Window, slug: str) -> None:
    mailbox = site.address("suzie")
    async with Window(alice.chromium, site.url, site.network(), alice.screen) as suzie:
        await deeds.fill_in(suzie, slug, mailbox, "Suzie van den Bossche-Peeters")
        await suzie.open((await site.letter(mailbox)).link("confirm"))
        if "/signature/" not in suzie.path:
            await suzie.press(button(suzie, "/confirm/"))


def _group(alice: Window) -> str:
    """From the menu of the desk on which she stands."""
    found = [href for _, href in alice.page.links if href.startswith("/manage/groups/")]
    return found[0].rsplit("/", 1)[1]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_an_organiser_sees_at_the_desk(
    site: Site, chromium: Browser, language: str
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(320)) as alice:
        await _walk(site, alice, language)


async def test_a_wide_desk_is_accessible_too(site: Site, chromium: Browser) -> None:
    async with Window(chromium, site.url, site.network(), Screen(1280, dark=True)) as alice:
        await _walk(site, alice, "nl")
