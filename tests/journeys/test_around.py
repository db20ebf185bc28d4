"""What stands around one petition: its group, the names beside it, the desk in another language,
and the keeper's lists."""

import asyncio

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site


async def _sees_soon(reader: Reader, address: str, words: str) -> None:
    """A public page may be one second old."""
    for _ in range(30):
        await reader.open(address)
        if reader.sees(words):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"no {words!r} on {reader.path}: {reader.page.text}")


async def _signs(site: Site, suzie: Reader, slug: str, name: str, *ticked: str) -> None:
    mailbox = site.address("suzie")
    await suzie.open(f"/en/petitions/{slug}")
    typed = {"name": name, "email": mailbox, "postcode": "2060"}
    await suzie.press("Sign the petition", ticked=ticked, **typed)
    letter = await site.letter(mailbox)
    await suzie.open(letter.link("confirm"))
    if suzie.page.heading != "Your signature counts":
        await suzie.press("Yes, I sign")
    assert suzie.page.heading == "Your signature counts", suzie.page.text


async def test_from_a_petition_one_finds_its_group_and_what_else_it_asks(
    site: Site, people: People
) -> None:
    title = "Shade for the market"
    slug = await deeds.published(site, title)
    async with people() as neighbour:
        await neighbour.open(f"/en/petitions/{slug}")
        group = next(href for _, href in neighbour.page.links if "/groups/" in href)
        await neighbour.open(group)
        assert neighbour.page.heading == f"Friends of {title}"
        await neighbour.follow(title)
        assert neighbour.path == f"/en/petitions/{slug}"


async def test_only_who_asked_for_it_stands_beside_the_petition(site: Site, people: People) -> None:
    slug = await deeds.published(site, "Names beside it")
    async with people() as suzie, people() as jo, people() as reader:
        await _signs(site, suzie, slug, "Suzie Peeters", "public_name")
        await _signs(site, jo, slug, "Jo Janssens")
        names = f"/en/petitions/{slug}/names"
        await _sees_soon(reader, names, "Suzie Peeters")
        assert not reader.sees("Jo Janssens")


async def test_alice_reads_her_desk_in_another_language(site: Site, people: People) -> None:
    async with people() as alice:
        slug = await deeds.start(site, alice, "A desk in Dutch")
        await alice.press("Nederlands")
        assert alice.path == f"/manage/petitions/{slug}", "she stays where she was"
        assert alice.page.language == "nl"
        await alice.open("/manage")
        assert alice.page.language == "nl", "and it stays so"


async def test_mo_finds_a_petition_and_its_group_in_his_lists(site: Site, people: People) -> None:
    title, mailbox = "Room for the toads", site.address("mo")
    slug = await deeds.published(site, title)
    async with people() as mo:
        await deeds.start(site, mo, "What Mo tries out", mailbox)
        await site.change("update people set keeper = true where email = $1", mailbox)
        await mo.open("/keep/groups")
        await mo.press("Search", q="TOADS")
        assert mo.sees(f"Friends of {title}") and not mo.sees("What Mo tries out")
        await mo.follow("Its petitions")
        await mo.follow(title)
        assert mo.path == f"/keep/petitions/{slug}"
