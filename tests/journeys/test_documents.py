"""Alice fills her dossier: adds, names, replaces, makes a name unreadable. Suzie reads it."""

import asyncio
import hashlib
import html
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


async def test_jo_finds_a_page_cites_it_and_enlarges_it(site: Site, people: People) -> None:
    async with Reader(site.url, site.network()) as alice, people() as jo:
        slug = await deeds.start(site, alice, "A dossier for Jo")
        await deeds.publish(alice, slug)
        desk, dossier = f"/manage/petitions/{slug}/documents", f"/en/petitions/{slug}/documents"
        pages = [f"Leaf {n} of the study." for n in range(1, 31)]
        pages[27] = "The ground holds 41 hectares of rainwater."
        await alice.open(desk)
        await alice.press(
            "Add the document",
            title="Soil and water",
            source="The city",
            dated="2026-03-18",
            language="en",
            files={"file": ("study.pdf", samples.written(*pages), PDF)},
        )
        await until(alice, desk, "30 pages, ")

        await until(jo, dossier, "Soil and water")
        await jo.press("Search", q="hectare")
        assert jo.sees("1 place in 1 document")
        assert "<mark>hectares</mark>" in jo.html
        await jo.follow("Page 28")
        assert jo.status == 200 and "page=28" in jo.url and jo.url.endswith("#page-28")
        assert "<mark>hectares</mark>" in jo.html, "marked in the text"
        section = jo.html.split('id="page-28"')[1].split("</section>")[0]
        assert section.count("<rect ") == 1, "and on the picture"

        cited = re.search(r'<p class="cite"[^>]*>(.*?)</p>', section, re.S)
        assert cited, section
        line = html.unescape(" ".join(re.sub(r"<[^>]+>", "", cited[1]).split()))
        line = line.replace("\xa0", " ")
        assert line.startswith("The city, Soil and water, 18 March 2026, p. 28.")
        content = await jo.download("Download (pdf")
        assert f"(SHA256 {hashlib.sha256(content).hexdigest()})" in line
        address = re.search(r"http://\S+#page-28", line)
        assert address, line
        enlarge = re.search(r"\"(/en/petitions/[^\"]+/pages/28)\"", jo.html)
        assert enlarge, jo.html
        await jo.open(enlarge[1])
        assert jo.page.heading == "Page 28, enlarged"
        await jo.follow("4 times as large")
        squares = re.findall(r"/squares/\S+?\.jpg", jo.html)
        assert len(squares) == 35
        shown = await jo.client.get(squares[0])
        assert shown.content.startswith(b"\xff\xd8\xff")
        await jo.follow("Back to the page")
        assert jo.url.endswith("?page=28#page-28")

        await jo.open(address[0])
        assert jo.url == address[0] and "page-28" in jo.page.ids
        assert jo.sees("41 hectares of rainwater"), "who opens what was cited reads the page"
