"""A version is prepared for its readers: its copy, then page after page, whatever happens."""

import asyncio
import io
import json
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest
from PIL import Image

from mobilise import arriving, confined
from mobilise.db import Database, rows, run, value
from mobilise.documents import dossier, judging, page_queries, preparing, version_queries
from mobilise.documents import versions as replacing
from mobilise.store import Store
from tests import make
from tests.documents import desk, papers, samples

PAGES = [f"= Chapter {n}\n\nRain water number {n}." for n in range(1, 7)]


async def versions(db: Database) -> list[Any]:
    return await rows(db, "select * from document_versions order by document_id, number")


async def pages(db: Database) -> list[Any]:
    return await rows(db, "select * from document_pages order by document_id, version, page")


async def added(db: Database, store: Store, name: str, content: bytes) -> Any:
    petition = await make.petition(db)
    number = await desk.add(db, store, petition, name, content)
    return petition, number


async def test_the_copy_and_each_page_are_made(db: Database, store: Store) -> None:
    petition, number = await added(db, store, "study.pdf", papers.pdf(*PAGES))
    await make.prepared(db, store)
    (version,) = await versions(db)
    assert (version["state"], version["pages"]) == ("ready", 6)
    assert version["published"] != version["sha256"], "who wrote it is not in the copy"
    assert await store.size(version["published"]) == version["published_size"]
    found = await pages(db)
    assert [page["page"] for page in found] == [1, 2, 3, 4, 5, 6]
    assert "Rain water number 4." in found[3]["text"]
    document = await dossier.document(db, petition.id, number)
    assert (document.pages_done, document.is_at_work) == (6, False)


async def test_a_page_is_sharp_and_its_small_picture_is_light(db: Database, store: Store) -> None:
    await added(db, store, "study.pdf", papers.pdf("Rain"))
    await make.prepared(db, store)
    (page,) = await pages(db)
    for column, longest in (("picture", 1600), ("small", 480)):
        content = b"".join([piece async for piece in store.read(page[column])])
        picture = Image.open(io.BytesIO(content))
        assert (picture.format, max(picture.size) <= longest) == ("JPEG", True)
    assert max(page["width"], page["height"]) == 1600
    assert await store.size(page["small"]) < 12_000


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("letter.docx", papers.docx("Rain water", "Second"), "Rain water"),
        ("letter.odt", papers.odt("Rain water", "Second"), "Rain water"),
        ("notes.txt", "Rain water\r\n\r\nSecond é".encode("cp1252"), "Second é"),
        ("notes.txt", "\ufeffRain water ♥\n".encode(), "Rain water ♥"),
    ],
)
async def test_words_of_office_files_are_read(
    db: Database, store: Store, name: str, content: bytes, said: str
) -> None:
    await added(db, store, name, content)
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert said in page["text"] and page["picture"] is None
    assert (await versions(db))[0]["state"] == "ready"


@pytest.mark.parametrize(
    ("name", "content", "first", "total"),
    [
        ("trees.csv", b"kind;number\noak;12\nlime;3\n", [["kind", "number"], ["oak", "12"]], 3),
        ("trees.csv", b'kind,n\n"oak, old",12\n', [["kind", "n"], ["oak, old", "12"]], 2),
        (
            "trees.geojson",
            json.dumps({"type": "FeatureCollection", "features": [
                {"type": "Feature", "properties": {"kind": "oak"},
                 "geometry": {"type": "Point", "coordinates": [4.4, 51.2]}}]}).encode(),
            [["", "kind"], ["Point", "oak"]],
            2,
        ),
    ],
)  # fmt: skip
async def test_the_first_rows_of_a_table_are_read(
    db: Database, store: Store, name: str, content: bytes, first: Any, total: int
) -> None:
    await added(db, store, name, content)
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert (page["cells"][:2], page["total"]) == (first, total)


