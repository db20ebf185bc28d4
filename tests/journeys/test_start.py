"""Alice starts on a phone, goes on from the letter on another device, and publishes."""

import io

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.browser.window import Screen, Window
from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.running import Site


async def test_alice_begins_on_a_phone_and_publishes_from_another_device(
    site: Site, everybody: People
) -> None:
    mailbox = site.address("alice")
    async with everybody() as phone, everybody() as laptop:
        await phone.open("/en/start")
        assert phone.sees("Step 1 of")
        await deeds.entitle(phone, "Gooseberries along the tramway")
        await deeds.go_on(phone, addressee="The city council")
        await phone.press("Stop for now", why="Half a sentence")
        assert phone.page.heading == "Go on later"
        await phone.press("Send me the email", email=mailbox)
        assert phone.page.heading == "Your petition is kept"

        letter = await site.letter(mailbox)
        await laptop.open(letter.link("resume"), site="cross-site")
        assert laptop.sees("Gooseberries along the tramway") and laptop.sees("Go on here")
        await laptop.press("Go on here")
        assert laptop.path == "/en/start/goal", "the first question without an answer that holds"
        await laptop.press("Back", goal="5.000")
        assert "Half a sentence" in laptop.page.forms[-1].values["why"]
        await deeds.go_on(laptop, why=deeds.TEXT)
        assert laptop.page.forms[-1].values["goal"] == "5.000", "going back lost nothing"
        await deeds.go_on(laptop)
        await deeds.go_on(laptop)  # without a picture
        await deeds.go_on(laptop, group="Friends of the Tramway")
        await deeds.go_on(laptop, name="Alice", email=mailbox)
        assert laptop.page.heading == "Check your petition" and laptop.sees("5,000 signatures")
        await laptop.follow("Change Whom do you ask?")
        await deeds.go_on(laptop, addressee="The transport company")
        assert laptop.page.heading == "Check your petition"
        await deeds.go_on(laptop)
        begin = await site.letter(mailbox)
        await laptop.open(begin.link("start"), site="cross-site")
        await deeds.go_on(laptop)
        slug = laptop.path.split("/")[3]
        await deeds.publish(laptop, slug)
        await phone.open(f"/en/petitions/{slug}")
        assert phone.sees("Petition to The transport company")


async def test_alice_finds_what_others_ask_before_she_writes(site: Site, people: People) -> None:
    await deeds.published(site, "Hammocks for the library garden")
    async with people() as alice:
        await alice.open("/en/start")
        await deeds.go_on(alice, title="Library garden: some hammocks")
        assert alice.page.heading == "Sign one of these instead?"
        assert alice.sees("Hammocks for the library garden")
        await alice.follow("Mine is different")
        assert alice.path == "/en/start/whom"
        await alice.open("/en/start")
        assert alice.sees("Library garden: some hammocks")
        await alice.press("Go on with this one")
        assert alice.path == "/en/start/whom"


@pytest.mark.browser
async def test_alice_is_told_of_them_while_she_types(site: Site, chromium: Browser) -> None:
    await deeds.published(site, "Lanterns under the viaduct")
    async with Window(chromium, site.url, site.network(), Screen(390)) as alice:
        await alice.open("/en/start")
        await alice.tab.locator("[name=title]").press_sequentially("Viaduct lanterns")
        await alice.tab.get_by_role("link", name="Lanterns under the viaduct").wait_for()
        assert await alice.tab.locator("[name=title]").input_value() == "Viaduct lanterns"


async def test_a_mistake_is_told_at_the_field_and_what_was_typed_stays(
    site: Site, people: People
) -> None:
    async with people() as alice:
        await alice.open("/en/start")
        await deeds.go_on(alice)
        assert alice.status == 422 and alice.sees("Give your petition a title")
        await deeds.entitle(alice, "Crocuses by the canal lock")
        for answers in ({"addressee": "The city"}, {"why": "Bees."}):
            await deeds.go_on(alice, **answers)
        await deeds.go_on(alice, goal="a lot")
        assert alice.status == 422 and alice.page.title.startswith("Error: ")
        assert alice.page.forms[-1].values["goal"] == "a lot"


async def test_who_is_logged_in_chooses_among_her_groups_and_gets_no_letter(
    site: Site, people: People
) -> None:
    async with people() as alice:
        await deeds.start(site, alice, "Marigolds on the roundabout")
        await deeds.entitle(alice, "Bollards at the bakery")
        await deeds.go_on(alice, addressee="The city")
        await deeds.go_on(alice, why="So that children can play.")
        await deeds.go_on(alice)
        await deeds.go_on(alice)
        assert alice.sees("Friends of Marigolds on the roundabout")
        await deeds.go_on(alice)
        assert alice.page.heading == "Check your petition"
        await alice.press("Make my petition")
        assert alice.path.startswith("/manage/petitions/bollards-at-the-bakery")


async def test_alice_puts_a_picture_on_it_and_phones_load_the_narrow_one(
    site: Site, everybody: People
) -> None:
    async with everybody() as alice, everybody() as neighbour:
        slug = await deeds.start(site, alice, "Parsley on the embankment")
        await alice.open(f"/manage/petitions/{slug}/edit")
        await alice.follow("Change A picture")
        await alice.press("Save", files={"file": ("yard.jpg", photograph(), "image/jpeg")})
        assert alice.status == 422 and alice.sees("Say in one sentence what is on the picture")
        await alice.press(
            "Save",
            files={"file": ("yard.jpg", photograph(), "image/jpeg")},
            picture_alt="An empty embankment",
        )
        assert alice.sees("Saved.") and alice.sees("What must stay in sight?")
        await alice.press("Save")
        await deeds.publish(alice, slug)
        await neighbour.open(f"/en/petitions/{slug}")
        assert 'alt="An empty embankment"' in neighbour.html
        assert "<source media=" in neighbour.html and "look-x50 look-y50" in neighbour.html


def photograph() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (1700, 1100), (20, 90, 40)).save(kept, "JPEG")
    return kept.getvalue()


async def test_alice_throws_a_draft_away(site: Site, people: People) -> None:
    async with people() as alice:
        await alice.open("/en/start")
        await deeds.go_on(alice, title="Regrets about the fountain")
        await alice.open("/en/start")
        await alice.follow("Throw away")
        await alice.press("Throw it away")
        await alice.open("/en/start")
        assert not alice.sees("Regrets about the fountain")
