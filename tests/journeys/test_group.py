"""Alice works with others: invites Bob, hands the group over and leaves. Charlie stays outside."""

import pytest

from mobilise import addresses
from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site

HERE = {"sec_fetch_site": "same-origin"}


async def invited(site: Site, alice: Reader, slug: str, mailbox: str) -> str:
    """Alice asks somebody into the group of her petition; the address of the group."""
    await alice.open("/manage/groups")
    await alice.follow("See the group")
    group = alice.path
    await alice.follow("Invite somebody")
    await alice.press("Send the invitation", email=mailbox, greeting="We need your pen.")
    assert alice.path == group and alice.sees("The invitation is on its way.")
    assert alice.sees(addresses.masked(mailbox)) and not alice.sees(mailbox)
    await alice.follow("Show whole addresses")
    assert alice.sees(mailbox)
    return group


async def test_alice_invites_bob_on_his_phone_hands_over_and_leaves(
    site: Site, people: People
) -> None:
    mailbox = site.address("bob")
    async with people() as alice, people() as bob:
        slug = await deeds.start(site, alice, "Together for the yard")
        group = await invited(site, alice, slug, mailbox)

        letter = await site.letter(mailbox)
        assert "We need your pen." in letter.text
        await bob.open(letter.link("invitations"))
        assert bob.sees("Alice invites you as an editor.")
        await bob.press("Join the group", name="Bob")
        assert bob.path == group and bob.sees("You are an editor.")
        await bob.open(f"/manage/petitions/{slug}")
        assert bob.status == 200
        assert (await bob.open(f"/manage/petitions/{slug}/edit")).status == 200
        assert (await bob.open(f"{group}/invite")).status == 403, "an editor invites nobody"

        await alice.open(f"{group}/leave")
        assert alice.sees("You are the only owner.")
        await alice.follow("Hand the group over")
        await alice.press("Hand the group over")
        assert alice.sees("The group has a new owner.")
        letter = await site.letter(mailbox, "owner")
        await bob.open(letter.link("groups"))
        assert bob.sees("You are an owner.")

        await alice.open(group)
        await alice.follow("Leave the group")
        await alice.press("Leave the group")
        assert alice.path == "/manage/groups" and alice.sees("You left the group.")
        for page in (group, f"/manage/petitions/{slug}"):
            assert (await alice.open(page)).status == 404
        assert (await bob.open(f"/manage/petitions/{slug}")).status == 200


@pytest.mark.parametrize("logged_in", [False, True], ids=["outside", "logged in"])
async def test_charlie_meets_404_everywhere_in_a_group_of_others(
    site: Site, people: People, logged_in: bool
) -> None:
    async with people() as alice, people() as charlie:
        slug = await deeds.start(site, alice, "Not for Charlie at all")
        group = await invited(site, alice, slug, site.address("bob"))
        if logged_in:
            await deeds.start(site, charlie, "Charlie's garden", site.address("charlie"))
        for page in ("", "/about", "/invite", "/leave", "/hand-over", "/members/1", "/addresses"):
            await charlie.open(f"{group}{page}")
            if logged_in:
                assert charlie.status == 404, page
            else:
                assert charlie.page.heading == "Log in", page


@pytest.mark.parametrize("logged_in", [False, True], ids=["outside", "logged in"])
async def test_charlie_changes_nothing_in_a_group_of_others(site: Site, logged_in: bool) -> None:
    async with (
        Reader(site.url, site.network()) as alice,
        Reader(site.url, site.network()) as charlie,
    ):
        slug = await deeds.start(site, alice, "Hands off our yard")
        group = await invited(site, alice, slug, site.address("bob"))
        if logged_in:
            await deeds.start(site, charlie, "Charlie's meadow", site.address("charlie"))
        for page in ("about", "invite", "leave", "hand-over", "members/1", "members/1/remove",
                     "invitations/1/again", "invitations/1/take-back"):  # fmt: skip
            status = await charlie.post(f"{group}/{page}", {"name": "Mine", "to": "1"}, **HERE)
            assert status == (404 if logged_in else 303), page


async def test_alice_ends_a_log_in_that_she_left_open_elsewhere(site: Site, people: People) -> None:
    mailbox = site.address("alice")
    async with people() as alice, people() as library:
        await deeds.start(site, alice, "Left open in the library", mailbox)
        await log_in(site, library, mailbox)
        await alice.open("/manage/account")
        assert alice.sees("Where you are logged in")
        await alice.press("Log out there")
        assert alice.sees("Logged out there.")
        assert (await library.open("/manage")).page.heading == "Log in"


async def log_in(site: Site, reader: Reader, mailbox: str) -> None:
    await reader.open("/en/login")
    await reader.press("Send me the email", email=mailbox)
    letter = await site.letter(mailbox)
    await reader.press("Log in", code=letter.code)
    assert reader.path == "/manage"


async def test_alice_moves_to_another_mailbox_and_proves_both(site: Site, people: People) -> None:
    old, new = site.address("alice"), site.address("alice.new")
    async with people() as alice, people() as elsewhere:
        await deeds.start(site, alice, "Moving house together", old)
        await log_in(site, elsewhere, old)
        await alice.open("/manage/account")
        await alice.follow("Use another address")
        await alice.press("Send both emails", email=new)
        assert alice.sees("Two emails are on their way")
        await alice.open((await site.letter(new)).link("address"))
        await alice.press("Use this address")
        assert alice.page.heading == "You agreed"
        assert (await elsewhere.open("/manage")).path == "/manage"
        await alice.open((await site.letter(old)).link("address"))
        await alice.press("It was me, I agree")
        assert alice.page.heading == "Your address has changed"
        assert (await elsewhere.open("/manage")).page.heading == "Log in"
        await log_in(site, elsewhere, new)


async def test_after_half_an_hour_alice_proves_it_once_more_and_is_back(
    site: Site, people: People
) -> None:
    mailbox = site.address("alice")
    async with people() as alice:
        await deeds.start(site, alice, "Half an hour of peace", mailbox)
        await site.change(
            """update sessions set fresh_at = now() - interval '31 minutes'
               from people where people.id = person_id and email = $1""",
            mailbox,
        )
        await alice.open("/manage/account")
        await alice.follow("Use another address")
        assert alice.page.heading == "Log in once more" and alice.sees(mailbox)
        await alice.press("Send me the email")
        letter = await site.letter(mailbox)
        await alice.press("Log in", code=letter.code)
        assert alice.path == "/manage/account/address"


async def test_alice_erases_her_account_and_sees_before_what_goes(
    site: Site, people: People
) -> None:
    mailbox = site.address("alice")
    async with people() as alice, people() as neighbour:
        slug = await deeds.start(site, alice, "Goodbye to the yard", mailbox)
        await deeds.publish(alice, slug)
        await alice.open("/manage/account")
        await alice.follow("Erase my account")
        assert alice.sees("A petition of this group still runs.")
        await alice.open(f"/manage/petitions/{slug}/close")
        await alice.press("Close the petition")
        await alice.open("/manage/account/erase")
        assert alice.sees("This goes") and alice.sees("This stays")
        await alice.press("Yes, erase my account")
        assert alice.page.heading == "Your account is erased"
        assert "is erased" in (await site.letter(mailbox, "erased")).subject
        assert (await alice.open("/manage")).page.heading == "Log in"
        assert (await neighbour.open(f"/en/petitions/{slug}")).status == 200
