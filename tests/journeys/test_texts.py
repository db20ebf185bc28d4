"""Alice's text in several languages, corrected in public; who may sign; what Suzie sees of it."""

import asyncio

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site


async def read_until(reader: Reader, address: str, words: str) -> None:
    """A public page may be one second old."""
    for _ in range(30):
        await reader.open(address)
        if reader.sees(words):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{words!r} does not come up on {address}: {reader.page.text}")


async def test_each_reader_gets_the_text_in_their_own_language(site: Site, people: People) -> None:
    async with people() as alice, people() as neighbour:
        slug = await deeds.start(site, alice, "A park for everybody")
        await alice.follow("Languages")
        await alice.follow("Français")
        await alice.press(
            "Save the text",
            title="Un parc pour tout le monde",
            addressee="Le conseil communal",
            why="Nous demandons des **arbres**.",
        )
        assert alice.sees("Un parc pour tout le monde")
        await deeds.publish(alice, slug)

        await neighbour.open(f"/fr/petitions/{slug}")
        assert neighbour.page.heading == "Un parc pour tout le monde"
        assert "<strong>arbres</strong>" in neighbour.html
        await neighbour.open(f"/de/petitions/{slug}")
        assert neighbour.page.heading == "A park for everybody"
        assert f'href="/fr/petitions/{slug}"' in neighbour.html

        await alice.open(f"/manage/petitions/{slug}/languages")
        await alice.follow("Remove")
        await alice.press("Remove this language")
        await read_until(neighbour, f"/fr/petitions/{slug}", "A park for everybody")


async def test_a_correction_is_told_to_everybody_and_to_who_signed(
    site: Site, people: People
) -> None:
    mailbox = site.address("suzie")
    async with people() as alice, people() as suzie, people() as phone:
        slug = await deeds.start(site, alice, "A slip of the pen")
        await deeds.publish(alice, slug)
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)

        await alice.open(f"/manage/petitions/{slug}/languages")
        assert alice.sees("so it stays as it is")
        await alice.follow("Write a correction")
        changed = deeds.TEXT.replace("fifteen", "sixteen")
        await alice.press("Publish the correction", why=changed)
        assert alice.status == 422 and alice.sees("Write what you correct, and why")
        await alice.press("Publish the correction", note="We counted again.")
        assert alice.path == f"/manage/petitions/{slug}/languages"

        await phone.open(letter.link("confirm"))
        assert phone.sees("Version 1 of the text.") and phone.sees("We counted again.")
        await phone.follow("All versions of the text")
        assert phone.page.heading == "All versions of the text"
        assert phone.sees("[taken out:] fifteen") and phone.sees("[added:] sixteen")
        await phone.open(letter.link("confirm"))
        await phone.press("Yes, I sign")
        assert phone.sees("You signed the text as you read it.")
        await read_until(suzie, f"/en/petitions/{slug}", "This text was corrected on")


async def test_two_editors_lose_nothing(site: Site, people: People) -> None:
    async with people() as alice, people() as elsewhere:
        mailbox = site.address("alice")
        slug = await deeds.start(site, alice, "Four hands", mailbox)
        await elsewhere.open("/en/login")
        await elsewhere.press("Send me the email", email=mailbox)
        code = (await site.letter(mailbox)).code
        await elsewhere.press("Log in", code=code)
        page = f"/manage/petitions/{slug}/languages/en"
        await alice.open(page)
        await elsewhere.open(page)
        await alice.press("Save the text", title="Four hands, said Alice")
        await elsewhere.press("Save the text", title="Four hands, said Bob")
        assert elsewhere.status == 409 and elsewhere.sees("Both stand below")
        assert elsewhere.sees("said") and elsewhere.sees("Alice")
        form, _ = elsewhere.form_with("Save the text")
        assert form.values["title"] == "Four hands, said Bob"
        await elsewhere.press("Save the text")
        assert elsewhere.sees("Four hands, said Bob")


async def test_a_look_at_the_text_loses_nothing(site: Site, people: People) -> None:
    async with people() as alice:
        slug = await deeds.start(site, alice, "Bold words")
        await alice.open(f"/manage/petitions/{slug}/languages/en")
        await alice.press(
            "Show how it looks", title="Bolder words", why="We ask for **bold** words."
        )
        assert alice.status == 200 and alice.sees("This is how it will look")
        assert "<strong>bold</strong>" in alice.html
        form, _ = alice.form_with("Save the text")
        assert form.values["title"] == "Bolder words"
        assert form.values["why"].strip() == "We ask for **bold** words."
        await alice.open(f"/manage/petitions/{slug}")
        assert alice.page.heading == "Bold words", "a look keeps nothing"


async def test_who_may_sign_is_said_and_held(site: Site, people: People) -> None:
    mailbox = site.address("suzie")
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, "For those who live here")
        await alice.follow("Who may sign")
        await alice.press("Save who may sign", postcodes="Antwerp", minimum_age="16")
        assert alice.status == 422 and alice.sees("We cannot read Antwerp as a postcode")
        await alice.press("Save who may sign", postcodes="2060, 2140-2180")
        assert alice.sees("For people in 2060, 2140–2180 (Belgium) of 16 and older.")
        await deeds.publish(alice, slug)

        await suzie.open(f"/en/petitions/{slug}")
        assert suzie.sees("For people in 2060, 2140–2180 (Belgium) of 16 and older.")
        await suzie.press("Sign the petition", name="Suzie", email=mailbox, postcode="9000")
        assert suzie.status == 422
        assert suzie.sees("This petition is for people in 2060")
        assert suzie.sees("Tick this if you are 16 or older.")
        await suzie.press("Sign the petition", postcode="2150", ticked=("of_age",))
        assert suzie.page.heading == "Now check your email"
        await suzie.open((await site.letter(mailbox)).link("confirm"))
        if suzie.page.heading != "Your signature counts":
            await suzie.press("Yes, I sign")
        assert suzie.sees("I am 16 or older"), "what she agreed to stands with her signature"
        await alice.open(f"/manage/petitions/{slug}/who-may-sign")
        assert alice.sees("This stays as it is.")
