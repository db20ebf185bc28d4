"""Mo keeps the instance: he comes in by a command, sees why mail stands still, and mends it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mobilise import addresses
from tests import running
from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.postbox import Post
from tests.reader import Reader
from tests.running import Site

PATIENCE = 30.0


def make_keeper(site: Site, address: str, *more: str) -> str:
    """What the command prints."""
    environment = running.clean_environment() | {
        "MOBILISE_DATA": str(site.folder / "data"),
        "MOBILISE_BASE_URL": site.url,
    }
    if site.database_url:
        environment["MOBILISE_DATABASE_URL"] = site.database_url
    done = subprocess.run(
        [sys.executable, "-m", "mobilise", "make-keeper", address, *more],
        cwd=running.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def keeper(site: Site, mo: Reader, address: str, *more: str) -> None:
    """Mo makes himself keeper, and opens the link that the command printed."""
    said = await asyncio.to_thread(make_keeper, site, address, *more)
    await mo.open(said.split()[-1])
    await mo.press(mo.page.forms[-1].buttons[0][0])
    assert mo.path == "/keep", mo.page.text


async def sees(reader: Reader, path: str, words: str) -> None:
    """Looks again until it stands there: the postman comes by twice a second."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        await reader.open(path)
        if reader.sees(words):
            return
        await asyncio.sleep(0.3)
    raise AssertionError(f"{words!r} is not on {path}: {reader.page.text}")


@contextmanager
def broken(site: Site) -> Iterator[Post]:
    """The mail server is away until it is brought `up`, at the latest at the end."""
    assert site.post is not None
    site.post.down()
    try:
        yield site.post
    finally:
        site.post.up()


async def test_mo_sees_why_mail_stands_still_mends_it_and_the_letters_go(
    site: Site, people: People
) -> None:
    slug, suzies = await deeds.published(site, "Mo mends the mail"), site.address("suzie")
    async with people() as mo, people() as suzie:
        await keeper(site, mo, site.address("mo"), "--name", "Mo")
        with broken(site) as post:
            await deeds.fill_in(suzie, slug, suzies)
            await sees(mo, "/keep", "No email leaves this site since")
            await mo.follow("See why")
            assert mo.path == "/keep/letters"
            assert mo.sees("No answer from the mail server") and mo.sees("MOBILISE_SMTP_URL")
            post.up()
            await mo.press("Try now")
        letter = await site.letter(suzies)
        assert letter.code
        await sees(mo, "/keep/letters", "The mail server takes our emails.")
        await mo.open("/keep")
        assert not mo.sees("No email leaves")


async def has_failed(mo: Reader, address: str) -> str:
    """Waits until the letter to this address stands in Mo's list as refused, whatever else stands
    there, and tells the words of its button."""
    button = f"Send again {addresses.masked(address)}"
    await sees(mo, "/keep/letters", button)
    return button


async def test_mo_sends_a_letter_again_that_was_refused(site: Site, people: People) -> None:
    """That one: another letter that failed, above it in the list, stays where it is."""
    slug = await deeds.published(site, "Mo sends again")
    # Names that no other journey has: their letters may stand in the list as well.
    mended, gone = site.address("nobody"), site.address("vanished")
    assert site.post is not None
    async with people() as mo, people() as suzie:
        await keeper(site, mo, site.address("mo"))
        for address, name in ((mended, "Suzie Peeters"), (gone, "Vic Maes")):
            site.post.refuse(address, 550, "5.1.1 No such user")
            await deeds.fill_in(suzie, slug, address, name=name)
            button = await has_failed(mo, address)
            assert mo.sees("The mailbox does not exist (550)")
            assert not mo.sees(address), "an address is shown masked"
            site.post.accept(address)
        await mo.press(f"Send again {addresses.masked(mended)}")
        assert mo.sees("What can go, goes again now.")
        assert (await site.letter(mended)).code
        assert not site.post.to(gone) and mo.sees(button)
        await mo.press(button)
        assert (await site.letter(gone)).code


async def test_alice_is_told_that_mail_waits_and_not_why(site: Site, people: People) -> None:
    slug = await deeds.published(site, "Alice waits with the others")
    async with people() as alice, people() as suzie, people() as mo:
        await deeds.start(site, alice, "Alice waits at her desk")
        await keeper(site, mo, site.address("mo"))
        with broken(site):
            await deeds.fill_in(suzie, slug, site.address("suzie"))
            await sees(alice, "/manage", "Emails wait since")
            assert alice.sees("The keeper of this site knows.")
            assert (await alice.open("/keep")).status == 404
        await mo.open("/keep/letters")
        if mo.page.forms and any("Try now" in words for form in mo.page.forms
                                 for words, *_ in form.buttons):  # fmt: skip
            await mo.press("Try now")
        await sees(mo, "/keep/letters", "The mail server takes our emails.")


async def test_mo_reads_the_settings_and_where_they_come_from(site: Site, people: People) -> None:
    async with people() as mo:
        await keeper(site, mo, site.address("mo"))
        await mo.follow("Settings")
        assert mo.page.heading == "Settings in force"
        assert mo.sees("MOBILISE_SMTP_URL smtp://127.0.0.1") and mo.sees("from a variable")
        assert mo.sees("MOBILISE_NAME mobilise by default")
