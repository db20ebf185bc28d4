"""Alice fills her dossier: adds, names, replaces, makes a name unreadable. Suzie reads it."""

import asyncio
import re

from tests.documents import samples
from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site

FIRST = samples.written("Dear Maria Janssens,", "The soil is wet.")
SECOND = samples.written("Dear Maria Janssens,", "The soil is dry.", "Rain stays away.")
PDF = "application/pdf"


async def until(reader: Reader, address: str, *words: str) -> None:
    """Looks again until the page says all of this: the pages of a file take a moment."""
    for _ in range(150):
        await reader.open(address)
        if all(reader.sees(each) for each in words):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{reader.path} never said {words}: {reader.page.text}")


async def test_alice_fills_her_dossier_and_suzie_reads_it(site: Site, people: People) -> None:
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, "A dossier for Suzie")
        await deeds.publish(alice, slug)
        desk, dossier = f"/manage/petitions/{slug}/documents", f"/en/petitions/{slug}/documents"
        await alice.open(desk)
        await alice.press(
            "Add the document",
            title="Letter about the soil",
            source="The city",
            files={"file": ("letter.pdf", FIRST, PDF)},
        )
        assert alice.status == 200 and alice.sees("Added.")
        assert alice.sees("Letter about the soil")
        await until(alice, desk, "2 pages, ")

        await alice.follow("Sections")
        await alice.press("Add the section", title="Studies", about="What was measured.")
        assert alice.sees("Studies")
        await alice.open(desk)
        await alice.follow("Change Letter about the soil")
        found = re.search(r'value="(\d+)">Studies<', alice.html)
        assert found, alice.html
        await alice.press("Save", section=found[1])
        assert alice.sees("Studies") and not alice.sees("In no section")

        await alice.follow("Replace Letter about the soil")
        await alice.press(
            "Replace the document",
            because="The city measured again.",
            files={"file": ("letter 2.pdf", SECOND, PDF)},
        )
        assert alice.sees("Replaced.")
        await until(alice, desk, "3 pages, ", "version 2")

        await alice.follow("Make unreadable")
        await alice.press("Mark them wherever they stand", words="maria janssens")
        assert alice.sees("Marked in 2 places.")
        await alice.follow("Publish the copy")
        await alice.press("Publish the copy", because="A neighbour asked us to.")
        assert alice.sees("Published.")
        await until(alice, desk, "3 pages, ", "version 3")
        await alice.follow("Versions")
        assert alice.sees("The city measured again.") and alice.sees("A neighbour asked us to.")
        assert await alice.download("Original (pdf") != SECOND

        await until(suzie, dossier, "Studies", "What was measured.", "version 3")
        await suzie.follow("Letter about the soil")
        assert suzie.sees("Dear") and suzie.sees("The soil is dry.")
        assert not suzie.sees("Janssens")
        assert suzie.sees("A neighbour asked us to.")
        await suzie.open(f"{suzie.path}/versions/2")
        assert suzie.status == 410 and not suzie.sees("Janssens")


async def test_alice_takes_a_document_away_and_says_why(site: Site, people: People) -> None:
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, "A document that goes")
        await deeds.publish(alice, slug)
        desk = f"/manage/petitions/{slug}/documents"
        await deeds.add_document(alice, slug, "The wrong plan")
        await until(alice, desk, "1 page, ")
        await alice.follow("Take away The wrong plan")
        await alice.press("Take this document away", because="It is of another street.")
        assert alice.sees("Taken away.") and alice.sees("It is of another street.")
        await until(suzie, f"/en/petitions/{slug}/documents", "It is of another street.")
        await suzie.follow("The wrong plan")
        assert suzie.status == 410
