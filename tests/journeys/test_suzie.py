"""Suzie, 68, signs: by button, by code, with one click; corrects, withdraws, signs again."""

import pytest

from tests.journeys import deeds
from tests.running import Site


@pytest.fixture(scope="module")
async def slug(site: Site) -> str:
    return await deeds.published(site, "Trees for the yard", "alice.trees@post.example")


async def test_suzie_signs_with_the_button_on_another_device(site: Site, slug: str) -> None:
    async with site.reader() as computer, site.reader() as phone:
        before = await deeds.count(computer, slug)
        await deeds.fill_in(computer, slug, "suzie@post.example")
        assert computer.sees("suzie@post.example")
        letter = await site.letter("suzie@post.example")
        assert letter.html and letter.text and letter.code in letter.html.replace(" ", "")
        assert letter.message["List-Unsubscribe"] or letter.message["Message-ID"]

        await phone.open(letter.link("confirm"), site="cross-site")
        assert phone.page.heading == "Put your signature"
        assert phone.sees("Suzie Peeters") and not phone.sees("suzie@post.example")
        assert await deeds.count(phone, slug) == before, "opening the link counts nothing"
        await phone.press("Yes, I sign")
        assert phone.page.heading == "Your signature counts"
        assert await deeds.count(phone, slug) == before + 1
        await phone.open(letter.link("confirm"), site="cross-site")
        assert phone.status == 200 and phone.sees("You have already signed")
        assert await deeds.count(phone, slug) == before + 1
        assert (await phone.open(f"/en/petitions/{slug}")).status == 200


async def test_suzie_signs_with_the_code_where_she_filled_in_the_form(
    site: Site, slug: str
) -> None:
    async with site.reader() as suzie:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, "suzie.code@post.example")
        letter = await site.letter("suzie.code@post.example")
        wrong = f"{(int(letter.code) + 1) % 1_000_000:06d}"
        await suzie.press("Confirm my signature", code=wrong)
        assert suzie.status == 422 and suzie.page.title.startswith("Error: ")
        assert await deeds.count(suzie, slug) == before
        await suzie.press("Confirm my signature", code=f"{letter.code[:3]} {letter.code[3:]}")
        assert suzie.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_one_click_is_enough_in_the_browser_that_signed(site: Site, slug: str) -> None:
    async with site.reader() as suzie:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, "suzie.click@post.example")
        letter = await site.letter("suzie.click@post.example")
        await suzie.open(letter.link("confirm"), site="cross-site")
        assert suzie.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_suzie_corrects_the_address_that_she_mistyped(site: Site, slug: str) -> None:
    async with site.reader() as suzie:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, "suzie.typo@pots.example")
        wrong = await site.letter("suzie.typo@pots.example")
        await suzie.press("Send the email again", email="suzie.typo@post.example")
        assert suzie.sees("suzie.typo@post.example")
        right = await site.letter("suzie.typo@post.example")
        async with site.reader() as somebody:
            await somebody.open(wrong.link("confirm"))
            assert somebody.status in (404, 410), "whoever has the wrong mailbox signs nothing"
        await suzie.press("Confirm my signature", code=right.code)
        assert await deeds.count(suzie, slug) == before + 1


async def test_suzie_withdraws_and_signs_again(site: Site, slug: str) -> None:
    async with site.reader() as suzie:
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(suzie, slug, "suzie.doubts@post.example")
        letter = await site.letter("suzie.doubts@post.example")
        await suzie.open(letter.link("confirm"))
        assert await deeds.count(suzie, slug) == before + 1
        await suzie.follow("Withdraw my signature")
        assert suzie.page.heading == "Withdraw your signature?"
        assert await deeds.count(suzie, slug) == before + 1
        await suzie.press("Withdraw my signature")
        assert suzie.page.heading == "Your signature is withdrawn"
        assert await deeds.count(suzie, slug) == before

        await deeds.fill_in(suzie, slug, "suzie.doubts@post.example")
        again = await site.letter("suzie.doubts@post.example")
        async with site.reader() as phone:
            await phone.open(letter.link("confirm"))
            assert phone.status == 410, "the link of the signature that was taken back is dead"
            await phone.open(again.link("confirm"))
            await phone.press("Yes, I sign")
            assert phone.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == before + 1


async def test_her_husband_signs_too_with_the_same_address(site: Site, slug: str) -> None:
    async with site.reader() as suzie, site.reader() as husband:
        before = await deeds.count(suzie, slug)
        for reader, name in ((suzie, "Suzie Peeters"), (husband, "Karel Janssens")):
            await deeds.fill_in(reader, slug, "peeters.janssens@post.example", name=name)
            letter = await site.letter("peeters.janssens@post.example")
            await reader.press("Confirm my signature", code=letter.code)
            assert reader.page.heading == "Your signature counts" and reader.sees(name)
        assert await deeds.count(suzie, slug) == before + 2
        async with site.reader() as third:
            await deeds.fill_in(third, slug, "peeters.janssens@post.example", name="Nele Claes")
            letter = await site.letter("peeters.janssens@post.example")
            assert "confirm" not in " ".join(letter.links), "two people share an address at most"
        assert await deeds.count(suzie, slug) == before + 2


async def test_who_signed_already_sees_the_same_page_and_gets_another_letter(
    site: Site, slug: str
) -> None:
    async with site.reader() as suzie, site.reader() as nosy:
        await deeds.fill_in(suzie, slug, "suzie.twice@post.example")
        letter = await site.letter("suzie.twice@post.example")
        await suzie.open(letter.link("confirm"))
        before = await deeds.count(suzie, slug)
        await deeds.fill_in(nosy, slug, "suzie.twice@post.example")
        seen = nosy.page.text
        reminder = await site.letter("suzie.twice@post.example")
        assert reminder.subject != letter.subject
        await deeds.fill_in(nosy, slug, "nobody.yet@post.example")
        assert nosy.page.text.replace("nobody.yet", "suzie.twice") == seen
        assert await deeds.count(suzie, slug) == before


async def test_this_was_not_me_ends_it_for_good(site: Site, slug: str) -> None:
    async with site.reader() as prankster, site.reader() as jo:
        before = await deeds.count(jo, slug)
        await deeds.fill_in(prankster, slug, "jo@post.example", name="Jo")
        letter = await site.letter("jo@post.example")
        await jo.open(letter.link("confirm"))
        await jo.follow("This was not me")
        await jo.press("This was not me")
        assert jo.status == 200
        assert await deeds.count(jo, slug) == before
        await deeds.fill_in(prankster, slug, "jo@post.example", name="Jo")
        await deeds.fill_in(prankster, slug, "after.jo@post.example")
        await site.letter("after.jo@post.example")
        assert not site.post.to("jo@post.example"), "jo is not written to again"  # type: ignore[union-attr]


async def test_a_mistake_is_told_at_the_field_and_nothing_is_lost(site: Site, slug: str) -> None:
    async with site.reader() as suzie:
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
        await suzie.press("Sign the petition", email="suzie.mistake@post.example")
        assert suzie.page.heading == "Now check your email"
