"""Full-text search inside all documents: each in its own language, hits with their passage."""

from typing import Any

import httpx
import pytest

from mobilise.db import Database
from mobilise.documents import dossier, searching
from mobilise.documents.dossier import Caption
from mobilise.store import Store
from tests import make
from tests.documents import papers

DUTCH = papers.pdf(
    "De bodem bergt het regenwater van de hele wijk.",
    "Niets over dit onderwerp.",
    "Bomen houden water vast. Regenwater zakt weg.",
)


async def written(
    db: Database, store: Store, petition: Any, content: bytes = DUTCH, **said: Any
) -> int:
    """A document that was read; its caption says the rest."""
    from mobilise.documents import judging

    draft = store.draft()
    draft.write(content)
    draft.finish()
    number = await dossier.add(
        db, store, draft, judging.Found("study.pdf", "pdf", None),
        Caption(**({"title": "Studie", "language": "nl"} | said)),
        petition_id=petition.id, person_id=petition.person_id,
    )  # fmt: skip
    await make.prepared(db, store)
    return number


async def test_it_finds_the_pages_and_shows_the_passage(db: Database, store: Store) -> None:
    petition = await make.petition(db)
    number = await written(db, store, petition)
    answer = await searching.search(db, petition.id, "regenwater")
    assert (answer.total, answer.documents_total) == (2, 1)
    (found,) = answer.found
    assert found.document_id == number and {hit.page for hit in found.hits} == {1, 3}
    (first,) = (hit for hit in found.hits if hit.page == 1)
    assert ("regenwater", True) in first.passage
    assert "".join(words for words, _ in first.passage).startswith("De bodem bergt het regenwater")


@pytest.mark.parametrize(
    ("language", "text", "asked"),
    [
        ("nl", "Twee grote bomen.", "boom"),
        ("fr", "Les autorisations délivrées.", "autorisation delivree"),
        ("de", "Die Häuser am Platz.", "haus"),
        ("en", "Several permits were granted.", "permit"),
        ("simple", "Perníky na trhu.", "perniky"),
    ],
)
async def test_words_are_found_however_they_bend(
    db: Database, store: Store, language: str, text: str, asked: str
) -> None:
    petition = await make.petition(db)
    await written(db, store, petition, papers.pdf(text), language=language)
    answer = await searching.search(db, petition.id, asked)
    assert answer.total == 1
    assert any(is_asked for _, is_asked in answer.found[0].hits[0].passage)


async def test_another_dossier_is_never_searched(db: Database, store: Store) -> None:
    mine, other = await make.petition(db), await make.petition(db)
    await written(db, store, other)
    assert (await searching.search(db, mine.id, "regenwater")).total == 0


async def test_a_document_of_another_language_is_found_after_that_is_said(
    db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    number = await written(db, store, petition, papers.pdf("Twee bomen."), language="en")
    assert (await searching.search(db, petition.id, "boom")).total == 0
    await dossier.change(
        db, Caption("Study", language="nl"),
        petition_id=petition.id, document_id=number, person_id=petition.person_id,
    )  # fmt: skip
    assert (await searching.search(db, petition.id, "boom")).total == 1


async def test_each_document_is_searched_in_its_own_language(db: Database, store: Store) -> None:
    """ "bomen" is a word of each: bent in Dutch, as it stands in the others; "de" is no word to
    search for in Dutch, and one like any other where words are of no language."""
    petition = await make.petition(db)
    text = papers.pdf("De bomen van de wijk.")
    dutch = await written(db, store, petition, text, language="nl")
    assert (await searching.search(db, petition.id, "de")).total == 0
    other = await written(db, store, petition, text, language="simple")
    for asked, wanted in (("bomen", {dutch, other}), ("boom", {dutch}), ("de", {other})):
        answer = await searching.search(db, petition.id, asked)
        assert {found.document_id for found in answer.found} == wanted, asked


async def test_what_was_taken_away_is_not_found(db: Database, store: Store) -> None:
    petition = await make.petition(db)
    number = await written(db, store, petition)
    await dossier.withdraw(
        db, store, "wrong", petition_id=petition.id, document_id=number,
        person_id=petition.person_id,
    )  # fmt: skip
    assert (await searching.search(db, petition.id, "regenwater")).total == 0


@pytest.mark.parametrize(
    "asked", ["", "   ", "de", '"', "a' or 1=1 --", "&|!()", "x" * 5000, "-", "regen*"]
)
async def test_anything_may_be_asked(
    client: httpx.AsyncClient, db: Database, store: Store, asked: str
) -> None:
    petition = await make.petition(db)
    await written(db, store, petition)
    answer = await client.get(f"/en/petitions/{petition.slug}/documents", params={"q": asked})
    assert answer.status_code == 200


async def test_the_page_of_hits_leads_to_the_pages(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    number = await written(db, store, petition, title="Bodemstudie")
    page = await client.get(f"/en/petitions/{petition.slug}/documents?q=regenwater")
    assert "2 places in 1 document" in page.text and "<mark>regenwater</mark>" in page.text
    assert f"/documents/{number}?q=regenwater&amp;page=1#page-1" in page.text
    opened = await client.get(
        f"/en/petitions/{petition.slug}/documents/{number}?q=regenwater&page=3"
    )
    assert "<mark>Regenwater</mark>" in opened.text, "marked in the text"
    assert "<rect x=" in opened.text, "and on the picture"


async def test_the_title_and_the_source_are_searched_too(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    await written(db, store, petition, title="Bodemstudie Überzicht", source="Stad Antwerpen")
    page = await client.get(f"/en/petitions/{petition.slug}/documents?q=uberzicht+antwerpen")
    assert "In the title, the source or the note" in page.text
    assert "Nothing found on the pages" in page.text


def test_a_passage_is_cut_between_words() -> None:
    text = "a " * 100 + "rain water" + " b" * 200
    marked = text.replace("rain", "\x02rain\x03")
    pieces = searching.passage(text, marked)
    assert pieces[0] == ("…", False) and pieces[-1] == ("…", False)
    assert ("rain", True) in pieces
    assert sum(len(words) for words, _ in pieces) < searching.AROUND + 10


def test_nothing_of_a_text_is_lost_or_made_up_when_it_is_cut() -> None:
    text = "One two three, four five."
    for places in ([], [(0, 3)], [(4, 7), (15, 19)], [(0, len(text))], [(4, 7), (5, 9)]):
        assert "".join(words for words, _ in searching.cut(text, places, 0, len(text))) == text