async def test_a_long_table_streams_and_shows_its_first_rows(db: Database, store: Store) -> None:
    await added(db, store, "long.csv", b"a,b\n" + b"1,2\n" * 300_000)
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert (len(page["cells"]), page["total"]) == (200, 300_001)


async def test_a_picture_is_a_page(db: Database, store: Store) -> None:
    await added(db, store, "yard.jpg", papers.photograph())
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert (page["width"], page["height"], page["text"]) == (480, 640, "")


async def test_it_goes_on_where_it_was_stopped(db: Database, store: Store) -> None:
    await added(db, store, "study.pdf", papers.pdf(*PAGES))
    await make.prepared(db, store)
    before = {page["page"]: page["picture"] for page in await pages(db)}
    await run(db, "delete from document_pages where page in (3, 5, 6)")
    await run(db, "update document_versions set state = 'waiting'")
    published = (await versions(db))[0]["published"]
    await make.prepared(db, store)
    assert {page["page"]: page["picture"] for page in await pages(db)} == before
    assert (await versions(db))[0]["published"] == published, "the copy was made once"


async def test_two_workers_at_once_make_each_page_once(db: Database, store: Store) -> None:
    petition, number = await added(db, store, "study.pdf", papers.pdf(*PAGES))
    version = preparing.Version(petition.id, number, 1)
    await asyncio.gather(*(preparing.prepare(db, store, version) for _ in range(2)))
    assert len(await pages(db)) == 6
    assert (await versions(db))[0]["state"] == "ready"


async def test_it_waits_in_the_queue_from_the_moment_it_is_stored(
    db: Database, store: Store
) -> None:
    petition, number = await added(db, store, "study.pdf", samples.pdf())
    (waiting,) = await rows(db, "select * from pgqueuer")
    assert waiting["entrypoint"] == preparing.TASK
    assert json.loads(waiting["payload"]) == {
        "petition_id": petition.id, "document_id": number, "number": 1,
    }  # fmt: skip
    assert await preparing.queue_forgotten(db) == 1
    assert await value(db, "select count(*) from pgqueuer") == 1, "the same work waits once"


async def test_what_is_withdrawn_meanwhile_is_left_alone(db: Database, store: Store) -> None:
    petition, number = await added(db, store, "study.pdf", papers.pdf("Rain"))
    await dossier.withdraw(
        db, store, "wrong file",
        petition_id=petition.id, document_id=number, person_id=petition.person_id,
    )  # fmt: skip
    await preparing.prepare(db, store, preparing.Version(petition.id, number, 1))
    assert await pages(db) == []
    assert [sha async for sha, _ in store.kept()] == []


async def test_a_file_that_cannot_be_prepared_says_why(db: Database, store: Store) -> None:
    await added(db, store, "study.pdf", b"%PDF-1.4 and nothing more")
    await make.prepared(db, store)
    (version,) = await versions(db)
    assert (version["state"], version["failure"]) == ("failed", "broken")


