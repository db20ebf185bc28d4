"""Charlie, a stranger, fails everywhere."""

import httpx
import pytest

from tests.journeys import deeds
from tests.running import Site


@pytest.fixture(scope="module")
async def draft(site: Site) -> str:
    """A draft of Alice's with a document in it."""
    async with site.reader() as alice:
        slug = await deeds.start(site, alice, "Not for strangers", "alice.draft@post.example")
        await alice.open(f"/manage/petitions/{slug}/documents")
        await alice.press(
            "Add the document",
            title="Secret plan",
            source="",
            dated="",
            files={"file": ("plan.pdf", deeds.pdf(), "application/pdf")},
        )
        return slug


@pytest.mark.parametrize("logged_in", [False, True])
async def test_charlie_reaches_nothing_of_a_draft(site: Site, draft: str, logged_in: bool) -> None:
    async with site.reader() as charlie:
        if logged_in:
            await deeds.start(site, charlie, "Charlie's own", f"charlie{logged_in}@post.example")
        for page in ("", "/documents", "/data", "/sign"):
            assert (await charlie.open(f"/en/petitions/{draft}{page}")).status == 404, page
        for page in ("petition.json", "datapackage.json", "bundle.zip", "documents.csv"):
            assert (await charlie.open(f"/petitions/{draft}/data/{page}")).status == 404, page
        for page in ("", "/count"):
            assert (await charlie.open(f"/api/petitions/{draft}{page}")).status == 404, page
        for page in ("", "/edit", "/preview", "/documents", "/close"):
            await charlie.open(f"/manage/petitions/{draft}{page}")
            if logged_in:
                assert charlie.status == 404, page
            else:
                assert charlie.page.heading == "Log in", page
        assert draft not in (await charlie.open("/api/petitions")).page.text
        assert draft not in (await charlie.open("/en/")).page.text


@pytest.mark.parametrize("logged_in", [False, True])
async def test_charlie_changes_nothing_of_alices(site: Site, draft: str, logged_in: bool) -> None:
    async with site.reader() as charlie, site.reader() as alice:
        if logged_in:
            await deeds.start(site, charlie, "Charlie's other", f"charlie2{logged_in}@post.example")
        deeds_of_hers: list[tuple[str, dict[str, str]]] = [
            ("publish", {}),
            ("edit", {"title": "Mine now", "addressee": "x", "why": "x", "goal": ""}),
            ("close", {}),
            ("documents", {"title": "Mine"}),
            ("documents/1", {"title": "Mine"}),
            ("documents/1/move", {"way": "up"}),
            ("documents/1/withdraw", {}),
        ]
        for page, values in deeds_of_hers:
            answer = await charlie.client.post(
                f"/manage/petitions/{draft}/{page}",
                data=values,
                headers={"sec-fetch-site": "same-origin"},
            )
            assert answer.status_code == (404 if logged_in else 303), page
        await alice.open("/en/login")
        await alice.press("Send me the email", email="alice.draft@post.example")
        letter = await site.letter("alice.draft@post.example")
        await alice.press("Log in", code=letter.code)
        await alice.open(f"/manage/petitions/{draft}")
        assert alice.page.heading == "Not for strangers" and alice.sees("Draft")
        assert (await alice.open(f"/manage/petitions/{draft}/documents")).sees("Secret plan")


async def test_charlie_rides_on_nobodys_session(site: Site) -> None:
    """Another site makes Alice's browser post: Fetch Metadata, Origin and Referer tell on it."""
    async with site.reader() as alice:
        slug = await deeds.start(site, alice, "No rides", "alice.rides@post.example")
        elsewhere: list[dict[str, str]] = [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://charlie.example"},
            {"origin": "null"},
            {"referer": "https://charlie.example/page"},
            {},
        ]
        for headers in elsewhere:
            answer = await alice.client.post(f"/manage/petitions/{slug}/publish", headers=headers)
            assert answer.status_code == 403, headers
        answer = await httpx.AsyncClient(base_url=site.url).get(f"/en/petitions/{slug}")
        assert answer.status_code == 404


async def test_charlie_gets_no_letter_and_no_hint_for_an_unknown_address(site: Site) -> None:
    await deeds.published(site, "Known here", "alice.known@post.example")
    seen = []
    for address in ("alice.known@post.example", "charlie.unknown@post.example"):
        async with site.reader() as charlie:
            await charlie.open("/en/login")
            await charlie.press("Send me the email", email=address)
            assert charlie.answer is not None
            seen.append((charlie.status, charlie.page.text.replace(address, "…")))
    assert seen[0] == seen[1]
    await site.letter("alice.known@post.example")
    assert not site.post.to("charlie.unknown@post.example")  # type: ignore[union-attr]


async def test_charlie_cannot_make_up_or_reuse_a_key(site: Site) -> None:
    slug = await deeds.published(site, "Keys", "alice.keys@post.example")
    async with site.reader() as suzie, site.reader() as charlie:
        await deeds.fill_in(suzie, slug, "suzie.keys@post.example")
        letter = await site.letter("suzie.keys@post.example")
        token = letter.link("confirm").rsplit("/", 1)[1]
        before = await deeds.count(charlie, slug)
        changed = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
        for page in (
            f"/en/confirm/{changed}",
            f"/en/confirm/{token[:20]}",
            f"/en/signature/{token}",
            f"/en/login/{token}",
            f"/u/{token}",
        ):
            assert (await charlie.open(page)).status in (404, 410), page
            posted = await charlie.client.post(page, headers={"sec-fetch-site": "same-origin"})
            assert posted.status_code in (404, 405, 410), page
        assert await deeds.count(charlie, slug) == before
