"""What is new in a dossier, as an Atom feed that any reader of feeds can read (RFC 4287)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as xml

import httpx
import pytest

from mobilise.db import Database, run
from mobilise.documents import dossier, redacting, versions
from mobilise.documents.dossier import Caption
from mobilise.documents.judging import Found
from mobilise.store import Store
from tests import make
from tests.conftest import BASE_URL
from tests.documents import desk, papers

ATOM = "{http://www.w3.org/2005/Atom}"
LETTER = papers.pdf("Dear Maria Janssens, the soil is wet.")


async def read(client: httpx.AsyncClient, petition: Any) -> xml.Element:
    answer = await client.get(f"/petitions/{petition.slug}/documents.atom")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = xml.fromstring(answer.content)
    conforms(root)
    return root


def conforms(root: xml.Element) -> None:
    """What RFC 4287 asks of every feed: §4.1.1, §4.1.2, and of dates §3.3."""
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(ATOM + name)) == 1, name
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    ids = [root.findtext(f"{ATOM}id")]
    for entry in root.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated"):
            assert len(entry.findall(ATOM + name)) == 1, name
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
        ids.append(entry.findtext(f"{ATOM}id"))
    assert len(set(ids)) == len(ids), "each thing that happened has a name of its own"
    assert all(each and each.startswith(BASE_URL) for each in ids)
    moments = [datetime.fromisoformat(each.text or "") for each in root.iter(f"{ATOM}updated")]
    assert all(each.tzinfo is not None for each in moments)
    assert moments[1:] == sorted(moments[1:], reverse=True), "newest first"
    if moments[1:]:
        assert moments[0] == moments[1]
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert set(links) == {"self", "alternate"}


def entries(root: xml.Element) -> list[tuple[str, str]]:
    """Title and summary of each, newest first."""
    return [
        (each.findtext(f"{ATOM}title", ""), each.findtext(f"{ATOM}summary", ""))
        for each in root.findall(f"{ATOM}entry")
    ]


async def whole_life(db: Database, store: Store, petition: Any) -> int:
    """A letter is added, replaced, made unreadable in part and taken away."""
    own = {"petition_id": petition.id, "person_id": petition.person_id}
    draft = store.draft()
    draft.write(LETTER)
    draft.finish()
    number = await dossier.add(
        db, store, draft, Found("letter.pdf", "pdf", 1), Caption("Letter", note="Of the city."),
        **own, added_at=datetime.now(UTC) - timedelta(hours=1),
    )  # fmt: skip
    await make.prepared(db, store)
    document = await dossier.document(db, petition.id, number)
    draft = store.draft()
    draft.write(papers.pdf("Dear Maria Janssens, the soil is dry."))
    draft.finish()
    found = Found("letter.pdf", "pdf", 1)
    await versions.replace(db, store, draft, found, "Measured again.", document, **own)
    await make.prepared(db, store)
    document = await dossier.document(db, petition.id, number)
    assert await redacting.mark_words(db, petition.id, document, "maria janssens") > 0
    await redacting.publish(db, store, "A neighbour asked.", document, **own)
    await make.prepared(db, store)
    await dossier.withdraw(db, store, "It was not ours.", document_id=number, **own)
    return number


async def test_it_tells_what_was_added_replaced_made_unreadable_and_taken_away(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    await whole_life(db, store, petition)
    assert entries(await read(client, petition)) == [
        ("Taken away: Letter", "It was not ours."),
        ("Made unreadable in part: Letter", "A neighbour asked."),
        ("Replaced: Letter", "Measured again."),
        ("Added: Letter", ""),  # what the group said of it went with it
    ]


async def test_it_leads_to_the_document_and_keeps_its_names(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db, language="nl")
    number = await desk.add(db, store, petition, "letter.pdf", LETTER, "Brief")
    root = await read(client, petition)
    [entry] = root.findall(f"{ATOM}entry")
    [link] = entry.findall(f"{ATOM}link")
    href = f"{BASE_URL}/nl/petitions/{petition.slug}/documents/{number}"
    assert link.get("href") == href
    assert entry.findtext(f"{ATOM}title") == "Erbij: Brief", "in the petition's language"
    await make.prepared(db, store)
    again = await stranger.get(
        f"/petitions/{petition.slug}/documents.atom", headers={"accept-language": "fr"}
    )
    assert again.content == (await client.get(f"/petitions/{petition.slug}/documents.atom")).content
    assert xml.fromstring(again.content).findtext(f"{ATOM}entry/{ATOM}id") == entry.findtext(
        f"{ATOM}id"
    ), "who read it once is not told again"


async def test_an_empty_dossier_has_a_feed_too(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    assert entries(await read(client, petition)) == []


async def test_any_words_of_the_group_leave_it_a_feed(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db, title="Rain & <b>wind</b> \x0b")
    await desk.add(db, store, petition, "letter.pdf", LETTER, "]]> & </title> \x08 \ufffe")
    assert entries(await read(client, petition)) == [("Added: ]]> & </title>  ", "")]


async def test_it_tells_the_last_hundred(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    await run(
        db,
        """insert into documents (petition_id, entry, title, address, added_at)
           select :id, 'link', 'Article ' || n, 'https://press.example/', now() - n * interval '1 h'
           from generate_series(1, 120) n""",
        id=petition.id,
    )
    found = entries(await read(client, petition))
    assert len(found) == 100
    assert found[0] == ("Added: Article 1", "")


async def test_the_dossier_tells_browsers_of_it(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    page = await client.get(f"/en/petitions/{petition.slug}/documents")
    assert 'type="application/atom+xml"' in page.text
    answer = await client.get(f"/petitions/{petition.slug}/documents.atom")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("removed", 410)])
async def test_nothing_of_what_is_not_public(
    client: httpx.AsyncClient, db: Database, store: Store, state: str, status: int
) -> None:
    petition = await make.petition(db, state=state)
    await desk.add(db, store, petition, "letter.pdf", LETTER, "Secret letter")
    answer = await client.get(f"/petitions/{petition.slug}/documents.atom")
    assert answer.status_code == status
    assert "Secret" not in answer.text
