"""The dossier as everybody reads it: axe, a narrow screen, a finger, in four languages, in the dark
too; and a page that is found, marked, cited and enlarged."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import seen
from tests.browser.window import Screen, Window
from tests.documents import samples
from tests.journeys import deeds
from tests.journeys.test_documents import PDF, until
from tests.reader import Reader
from tests.running import Site

pytestmark = pytest.mark.browser
SCREENS = [
    ("nl", Screen(320)), ("de", Screen(320)), ("fr", Screen(320)), ("en", Screen(320)),
    ("nl", Screen(390)), ("de", Screen(390)), ("nl", Screen(320, dark=True)),
    ("en", Screen(1280)), ("fr", Screen(1280)), ("nl", Screen(1280, dark=True)),
]  # fmt: skip
_made: dict[str, str] = {}
"""The dossier that is looked at, made once for a site."""


async def dossier(site: Site) -> tuple[str, dict[str, str]]:
    """Its slug and the numbers of its documents: study, gone, link, plan, table."""
    if site.url not in _made:
        _made[site.url] = await _filled(site)
    slug = _made[site.url]
    async with Reader(site.url, site.network()) as suzie:
        await suzie.open(f"/en/petitions/{slug}/documents")
        found = {
            words.split()[-1]: href.rsplit("/", 1)[-1]
            for words, href in suzie.page.links
            if re.search(r"/documents/\d+$", href)
        }
    assert set(found) == {"study", "gone", "link", "plan", "table"}, suzie.page.links
    return slug, found


async def _filled(site: Site) -> str:
    async with Reader(site.url, site.network()) as alice:
        slug = await deeds.start(site, alice, "A dossier for everybody")
        await deeds.publish(alice, slug)
        desk = f"/manage/petitions/{slug}/documents"
        await alice.open(f"{desk}/sections")
        await alice.press("Add the section", title="Studies", about="What was measured.")
        section = re.search(r"/sections/(\d+)/remove", alice.html)
        assert section, alice.html
        pages = samples.written(*(f"Rainwater on leaf {n}." for n in range(1, 28)))
        table = b"kind of tree;number;street;remark\n" + b"oak;12;Long street;An old one\n" * 300
        for title, name, kind, content, more in (
            ("The study", "study.pdf", PDF, pages, {"section": section[1]}),
            ("What is gone", "gone.pdf", PDF, samples.written("Wrong"), {}),
            ("A table", "trees.csv", "text/csv", table, {}),
        ):
            await alice.open(desk)
            await alice.press(
                "Add the document", title=title, source="The city", dated="2026-03-18",
                note="Why it matters: see page 12.", files={"file": (name, content, kind)}, **more,
            )  # fmt: skip
        await until(alice, desk, "27 pages, ", "1 page, ")
        await _newer(alice, slug, desk)
        await alice.follow("Take away What is gone")
        await alice.press("Take this document away", because="It is of another street.")
        await site.change(
            """insert into documents (petition_id, entry, title, source, address, rights, consult)
               select id, 'link', 'A link', 'The paper', 'https://press.example/heat', 'unknown', ''
               from petitions where slug = $1
               union all
               select id, 'elsewhere', 'A plan', 'The city', '', 'view_only', 'At the counter.'
               from petitions where slug = $1""",
            slug,
        )
    return slug


async def _newer(alice: Reader, slug: str, desk: str) -> None:
    await alice.open(desk)
    await alice.follow("Replace The study")
    pages = samples.written(*(f"Rainwater on newer leaf {n}." for n in range(1, 31)))
    await alice.press(
        "Replace the document",
        because="The city measured again.",
        files={"file": ("study 2.pdf", pages, PDF)},
    )
    await until(alice, desk, "30 pages, ", "version 2")


@pytest.mark.parametrize(("language", "screen"), SCREENS)
async def test_what_a_reader_sees_of_a_dossier(
    site: Site, chromium: Browser, language: str, screen: Screen
) -> None:
    slug, numbers = await dossier(site)
    papers = f"/{language}/petitions/{slug}/documents"
    study = f"{papers}/{numbers['study']}"
    async with Window(chromium, site.url, site.network(), screen) as suzie:
        for page in (
            papers,
            f"{papers}?section=0",
            f"{papers}?q=rainwater",
            f"{papers}?q=rainwater&in={numbers['study']}",
            f"{papers}?q=zeppelin",
            study,
            f"{study}?q=rainwater&page=30",
            f"{study}/versions/1",
            f"{study}/pages/1",
            f"{study}/pages/30?level=2",
            *(f"{papers}/{numbers[name]}" for name in ("link", "plan", "gone", "table")),
        ):
            await suzie.open(page)
            await seen.whole(suzie, language)


async def test_a_square_loads_when_one_comes_to_it(site: Site, chromium: Browser) -> None:
    slug, numbers = await dossier(site)
    async with Window(chromium, site.url, site.network(), Screen(390)) as suzie:
        asked: list[str] = []
        suzie.tab.on("request", lambda request: asked.append(request.url))
        await suzie.open(f"/en/petitions/{slug}/documents/{numbers['study']}/pages/1?level=2")
        await suzie.tab.wait_for_load_state("networkidle")
        await expect(suzie.tab.get_by_role("region", name="Page 1, enlarged")).to_be_visible()
        last = suzie.tab.locator(".zoomed img").last
        assert await suzie.tab.locator(".zoomed img").count() == 35
        assert 0 < len({url for url in asked if "/squares/" in url}) < 35
        async with suzie.tab.expect_response(re.compile(r"/squares/.*/6-4\.jpg"), timeout=30_000):
            await last.scroll_into_view_if_needed()


async def test_a_finger_can_go_to_any_page(site: Site, chromium: Browser) -> None:
    slug, numbers = await dossier(site)
    async with Window(chromium, site.url, site.network(), Screen(390)) as suzie:
        await suzie.open(f"/en/petitions/{slug}/documents/{numbers['study']}")
        await suzie.press("Show", page="28")
        assert suzie.tab.url.endswith("?page=28#page-28")
        await expect(suzie.tab.locator("#page-28 h2")).to_be_in_viewport()
        await expect(suzie.tab.locator("section#page-1")).to_have_count(0)
        await suzie.tab.goto(f"{suzie.base_url}{suzie.path}#page-30")
        link = suzie.tab.locator("#page-30")
        await expect(link).to_be_in_viewport()
        async with suzie.tab.expect_navigation():
            await link.click()
        await expect(suzie.tab.locator("section#page-30 h2")).to_be_in_viewport()
