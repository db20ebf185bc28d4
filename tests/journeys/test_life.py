"""Mo reads what Alice wrote, rejects it with a reason, and opens it when she started again; Charlie
reports it, and Mo suspends it and lets it go on. Alice sees it through to its answer."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mobilise import embedded
from tests import cluster, running
from tests.journeys import deeds
from tests.journeys.conftest import TWO_SCREENS, People, _people, _walkers
from tests.reader import Reader
from tests.running import Site


@pytest.fixture(scope="module")
def moderated() -> Iterator[Site]:
    """A site whose keeper reads every petition before it opens."""
    post = running.mail_server()
    with cluster.own_folder() as folder:
        try:
            with running.serve(folder, post=post, moderation="all") as found:
                yield found
        finally:
            embedded.erase(folder / "data")
            post.down()


@pytest.fixture(scope="module", **_walkers(TWO_SCREENS))
def visitors(request: pytest.FixtureRequest, moderated: Site) -> People:
    """People of that site, in every kind of browser."""
    return _people(request, moderated)


def titled(words: str, mailbox: str) -> str:
    """A title that nobody else's petition has."""
    return f"{words} {mailbox.split('@')[0].split('.')[1]}"


async def keeper(site: Site, mo: Reader) -> None:
    """Mo has an account and keeps the site."""
    mailbox = site.address("mo")
    await deeds.start(site, mo, "What Mo tried out", mailbox)
    await site.change("update people set keeper = true where email = $1", mailbox)


async def hand_in(site: Site, alice: Reader, title: str, mailbox: str) -> str:
    slug = await deeds.start(site, alice, title, mailbox)
    await deeds.publish(alice, slug)
    assert alice.sees("Your petition is handed in."), alice.page.text
    return slug


async def decide(mo: Reader, title: str, decision: str, **words: str) -> None:
    """From the list of petitions to the button."""
    await mo.open("/keep/petitions")
    await mo.follow(title)
    await mo.follow(decision)
    await mo.press(decision, **words)
    assert mo.status == 200, mo.page.text


async def sees_soon(reader: Reader, address: str, words: str) -> None:
    """A public page may be one second old."""
    for _ in range(30):
        await reader.open(address)
        if reader.sees(words):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"no {words!r} on {reader.path}: {reader.page.text}")


async def test_mo_rejects_alice_reads_why_starts_again_and_mo_opens_it(
    moderated: Site, visitors: People
) -> None:
    mailbox = moderated.address("alice")
    async with visitors() as alice, visitors() as mo, visitors() as neighbour:
        await keeper(moderated, mo)
        slug = await hand_in(moderated, alice, titled("Swings for the square", mailbox), mailbox)
        assert (await neighbour.open(f"/en/petitions/{slug}")).status == 404

        await mo.open("/keep/queue")
        await mo.follow(titled("Swings for the square", mailbox))
        assert mo.sees("Before you let it open") and mo.sees(mailbox)
        await mo.follow("Reject it")
        await mo.press("Reject it", reason="not_public", words="Who would have to decide this?")
        assert mo.path == "/keep/queue" and mo.sees("The petition is rejected.")

        letter = await moderated.letter(mailbox, about="does not open")
        assert "Who would have to decide this?" in letter.text
        await sees_soon(neighbour, f"/en/petitions/{slug}", "This petition was rejected")
        assert neighbour.sees("It is not about something that a public body decides.")
        assert neighbour.sees("Who would have to decide this?")

        await alice.open(f"/manage/petitions/{slug}")
        assert alice.sees("Who would have to decide this?")
        await alice.press("Start again with the same words")
        again = alice.path.split("/")[3]
        assert again != slug and alice.sees("This is a new draft with the same words.")
        await deeds.publish(alice, again)

        await mo.open("/keep/queue")
        await mo.follow(titled("Swings for the square", mailbox))
        await mo.press("Let it open")
        assert mo.sees("The petition is open.")
        await moderated.letter(mailbox, about="is open")
        await sees_soon(neighbour, f"/en/petitions/{again}", "Sign the petition")
        assert (await neighbour.open(f"/en/petitions/{slug}")).status == 200, "it stays readable"


async def test_mo_sends_it_back_and_alice_changes_what_he_asks(
    moderated: Site, visitors: People
) -> None:
    mailbox = moderated.address("alice")
    async with visitors() as alice, visitors() as mo:
        await keeper(moderated, mo)
        slug = await hand_in(moderated, alice, titled("Benches", mailbox), mailbox)
        await decide(mo, titled("Benches", mailbox), "Send it back", words="Say how many benches.")
        await moderated.letter(mailbox, about="needs a change")
        await alice.open(f"/manage/petitions/{slug}")
        assert alice.sees("Say how many benches.")
        await deeds.publish(alice, slug)
        assert alice.sees("Your petition is handed in.")
        await alice.press("Take it back")
        assert alice.sees("Your petition is a draft again.")


