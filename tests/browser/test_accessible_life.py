"""What a petition goes through, at its desk, before the keeper and in public, in four languages."""

import pytest
from playwright.async_api import Browser

from tests.browser import desk as desk_of
from tests.browser import seen
from tests.browser.test_accessible import button
from tests.browser.window import Screen, Window
from tests.running import Site

pytestmark = pytest.mark.browser
WORDS = "The second paragraph names somebody's child.\nTake that out first."


async def look(window: Window, language: str, *pages: str) -> None:
    for page in pages:
        await window.open(page)
        await seen.whole(window, language)


async def begun(site: Site, mo: Window, title: str, language: str) -> tuple[str, str]:
    """Mo keeps the site and runs a petition too; its slug and his mailbox."""
    mailbox = site.address("mo")
    slug = await desk_of.begun(site, mo, title, mailbox, language)
    await site.change("update people set keeper = true where email = $1", mailbox)
    return slug, mailbox


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_the_keeper_reads_and_rejects(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(width)) as mo:
        slug, _ = await begun(site, mo, f"Read in {language} {width}", language)
        await site.change(
            "update petitions set state = 'submitted', submitted_at = now() where slug = $1", slug
        )
        one, desk = f"/keep/petitions/{slug}", f"/manage/petitions/{slug}"
        await look(
            mo, language, "/keep/queue", "/keep/petitions?q=read", "/keep/groups", one, desk,
            f"{one}/send-back", f"{one}/reject",
        )  # fmt: skip
        await mo.press(button(mo, "/reject"))
        assert mo.status == 422
        await seen.whole(mo, language)
        await mo.press(button(mo, "/reject"), reason="spam", words=WORDS)
        await seen.whole(mo, language)
        await look(mo, language, f"/{language}/petitions/{slug}", desk, one)
        await mo.open(desk)
        await mo.press(button(mo, "/again"))
        await seen.whole(mo, language)


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_is_reported_suspended_and_removed(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(width)) as mo:
        slug, _ = await begun(site, mo, f"Reported in {language} {width}", language)
        await mo.open(f"/manage/petitions/{slug}")
        await mo.press(button(mo, "/publish"))
        public, one = f"/{language}/petitions/{slug}", f"/keep/petitions/{slug}"
        await look(mo, language, f"{public}/report")
        await mo.press(button(mo, "/report"), email="x")
        assert mo.status == 422
        await seen.whole(mo, language)
        await mo.press(button(mo, "/report"), reason="false", words=WORDS, email="")
        await seen.whole(mo, language)
        await look(mo, language, "/keep/reports", one, f"{one}/suspend")
        await mo.press(button(mo, "/suspend"), reason="spam", words=WORDS)
        await look(mo, language, one, public, f"/manage/petitions/{slug}", f"{one}/resume",
                   f"{one}/remove")  # fmt: skip
        await mo.press(button(mo, "/remove"), reason="private")
        await mo.open(f"{public}?fresh")
        assert mo.status == 410
        await seen.whole(mo, language)


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_how_it_ends_at_the_desk(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(width)) as alice:
        slug = await desk_of.begun(site, alice, f"Ended in {language} {width}", None, language)
        desk, public = f"/manage/petitions/{slug}", f"/{language}/petitions/{slug}"
        await look(alice, language, f"{desk}/delete", desk)
        await alice.press(button(alice, "/publish"))
        await seen.whole(alice, language)
        for deed in ("close", "reopen", "close", "deliver", "answer"):
            await look(alice, language, f"{desk}/{deed}")
            await alice.press(button(alice, f"/{deed}"))
            await seen.whole(alice, language)
            await look(alice, language, f"{public}?{deed}")
