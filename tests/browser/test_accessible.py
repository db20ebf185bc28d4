"""Every page, in four languages, at 320 px: axe finds nothing, nothing is too wide or too small."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser

from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.reader import Reader
from tests.running import Site

pytestmark = pytest.mark.browser
LANGUAGES = ["nl", "fr", "de", "en"]
Look = Callable[[Window], Awaitable[None]]


def button(reader: Reader, action: str) -> str:
    """The words on the button of the form that goes there, whatever the language."""
    for form in reader.page.forms:
        if action in form.action and form.buttons:
            return form.buttons[0][0]
    raise AssertionError(f"no form to {action!r} on {reader.path}: {reader.page.forms}")


@pytest.mark.parametrize(
    ("language", "dark"), [*((language, False) for language in LANGUAGES), ("nl", True)]
)
async def test_what_a_visitor_sees(
    site: Site, chromium: Browser, language: str, dark: bool
) -> None:
    park = f"/{language}/petitions/{site.demonstration}"
    async with Window(chromium, site.url, site.network(), Screen(320, dark=dark)) as visitor:
        for page in (
            f"/{language}/",
            f"/{language}/?q=zeppelin",
            f"/{language}/start",
            f"/{language}/about",
            f"/{language}/privacy",
            f"/{language}/contact",
            f"/{language}/api",
            f"/{language}/data",
            f"/{language}/login",
            park,
            f"{park}/sign",
            f"{park}/documents",
            f"{park}/data",
            f"{park}/data/editions",
            f"{park}/check-your-mail",
            f"/{language}/contact/sent",
            f"/{language}/nowhere",
        ):
            await visitor.open(page)
            await seen.whole(visitor, language)
        await visitor.open(f"{park}/sign")
        await visitor.press(button(visitor, "/signatures"))
        assert visitor.status == 422
        await seen.whole(visitor, language)


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_a_signer_sees(site: Site, chromium: Browser, language: str, width: int) -> None:
    park = f"/{language}/petitions/{site.demonstration}"
    mailbox, other = site.address("suzie"), site.address("jo")
    screen = Screen(width)
    async with (
        Window(chromium, site.url, site.network(), screen) as suzie,
        Window(chromium, site.url, site.network(), screen) as phone,
    ):
        await suzie.open(f"{park}/sign")
        await suzie.press(
            button(suzie, "/signatures"), name="Suzie", email=mailbox, postcode="2060"
        )
        await seen.whole(suzie, language)
        await suzie.press(button(suzie, "/code"), code="12")
        await seen.whole(suzie, language)
        letter = await site.letter(mailbox)

        await phone.open(letter.link("confirm"))
        await seen.whole(phone, language)
        await phone.press(button(phone, "/confirm/"))
        await seen.whole(phone, language)
        mine = phone.url.partition("?")[0]
        await phone.open(f"{mine}/withdraw")
        await seen.whole(phone, language)
        await phone.press(button(phone, "/withdraw"))
        await seen.whole(phone, language)
        await phone.open(letter.link("confirm"))
        assert phone.status == 410
        await seen.whole(phone, language)
        await phone.open(f"/{language}/confirm/made-up")
        await seen.whole(phone, language)

        await suzie.open(f"{park}/sign")
        await suzie.press(button(suzie, "/signatures"), name="Jo", email=other, postcode="2060")
        letter = await site.letter(other)
        await phone.open(f"{letter.link('confirm')}/not-me")
        await seen.whole(phone, language)
        await phone.press(button(phone, "/not-me"))
        await seen.whole(phone, language)


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_an_organiser_sees(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    mailbox = site.address("alice")
    async with Window(chromium, site.url, site.network(), Screen(width)) as alice:
        await alice.open(f"/{language}/start")
        await alice.press(button(alice, "/start"))
        assert alice.status == 422
        await seen.whole(alice, language)
        slug = await deeds.start(site, alice, f"Seen in {language} {width}", mailbox, language)
        await seen.whole(alice, language)
        desk = f"/manage/petitions/{slug}"
        await alice.open(f"{desk}/documents")
        await seen.whole(alice, language)
        files = {"file": (deeds.PDF_NAME, deeds.pdf(), "application/pdf")}
        await alice.press(button(alice, "/documents"), title="Soil", files=files)
        await alice.open(desk)
        await alice.press(button(alice, "/publish"))
        for page in ("/manage", desk, f"{desk}/preview", f"{desk}/documents"):
            await alice.open(page)
            await seen.whole(alice, language)
        for link in ("/edit", "/documents/", "/withdraw", "/close"):
            await alice.open(desk if link in ("/edit", "/close") else f"{desk}/documents")
            found = [href for _, href in alice.page.links if link in href and href != alice.path]
            assert found, link
            await alice.open(found[0])
            await seen.whole(alice, language)
        await alice.open(f"/{language}/start")
        await seen.whole(alice, language)


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_one_sees_who_logs_in(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    mailbox = site.address("alice")
    await deeds.published(site, f"Log in, {language} {width}", mailbox)
    screen = Screen(width)
    async with (
        Window(chromium, site.url, site.network(), screen) as alice,
        Window(chromium, site.url, site.network(), screen) as phone,
    ):
        await alice.open(f"/{language}/login")
        await alice.press(button(alice, "/login"))
        await seen.whole(alice, language)
        await alice.press(button(alice, "/login"), email=mailbox)
        await seen.whole(alice, language)
        letter = await site.letter(mailbox)
        link = letter.link("login")
        await phone.open(link)
        spoken = phone.page.language
        assert spoken in LANGUAGES
        await seen.whole(phone, spoken)
        await phone.press(button(phone, "/login/"))
        await alice.open(link)
        await seen.whole(alice, spoken)


async def test_a_wide_screen_is_accessible_too(site: Site, chromium: Browser) -> None:
    park = f"/nl/petitions/{site.demonstration}"
    async with Window(chromium, site.url, site.network(), Screen(1280)) as visitor:
        for page in ("/nl/", "/nl/about", "/nl/privacy", "/nl/contact", "/nl/api", "/nl/data", park,
                     f"{park}/documents", f"{park}/data",
                     f"{park}/data/editions", f"{park}/sign"):  # fmt: skip
            await visitor.open(page)
            await seen.whole(visitor, "nl")