async def test_charlie_reports_it_mo_suspends_it_and_lets_it_go_on(
    moderated: Site, visitors: People
) -> None:
    mailbox, charlies = moderated.address("alice"), moderated.address("charlie")
    title = titled("Lights on the path", mailbox)
    async with visitors() as alice, visitors() as mo, visitors() as charlie:
        await keeper(moderated, mo)
        slug = await hand_in(moderated, alice, title, mailbox)
        await mo.open("/keep/queue")
        await mo.follow(title)
        await mo.press("Let it open")
        await sees_soon(charlie, f"/en/petitions/{slug}", "Sign the petition")

        await charlie.follow("Something wrong with this petition?")
        await charlie.press("Send my report", words="My son is named.")
        assert charlie.status == 422 and charlie.sees("Choose one from the list")
        await charlie.press("Send my report", reason="private", email=charlies)
        assert charlie.page.heading == "Your report is on its way"

        await mo.open("/keep/reports")
        await mo.follow(title)
        assert mo.sees("My son is named.")
        await mo.follow("Suspend it")
        await mo.press("Suspend it", reason="private", words="We look into it.")
        assert mo.sees("The petition is suspended.")
        answer = await moderated.letter(charlies, about="Your report")
        assert "The petition is suspended" in answer.text
        await moderated.letter(mailbox, about="is suspended")
        await sees_soon(charlie, f"/en/petitions/{slug}", "This petition is suspended")
        assert not charlie.sees(title), "what may do harm is not shown"
        await charlie.open(f"/en/petitions/{slug}/sign")
        assert charlie.status == 403

        await decide(mo, title, "Let it go on")
        await moderated.letter(mailbox, about="goes on")
        await sees_soon(charlie, f"/en/petitions/{slug}", "Sign the petition")

        await decide(mo, title, "Remove it", reason="private")
        await moderated.letter(mailbox, about="is removed")
        await sees_soon(charlie, f"/en/petitions/{slug}", "It attacks persons")
        assert charlie.status == 410 and not charlie.sees(title)


async def test_alice_closes_opens_again_hands_over_and_is_answered(
    site: Site, people: People
) -> None:
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, "A crossing at the school")
        await deeds.publish(alice, slug)
        assert alice.sees("Your petition is open.")
        await alice.follow("Close the petition")
        await alice.press("Close the petition")
        assert alice.sees("Your petition is closed.")
        await sees_soon(suzie, f"/en/petitions/{slug}", "may still confirm until")
        await alice.follow("Open it again")
        await alice.press("Open it again")
        assert alice.sees("Your petition is open again.")
        await sees_soon(suzie, f"/en/petitions/{slug}", "Sign the petition")
        await alice.follow("Close the petition")
        await alice.press("Close the petition")
        await alice.follow("It was handed over")
        await alice.press("It was handed over", day="2001-01-01")
        assert alice.status == 422 and alice.sees("Choose a day that has been")
        await alice.open(f"/manage/petitions/{slug}/deliver")
        await alice.press("It was handed over")
        assert alice.sees("Noted: your petition was handed over.")
        await sees_soon(suzie, f"/en/petitions/{slug}", "Handed over on")
        await alice.follow("It was answered")
        await alice.press("It was answered")
        await sees_soon(suzie, f"/en/petitions/{slug}", "Answered on")


async def test_alice_throws_a_draft_away(site: Site, people: People) -> None:
    async with people() as alice:
        slug = await deeds.start(site, alice, "On second thoughts")
        await alice.follow("Throw the draft away")
        assert alice.page.heading == "Throw the draft away?"
        await alice.press("Throw the draft away")
        assert alice.path == "/manage" and alice.sees("The draft is thrown away.")
        assert (await alice.open(f"/manage/petitions/{slug}")).status == 404


async def test_alice_plans_its_first_and_its_last_day_and_the_calendar_does_the_rest(
    site: Site, people: People
) -> None:
    """Days do not pass in a test: the dates come nearer instead."""
    mailbox, today = site.address("alice"), datetime.now(ZoneInfo("Europe/Brussels")).date()
    first, last = today + timedelta(days=20), today + timedelta(days=50)
    sooner = """update petitions set opens_on = opens_on - $2::int, closes_on = closes_on - $2::int,
        opened_at = opened_at - make_interval(days => $2::int) where slug = $1"""
    async with people() as alice, people() as suzie:
        slug = await deeds.start(site, alice, titled("Shade for the square", mailbox), mailbox)
        public = f"/en/petitions/{slug}"
        await alice.open(f"/manage/petitions/{slug}/edit/goal")
        await deeds.go_on(alice, opens_on=first.isoformat(), closes_on=last.isoformat())
        await alice.open(f"/manage/petitions/{slug}")
        await alice.press("Publish on")
        assert alice.sees("It opens on"), alice.page.text
        await site.the_clock_strikes("petitions.open_due")
        assert (await suzie.open(public)).status == 404, "its day has not come"

        await site.change(sooner, slug, 20)
        await site.the_clock_strikes("petitions.open_due")
        assert slug in (await site.letter(mailbox, about="is open")).text
        await sees_soon(suzie, public, "Sign the petition")
        await alice.open(f"/manage/petitions/{slug}")
        assert not alice.sees("It opens on")

        await site.change(sooner, slug, 28)
        await site.the_clock_strikes("petitions.warn")
        assert slug in (await site.letter(mailbox, about="closes on")).text
        await site.change(sooner, slug, 2)
        await site.the_clock_strikes("petitions.close_overdue")
        assert (await suzie.open(f"{public}?last")).sees("Sign the petition"), "a whole day"
        await site.change(sooner, slug, 1)
        await site.the_clock_strikes("petitions.close_overdue")
        assert slug in (await site.letter(mailbox, about="is closed")).text
        await sees_soon(suzie, public, "Closed on")
        form = {"name": "Suzie", "email": site.address("suzie"), "postcode": "2060"}
        assert await suzie.post(f"{public}/signatures", form) == 409
        await alice.open(f"/manage/petitions/{slug}")
        assert alice.sees("Closed on")
