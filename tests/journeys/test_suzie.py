"""Suzie, 68, signs: by button, by code, with one click; corrects, withdraws, signs again."""

import pytest

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.running import Site


@pytest.fixture(scope="module")
async def slug(site: Site) -> str:
    return await deeds.published(site, "Trees for the yard")


async def test_suzie_signs_with_the_button_on_another_device(
    site: Site, everybody: People, slug: str
) -> None:
    mailbox = site.address("suzie")
    async with everybody() as computer, everybody() as phone:
        before = await deeds.count(computer, slug)
        await deeds.fill_in(computer, slug, mailbox)
        assert computer.sees(mailbox)
        letter = await site.letter(mailbox)

        await phone.open(letter.link("confirm"), site="cross-site")
        assert phone.page.heading == "Put your signature"
        assert phone.sees("Suzie Peeters") and not phone.sees(mailbox)
        assert await deeds.count(phone, slug) == before, "opening the link counts nothing"
        await phone.press("Yes, I sign")
        assert phone.page.heading == "Your signature counts"
        assert await deeds.count(phone, slug) == before + 1
        await phone.open(letter.link("confirm"), site="cross-site")
        assert phone.status == 200 and phone.sees("You have already signed")
        assert await deeds.count(phone, slug) == before + 1


async def test_suzie_signs_with_the_code_where_she_filled_in_the_form(
    site: Site, everybody: People, slug: str
) -> None:
    mailbox = site.address("suzie")
    async with everybody() as suzie:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        wrong = f"{(int(letter.code) + 1) % 1_000_000:06d}"
        await suzie.press("Confirm my signature", code=wrong)
        assert suzie.status == 422 and suzie.page.title.startswith("Error: ")
        assert await deeds.count(suzie, slug) == before
        await suzie.press("Confirm my signature", code=f"{letter.code[:3]} {letter.code[3:]}")
        assert suzie.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_one_click_is_enough_in_the_browser_that_signed(
    site: Site, people: People, slug: str
) -> None:
    mailbox = site.address("suzie")
    async with people() as suzie:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("confirm"), site="cross-site")
        assert suzie.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_suzie_corrects_the_address_that_she_mistyped(
    site: Site, people: People, slug: str
) -> None:
    mistyped, mailbox = site.address("suzei"), site.address("suzie")
    async with people() as suzie, people() as somebody:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, mistyped)
        wrong = await site.letter(mistyped)
        await suzie.press("Send the email again", email=mailbox)
        assert suzie.sees(mailbox)
        right = await site.letter(mailbox)
        await somebody.open(wrong.link("confirm"))
        assert somebody.status in (404, 410), "whoever has the wrong mailbox signs nothing"
        await suzie.press("Confirm my signature", code=right.code)
        assert suzie.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_suzie_withdraws_and_signs_again(site: Site, people: People, slug: str) -> None:
    mailbox = site.address("suzie")
    async with people() as suzie, people() as phone:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("confirm"))
        assert await deeds.count(suzie, slug) == before + 1
        await suzie.follow("Withdraw my signature")
        assert suzie.page.heading == "Withdraw your signature?"
        assert await deeds.count(suzie, slug) == before + 1
        await suzie.press("Withdraw my signature")
        assert suzie.page.heading == "Your signature is withdrawn"
        assert await deeds.count(suzie, slug) == before

        await deeds.fill_in(suzie, slug, mailbox)
        again = await site.letter(mailbox)
        await phone.open(letter.link("confirm"))
        assert phone.status == 410, "the link of the signature that was taken back is dead"
        await phone.open(again.link("confirm"))
        await phone.press("Yes, I sign")
        assert phone.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_her_husband_signs_too_with_the_same_address(
    site: Site, people: People, slug: str
) -> None:
    mailbox = site.address("peeters-janssens")
    async with people() as suzie, people() as husband, people() as third:
        before = await deeds.count(suzie, slug)
        for reader, name in ((suzie, "Suzie Peeters"), (husband, "Karel Janssens")):
            await deeds.fill_in(reader, slug, mailbox, name)
            letter = await site.letter(mailbox)
            await reader.press("Confirm my signature", code=letter.code)
            assert reader.page.heading == "Your signature counts" and reader.sees(name)
        assert await deeds.count(suzie, slug) == before + 2
        await deeds.fill_in(third, slug, mailbox, "Nele Claes")
        letter = await site.letter(mailbox)
        assert not any("/confirm/" in link for link in letter.links), "two share one at most"
        assert await deeds.count(suzie, slug) == before + 2


async def test_who_signed_already_sees_the_same_page_and_gets_another_letter(
    site: Site, people: People, slug: str
) -> None:
    mailbox, unknown = site.address("suzie"), site.address("unknown")
    async with people() as suzie, people() as nosy:
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("confirm"))
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(nosy, slug, mailbox)
        seen = nosy.page.text.replace(mailbox, "…")
        assert (await site.letter(mailbox)).subject != letter.subject
        await deeds.fill_in(nosy, slug, unknown)
        assert nosy.page.text.replace(unknown, "…") == seen
        assert await deeds.count(suzie, slug) == before


async def test_this_was_not_me_ends_it_for_good(site: Site, people: People, slug: str) -> None:
    mailbox, later = site.address("jo"), site.address("later")
    async with people() as prankster, people() as jo:
        before = await deeds.count(jo, slug)
        await deeds.fill_in(prankster, slug, mailbox, "Jo")
        letter = await site.letter(mailbox)
        await jo.open(letter.link("confirm"))
        await jo.follow("This was not me")
        await jo.press("This was not me")
        assert jo.status == 200
        assert await deeds.count(jo, slug) == before
        await deeds.fill_in(prankster, slug, mailbox, "Jo")
        await deeds.fill_in(prankster, slug, later)
        await site.letter(later)
        assert site.post is not None and not site.post.to(mailbox), "jo is not written to again"


async def test_a_mistake_is_told_at_the_field_and_nothing_is_lost(
    site: Site, people: People, slug: str
) -> None:
    async with people() as suzie:
        await suzie.open(f"/en/petitions/{slug}")
        await suzie.press(
            "Sign the petition",
            name="Suzie Peeters",
            email="suzie at post.example",
            postcode="2060",
            comment="For my grandchildren",
        )
        assert suzie.status == 422
        assert suzie.page.title.startswith("Error: ")
        assert suzie.sees("There is a problem")
        form = next(form for form in suzie.page.forms if "email" in form.values)
        assert form.values["name"] == "Suzie Peeters"
        assert form.values["email"] == "suzie at post.example"
        assert form.values["comment"].strip() == "For my grandchildren"
        await suzie.press("Sign the petition", email=site.address("suzie"))
        assert suzie.page.heading == "Now check your email"
