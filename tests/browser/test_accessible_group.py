"""What people of a group see, in four languages, at 320 px: axe finds nothing, nothing is too
wide or too small."""

import pytest
from playwright.async_api import Browser

from tests.browser import desk as desk_of
from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.running import Site

pytestmark = pytest.mark.browser


def button(window: Window, action: str) -> str:
    """The words on the button of the form that goes there, whatever the language."""
    for form in window.page.forms:
        if form.action.endswith(action) and form.buttons:
            return form.buttons[0][0]
    raise AssertionError(f"no form to {action!r} on {window.path}: {window.page.forms}")


@pytest.mark.parametrize(("language", "width"), seen.SCREENS)
async def test_what_people_of_a_group_see(
    site: Site, chromium: Browser, language: str, width: int
) -> None:
    titles = {"nl": "Samen sterk", "fr": "Ensemble", "de": "Gemeinsam", "en": "Together"}
    mailbox, screen = site.address("bob"), Screen(width)
    async with (
        Window(chromium, site.url, site.network(), screen) as alice,
        Window(chromium, site.url, site.network(), screen) as bob,
    ):
        title, alices = f"{titles[language]} {width}", site.address("alice")
        slug = await desk_of.begun(site, alice, title, alices, language)
        await alice.open("/manage/groups")
        await seen.whole(alice, language)
        await alice.press(button(alice, "/manage/groups"), name="")
        await seen.whole(alice, language)
        await alice.open("/manage/groups")
        group = next(link for _, link in alice.page.links if link.startswith("/manage/groups/"))
        await alice.open(f"{group}/invite")
        await seen.whole(alice, language)
        await alice.press(button(alice, "/invite"), email="bob")
        assert alice.status == 422
        await seen.whole(alice, language)
        await alice.press(button(alice, "/invite"), email=mailbox)
        await seen.whole(alice, language)

        link = (await site.letter(mailbox)).link("invitations")
        await bob.open(link)
        await seen.whole(bob, language)
        token = link.rsplit("/", 1)[1]
        await bob.press(button(bob, f"/invitations/{token}"), name="Bob")
        await seen.whole(bob, language)
        await bob.open(link)
        await seen.whole(bob, language)
        await bob.open(f"/{language}/invitations/made-up")
        await seen.whole(bob, language)
        await bob.open(f"/manage/petitions/{slug}/close")  # an owner decides that, no editor
        assert bob.status == 403
        await seen.whole(bob, language)
        other = site.address("jo")
        await alice.open(f"{group}/invite")
        await alice.press(button(alice, "/invite"), email=other)
        link = (await site.letter(other)).link("invitations")
        await bob.open(link)  # logged in he is somebody else
        await seen.whole(bob, language)
        await bob.press(button(bob, "/logout"))
        await bob.open(link)
        await bob.press(button(bob, "/decline"))
        await seen.whole(bob, language)

        await alice.open(group)
        member = next(href for _, href in alice.page.links if "/members/" in href)
        for page in ("", "/addresses", "/about", "/leave", "/hand-over"):
            await alice.open(f"{group}{page}")
            await seen.whole(alice, language)
        for page in (member, f"{member}/remove", "/manage/account", "/manage/account/address",
                     "/manage/account/erase", f"/{language}/farewell"):  # fmt: skip
            await alice.open(page)
            await seen.whole(alice, language)
        await alice.open(f"/{language}/login?next=/manage/account/address&again=1")
        await seen.whole(alice, language)
        new = site.address("alice.new")
        await alice.open("/manage/account/address")
        await alice.press(button(alice, "/account/address"), email=new)
        await seen.whole(alice, language)
        await alice.open(f"{(await site.letter(alices)).link('address')}/stop")
        await seen.whole(alice, language)
        link = (await site.letter(new)).link("address")
        await alice.open(link)
        await seen.whole(alice, language)
        await alice.press(button(alice, f"/address/{link.rsplit('/', 1)[1]}"))
        await seen.whole(alice, language)
        await alice.open(f"/{language}/address/made-up")
        await seen.whole(alice, language)
