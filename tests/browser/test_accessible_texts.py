"""Languages, corrections, history and who may sign: axe, a narrow screen, a finger; and the look
at Markdown while one types."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser import desk as desk_of
from tests.browser import seen
from tests.browser.test_accessible import button
from tests.browser.window import Screen, Window
from tests.running import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_an_organiser_sees_of_her_texts(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    screen, mailbox = Screen(width), site.address("suzie")
    other = "fr" if language != "fr" else "nl"
    async with (
        Window(chromium, site.url, site.network(), screen) as alice,
        Window(chromium, site.url, site.network(), screen) as suzie,
    ):
        slug = await desk_of.begun(site, alice, f"Words in {language} {width}", lang=language)
        desk = f"/manage/petitions/{slug}"
        await alice.open(f"{desk}/languages")
        await seen.whole(alice, language)
        await alice.open(f"{desk}/languages/{other}")
        await alice.press(button(alice, f"/languages/{other}"), why="## A heading\n\n- **One**")
        await seen.whole(alice, language)
        words = {"title": "Un parc", "addressee": "Le conseil", "why": "Des arbres."}
        await alice.press(_save(alice), **words)
        await alice.open(f"{desk}/languages/{other}/remove")
        await seen.whole(alice, language)
        await alice.open(f"{desk}/who-may-sign")
        await alice.press(button(alice, "/who-may-sign"), postcodes="2060, 2140-2180, x")
        assert alice.status == 422
        await seen.whole(alice, language)
        await alice.press(button(alice, "/who-may-sign"), postcodes="2060", minimum_age="16")
        await seen.whole(alice, language)
        await alice.open(desk)
        await alice.press(button(alice, "/publish"))

        await suzie.open(f"/{language}/petitions/{slug}")
        await seen.whole(suzie, language)
        await suzie.press(
            button(suzie, "/signatures"), name="Suzie", email=mailbox, postcode="2060"
        )
        assert suzie.status == 422
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/signatures"), ticked=("of_age",))
        letter = await site.letter(mailbox)

        await alice.open(f"{desk}/languages/{language}")
        await seen.whole(alice, language)
        await alice.press(_save(alice), why="The yard has been empty for sixteen years.")
        assert alice.status == 422
        await seen.whole(alice, language)
        await alice.press(_save(alice), note="We counted again.")
        await seen.whole(alice, language)
        await alice.open(f"{desk}/who-may-sign")
        await seen.whole(alice, language)

        await suzie.open(letter.link("confirm"), site="cross-site")
        await seen.whole(suzie, language)
        await suzie.open(f"/{language}/petitions/{slug}/history")
        await seen.whole(suzie, language)
        await suzie.tab.locator("details summary").first.click()
        await seen.whole(suzie, language)


def _save(reader: Window) -> str:
    """The words on the button that keeps the text; the one before it only shows it."""
    for form in reader.page.forms:
        if "/languages/" in form.action:
            return next(words for words, name, _ in form.buttons if not name)
    raise AssertionError(reader.page.forms)


async def test_the_text_is_shown_while_one_types_and_nothing_is_kept(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        slug = await desk_of.begun(site, alice, "While one types")
        await alice.open(f"/manage/petitions/{slug}/languages/en")
        await alice.tab.locator("[name=why]").press_sequentially(" **Grass** too.")
        await expect(alice.tab.locator("#why-preview")).to_contain_text("Grass too.")
        await expect(alice.tab.locator("#why-preview strong")).to_have_count(2)
        await alice.open(f"/manage/petitions/{slug}/preview")
        assert "Grass" not in alice.page.text
