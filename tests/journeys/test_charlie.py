"""Charlie, a stranger, fails everywhere."""

import pytest

from tests.journeys import deeds
from tests.journeys.conftest import People
from tests.reader import Reader
from tests.running import Site

HERE = {"sec_fetch_site": "same-origin"}


@pytest.fixture(scope="module")
async def alices(site: Site) -> str:
    return site.address("alice")


@pytest.fixture(scope="module")
async def draft(site: Site, alices: str) -> str:
    """A draft of Alice's with a document in it."""
    async with Reader(site.url, site.network()) as alice:
        slug = await deeds.start(site, alice, "Not for strangers", alices)
        await deeds.add_document(alice, slug, "Secret plan")
        return slug


@pytest.mark.parametrize("logged_in", [False, True], ids=["outside", "logged in"])
async def test_charlie_reaches_nothing_of_a_draft(
    site: Site, people: People, draft: str, logged_in: bool
) -> None:
    async with people() as charlie:
        if logged_in:
            await deeds.start(site, charlie, "Charlie's own", site.address("charlie"))
        for page in ("", "/documents", "/data", "/sign"):
            assert (await charlie.open(f"/en/petitions/{draft}{page}")).status == 404, page
        for page in ("", "/edit", "/preview", "/documents", "/close"):
            await charlie.open(f"/manage/petitions/{draft}{page}")
            if logged_in:
                assert charlie.status == 404, page
            else:
                assert charlie.page.heading == "Log in", page
        await charlie.open("/en/")
        assert not charlie.sees("Not for strangers")


async def test_machines_reach_nothing_of_a_draft(site: Site, draft: str) -> None:
    async with Reader(site.url, site.network()) as charlie:
        for address in (
            f"/petitions/{draft}/data/petition.json",
            f"/petitions/{draft}/data/datapackage.json",
            f"/petitions/{draft}/data/documents.csv",
            f"/petitions/{draft}/data/bundle.zip",
            f"/api/petitions/{draft}",
            f"/api/petitions/{draft}/count",
        ):
            assert (await charlie.client.get(address)).status_code == 404, address
        assert draft not in (await charlie.client.get("/api/petitions")).text
        assert draft not in (await charlie.client.get("/sitemap.xml")).text


@pytest.mark.parametrize("logged_in", [False, True], ids=["outside", "logged in"])
async def test_charlie_changes_nothing_of_alices(
    site: Site, draft: str, alices: str, logged_in: bool
) -> None:
    network = site.network()
    async with Reader(site.url, network) as charlie, Reader(site.url, network) as alice:
        if logged_in:
            await deeds.start(site, charlie, "Charlie's other", site.address("charlie"))
        for page, values in [
            ("publish", {}),
            ("edit/what", {"title": "Mine now"}),
            ("edit/why", {"why": "Mine now"}),
            ("close", {}),
            ("documents", {"title": "Mine"}),
            ("documents/1", {"title": "Mine"}),
            ("documents/1/move", {"way": "up"}),
            ("documents/1/withdraw", {}),
        ]:
            status = await charlie.post(f"/manage/petitions/{draft}/{page}", values, **HERE)
            assert status == (404 if logged_in else 303), page
        await alice.open("/en/login")
        await alice.press("Send me the email", email=alices)
        letter = await site.letter(alices)
        await alice.press("Log in", code=letter.code)
        await alice.open(f"/manage/petitions/{draft}")
        assert alice.page.heading == "Not for strangers" and alice.sees("Draft")
        assert (await alice.open(f"/manage/petitions/{draft}/documents")).sees("Secret plan")


async def test_charlie_rides_on_nobodys_session(site: Site) -> None:
    """Another site makes Alice's browser post: Fetch Metadata, Origin and Referer tell on it."""
    async with Reader(site.url, site.network()) as alice:
        slug = await deeds.start(site, alice, "No rides")
        elsewhere: list[dict[str, str]] = [
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
            {"origin": "https://charlie.example"},
            {"origin": "null"},
            {"referer": "https://charlie.example/page"},
            {},
        ]
        for headers in elsewhere:
            status = await alice.post(f"/manage/petitions/{slug}/publish", {}, **headers)
            assert status == 403, headers
        answer = await alice.client.get(f"/en/petitions/{slug}")
        assert answer.status_code == 404


async def test_charlie_gets_no_letter_and_no_hint_for_an_unknown_address(
    site: Site, people: People
) -> None:
    known, unknown = site.address("alice"), site.address("charlie")
    await deeds.published(site, "Known here", known)
    seen = []
    for address in (known, unknown):
        async with people() as charlie:
            await charlie.open("/en/login")
            await charlie.press("Send me the email", email=address)
            seen.append((charlie.status, charlie.page.text.replace(address, "…")))
    assert seen[0] == seen[1]
    await site.letter(known)
    assert site.post is not None and not site.post.to(unknown)


async def test_charlie_cannot_make_up_or_reuse_a_key(site: Site) -> None:
    slug, mailbox = await deeds.published(site, "Keys"), site.address("suzie")
    network = site.network()
    async with Reader(site.url, network) as suzie, Reader(site.url, network) as charlie:
        await deeds.fill_in(suzie, slug, mailbox)
        letter = await site.letter(mailbox)
        token = letter.link("confirm").rsplit("/", 1)[1]
        changed = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
        for page in (
            f"/en/confirm/{changed}",
            f"/en/confirm/{token[:20]}",
            f"/en/signature/{token}",
            f"/en/login/{token}",
            f"/u/{token}",
        ):
            assert (await charlie.open(page)).status in (404, 410), page
            assert await charlie.post(page, {}, **HERE) in (404, 405, 410), page
        assert await deeds.count(charlie, slug) == 0
