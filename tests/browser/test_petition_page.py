"""The petition page in a real browser: the live count, the keyboard, and what it loads."""

import asyncio
import gzip

import pytest
from playwright.async_api import Browser, expect

from mobilise.settings import HTMX_URL
from tests.browser.window import HTMX, Screen, Window
from tests.journeys import deeds
from tests.reader import Reader
from tests.running import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def slug(site: Site) -> str:
    return await deeds.published(site, "Watched from afar")


async def _one_more(site: Site, slug: str) -> None:
    """Somebody signs, far away."""
    mailbox = site.address("far")
    async with Reader(site.url, site.network()) as far:
        await deeds.fill_in(far, slug, mailbox)
        letter = await site.letter(mailbox)
        await far.press("Confirm my signature", code=letter.code)


async def test_the_count_rises_while_one_looks(site: Site, chromium: Browser, slug: str) -> None:
    async with Window(chromium, site.url, site.network(), Screen(1280)) as jo:
        await jo.tab.clock.install()
        await jo.open(f"/en/petitions/{slug}")
        assert await jo.tab.evaluate("typeof htmx") == "object", "CSP and checksum let it in"
        before = await deeds.count(jo, slug)
        shown = jo.tab.locator("#count").get_by_text(str(before + 1), exact=True).first
        await _one_more(site, slug)
        await jo.tab.clock.run_for(31_000)
        await expect(shown).to_be_visible()


async def test_without_javascript_a_reload_shows_the_count(
    site: Site, chromium: Browser, slug: str
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390, javascript=False)) as jo:
        await _one_more(site, slug)
        now = await deeds.count(jo, slug)
        await asyncio.sleep(1.1)  # a public page may be one second old
        await jo.open(f"/en/petitions/{slug}")
        await expect(
            jo.tab.locator("#count").get_by_text(str(now), exact=True).first
        ).to_be_visible()
        await expect(jo.tab.locator("#count progress")).to_have_attribute("value", str(now))


async def test_a_program_that_was_tampered_with_does_not_run(
    site: Site, chromium: Browser, slug: str
) -> None:
    """The checksum in the page refuses it, and the page works as it does without JavaScript."""
    async with Window(chromium, site.url, site.network(), Screen(390)) as suzie:
        suzie.htmx = HTMX.read_bytes() + b"\nwindow.stolen = true"
        await suzie.open(f"/en/petitions/{slug}")
        assert await suzie.tab.evaluate("typeof htmx + typeof stolen") == "undefinedundefined"
        assert any("integrity" in fault for fault in suzie.faults)
        suzie.faults.clear()
        await suzie.press(
            "Sign the petition", name="Suzie", email=site.address("suzie"), postcode="2060"
        )
        assert suzie.page.heading == "Now check your email"


async def test_nothing_that_was_slipped_into_a_page_runs(
    site: Site, chromium: Browser, slug: str
) -> None:
    """A script, a style and a picture from elsewhere, put into the page after the fact."""
    async with Window(chromium, site.url, site.network(), Screen(390)) as suzie:
        await suzie.open(f"/en/petitions/{slug}")
        await suzie.tab.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.slipped = true";
              document.body.append(script);
              const more = '<i onclick="window.slipped = true">x</i>';
              const picture = '<img src="https://charlie.example/x.png">';
              document.body.insertAdjacentHTML("beforeend", more + picture);
              document.querySelector("i").click();
            }"""
        )
        assert await suzie.tab.evaluate("typeof slipped") == "undefined"
        assert suzie.faults and not any("asked for" in fault for fault in suzie.faults)
        suzie.faults.clear()


async def test_suzie_signs_with_the_keyboard_alone(
    site: Site, chromium: Browser, slug: str
) -> None:
    mailbox = site.address("suzie")
    async with Window(chromium, site.url, site.network(), Screen(1280)) as suzie:
        await suzie.open(f"/en/petitions/{slug}")
        keyboard = suzie.tab.keyboard
        await keyboard.press("Tab")
        assert await suzie.tab.evaluate("document.activeElement.getAttribute('href')") == "#main"
        assert await _focus_shows(suzie)
        visited = []
        for _ in range(40):
            await keyboard.press("Tab")
            name = await suzie.tab.evaluate(
                "document.activeElement.name || document.activeElement.tagName"
            )
            assert await _focus_shows(suzie), f"one cannot see that {name} has the focus"
            visited.append(name)
            typed = {"name": "Suzie Peeters", "email": mailbox, "postcode": "2060"}.get(name)
            if typed:
                await keyboard.type(typed)
            if name == "BUTTON":
                break
        asked = [name for name in visited if name.islower()]
        assert asked[:4] == ["name", "email", "postcode", "country"], visited
        async with suzie.tab.expect_navigation():
            await keyboard.press("Enter")
        assert await suzie.tab.locator("h1").inner_text() == "Now check your email"
    await site.letter(mailbox)


async def _focus_shows(window: Window) -> bool:
    return bool(
        await window.tab.evaluate(
            """() => {
              const each = document.activeElement, style = getComputedStyle(each);
              const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
              const box = each.getBoundingClientRect();
              return outlined && box.width > 1 && box.bottom > 0 && box.top < innerHeight;
            }"""
        )
    )


async def test_after_a_mistake_the_summary_has_the_focus_and_leads_to_the_field(
    site: Site, chromium: Browser, slug: str
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as suzie:
        await suzie.open(f"/en/petitions/{slug}")
        await suzie.press("Sign the petition", name="Suzie", email="suzie", postcode="2060")
        assert suzie.status == 422 and suzie.page.title.startswith("Error: ")
        focused = suzie.tab.locator(":focus")
        await expect(focused).to_contain_text("There is a problem")
        await suzie.tab.get_by_role("link", name="with an @").click()
        await expect(suzie.tab.locator("[name=email]")).to_be_focused()
        described = await suzie.tab.locator("[name=email]").get_attribute("aria-describedby") or ""
        said = [await suzie.tab.locator(f"#{each}").inner_text() for each in described.split()]
        assert any("with an @" in each for each in said), "the field says what is wrong with it"
        assert await suzie.tab.locator("[name=email]").get_attribute("aria-invalid") == "true"


async def test_a_first_view_is_light(site: Site, chromium: Browser) -> None:
    """At most 60 KB over the wire without the picture, and no font at all."""
    park = site.demonstration
    fetched: dict[str, int] = {}
    async with Window(chromium, site.url, site.network(), Screen(390)) as visitor:
        visitor.tab.on("requestfinished", lambda request: asked.append(request))
        asked: list[object] = []
        await visitor.open(f"/nl/petitions/{park}")
        await visitor.tab.wait_for_load_state("load")
        for request in asked:
            sizes = await request.sizes()  # type: ignore[attr-defined]
            kind, address = request.resource_type, request.url  # type: ignore[attr-defined]
            assert kind != "font"
            if address == HTMX_URL:
                fetched[address] = len(gzip.compress(HTMX.read_bytes()))
            elif kind != "image" or address.endswith(".svg"):
                fetched[address] = sizes["responseBodySize"] + sizes["responseHeadersSize"]
    assert len(fetched) >= 3
    assert sum(fetched.values()) <= 60_000, fetched
