"""Alice adds documents; nobody else does, and nothing half is kept."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from mobilise import arriving
from mobilise.db import Database, rows, run, value
from mobilise.documents import dossier
from mobilise.store import Store
from tests import buckets, make
from tests.documents import desk, samples

pytestmark = buckets.ON_BOTH


async def test_alice_adds_a_document(client: httpx.AsyncClient, db: Database, store: Store) -> None:
    petition = await desk.alices_petition(client, db)
    content = samples.pdf(3)
    answer = await desk.send(client, petition, "Bodem en water.PDF", content)
    assert answer.status_code == 303
    [row] = await desk.stored(db)
    number = row["id"]
    assert answer.headers["location"] == (
        f"{desk.address(petition)}?document={number}&said=added#document-{number}"
    )
    assert row["petition_id"] == petition.id
    assert (row["title"], row["source"]) == ("Soil and water study", "City of Antwerp")
    assert row["dated"].isoformat() == "2026-03-18"
    assert (row["name"], row["kind"], row["pages"]) == ("Bodem en water.pdf", "pdf", 3)
    assert (row["size"], row["sha256"]) == (len(content), desk.sha256(content))
    assert await buckets.content(store, row["sha256"]) == content
    page = await client.get(desk.address(petition))
    assert "Soil and water study" in page.text


@pytest.mark.parametrize("name", samples.GOOD)
async def test_each_kind_is_stored_byte_for_byte(
    name: str, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    content = samples.GOOD[name]
    assert (await desk.send(client, petition, name, content)).status_code == 303
    [row] = await desk.stored(db)
    assert await buckets.content(store, row["sha256"]) == content
    assert await buckets.files(store) == [desk.sha256(content)]


async def test_an_upload_leaves_a_line_in_the_trail(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.send(client, petition)
    [line] = await rows(db, "select * from audit_log where deed like 'documents.%'")
    assert line["deed"] == "documents.add"
    assert line["petition_id"] == petition.id
    assert line["person_id"] == petition.person_id
    assert line["details"]["sha256"] == desk.sha256(samples.pdf())


async def test_the_same_content_in_two_petitions_is_one_file(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    other = await make.petition(db, organiser=await make.person(db))
    await desk.send(client, petition, "plan.pdf")
    await desk.send(client, other, "ontwerp.pdf")
    assert [row["name"] for row in await desk.stored(db)] == ["plan.pdf", "ontwerp.pdf"]
    assert len(await buckets.files(store)) == 1


async def test_two_who_upload_the_same_at_once_both_have_it(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    answers = await asyncio.gather(*[desk.send(client, petition) for _ in range(5)])
    assert {answer.status_code for answer in answers} == {303}
    assert len(await desk.stored(db)) == 5
    assert len(await buckets.files(store)) == 1


@pytest.mark.parametrize(
    "what",
    [
        "a web page",
        "a program called PDF",
        "a web page that is also a PDF",
        "a PDF with a password",
        "a picture of 900 million dots",
        "a table that unpacks to a gigabyte",
        "a table with Visual Basic",
        "half a PDF",
        "an empty file",
    ],
)
async def test_a_refused_file_is_explained_at_its_field_and_all_else_stays_filled(
    what: str, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    name, content = samples.BAD[what]
    answer = await desk.send(client, petition, name, content)
    assert answer.status_code in (415, 422)
    assert 'id="file-mistake"' in answer.text
    for typed in desk.FIELDS.values():
        assert typed in answer.text
    assert await desk.stored(db) == []
    assert await buckets.files(store) == []


async def test_a_form_with_mistakes_says_so_at_each_field(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await desk.send(client, petition, title=" ", dated="tomorrow", note="x" * 500)
    assert answer.status_code == 422
    for field in ("title", "dated", "note"):
        assert f'id="{field}-mistake"' in answer.text
    assert "tomorrow" in answer.text
    assert await buckets.files(store) == []


async def test_a_day_that_is_still_to_come_is_refused(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    assert (await desk.send(client, petition, dated="2999-01-01")).status_code == 422
    assert (await desk.send(client, petition, dated="18/3/2026")).status_code == 303
    assert (await desk.send(client, petition, dated="")).status_code == 303


async def test_no_file_chosen_is_said_at_the_field(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await client.post(
        desk.address(petition), data=desk.FIELDS, files={"file": ("", b"", "")}
    )
    assert answer.status_code == 422
    assert "Choose a file" in answer.text


async def test_a_name_that_climbs_out_stays_inside(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    assert (await desk.send(client, petition, "../../../tmp/plan.pdf")).status_code == 303
    assert [row["name"] for row in await desk.stored(db)] == ["plan.pdf"]
    assert await buckets.files(store) == [desk.sha256(samples.pdf())]


async def test_control_characters_in_a_title_are_refused(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await desk.send(client, petition, title="Plan\x00\x07")
    assert answer.status_code == 422
    assert await desk.stored(db) == []


# --- who may not ---------------------------------------------------------------------------


class Reading:
    """A body that tells whether anybody read from it."""

    def __init__(self) -> None:
        self.read = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        for _ in range(30):
            self.read += 100_000
            yield bytes(100_000)


async def post_unread(client: httpx.AsyncClient, petition: Any) -> tuple[httpx.Response, int]:
    body = Reading()
    answer = await client.post(
        desk.address(petition),
        content=body.pieces(),
        headers={"content-type": "multipart/form-data; boundary=xyz"},
    )
    return answer, body.read


async def test_who_is_not_logged_in_is_told_so_before_the_body_is_read(
    stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    answer, read = await post_unread(stranger, await make.petition(db))
    assert answer.status_code == 303
    assert "/login" in answer.headers["location"]
    assert read == 0
    assert await buckets.files(store) == []


async def test_charlie_finds_no_desk_and_his_body_is_not_read(
    stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    await make.login(stranger, db, await make.person(db, "Charlie"))
    answer, read = await post_unread(stranger, petition)
    assert (answer.status_code, read) == (404, 0)
    assert (await stranger.get(desk.address(petition))).status_code == 404
    assert await buckets.files(store) == []


async def test_a_clerk_of_the_group_reads_and_does_not_add(
    stranger: httpx.AsyncClient, db: Database
) -> None:
    group = await make.group(db)
    petition = await make.petition(db, group=group)
    karim = await make.person(db, "Karim")
    await make.member(db, group, karim, "clerk")
    await make.login(stranger, db, karim)
    answer, read = await post_unread(stranger, petition)
    assert (answer.status_code, read) == (403, 0)


async def test_bob_who_edits_may_add(stranger: httpx.AsyncClient, db: Database) -> None:
    group = await make.group(db)
    petition = await make.petition(db, group=group)
    bob = await make.person(db, "Bob")
    await make.member(db, group, bob, "editor")
    await make.login(stranger, db, bob)
    assert (await desk.send(stranger, petition)).status_code == 303


async def test_another_site_cannot_make_alice_upload(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    client.headers["sec-fetch-site"] = "cross-site"
    assert (await desk.send(client, petition)).status_code == 403
    assert await desk.stored(db) == []


# --- what is broken or too large -------------------------------------------------------------


async def test_a_connection_that_drops_half_way_leaves_nothing_behind(
    app: Starlette, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    request = client.build_request(
        "POST",
        desk.address(petition),
        data=desk.FIELDS,
        files={"file": ("plan.pdf", samples.pdf() + bytes(3_000_000), "application/pdf")},
    )
    whole = await request.aread()
    seen: list[int] = []

    async def receive() -> dict[str, Any]:
        seen.append(len(await buckets.files(store)))
        if len(seen) == 1:
            return {"type": "http.request", "body": whole[:2_000_000], "more_body": True}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        pass

    request.headers["cookie"] = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": desk.address(petition),
        "raw_path": desk.address(petition).encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 40000),
        "server": ("127.0.0.1", 8000),
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    await app(scope, receive, send)
    assert seen == [0, 1], "the file was on its way into the store"
    assert await buckets.files(store) == []
    assert await desk.stored(db) == []


async def test_a_body_of_more_than_a_gigabyte_is_refused_unread(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    body = Reading()
    answer = await client.post(
        desk.address(petition),
        content=body.pieces(),
        headers={
            "content-type": "multipart/form-data; boundary=xyz",
            "content-length": str(2 * 1024**3),
        },
    )
    assert answer.status_code == 413
    assert body.read <= 100_000


async def test_elsewhere_a_body_of_64_kilobytes_is_the_most(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.send(client, petition)
    [row] = await desk.stored(db)
    answer = await client.post(
        desk.address(petition, f"/{row['id']}"), data={"title": "x" * 100_000}
    )
    assert answer.status_code == 413


async def test_a_file_of_more_than_200_megabytes_is_refused_kindly(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)

    async def long() -> AsyncIterator[bytes]:
        yield (
            b'--xyz\r\nContent-Disposition: form-data; name="title"\r\n\r\nAll plans\r\n'
            b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        )
        piece = bytes(4 * 1024 * 1024)
        for _ in range(51):
            yield piece
        yield b"\r\n--xyz--\r\n"

    answer = await client.post(
        desk.address(petition),
        content=long(),
        headers={"content-type": "multipart/form-data; boundary=xyz"},
    )
    assert answer.status_code == 413
    assert "larger than 200" in answer.text
    assert "All plans" in answer.text
    assert await buckets.files(store) == []


async def test_an_upload_that_is_no_form_is_refused(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await client.post(desk.address(petition), data=desk.FIELDS)
    assert answer.status_code == 415


async def test_a_row_that_cannot_be_written_leaves_no_bytes_behind(
    client: httpx.AsyncClient, db: Database, store: Store, owner: Any
) -> None:
    petition = await desk.alices_petition(client, db)
    await owner.execute("alter table documents add constraint nothing_fits check (id < 0)")
    try:
        answer = await desk.send(client, petition)
        assert answer.status_code == 500
    finally:
        await owner.execute("alter table documents drop constraint nothing_fits")
    assert answer.status_code == 500
    assert await buckets.files(store) == []
    assert await value(db, "select count(*) from audit_log where deed like 'documents.%'") == 0


@pytest.mark.parametrize(
    ("rows", "size"), [(dossier.MOST, 10), (1, dossier.HEAVIEST)], ids=["many", "heavy"]
)
async def test_a_full_dossier_takes_no_more(
    rows: int, size: int, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    await run(
        db,
        """with added as (
             insert into documents (petition_id, title)
             select :petition, 'x' from generate_series(1, :rows) returning id)
           insert into document_versions
             (petition_id, document_id, number, name, kind, size, sha256)
           select :petition, id, 1, 'x.pdf', 'pdf', :size, '' from added""",
        petition=petition.id,
        size=size,
        rows=rows,
    )
    answer = await desk.send(client, petition)
    assert answer.status_code == 409
    assert "This dossier is full" in answer.text
    assert await buckets.files(store) == []
    await run(db, "update documents set withdrawn_at = now()")
    assert (await desk.send(client, petition)).status_code == 303


async def test_a_disk_that_is_nearly_full_takes_no_more(
    client: httpx.AsyncClient,
    db: Database,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    petition = await desk.alices_petition(client, db)
    monkeypatch.setattr(arriving, "KEPT_FREE", 2**62)
    answer = await desk.send(client, petition)
    assert answer.status_code == 507
    assert "no room left" in answer.text
    assert await buckets.files(store) == []


async def test_uploading_sweeps_what_broken_uploads_left_a_day_ago(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    import os

    petition = await desk.alices_petition(client, db)
    left = store.draft()
    os.utime(left.path, (1_000_000, 1_000_000))
    await desk.send(client, petition)
    assert await buckets.files(store) == [desk.sha256(samples.pdf())]


async def test_a_store_that_does_not_exist_yet_is_made(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    found: Any = store
    shutil.rmtree(getattr(found, "root", found.incoming), ignore_errors=True)
    assert (await desk.send(client, petition)).status_code == 303
