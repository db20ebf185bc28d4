"""Alice at her desk, with nothing but a keyboard; Karim looks up a name, and the trail has it."""

import pytest
from playwright.async_api import Browser

from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site

CLERK = """
with karim as (
  insert into people (name, email, email_key, language) values ('Karim', $1, $1, 'en')
  returning id)
insert into memberships (group_id, person_id, role)
select petitions.group_id, karim.id, 'clerk' from petitions, karim where petitions.slug = $2
"""
AN_HOUR_LATER = "update sessions set fresh_at = fresh_at - interval '1 hour'"


async def _signed(site: Site, people: People, slug: str, name: str) -> None:
    mailbox = site.address("suzie")
    async with people() as suzie:
        await deeds.fill_in(suzie, slug, mailbox, name)
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("confirm"))
        if suzie.page.heading != "Your signature counts":
            await suzie.press("Yes, I sign")
        assert suzie.page.heading == "Your signature counts", suzie.page.text


async def _logged_in(site: Site, reader: Reader, mailbox: str) -> None:
    """From the log-in page on which the reader stands, by the letter."""
    asks_for_it = any("email" in form.values for form in reader.page.forms)
    await reader.press("Send me the email", **({"email": mailbox} if asks_for_it else {}))
    letter = await site.letter(mailbox)
    await reader.open(letter.link("login"))
    await reader.press("Log in")


async def test_karim_looks_up_a_name_and_the_trail_has_it(site: Site, people: People) -> None:
    mailbox = site.address("karim")
    slug = await deeds.published(site, "Karim counts")
    await _signed(site, people, slug, "Suzie Peeters")
    await _signed(site, people, slug, "Jo Janssens")
    await site.change(CLERK, mailbox, slug)
    signers = f"/manage/petitions/{slug}/signers"
    async with people() as karim:
        await karim.open("/manage")
        await _logged_in(site, karim, mailbox)
        await karim.follow("Go to its desk")
        assert karim.page.heading == "Karim counts"
        await site.change(AN_HOUR_LATER)

        await karim.follow("Signers")
        assert karim.page.heading == "Log in once more"
        await _logged_in(site, karim, mailbox)
        assert karim.path == signers, "he comes where he wanted to go"
        assert not karim.sees("Suzie Peeters"), "nothing is shown before he asks"

        await karim.press("Show who confirmed", name="peet")
        assert karim.path == signers and karim.status == 200
        assert karim.sees("Suzie Peeters") and not karim.sees("Jo Janssens")
        assert "post.example" not in karim.html.replace("<wbr>", ""), "and no address at all"
        await karim.follow("Who helped")
        assert karim.sees("Karim looked at the list of signers")


@pytest.mark.browser
async def test_alice_works_at_her_desk_on_a_phone_by_keyboard_alone(
    site: Site, chromium: Browser
) -> None:
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        slug = await deeds.start(site, alice, "By keyboard alone")
        await alice.open("/manage")
        focused = "document.activeElement.innerText.trim().split('\\n')[0]"

        async def tab_to(words: str) -> None:
            for _ in range(60):
                await alice.tab.keyboard.press("Tab")
                if words in str(await alice.tab.evaluate(focused)):
                    return
            raise AssertionError(f"the keyboard never comes to {words!r} on {alice.path}")

        async def enter() -> None:
            async with alice.tab.expect_navigation():
                await alice.tab.keyboard.press("Enter")
            alice.html, alice.url = await alice.tab.content(), alice.tab.url

        await alice.tab.keyboard.press("Tab")
        assert await alice.tab.evaluate(focused) == "Go to the text"
        await alice.tab.keyboard.press("Enter")
        assert await alice.tab.evaluate("document.activeElement.id") == "main"
        await tab_to("Go to its desk")
        ring = await alice.tab.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert ring == "3px", "one sees where one is"
        await enter()
        assert alice.path == f"/manage/petitions/{slug}"

        await tab_to("Publish the petition")
        await enter()
        assert alice.sees("Your petition is open."), "and is told so"
        await tab_to("Dossier")
        await enter()
        assert alice.path.endswith("/documents")
        await tab_to("Nederlands")
        await enter()
        assert alice.page.language == "nl" and alice.path.endswith("/documents")
        await tab_to("Alice, uitloggen")
        await enter()
        assert (await alice.open("/manage")).path.endswith("/login")
