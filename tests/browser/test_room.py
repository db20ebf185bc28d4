"""Room on the screen: what must be seen at once is, and nothing runs over what stands beside it."""

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.test_accessible import LANGUAGES, button
from tests.browser.test_accessible_desk import _sign
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.journeys.test_mo import keeper
from tests.running import Site

pytestmark = pytest.mark.browser


async def _box(found: Locator) -> dict[str, float]:
    box = await found.bounding_box()
    assert box is not None, "it is on the page"
    return {**box, "right": box["x"] + box["width"], "bottom": box["y"] + box["height"]}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_button_to_sign_stands_on_the_first_screen(
    site: Site, chromium: Browser, language: str
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(1280)) as jo:
        await jo.open(f"/{language}/petitions/{site.demonstration}")
        assert (await _box(jo.tab.locator("#sign .button.main")))["bottom"] <= 800


async def test_on_a_phone_the_desk_leaves_room_and_the_list_of_signers_can_be_read(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        slug = await deeds.start(site, alice, "Room for a park", lang="de")
        desk = f"/manage/petitions/{slug}"
        await alice.press(button(alice, "/publish"))
        await _sign(site, alice, slug)
        await alice.open(desk)
        assert (await _box(alice.tab.locator("h1")))["y"] < 300
        helping = alice.tab.locator(".desk-nav").get_by_role("link", name="Hilfe")
        await expect(helping).not_to_be_visible()
        await alice.tab.locator(".desk-nav summary").focus()
        await alice.tab.keyboard.press("Enter")
        await expect(helping).to_be_visible()
        heads = await alice.tab.locator("thead th").all()
        assert len([head for head in heads if await head.is_visible()]) == 3
        await alice.open(f"{desk}/signers")
        await alice.press(button(alice, "/signers"))
        name = alice.tab.get_by_role("rowheader", name="Suzie van den Bossche-Peeters")
        assert (await _box(name))["height"] < 40, "on one line"
        shown = alice.tab.locator(".signers td").last
        words = await shown.evaluate("cell => getComputedStyle(cell, '::before').content")
        assert "Name sichtbar:" in words


async def test_what_stands_alone_is_as_high_as_a_finger_and_advice_beside_its_field(
    site: Site, chromium: Browser
) -> None:
    mailbox = site.address("suzie")
    async with (
        Window(chromium, site.url, site.network(), Screen(390)) as suzie,
        Window(chromium, site.url, site.network(), Screen(390)) as phone,
    ):
        await deeds.fill_in(suzie, site.demonstration, mailbox)
        advice = await suzie.tab.locator(".dashes > li").all_inner_texts()
        assert "Correct it" in advice[-1], "the field comes right after it"
        await phone.open((await site.letter(mailbox)).link("confirm"))
        again = phone.tab.get_by_role("link", name="Read the petition again")
        assert (await _box(again))["height"] >= 44


async def test_an_odd_figure_has_the_row_to_itself(site: Site, chromium: Browser) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as jo:
        await jo.open(f"/en/petitions/{site.demonstration}/data")
        figures = jo.tab.locator(".figures > div")
        assert await figures.count() == 4
        whole, last = await _box(jo.tab.locator(".figures")), await _box(figures.last)
        assert last["width"] >= whole["width"]


async def test_on_a_wide_desk_the_whole_menu_stands_open(site: Site, chromium: Browser) -> None:
    async with Window(chromium, site.url, site.network(), Screen(1280)) as alice:
        await deeds.start(site, alice, "A wide desk", lang="en")
        menu = alice.tab.locator(".desk-nav")
        await expect(menu.get_by_role("link", name="Help")).to_be_visible()
        await expect(menu.get_by_text("Menu")).not_to_be_visible()


async def test_the_picture_stays_beside_the_keepers_menu(site: Site, chromium: Browser) -> None:
    async with Window(chromium, site.url, site.network(), Screen(1280)) as mo:
        await keeper(site, mo, site.address("mo"))
        await mo.open(f"/keep/petitions/{site.demonstration}")
        picture, menu = await _box(mo.tab.locator(".picture")), await _box(mo.tab.locator("nav"))
        assert picture["x"] > menu["right"]
        await mo.open("/keep")
        await expect(mo.tab.get_by_role("columnheader", name="Job")).not_to_be_visible()


async def test_the_only_petition_of_a_list_has_the_whole_width(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(1280)) as jo:
        await jo.open("/nl/?q=rangeerterrein")
        only = jo.tab.locator(".call")
        await expect(only).to_have_count(1)
        whole = await _box(jo.tab.locator(".calls"))
        assert (await _box(only))["width"] == whole["width"]
