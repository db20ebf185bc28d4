"""Alice starts a petition, publishes it, adds a document and closes it."""

import asyncio
import hashlib

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.running import Site


async def test_alice_has_a_petition_on_the_air_from_one_form_and_one_letter(
    site: Site, everybody: People
) -> None:
    async with everybody() as alice, everybody() as neighbour:
        slug = await deeds.start(site, alice, "A park on the railway yard")
        assert alice.sees("Draft. Only you and your group can see it.")
        assert (await neighbour.open(f"/en/petitions/{slug}")).status == 404

        await alice.follow("See the preview")
        assert alice.page.heading == "A park on the railway yard"
        assert alice.sees("This is a preview.")

        await deeds.publish(alice, slug)
        assert (await neighbour.open(f"/en/petitions/{slug}")).status == 200
        assert neighbour.page.heading == "A park on the railway yard"
        assert neighbour.sees("Petition to The city council")
        assert "<strong>trees</strong>" in neighbour.html


async def test_alice_is_found_by_who_searches(site: Site, people: People) -> None:
    slug = await deeds.published(site, "Benches for the Zurenborg")
    async with people() as neighbour:
        await neighbour.open("/en/")
        await neighbour.press("Search", q="zürenBORG")
        await neighbour.follow("Benches for the Zurenborg")
        assert neighbour.status == 200 and slug in neighbour.path
        await neighbour.open("/en/")
        await neighbour.press("Search", q="zeppelin")
        assert neighbour.sees("Nothing found.")


async def test_alice_adds_a_document_that_everybody_can_read(site: Site, people: People) -> None:
    async with people() as alice, people() as neighbour:
        slug = await deeds.start(site, alice, "Documents on the table")
        await deeds.publish(alice, slug)
        sent = await deeds.add_document(alice, slug)

        await neighbour.open(f"/en/petitions/{slug}")
        assert neighbour.sees("Soil and water")
        await neighbour.follow("The whole dossier")
        await neighbour.follow("Soil and water")
        here = neighbour.path
        while not neighbour.sees("Download (pdf"):  # its copy is made in a moment
            await asyncio.sleep(0.2)
            await neighbour.open(here)
        assert neighbour.sees(hashlib.sha256(sent).hexdigest()), "what she sent is told too"
        address = neighbour.link("Download (pdf")
        content = await neighbour.download("Download (pdf")
        assert content.startswith(b"%PDF-") and hashlib.sha256(content).hexdigest() in address
        answer = await neighbour.client.get(address)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        part = await neighbour.client.get(address, headers={"range": "bytes=0-4"})
        assert (part.status_code, part.content) == (206, content[:5])
        same = await neighbour.client.get(
            address, headers={"if-none-match": answer.headers["etag"]}
        )
        assert same.status_code == 304


async def test_alice_logs_in_again_by_button_or_by_code_and_out(site: Site, people: People) -> None:
    mailbox = site.address("alice")
    slug = await deeds.published(site, "Alice comes back", mailbox)
    async with people() as alice:
        await alice.open(f"/manage/petitions/{slug}")
        assert alice.page.heading == "Log in"
        await alice.press("Send me the email", email=mailbox)
        letter = await site.letter(mailbox)
        await alice.open(letter.link("login"))
        await alice.press("Log in")
        assert alice.path == f"/manage/petitions/{slug}", "she comes where she wanted to go"
    async with people() as again:
        await again.open(letter.link("login"))
        buttons = [words for form in again.page.forms for words, *_ in form.buttons]
        assert "Log in" not in buttons, "a link logs in once"
    async with people() as alice:
        await alice.open("/en/login")
        await alice.press("Send me the email", email=mailbox)
        letter = await site.letter(mailbox)
        await alice.press("Log in", code=letter.code)
        assert alice.path == "/manage"
        await alice.press("Log out")
        assert (await alice.open("/manage")).path == "/en/login"


async def test_alice_closes_her_petition_and_it_stays_readable(site: Site, people: People) -> None:
    mailbox = site.address("suzie")
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, "Closing time")
        await deeds.publish(alice, slug)
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        await alice.open(f"/manage/petitions/{slug}")
        await alice.follow("Close the petition")
        await alice.press("Close the petition")
        for _ in range(30):  # a public page may be one second old
            assert (await suzie.open(f"/en/petitions/{slug}")).status == 200
            if suzie.sees("You cannot sign now"):
                break
            await asyncio.sleep(0.1)
        assert suzie.sees("You cannot sign now")
        status = await suzie.post(
            f"/en/petitions/{slug}/signatures",
            {"name": "Mo", "email": "mo@post.example", "postcode": "2060", "country": "BE"},
            sec_fetch_site="same-origin",
        )
        assert status == 409, "nobody signs a closed petition"
        async with people() as phone:  # the letter was under way: two days of grace
            await phone.open(letter.link("confirm"))
            await phone.press("Yes, I sign")
            assert phone.page.heading == "Your signature counts"
        assert await deeds.count(suzie, slug) == 1


async def test_a_signed_text_stays_as_it_is(site: Site, people: People) -> None:
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, "Set in stone")
        await alice.open(f"/manage/petitions/{slug}/edit")
        await alice.follow("Change What do you ask?")
        await alice.press("Save", title="Set in stone, corrected")
        assert alice.sees("Saved.")
        await deeds.publish(alice, slug)
        await deeds.fill_in(suzie, slug, site.address("suzie"))
        await alice.open(f"/manage/petitions/{slug}/edit")
        assert alice.sees("Somebody has signed this text, so it stays as it is.")
        assert (await suzie.open(f"/en/petitions/{slug}")).page.heading == "Set in stone, corrected"
