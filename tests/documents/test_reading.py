"""The dossier as everybody reads it: its shelves, a document page by page, and what is gone."""

import re
from datetime import date
from typing import Any

import httpx
import pytest

from mobilise.db import Database, row, rows, run
from mobilise.documents import dossier, leaves, redacting, sections, versions
from mobilise.documents.dossier import Caption
from mobilise.documents.judging import Found
from mobilise.documents.rights import RIGHTS
from mobilise.store import Draft, Store
from tests import make
from tests.conftest import BASE_URL
from tests.documents import desk, papers, samples
from tests.reader import Page

STUDY = papers.pdf(*(f"The soil of yard {n}." for n in range(1, 4)))


async def petition_of(db: Database, state: str = "open") -> Any:
    return await make.petition(db, state=state)


def own(petition: Any) -> dict[str, int]:
    return {"petition_id": petition.id, "person_id": petition.person_id}


def drafted(store: Store, content: bytes) -> Draft:
    draft = store.draft()
    draft.write(content)
    draft.finish()
    return draft


async def added(
    db: Database,
    store: Store,
    petition: Any,
    content: bytes = STUDY,
    name: str = "study.pdf",
    ready: bool = True,
    **said: Any,
) -> int:
    caption = Caption(**({"title": "Soil study", "source": "The city"} | said))
    kind = name.rsplit(".", 1)[1]
    number = await dossier.add(
        db, store, drafted(store, content), Found(name, kind, None), caption, **own(petition)
    )
    if ready:
        await make.prepared(db, store)
    return number


async def replaced(db: Database, store: Store, petition: Any, number: int, because: str) -> None:
    document = await dossier.document(db, petition.id, number)
    newer = papers.pdf("The soil is dry.")
    await versions.replace(
        db, store, drafted(store, newer), Found("newer.pdf", "pdf", None), because, document,
        **own(petition),
    )  # fmt: skip
    await make.prepared(db, store)


def address(petition: Any, rest: object = "") -> str:
    return f"/en/petitions/{petition.slug}/documents{rest}"


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == status, answer.text
    assert "set-cookie" not in answer.headers
    return answer


def said(answer: httpx.Response) -> str:
    return Page(answer.text).text.replace("\xa0", " ")


# --- the dossier --------------------------------------------------------------------------


async def shelved(db: Database, store: Store) -> Any:
    """Two sections in the order of the group, three documents, one of them in no section."""
    petition = await petition_of(db)
    plans = await sections.add(db, "Plans", "Of the city.", **own(petition))
    studies = await sections.add(db, "Studies", "", **own(petition))
    await sections.add(db, "Empty shelf", "", **own(petition))
    await added(db, store, petition, title="Study", section_id=studies, rights="study", ready=False)
    await added(db, store, petition, samples.pdf(), title="Loose", ready=False)
    await added(
        db, store, petition, papers.pdf("Plan"), title="Plan", section_id=plans,
        rights="official", note="Page 1 has the parking.", ready=False,
    )  # fmt: skip
    await make.prepared(db, store)
    return petition


