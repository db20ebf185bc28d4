"""What search engines are shown."""

from datetime import date
from xml.etree import ElementTree

import httpx
import pytest

from mobilise.db import Database, run
from mobilise.pages import sitemap_routes
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make

STANDING = ("", "start", "help", "help/signers", "about", "privacy", "accessibility", "api", "data")
LANGUAGES = ("nl", "fr", "de", "en")
SITE = "http://127.0.0.1:8000"
NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


async def read(client: httpx.AsyncClient, path: str = "/sitemap.xml") -> ElementTree.Element:
    answer = await client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    return ElementTree.fromstring(answer.content)


def addresses(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.findall("*/s:loc", NAMES)]


async def test_the_sitemap_lists_what_is_public_in_its_languages(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    shown = await make.petition(db, nl={"title": "Een park"})
    found = await make.document(db, store, shown)
    await make.petition(db, "draft")
    await make.petition(db, "removed")
    await make.petition(db, "rejected")  # its page is not for search engines
    park = f"petitions/{shown.slug}"
    listed = addresses(await read(client))
    assert set(listed) == {
        *(f"{SITE}/{code}/{page}" for code in LANGUAGES for page in STANDING),
        *(f"{SITE}/{code}/groups/{shown.group_slug}" for code in LANGUAGES),
        *(
            f"{SITE}/{code}/{page}"
            for code in ("en", "nl")
            for page in (park, f"{park}/data", f"{park}/documents", f"{park}/documents/{found.id}")
        ),
    }
    assert len(listed) == len(set(listed))
    for address in listed:
        assert (await client.get(address)).status_code == 200, address


async def test_each_page_names_its_twins(client: httpx.AsyncClient, db: Database) -> None:
    park = await make.petition(db, slug="a-park", nl={"title": "Een park"})
    await make.petition(db, slug="alone")
    root = await read(client)
    by_address = {url.findtext("s:loc", "", NAMES): url for url in root.findall("s:url", NAMES)}
    for code in ("en", "nl"):
        url = by_address[f"{SITE}/{code}/petitions/{park.slug}"]
        assert {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)
        } == {each: f"{SITE}/{each}/petitions/a-park" for each in ("en", "nl")}
        date.fromisoformat(url.findtext("s:lastmod", "", NAMES))
    assert by_address[f"{SITE}/en/petitions/alone"].findall("x:link", NAMES) == []


async def test_a_page_says_when_it_changed(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await make.petition(db, "closed", slug="a-park")
    await run(
        db, "update petition_texts set at = '2026-03-01 12:00+00'",
    )  # fmt: skip
    await run(
        db,
        """update petitions set opened_at = '2026-03-02 12:00+00',
             closed_at = '2026-04-03 12:00+00'""",
    )
    root = await read(client)
    changed = {
        url.findtext("s:loc", "", NAMES): url.findtext("s:lastmod", "", NAMES)
        for url in root.findall("s:url", NAMES)
    }
    assert changed[f"{SITE}/en/petitions/a-park"] == "2026-04-03"
    assert changed[f"{SITE}/en/petitions/a-park/data"] == "2026-04-03"


async def test_many_pages_stand_in_parts(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(4):
        await make.petition(db, slug=f"petition-{n}")
    whole = set(addresses(await read(client)))
    monkeypatch.setattr(sitemap_routes, "A_FILE", 5)  # four groups, four petitions of two pages
    index = await read(client)
    assert index.tag.endswith("}sitemapindex")
    parts = addresses(index)
    assert parts == [f"{SITE}/sitemaps/{n}.xml" for n in (1, 2, 3)]
    found: list[str] = []
    for part in parts:
        found += addresses(await read(client, part.removeprefix(SITE)))
    assert len(found) == len(set(found)) and set(found) == whole
    for path in ("/sitemaps/4.xml", "/sitemaps/0.xml", "/sitemaps/999999999.xml"):
        assert (await client.get(path)).status_code == 404


async def test_an_instance_without_petitions_has_a_sitemap(
    client: httpx.AsyncClient, db: Database
) -> None:
    assert len(addresses(await read(client))) == len(STANDING) * len(LANGUAGES)
    assert (await client.get("/sitemaps/2.xml")).status_code == 404
