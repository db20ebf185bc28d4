"""Suzie afterwards: corrects her name, takes everything along, hides her name, asks the group and
reads its answer, moves to another address, finds her signature again, and is erased."""

import json

import pytest

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site


@pytest.fixture(scope="module")
async def slug(site: Site) -> str:
    return await deeds.published(site, "A bench in the shade")


async def signed(
    site: Site,
    suzie: Reader,
    slug: str,
    mailbox: str,
    comment: str = "",
    name: str = "Suzanna Claes",
) -> str:
    """Suzie signs with her name shown; the address of her own page."""
    await suzie.open(f"/en/petitions/{slug}")
    await suzie.press(
        "Sign the petition",
        name=name,
        email=mailbox,
        postcode="2060",
        comment=comment,
        ticked=("public_name",),
    )
    letter = await site.letter(mailbox)
    await suzie.open(letter.link("confirm"))
    assert suzie.page.heading == "Your signature counts", suzie.page.text
    return suzie.path


async def test_suzie_corrects_downloads_hides_her_name_and_is_erased(
    site: Site, people: People, slug: str
) -> None:
    mailbox = site.address("suzie")
    async with people() as suzie, people() as neighbour:
        before = await deeds.count(suzie, slug)
        mine = await signed(site, suzie, slug, mailbox, name="Suzie Overwegh")
        await neighbour.open(f"/en/petitions/{slug}/names?letter=S")
        assert neighbour.sees("Suzie Overwegh")

        await suzie.follow("Correct what I filled in")
        await suzie.press("Save", name="Suzie Overweg")
        assert suzie.sees("Saved.") and suzie.sees("Suzie Overweg ")
        assert await deeds.count(suzie, slug) == before + 1

        told = json.loads(await suzie.download("Download what you have of me"))
        assert told["signature"]["name"] == "Suzie Overweg"
        assert told["signature"]["email"] == mailbox

        await suzie.press("My name is on the page. Take it off")
        assert suzie.sees("My name is not on the page")
        await neighbour.open(f"/en/petitions/{slug}/names?letter=S&fresh=1")
        assert not neighbour.sees("Suzie Overweg")

        await suzie.follow("Erase everything about me")
        assert suzie.page.heading == "Erase everything about you?"
        assert await deeds.count(suzie, slug) == before + 1
        await suzie.press("Erase everything about me")
        assert suzie.page.heading == "Everything about you is erased"
        assert await deeds.count(suzie, slug) == before
        await suzie.open(mine)
        assert suzie.status == 410

        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("confirm"))
        assert await deeds.count(suzie, slug) == before + 1, "she may sign again"


async def test_suzie_moves_to_another_address_and_finds_her_signature_there(
    site: Site, people: People, slug: str
) -> None:
    mailbox, new = site.address("suzie"), site.address("suzie-new")
    async with people() as suzie, people() as phone:
        mine = await signed(site, suzie, slug, mailbox)
        before = await deeds.count(suzie, slug)
        await suzie.open(f"{mine}/correct")
        await suzie.press("Send the email", email=new)
        assert suzie.page.heading == "Look in your new mailbox"
        letter = await site.letter(new)
        await phone.open(letter.link("new-address"), site="cross-site")
        assert phone.page.heading == "Move your signature to this address?"
        await phone.press("Yes, move it")
        assert phone.sees("Your signature moved to your new address.")
        assert await deeds.count(phone, slug) == before
        await suzie.open(mine)
        assert suzie.status == 410, "the link in the old mailbox is dead"

        await suzie.follow("Find my signature")
        await suzie.press("Send me the links", email=new)
        assert suzie.sees("If you signed here with this address")
        found = await site.letter(new)
        await suzie.open(found.link("signature"))
        assert suzie.page.heading == "Your signature counts" and suzie.sees("Suzanna Claes")


async def test_a_comment_stands_on_the_page_when_the_group_let_it_through(
    site: Site, people: People
) -> None:
    alice, words = site.address("alice"), "Shade for the old."
    slug = await deeds.published(site, "A bench and a tree", alice)
    async with people() as suzie, people() as desk, people() as jo:
        await signed(site, suzie, slug, site.address("suzie"), words)
        await jo.open(f"/en/petitions/{slug}/comments?fresh=0")
        assert not jo.sees(words)
        await log_in(site, desk, alice)
        await desk.open(f"/manage/petitions/{slug}/comments")
        assert desk.sees(words)
        await desk.press("Let it through")
        assert desk.sees("It stands on the page now.")
        await jo.open(f"/en/petitions/{slug}/comments?fresh=1")
        assert jo.sees(words) and jo.sees("Suzanna Claes")
        await desk.press("Undo")
        await jo.open(f"/en/petitions/{slug}/comments?fresh=2")
        assert not jo.sees(words)


async def test_suzie_asks_and_reads_the_answer(site: Site, people: People) -> None:
    alice, mailbox = site.address("alice"), site.address("suzie")
    slug = await deeds.published(site, "A bench and a fountain", alice)
    question = f"Where does the bench come, {mailbox.partition('@')[0]}?"
    async with people() as suzie, people() as desk, people() as jo:
        await suzie.open(f"/en/petitions/{slug}")
        await suzie.follow("Write to us")
        assert suzie.page.heading == "Ask the group"
        await suzie.press(
            "Send my question", name="Suzie Overweg", email=mailbox, question=question,
            ticked=("may_show",),
        )  # fmt: skip
        letter = await site.letter(mailbox)
        await suzie.open(letter.link("question"), site="cross-site")
        assert suzie.page.heading == "Did you ask this?" and suzie.sees(question)
        await suzie.press("Yes, ask the group")
        assert suzie.page.heading == "Your question is with the group"
        mine = suzie.path

        told = await site.letter(alice, "Answer the question")
        assert question in told.text and mailbox not in told.text
        await log_in(site, desk, alice)
        await desk.open(told.link("questions"))
        await desk.press("Send the answer", answer="Under the lime tree.", ticked=("shown",))
        assert desk.status == 200 and desk.sees("Sent.")

        answer = await site.letter(mailbox)
        assert "Under the lime tree." in answer.text
        await jo.open(f"/en/petitions/{slug}/questions?fresh={mailbox}")
        assert jo.sees(question) and jo.sees("Suzie asked") and not jo.sees("Overweg")

        await suzie.open(mine)
        assert suzie.sees("Under the lime tree.")
        await suzie.follow("Take my question back")
        await suzie.press("Take my question back")
        assert suzie.page.heading == "Your question is erased"
        await jo.open(f"/en/petitions/{slug}/questions?gone={mailbox}")
        assert not jo.sees(question)


async def log_in(site: Site, reader: Reader, mailbox: str) -> None:
    await reader.open("/en/login")
    await reader.press("Send me the email", email=mailbox)
    letter = await site.letter(mailbox, "Log in")
    await reader.press("Log in", code=letter.code)
    assert reader.path == "/manage", reader.page.text
