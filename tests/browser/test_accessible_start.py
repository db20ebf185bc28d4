"""The pages on which a petition is written, in four languages, at 320 px."""

import pytest
from playwright.async_api import Browser

from tests.browser import desk as desk_of
from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.journeys.test_start import photograph
from tests.running import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_one_sees_who_writes_a_petition(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    mailbox, start = site.address("alice"), f"/{language}/start"
    async with Window(chromium, site.url, site.network(), Screen(width)) as alice:
        for page, answers in (
            (start, {"title": "Maak van het rangeerterrein een park"}),
            (f"{start}/whom", {"addressee": "De gemeenteraad"}),
            (f"{start}/why", {"why": deeds.TEXT}),
            (f"{start}/goal", {"goal": "4000"}),
            (f"{start}/picture", {"picture_alt": "x"}),
            (f"{start}/group", {"group": "Buren"}),
            (f"{start}/you", {"name": "Alice", "email": mailbox}),
        ):
            await alice.open(page)
            await seen.whole(alice, language)
            await deeds.go_on(alice, **answers)
        await alice.open(f"{start}/goal")
        await deeds.go_on(alice, goal="x")
        assert alice.status == 422
        await seen.whole(alice, language)
        await deeds.go_on(alice, goal="4000")
        await alice.open(f"{start}/picture")
        form = next(form for form in alice.page.forms if form.files)
        files = {"file": ("a.jpg", photograph(), "image/jpeg")}
        await alice.press(form.buttons[0][0], files=files)
        await seen.whole(alice, language)
        for page in ("alike", "check", "later"):
            await alice.open(f"{start}/{page}")
            await seen.whole(alice, language)
        later = alice.url
        await alice.open(f"{start}/check")
        await deeds.go_on(alice)
        await seen.whole(alice, language)  # now check your email
        await alice.open((await site.letter(mailbox)).link("start"))
        await seen.whole(alice, language)
        await alice.open(later)
        await deeds.send_later(alice, mailbox)
        await seen.whole(alice, language)
        letter = await site.letter(mailbox)
        await alice.open(letter.link("resume"))
        await seen.whole(alice, language)
        await alice.open(start)
        await seen.whole(alice, language)
        away = next(href for _, href in alice.page.links if "/throw-away/" in href)
        await alice.open(away)
        await seen.whole(alice, language)


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_one_sees_who_changes_a_petition(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(width)) as alice:
        title = f"Mint by the pond, {language} {width}"
        slug = await desk_of.begun(site, alice, title, None, language)
        edit = f"/manage/petitions/{slug}/edit"
        for page in ("", "/what", "/whom", "/why", "/goal", "/picture"):
            await alice.open(f"{edit}{page}")
            await seen.whole(alice, language)
        form = next(form for form in alice.page.forms if form.files)
        await alice.press(
            form.buttons[0][0],
            files={"file": ("a.jpg", photograph(), "image/jpeg")},
            picture_alt="x",
        )
        await seen.whole(alice, language)
