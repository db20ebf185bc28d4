"""Alice starts a petition, publishes it, adds a document and closes it."""

from tests.journeys import deeds
from tests.running import Site


async def test_alice_has_a_petition_on_the_air_from_one_form_and_one_letter(site: Site) -> None:
    async with site.reader() as alice, site.reader() as neighbour:
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
        assert "<strong>trees</strong>" in neighbour.answer.text  # type: ignore[union-attr]
        await neighbour.open("/en/")
        await neighbour.follow("A park on the railway yard")
        assert neighbour.path == f"/en/petitions/{slug}"
        await neighbour.open("/en/")
        await neighbour.press("Search", q="rÀILWAY")
        assert neighbour.sees("A park on the railway yard")
        await neighbour.press("Search", q="zeppelin")
        assert neighbour.sees("Nothing found.")


async def test_alice_adds_a_document_that_everybody_can_read(site: Site) -> None:
    async with site.reader() as alice, site.reader() as neighbour:
        slug = await deeds.start(site, alice, "Documents on the table")
        await deeds.publish(alice, slug)
        content = deeds.pdf()
        await alice.open(f"/manage/petitions/{slug}/documents")
        await alice.press(
            "Add the document",
            title="Soil and water",
            source="The city",
            dated="2024-05-12",
            files={"file": (deeds.PDF_NAME, content, "application/pdf")},
        )
        assert alice.status == 200 and alice.sees("Soil and water"), alice.page.text

        await neighbour.open(f"/en/petitions/{slug}")
        assert neighbour.sees("Soil and water")
        await neighbour.follow("The whole dossier")
        await neighbour.follow("Download")
        answer = neighbour.answer
        assert answer is not None and answer.content == content
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        part = await neighbour.client.get(str(answer.url), headers={"range": "bytes=0-4"})
        assert (part.status_code, part.content) == (206, content[:5])
        same = await neighbour.client.get(
            str(answer.url), headers={"if-none-match": answer.headers["etag"]}
        )
        assert same.status_code == 304


async def test_alice_logs_in_again_by_button_or_by_code_and_out(site: Site) -> None:
    slug = await deeds.published(site, "Alice comes back", "alice.back@post.example")
    async with site.reader() as alice:
        await alice.open(f"/manage/petitions/{slug}")
        assert alice.page.heading == "Log in"
        await alice.press("Send me the email", email="alice.back@post.example")
        letter = await site.letter("alice.back@post.example")
        await alice.open(letter.link("login"))
        await alice.press("Log in")
        assert alice.path == f"/manage/petitions/{slug}", "she comes where she wanted to go"
        await alice.open(letter.link("login"))
        assert not any(words == "Log in" for form in alice.page.forms for words, *_ in form.buttons)
    async with site.reader() as alice:
        await alice.open("/en/login")
        await alice.press("Send me the email", email="alice.back@post.example")
        letter = await site.letter("alice.back@post.example")
        await alice.press("Log in", code=letter.code)
        assert alice.path == "/manage"
        await alice.press("Log out")
        assert (await alice.open("/manage")).path == "/en/login"


async def test_alice_closes_her_petition_and_it_stays_readable(site: Site) -> None:
    async with site.reader() as alice, site.reader() as suzie:
        slug = await deeds.start(site, alice, "Closing time", "alice.closes@post.example")
        await deeds.publish(alice, slug)
        await deeds.fill_in(suzie, slug, "suzie.late@post.example")
        letter = await site.letter("suzie.late@post.example")
        await alice.open(f"/manage/petitions/{slug}")
        await alice.follow("Close the petition")
        assert await deeds.count(suzie, slug) == 0
        await alice.press("Close the petition")
        assert (await suzie.open(f"/en/petitions/{slug}")).status == 200
        assert suzie.sees("You cannot sign now")
        async with site.reader() as elsewhere:
            await elsewhere.open(letter.link("confirm"))
            assert elsewhere.status == 409 and elsewhere.sees("closed")
        assert await deeds.count(suzie, slug) == 0


async def test_a_signed_text_stays_as_it_is(site: Site) -> None:
    async with site.reader() as alice, site.reader() as suzie:
        slug = await deeds.start(site, alice, "Set in stone", "alice.stone@post.example")
        await alice.open(f"/manage/petitions/{slug}/edit")
        await alice.press("Save the text", title="Set in stone, corrected")
        await deeds.publish(alice, slug)
        await deeds.fill_in(suzie, slug, "suzie.stone@post.example")
        await alice.open(f"/manage/petitions/{slug}/edit")
        assert alice.sees("Somebody has signed this text, so it stays as it is.")
        assert (await suzie.open(f"/en/petitions/{slug}")).page.heading == "Set in stone, corrected"
