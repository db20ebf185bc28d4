"""The guide is at hand where one needs it, and each of its steps leads to the page for it."""

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.running import Site

STEPS = [
    ("Look for petitions like yours", "/en/"),
    ("See my groups", "/manage/groups"),
    ("Begin with the title", "/en/start"),
    ("Log in and go on", "/en/login"),
    ("Go to my desk", "/manage"),
    ("Help to give to your signers", "/en/help/signers"),
    ("Add a document on my desk", "/manage"),
    ("See what waits on my desk", "/manage"),
    ("Close it on my desk", "/manage"),
    ("Note the hand-over on my desk", "/manage"),
]


async def test_alice_follows_the_ten_steps(site: Site, people: People) -> None:
    async with people() as alice:
        await alice.open("/en/")
        await alice.follow("Read how, in ten steps")
        assert alice.path == "/en/help"
        slug = await deeds.start(site, alice, "Ten steps")
        await alice.open("/manage")
        await alice.follow("Help")
        assert alice.path == "/en/help"
        for words, path in STEPS:
            await alice.open("/en/help")
            await alice.follow(words)
            # Whoever is in already has no need of a letter.
            expected = "/manage" if path == "/en/login" else path
            assert (alice.status, alice.path) == (200, expected)
        assert any(slug in href for _, href in alice.page.links)


async def test_a_stranger_who_follows_them_is_asked_to_log_in(site: Site, people: People) -> None:
    async with people() as charlie:
        for words, path in STEPS:
            await charlie.open("/en/help")
            await charlie.follow(words)
            inside = path.startswith("/manage")
            assert (charlie.status, charlie.path) == (200, "/en/login" if inside else path)


async def test_suzie_finds_what_to_do_when_no_email_came(site: Site, people: People) -> None:
    slug, mailbox = await deeds.published(site, "No email"), site.address("suzie")
    async with people() as suzie:
        await deeds.fill_in(suzie, slug, mailbox)
        await suzie.follow("Still nothing?")
        assert suzie.path == "/en/help/signers" and suzie.url.endswith("#no-email")
        assert "no-email" in suzie.page.ids and suzie.sees("Send the email again")
        await suzie.follow("Find my signature")
        assert suzie.status == 200 and suzie.page.forms


async def test_she_reads_how_accessible_it_is_and_whom_to_tell(site: Site, people: People) -> None:
    slug = await deeds.published(site, "For everybody")
    async with people() as suzie:
        await suzie.open(f"/en/petitions/{slug}")
        await suzie.follow("Accessibility")
        assert suzie.status == 200 and suzie.sees("WCAG")
        await suzie.follow("Write to us")
        assert suzie.path == "/en/contact"


async def test_jo_finds_closed_petitions_at_home(site: Site, people: People) -> None:
    async with people() as alice, people() as jo:
        slug = await deeds.start(site, alice, "A zebra crossing at the old mill")
        await deeds.publish(alice, slug)
        await alice.open(f"/manage/petitions/{slug}/close")
        await alice.press("Close the petition")
        await jo.open("/en/")
        await jo.press("Search", q="zebra crossing mill")
        assert not any(slug in href for _, href in jo.page.links)
        await jo.follow("Already closed")
        await jo.follow("A zebra crossing at the old mill")
        assert jo.path == f"/en/petitions/{slug}"
