"""The page of a group: what it asks, what became of it, and nobody who did not sign up for it."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import httpx
import pytest

from mobilise import i18n
from mobilise.db import Database, run
from mobilise.pages import group_page
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.reader import Page


async def test_it_shows_what_is_open_and_what_became_of_the_others(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    alice = await make.person(db, "Alice")
    group = await make.group(db, alice, about="We live around the yard.\n\nWe are twenty-three.")
    await run(db, "update groups set place = 'Antwerp' where id = :id", id=group.id)
    park = await make.petition(db, group=group, organiser=alice, title="A park", goal=4)
    await make.petition(db, group=group, organiser=alice, title="A bench")
    crossing = await make.petition(db, "answered", group=group, organiser=alice, title="A crossing")
    library = await make.petition(db, "delivered", group=group, organiser=alice, title="A library")
    await make.petition(db, "closed", group=group, organiser=alice, title="A pool")
    await run(
        db, "update petitions set opened_at = now() where id = :id", id=park.id
    )  # the newest leads
    await run(
        db,
        "update petitions set answered_on = '2025-10-12' where id = :id",
        id=crossing.id,
    )
    await run(
        db,
        "update petitions set delivered_on = :day where id = :id",
        day=datetime.now(settings.zone).date() - timedelta(days=89),
        id=library.id,
    )
    for petition in (park, park, crossing):
        await make.signature(db, petition)
    await make.document(db, store, park, title="The soil report")

    answer = await client.get(f"/en/groups/{group.slug}")
    page = Page(answer.text)
    text = page.text.replace("\u00a0", " ")
    assert answer.status_code == 200 and page.heading == group.name
    for words in (
        "We live around the yard.", "We are twenty-three.", "Antwerp", "A bench", "A pool",
        "3 signatures", "5 petitions", "1 got an answer", "The soil report",
        "Answered on 12 October 2025.", "No answer yet, after 89 days.",
        "Alice started the petition and answers for it.",
    ):  # fmt: skip
        assert words in text, words
    for words in ("We live around the yard.", "We are twenty-three."):
        assert answer.text.split("<body", 1)[1].count(words) == 1, "said in one place"
    titles = [words for words, href in page.links if "/petitions/a-park-" in href]
    assert titles[0] == "A park", "what was opened last stands on top"
    assert "2 of 4 signatures" in answer.text, "its bar says how far it is"


async def test_drafts_and_rejected_ones_are_not_on_it(
    client: httpx.AsyncClient, db: Database
) -> None:
    group = await make.group(db)
    await make.petition(db, group=group, title="A park")
    for state in ("draft", "submitted", "rejected", "suspended", "removed"):
        await make.petition(db, state, group=group, title=f"Hidden, {state}")
    page = await client.get(f"/en/groups/{group.slug}")
    assert "A park" in page.text and "Hidden" not in page.text


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected", "suspended", "removed", None])
async def test_a_group_with_nothing_to_read_has_no_page(
    client: httpx.AsyncClient, db: Database, state: str | None
) -> None:
    group = await make.group(db)
    if state:
        await make.petition(db, state, group=group)
    assert (await client.get(f"/en/groups/{group.slug}")).status_code == 404
    assert (await client.get("/en/groups/nobody-knows")).status_code == 404
    assert group.slug not in (await client.get("/sitemap.xml")).text


async def test_a_group_that_only_looks_back_has_one_too(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "closed", title="A pool")
    page = await client.get(f"/en/groups/{petition.group_slug}")
    assert page.status_code == 200 and "A pool" in page.text
    assert "Read and sign" not in page.text and "/ask" not in page.text


async def test_members_are_nobodys_business(client: httpx.AsyncClient, db: Database) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "owner")
    await make.petition(db, group=group, organiser=alice)
    text = Page((await client.get(f"/en/groups/{group.slug}")).text).text
    assert "Alice" in text and "Bob" not in text and "post.example" not in text


async def test_it_is_for_everybody_in_four_languages(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, title="A park", nl={"title": "Een park"})
    bare = await client.get(f"/groups/{petition.group_slug}", headers={"accept-language": "de"})
    assert bare.headers["location"] == f"/de/groups/{petition.group_slug}"
    for language in i18n.LANGUAGES:
        page = await client.get(f"/{language}/groups/{petition.group_slug}")
        assert page.status_code == 200
        assert "s-maxage" in page.headers["cache-control"], "the same for everybody"
        assert f'hreflang="{language}"' in page.text and 'rel="canonical"' in page.text
        assert ("Een park" in page.text) == (language == "nl")
        assert "noindex" not in page.text


async def test_what_a_group_writes_runs_nothing(client: httpx.AsyncClient, db: Database) -> None:
    evil = "<script>alert(1)</script>"
    group = await make.group(db, name=f"Friends {evil}", about=f"{evil}\n\n[link](javascript:x)")
    await run(db, "update groups set place = :evil where id = :id", evil=evil, id=group.id)
    await make.petition(db, group=group, title=evil)
    page = await client.get(f"/en/groups/{group.slug}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text and 'href="javascript' not in page.text


async def test_the_petition_the_home_page_and_the_sitemap_lead_to_it(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    here = f"/en/groups/{petition.group_slug}"
    for address in (f"/en/petitions/{petition.slug}", "/en/"):
        assert f'href="{here}"' in (await client.get(address)).text, address
    sitemap = ElementTree.fromstring((await client.get("/sitemap.xml")).content)
    found = [each.text or "" for each in sitemap.iter() if each.tag.endswith("loc")]
    assert sum(each.endswith(f"/groups/{petition.group_slug}") for each in found) == 4


@pytest.mark.parametrize(
    ("state", "delivered", "words"),
    [
        ("delivered", 0, "No answer yet."),
        ("delivered", 1, "No answer yet, after one day."),
        ("delivered", 89, "No answer yet, after 89 days."),
        ("closed", None, "Closed on"),
        ("open", None, ""),
    ],
)
async def test_how_long_there_has_been_no_answer(
    db: Database, state: str, delivered: int | None, words: str
) -> None:
    petition = await make.petition(db, state)
    today = datetime.now(UTC).date()
    day: date | None = None if delivered is None else today - timedelta(days=delivered)
    await run(
        db, "update petitions set delivered_on = :day where id = :id", day=day, id=petition.id
    )
    front = await group_page.front(db, petition.group_slug, ZoneInfo("UTC"))
    assert words in front.lead.fate and bool(words) == bool(front.lead.fate)