async def test_sections_stand_in_the_order_of_the_group(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await shelved(db, store)
    page = await read(client, address(petition))
    heads = re.findall(r'<h2 id="section-\d+"[^>]*>([^<]+)</h2>', page.text)
    assert heads == ["Plans", "Studies", "Other documents"]
    order = [page.text.index(f">{title}</a></h3>") for title in ("Plan", "Study", "Loose")]
    assert order == sorted(order)
    words = said(page)
    assert "3 documents, 6 pages." in words
    assert "Of the city." in words and "Page 1 has the parking." in words


async def test_a_section_can_be_looked_at_alone(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await shelved(db, store)
    page = Page((await read(client, address(petition))).text)
    links = {text: href for text, href in page.links if "?section=" in href}
    assert set(links) == {"Plans 1", "Studies 1", "Other documents 1"}, "an empty one is no filter"
    alone = await read(client, links["Studies 1"])
    titles = re.findall(r"<h3[^>]*><a [^>]+>([^<]+)</a></h3>", alone.text)
    assert titles == ["Study"]
    assert 'aria-current="page"' in alone.text
    await read(client, address(petition, "?section=x"), 404)


async def test_an_empty_dossier_says_so(client: httpx.AsyncClient, db: Database) -> None:
    page = await read(client, address(await petition_of(db)))
    assert "No documents yet." in said(page)
    assert "dossier.zip" not in page.text


@pytest.mark.parametrize("right", RIGHTS)
async def test_each_document_says_what_may_be_done_with_it(
    client: httpx.AsyncClient, db: Database, store: Store, right: str
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, rights=right)
    for path in ("", f"/{number}"):
        assert RIGHTS[right] in said(await read(client, address(petition, path)))


async def test_what_was_taken_away_stays_with_its_reason(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition)
    for count in (0, 1):  # alone in the dossier, and beside another
        if count:
            await added(db, store, petition, samples.pdf(), title="Another")
        else:
            await dossier.withdraw(
                db, store, "It was of another street.", document_id=number, **own(petition)
            )
        page = await read(client, address(petition))
        assert "It was of another street." in said(page)
        assert f'href="{address(petition, f"/{number}")}"' in page.text


# --- a document, page by page -------------------------------------------------------------


async def test_pages_stand_below_each_other_each_with_its_picture_and_its_text(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, language="en")
    page = await read(client, address(petition, f"/{number}"))
    for n in (1, 2, 3):
        section = page.text.split(f'id="page-{n}"')[1].split("</section>")[0]
        picture = re.search(
            r'src="(/pages/[0-9a-f]{64}\.jpg)" width="113\d" height="1600"', section
        )
        assert picture and section.index(picture[0]) < section.index(f"The soil of yard {n}.")
        shown = await client.get(picture[1])
        assert shown.headers["content-type"] == "image/jpeg"
        assert 'loading="eager"' in section if n == 1 else 'loading="lazy"' in section
        assert f"pages/{n}" in section, "it can be enlarged"
    assert "<script" not in page.text and "hx-" not in page.text, "works without"


async def test_each_page_says_how_to_cite_it(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, dated=date(2026, 3, 18))
    copy = await desk.copy(db, "Soil study")
    page = await read(client, address(petition, f"/{number}"))
    lines = re.findall(r'<p class="cite" tabindex="0">(.+?)</p>', page.text, re.S)
    assert len(lines) == 4, "one a page, and one of the whole"
    cited = " ".join(re.sub("<[^>]+>", "", lines[1]).split()).replace("\xa0", " ")
    assert cited == (
        "The city, Soil study, 18 March 2026, p. 2. Dossier of Friends of the Yard, "
        f"{BASE_URL}{address(petition, f'/{number}')}#page-2 (SHA256 {copy})"
    )


async def test_a_long_document_shows_a_part_and_has_an_anchor_for_every_page(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, samples.written(*(f"Leaf {n}" for n in range(60))))
    for asked, first, last in ((1, 1, 25), (26, 26, 50), (60, 51, 60)):
        page = await read(client, address(petition, f"/{number}?page={asked}"))
        anchors = re.findall(r'id="page-(\d+)"', page.text)
        assert sorted(map(int, anchors)) == list(range(1, 61)), "each one once"
        shown = re.findall(r'<section class="page" id="page-(\d+)"', page.text)
        assert list(map(int, shown)) == list(range(first, last + 1))
        assert f'name="page" type="text" inputmode="numeric" value="{asked}"' in page.text
        cited = f"?page={asked}#page-{asked} (SHA256" if first > 1 else "#page-1 (SHA256"
        assert f"/documents/{number}{cited}" in page.text, "it opens with that page in it"
    assert len(shown) <= leaves.WINDOW
    for asked in ("61", "x", "-1"):
        await read(client, address(petition, f"/{number}?page={asked}"), 404)


@pytest.mark.parametrize(
    ("typed", "page"), [("28", 28), (" 2 ", 2), ("99", 30), ("0", 1), ("", 1), ("two", 1)]
)
async def test_whoever_types_a_number_comes_to_that_page(
    client: httpx.AsyncClient, db: Database, store: Store, typed: str, page: int
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, samples.written(*(f"Leaf {n}" for n in range(30))))
    its = address(petition, f"/{number}")
    answer = await client.get(its, params={"go": "1", "page": typed, "q": "leaf"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{its}?page={page}&q=leaf#page-{page}"
    form = next(form for form in Page((await read(client, its)).text).forms if "go" in form.values)
    assert form.method == "get" and form.action == its


async def test_previous_and_next_lead_over_the_edge_of_a_part(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, samples.written(*(f"Leaf {n}" for n in range(30))))
    its = address(petition, f"/{number}")
    links = dict(Page((await read(client, f"{its}?page=25")).text).links)
    assert links["← Previous Page 24"] == "#page-24"
    assert links["Next → Page 26"] == f"{its}?page=26#page-26"
    assert "← Previous Page 0" not in links
    links = dict(Page((await read(client, f"{its}?page=26")).text).links)
    assert links["← Previous Page 25"] == f"{its}?page=25#page-25"
    assert links["Next → Page 30"] == "#page-30"
    assert "Next → Page 31" not in links


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("trees.csv", b"kind;number\noak;12\n", ["<th", ">kind</th>", "<td>oak</td>", "2 rows"]),
        ("trees.csv", b"", ["This table is empty."]),
        ("yard.jpg", papers.photograph(), ['src="/pages/', "<figcaption>Seen from the north."]),
        ("letter.docx", papers.docx("Dear <b>city</b>", "Second"), ["Dear", "<p>Second</p>"]),
        ("notes.txt", b"First line\nSecond <script>", ["First line", "Second &lt;script&gt;"]),
        ("yard.geojson", samples.geojson(), ["<td>rangeerterrein</td>", "<td>Point</td>"]),
    ],
)
async def test_each_kind_is_shown_in_its_own_way(
    client: httpx.AsyncClient,
    db: Database,
    store: Store,
    name: str,
    content: bytes,
    shown: list[str],
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, content, name, note="Seen from the north.")
    page = await read(client, address(petition, f"/{number}"))
    for words in shown:
        assert words in page.text, words
    kind = name.rsplit(".", 1)[1]
    assert f"Download ({kind}," in said(page)


async def test_a_long_table_says_how_many_rows_it_has(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, b"a;b\n" + b"1;2\n" * 3000, "long.csv")
    page = await read(client, address(petition, f"/{number}"))
    assert "The first 200 of 3,001 rows." in said(page)
    assert page.text.count("<td>1</td>") == 199


# --- versions -----------------------------------------------------------------------------


async def test_a_newer_version_says_why_and_the_older_one_can_still_be_read(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition)
    await replaced(db, store, petition, number, "The city measured again.")
    its = address(petition, f"/{number}")
    page = await read(client, its)
    assert "The soil is dry." in said(page) and "The city measured again." in said(page)
    assert "version 2" in said(page)
    for each in await desk.versions(db):
        assert each["sha256"] in page.text and each["published"] in page.text
    older = await read(client, f"{its}/versions/1")
    assert "You read version 1" in said(older) and "The soil of yard 2." in said(older)
    assert ("Read the newest version", its) in Page(older.text).links
    assert f"{BASE_URL}{its}/versions/1#page-1" in older.text, "cited at its own address"
    enlarged = await read(client, f"{its}/pages/3?version=1")
    assert (await desk.versions(db))[0]["published"] in enlarged.text
    await read(client, f"{its}/pages/3", 404)  # the newest has one page
    await read(client, f"{its}/versions/3", 404)


async def test_a_closed_version_says_why_and_shows_nothing(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, samples.written("Dear Maria Janssens,"))
    [first] = await desk.versions(db)
    [leaf] = await rows(db, "select * from document_pages")
    document = await dossier.document(db, petition.id, number)
    await redacting.mark_words(db, petition.id, document, "maria janssens")
    await redacting.publish(db, store, "A neighbour asked us.", document, **own(petition))
    await make.prepared(db, store)
    its = address(petition, f"/{number}")
    closed = await read(client, f"{its}/versions/1", 410)
    assert "Version 1 was taken away" in said(closed) and "A neighbour asked us." in said(closed)
    assert "Janssens" not in closed.text
    assert "Some words were made unreadable." in said(closed)
    await read(client, f"{its}/pages/1?version=1", 410)
    await all_gone(client, first, leaf)
    page = await read(client, its)
    assert "Dear" in said(page) and "Janssens" not in page.text


async def all_gone(client: httpx.AsyncClient, version: Any, leaf: Any) -> None:
    for path in (
        f"/files/{version['published']}/{version['name']}",
        f"/pages/{leaf['picture']}.jpg",
        f"/pages/{leaf['small']}.jpg",
        f"/squares/{version['published']}/1/1/0-0.jpg",
    ):
        assert (await client.get(path)).status_code in (404, 410), path
    bytes_ = await client.get(f"/files/{version['published']}/{version['name']}")
    assert bytes_.status_code == 410


async def test_a_tombstone_says_when_and_why_and_its_bytes_are_gone(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition)
    [version] = await desk.versions(db)
    [leaf, *_] = await rows(db, "select * from document_pages order by page")
    await dossier.withdraw(db, store, "Not ours.", document_id=number, **own(petition))
    its = address(petition, f"/{number}")
    for path in (its, f"{its}/versions/1"):
        page = await read(client, path, 410)
        assert "The group took this document away on" in said(page) and "Not ours." in said(page)
        assert "Soil study" in said(page) and version["sha256"] in page.text
        assert "The soil of yard" not in page.text and "/files/" not in page.text
    await read(client, f"{its}/pages/1", 410)
    await all_gone(client, version, leaf)


# --- what is not here ---------------------------------------------------------------------


async def test_a_link_leads_to_what_others_wrote(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    caption = Caption("Article", "The paper", note="Shade.", address="https://press.example/heat")
    number = await dossier.mention(db, "link", caption, **own(petition))
    page = await read(client, address(petition, f"/{number}"))
    assert "This stands on another site." in said(page) and "Shade." in said(page)
    assert 'href="https://press.example/heat" rel="nofollow noopener ugc"' in page.text
    assert "/files/" not in page.text
    assert "on another site" in said(await read(client, address(petition)))
    for rest in ("/versions/1", "/pages/1"):
        await read(client, address(petition, f"/{number}{rest}"), 404)


async def test_of_a_plan_elsewhere_its_facts_are_told(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    content = samples.pdf(5)
    number = await added(
        db, store, petition, content, "plan.pdf", title="Plan", rights="view_only",
        consult="At the counter, until noon.",
    )  # fmt: skip
    its = address(petition, f"/{number}")
    for path in (its, f"{its}/versions/1"):
        page = await read(client, path)
        assert "This plan may be viewed, and not copied." in said(page)
        assert "At the counter, until noon." in said(page)
        assert "how to know that it is the same one" in said(page)
        assert desk.sha256(content) in page.text
        assert "/files/" not in page.text and "download it" not in page.text
    assert "/files/" not in (await read(client, address(petition))).text
    bare = await dossier.mention(
        db, "elsewhere", Caption("Other plan", rights="view_only", consult="There."),
        **own(petition),
    )  # fmt: skip
    page = await read(client, address(petition, f"/{bare}"))
    assert "the same one" not in said(page), "of which nobody has a checksum"


# --- on its way ---------------------------------------------------------------------------


async def test_what_is_being_made_ready_says_so(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, ready=False)
    assert "still being made ready" in said(await read(client, address(petition)))
    page = await read(client, address(petition, f"/{number}"))
    assert "We are still making the pages ready." in said(page)
    assert "The first page comes in a moment." in said(page)
    assert "/files/" not in page.text
    await make.prepared(db, store)
    await run(db, "delete from document_pages where page > 1")
    await run(db, "update document_versions set state = 'waiting'")
    page = await read(client, address(petition, f"/{number}"))
    assert "1 of 3 pages can be read." in said(page), "the first before the last is made"
    assert "The soil of yard 1." in said(page)


async def test_what_failed_says_so_and_promises_no_download(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition, b"%PDF-1.4 and nothing more")
    page = await read(client, address(petition, f"/{number}"))
    assert "This file cannot be read here." in said(page)
    assert "download it" not in said(page) and "/files/" not in page.text


async def test_what_failed_half_way_can_be_downloaded(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await petition_of(db)
    number = await added(db, store, petition)
    await run(db, "update document_versions set state = 'failed', failure = 'too_heavy'")
    page = await read(client, address(petition, f"/{number}"))
    assert "We cannot show all of this file here. You can download it." in said(page)
    assert "/files/" in page.text


@pytest.mark.parametrize("state", ["draft", "submitted"])
async def test_nothing_of_a_draft_is_shown_to_a_stranger(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store, state: str
) -> None:
    petition = await petition_of(db, state)
    number = await added(db, store, petition)
    [version] = await desk.versions(db)
    leaf = await row(db, "select * from document_pages where page = 1")
    assert leaf is not None
    await make.login(client, db, await make.person(db, "Alice"))
    for path in (
        f"/files/{version['published']}/study.pdf",
        f"/pages/{leaf['picture']}.jpg",
        f"/pages/{leaf['small']}.jpg",
    ):
        assert (await stranger.get(path)).status_code == 404, path
        assert (await client.get(path)).status_code == 200, path
    for path in (
        address(petition),
        address(petition, "?q=soil"),
        address(petition, f"/{number}"),
        address(petition, f"/{number}/versions/1"),
        address(petition, f"/{number}/pages/1"),
        f"/petitions/{petition.slug}/documents.atom",
        f"/petitions/{petition.slug}/data/dossier.zip",
        f"/petitions/{petition.slug}/data/documents.csv",
    ):
        assert (await stranger.get(path)).status_code == 404, path
