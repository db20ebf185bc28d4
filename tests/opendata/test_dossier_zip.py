"""dossier.zip: every document that is published, in the folders of its sections, as a stream."""

import asyncio
import csv
import hashlib
import io
import re
import zipfile
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from mobilise.db import Database, run
from mobilise.documents import dossier, sections
from mobilise.documents.dossier import Caption
from mobilise.documents.judging import Found
from mobilise.store import PIECE, Store
from tests import buckets, make
from tests.documents import desk, papers, samples

pytestmark = buckets.ON_BOTH
STUDY = papers.pdf("The soil is wet.")
ADDRESS = "/petitions/{slug}/data/dossier.zip"


async def filled(db: Database, store: Store) -> Any:
    """Two documents in a section, one in none; a link, a plan elsewhere, and one taken away."""
    petition = await make.petition(db)
    own = {"petition_id": petition.id, "person_id": petition.person_id}
    await sections.add(db, "Brieven", "", **own)
    studies = await sections.add(db, "Études & plans", "", **own)
    for name, kind, content, caption in (
        ("study.pdf", "pdf", STUDY, Caption("Soil and water", section_id=studies)),
        ("trees.csv", "csv", b"kind;number\noak;12\n", Caption("公园", section_id=studies)),
        ("notes.txt", "txt", b"Notes\n", Caption("../../etc/passwd")),
        ("plan.pdf", "pdf", samples.pdf(), Caption("Plan of the city", rights="view_only")),
    ):
        draft = store.draft()
        draft.write(content)
        draft.finish()
        await dossier.add(db, store, draft, Found(name, kind, None), caption, **own)
    await dossier.mention(db, "link", Caption("Article", address="https://press.example/"), **own)
    gone = await desk.add(db, store, petition, "wrong.txt", b"Wrong\n", "Wrong")
    await make.prepared(db, store)
    await dossier.withdraw(db, store, "Wrong.", document_id=gone, **own)
    return petition


async def unpacked(client: httpx.AsyncClient, petition: Any) -> zipfile.ZipFile:
    answer = await client.get(ADDRESS.format(slug=petition.slug))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None, "every checksum holds"
    return archive


async def test_each_document_lies_in_the_folder_of_its_section(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await filled(db, store)
    archive = await unpacked(client, petition)
    assert archive.namelist() == [
        "README.md",
        "documents.csv",
        "2-etudes-plans/1-soil-and-water.pdf",
        "2-etudes-plans/2-petition.csv",
        "3-etc-passwd.txt",
    ]


async def test_the_bytes_are_those_of_the_published_copies(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await filled(db, store)
    archive = await unpacked(client, petition)
    listed = {
        row["id"]: row
        for row in csv.DictReader(io.StringIO(archive.read("documents.csv").decode("utf-8-sig")))
    }
    packed = [name for name in archive.namelist()[2:]]
    assert len(packed) == len(listed) == 3
    for name in packed:
        number = re.split(r"[/-]", name.rsplit("/", 1)[-1])[0]
        content = archive.read(name)
        assert hashlib.sha256(content).hexdigest() == listed[number]["sha256"]
        shown = await client.get(listed[number]["url"])
        assert shown.content == content
    assert archive.read(packed[0]) != STUDY, "the copy, not what was sent"


async def test_what_may_only_be_viewed_and_what_others_hold_is_not_in_it(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await filled(db, store)
    archive = await unpacked(client, petition)
    readme = archive.read("README.md").decode()
    for name in ("plan", "article", "wrong"):
        assert not any(name in each.removeprefix("2-etudes-plans") for each in archive.namelist())
    assert "Wrong" not in readme
    assert readme.count("- 1: Soil and water") == 4, "the list in four languages"


async def test_it_is_named_after_the_petition_and_the_day(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await filled(db, store)
    answer = await client.head(ADDRESS.format(slug=petition.slug))
    named = rf'attachment; filename="{petition.slug}-dossier-\d{{4}}-\d\d-\d\d\.zip"'
    assert re.fullmatch(named, answer.headers["content-disposition"])
    assert answer.content == b""
    assert "set-cookie" not in answer.headers


async def test_an_empty_dossier_is_an_archive_that_says_so(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    assert (await unpacked(client, petition)).namelist() == ["README.md", "documents.csv"]


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("removed", 410)])
async def test_nothing_of_what_is_not_public(
    client: httpx.AsyncClient, db: Database, store: Store, state: str, status: int
) -> None:
    petition = await filled(db, store)
    await run(db, "update petitions set state = :state", state=state)
    assert (await client.get(ADDRESS.format(slug=petition.slug))).status_code == status


async def test_it_is_sent_in_pieces_that_do_not_know_how_large_it_is(
    app: Starlette, db: Database, store: Store
) -> None:
    """Bytes that cannot be packed: what was sent and not held is seen in the largest piece."""
    petition = await make.petition(db)
    block = b"".join(hashlib.sha256(bytes([n % 251, n // 251])).digest() for n in range(32_768))
    for number in range(6):
        await make.document(
            db, store, petition, title=f"Noise {number}", content=block * 4 + bytes([number])
        )
    sent: list[int] = []

    async def send(message: Any) -> None:
        sent.append(len(message.get("body", b"")))

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    path = ADDRESS.format(slug=petition.slug)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"127.0.0.1:8000")],
    }
    await app(scope, receive, send)
    assert sum(sent) > 6 * 2**20
    assert len(sent) > 50
    assert max(sent) <= 2 * PIECE


async def test_many_who_take_it_at_once_keep_nobody_waiting(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    """More than there are threads: each archive comes whole, and the store still answers."""
    petition = await make.petition(db)
    for number in range(3):
        await make.document(db, store, petition, content=b"%d\n" % number * 400_000)
    address = f"/petitions/{petition.slug}/data/dossier.zip"
    answers = await asyncio.wait_for(
        asyncio.gather(*(client.get(address) for _ in range(16))), timeout=60
    )
    assert {answer.status_code for answer in answers} == {200}
    for answer in answers:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None and len(archive.namelist()) == 5
    more = [await client.get(address) for _ in range(5)]
    assert more[-1].status_code == 429, "and one network takes so many an hour"