async def test_a_page_that_kills_the_child_costs_that_page_alone(
    db: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child dies before page 3, whenever it comes there."""
    await added(db, store, "study.pdf", papers.pdf(*PAGES))
    told_by = confined.told_by

    async def deadly(module: str, *arguments: str) -> Any:
        first = int(arguments[2])
        async for told in told_by(module, *arguments):
            if told[0]["page"] == 3 and first <= 3:
                raise confined.Ended("too_heavy")
            yield told

    monkeypatch.setattr(confined, "told_by", deadly)
    await make.prepared(db, store)
    found = await pages(db)
    assert [page["page"] for page in found if page["picture"] is None] == [3]
    assert len(found) == 6 and (await versions(db))[0]["state"] == "ready"


async def test_the_child_goes_on_while_a_page_is_stored_but_not_far() -> None:
    """What it told before it died is stored first."""
    far = 0

    async def telling() -> AsyncGenerator[confined.Told, None]:
        nonlocal far
        for far in range(1, 31):
            yield {"page": far}, []
        raise confined.Ended("too_heavy")

    heard: list[int] = []
    with pytest.raises(confined.Ended, match="too_heavy"):
        async for some in preparing._in_handfuls(telling()):
            heard += [facts["page"] for facts, _ in some]
            await asyncio.sleep(0.01)
            assert far - len(heard) <= preparing.AHEAD + 1
    assert heard == list(range(1, 31))


async def test_who_cannot_store_a_page_ends_the_child() -> None:
    is_closed = False

    async def telling() -> AsyncGenerator[confined.Told, None]:
        nonlocal is_closed
        try:
            for page in range(1, 31):
                yield {"page": page}, []
        finally:
            is_closed = True

    with pytest.raises(OSError, match="full"):
        async with aclosing(preparing._in_handfuls(telling())) as handfuls:
            async for _ in handfuls:
                raise OSError("full")
    assert is_closed


async def test_pages_that_look_alike_share_one_picture(db: Database, store: Store) -> None:
    await added(db, store, "study.pdf", papers.pdf(*["Rain"] * 4))
    await make.prepared(db, store)
    found = await pages(db)
    assert len(found) == 4 and len({page["picture"] for page in found}) == 1
    assert len([sha async for sha, _ in store.kept()]) == 4, "what came, its copy, and two pictures"


async def test_a_child_that_is_killed_is_told_from_one_that_is_done() -> None:
    async with confined._child("mobilise.documents.leafing", "nowhere", "pdf", "1", "1") as child:
        os.kill(child.pid, signal.SIGKILL)
    assert confined._why_it_ended("it", child.returncode, b"") == "too_heavy"
    with pytest.raises(confined.Ended, match="broken"):
        async for _ in confined.told_by("mobilise.documents.leafing", "nowhere", "pdf", "1", "1"):
            pass


async def test_a_child_that_complains_at_length_is_heard_to_the_end() -> None:
    async with asyncio.timeout(30):
        with pytest.raises(confined.Ended, match="too_heavy"):
            async for _ in confined.told_by("tests.documents.chatty"):
                pass
        assert await confined.said_by("tests.documents.chatty") == (b"", "too_heavy")


@pytest.mark.parametrize(
    ("name", "content", "cells"),
    [
        (
            "trees.ods",
            samples.odf(
                "spreadsheet",
                **{"content.xml": papers.indented_ods([["kind", "number"], ["old oak", "12"]])},
            ),
            [["kind", "number"], ["old oak", "12"]],
        ),
        ("trees.xlsx", papers.xlsx_with_blanks(["12", " 7 "]), [["12"], ["7"]]),
    ],
)
async def test_a_table_may_have_blanks_around_its_cells(
    db: Database, store: Store, name: str, content: bytes, cells: Any
) -> None:
    """Programs that indent what they write are within the standard."""
    await added(db, store, name, content)
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert (page["cells"], (await versions(db))[0]["state"]) == (cells, "ready")


async def test_a_page_that_says_it_is_as_large_as_a_country_is_shown(
    db: Database, store: Store
) -> None:
    content = papers.changed(samples.pdf(1), _vast)
    await added(db, store, "plan.pdf", content)
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert page["picture"] and page["points"] == 1_000_000
    assert (await versions(db))[0]["state"] == "ready"


def _vast(pdf: Any) -> None:
    pdf.pages[0].obj.MediaBox = [0, 0, 3_000_000_000, 3_000_000_000]


async def test_the_words_of_a_docx_are_found_whatever_their_part_is_called(
    db: Database, store: Store
) -> None:
    said = f'<w:document xmlns:w="{papers.WORD}"><w:p><w:r><w:t>Rain</w:t></w:r></w:p></w:document>'
    await added(db, store, "letter.docx", samples.docx(**{"main.xml": said}))
    await make.prepared(db, store)
    (page,) = await pages(db)
    assert page["text"] == "Rain"


async def test_the_first_page_can_be_read_before_the_last_is_made(
    db: Database, store: Store
) -> None:
    petition, number = await added(db, store, "study.pdf", papers.pdf(*PAGES))
    version = preparing.Version(petition.id, number, 1)
    row = await version_queries.one(db, *version.key)
    assert row is not None
    await preparing._clean(db, store, version, row)
    row = await version_queries.one(db, *version.key)
    assert row is not None
    async with store.at_hand(row["published"]) as copy:
        await preparing._read_on(db, store, version, row, copy, 1, 1)
    document = await dossier.document(db, petition.id, number)
    assert (document.pages_done, document.pages, document.is_at_work) == (1, 6, True)
    assert document.cover and document.href


async def test_on_a_full_disk_it_waits_and_writes_nothing(
    db: Database, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await added(db, store, "study.pdf", papers.pdf("Rain"))
    before = [sha async for sha, _ in store.kept()]
    with monkeypatch.context() as full:
        full.setattr(arriving, "KEPT_FREE", 2**62)
        await make.prepared(db, store)
    assert "waits until there is room" in caplog.text
    (version,) = await versions(db)
    assert (version["state"], version["published"], await pages(db)) == ("waiting", None, [])
    assert [sha async for sha, _ in store.kept()] == before
    await make.prepared(db, store)
    assert (await versions(db))[0]["state"] == "ready", "there is room again"


async def test_a_disk_that_fills_up_between_two_pages_leaves_the_rest_waiting(
    db: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(db, store, "study.pdf", papers.pdf(*PAGES))
    keep_pages = preparing._keep_pages
    with monkeypatch.context() as full:

        async def filling(*arguments: Any) -> None:
            await keep_pages(*arguments)
            full.setattr(arriving, "KEPT_FREE", 2**62)

        full.setattr(preparing, "_keep_pages", filling)
        full.setattr(preparing, "AHEAD", 1)
        await make.prepared(db, store)
    made = len(await pages(db))
    assert 1 <= made < 6 and (await versions(db))[0]["state"] == "waiting"
    await make.prepared(db, store)
    assert (len(await pages(db)), (await versions(db))[0]["state"]) == (6, "ready")


@pytest.mark.parametrize("column", ["sha256", "published"])
async def test_what_is_lost_from_the_store_is_not_tried_for_ever(
    db: Database, store: Store, column: str
) -> None:
    await added(db, store, "study.pdf", papers.pdf("Rain"))
    if column == "published":
        await make.prepared(db, store)
        await run(db, "delete from document_pages")
        await run(db, "update document_versions set state = 'waiting'")
    await store.forget((await versions(db))[0][column])
    await make.prepared(db, store)
    (version,) = await versions(db)
    assert (version["state"], version["failure"]) == ("failed", "broken")
    assert await version_queries.waiting(db) == []


async def test_a_file_that_failed_can_be_sent_again(db: Database, store: Store) -> None:
    petition, number = await added(db, store, "study.pdf", papers.pdf("Rain"))
    await run(db, "update document_versions set state = 'failed', failure = 'too_heavy'")
    document = await dossier.document(db, petition.id, number)
    draft = store.draft()
    draft.write(papers.pdf("Rain"))
    draft.finish()
    await replacing.replace(
        db, store, draft, judging.Found("study.pdf", "pdf", 1), "once more", document,
        petition_id=petition.id, person_id=petition.person_id,
    )  # fmt: skip
    await make.prepared(db, store)
    assert (await dossier.document(db, petition.id, number)).stage == "ready"


async def test_a_language_that_is_changed_meanwhile_holds_for_every_page(
    db: Database, store: Store
) -> None:
    petition, number = await added(db, store, "study.pdf", papers.pdf("Twee bomen."))
    await run(db, "update documents set language = 'nl'")
    page = preparing._empty(1) | {"text": "Twee bomen."}
    await page_queries.add_pages(db, petition.id, number, 1, [page])
    assert await value(db, "select words @@ to_tsquery('dutch', 'boom') from document_pages")
