"""The bytes behind the dossier: for everybody, whole or in part, and harmless."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette

from mobilise.db import Database, run
from mobilise.store import PIECE, Store
from tests import buckets, make
from tests.documents import desk, samples

pytestmark = buckets.ON_BOTH
CONTENT = samples.pdf(4)
SHA256 = desk.sha256(CONTENT)
ADDRESS = f"/files/{SHA256}/study.pdf"
ETAG = f'"{SHA256}"'


async def shown(client: httpx.AsyncClient, db: Database, store: Store, state: str = "open") -> None:
    petition = await desk.alices_petition(client, db, state)
    await desk.add(db, store, petition, "study.pdf", CONTENT)
    await desk.publish_as_it_is(db)


async def test_anybody_downloads_without_a_cookie(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    answer = await stranger.get(ADDRESS)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert "set-cookie" not in answer.headers


async def test_the_headers_make_it_nothing_but_a_file(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    headers = (await stranger.get(ADDRESS)).headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''study.pdf"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["etag"] == ETAG
    assert headers["accept-ranges"] == "bytes"
    assert headers["content-length"] == str(len(CONTENT))


@pytest.mark.parametrize("name", samples.GOOD)
async def test_each_kind_comes_back_as_it_went_in(
    name: str, client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    content = samples.GOOD[name]
    await desk.send(client, petition, name, content)
    await desk.publish_as_it_is(db)
    [row] = await desk.stored(db)
    answer = await stranger.get(f"/files/{row['sha256']}/{quote(row['name'])}")
    assert answer.content == content
    assert "html" not in answer.headers["content-type"]
    assert answer.headers["content-disposition"].startswith("attachment;")


async def test_a_name_in_any_script_comes_back(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.send(client, petition, "Étude de l’eau (été) 公园.pdf", CONTENT)
    await desk.publish_as_it_is(db)
    [row] = await desk.stored(db)
    page = await stranger.get(f"/en/petitions/{petition.slug}/documents/{row['id']}")
    href = f"/files/{SHA256}/{quote('Étude de l’eau (été) 公园.pdf', safe='')}"
    assert href in page.text
    answer = await stranger.get(href)
    assert answer.status_code == 200
    written = answer.headers["content-disposition"].partition("''")[2]
    assert written == quote("Étude de l’eau (été) 公园.pdf", safe="")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-50", len(CONTENT) - 50, len(CONTENT)),
        ("bytes=10-999999", 10, len(CONTENT)),
    ],
)
async def test_a_part_can_be_asked_for(
    asked: str,
    start: int,
    end: int,
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    store: Store,
) -> None:
    await shown(client, db, store)
    answer = await stranger.get(ADDRESS, headers={"range": asked})
    assert answer.status_code == 206
    assert answer.content == CONTENT[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(end - start)
    assert answer.headers["etag"] == ETAG


async def test_a_part_behind_the_end_is_refused_with_the_length(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    answer = await stranger.get(ADDRESS, headers={"range": f"bytes={len(CONTENT)}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"


async def test_who_asks_for_several_parts_gets_the_whole(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    answer = await stranger.get(ADDRESS, headers={"range": "bytes=0-9,20-29"})
    assert (answer.status_code, answer.content) == (200, CONTENT)


async def test_a_part_of_another_version_is_not_given(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    headers = {"range": "bytes=0-9", "if-range": '"' + "0" * 64 + '"'}
    answer = await stranger.get(ADDRESS, headers=headers)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    answer = await stranger.get(ADDRESS, headers={"range": "bytes=0-9", "if-range": ETAG})
    assert (answer.status_code, answer.content) == (206, CONTENT[:10])


@pytest.mark.parametrize("known", [ETAG, f"W/{ETAG}", f'"x", {ETAG}', "*"])
async def test_who_has_it_gets_nothing_again(
    known: str,
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    store: Store,
) -> None:
    await shown(client, db, store)
    answer = await stranger.get(ADDRESS, headers={"if-none-match": known})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == ETAG
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    other = await stranger.get(ADDRESS, headers={"if-none-match": '"x"'})
    assert other.status_code == 200


async def test_head_tells_the_same_without_the_bytes(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    whole, head = await stranger.get(ADDRESS), await stranger.head(ADDRESS)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "content-disposition"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    "address",
    [
        f"/files/{SHA256}/other.pdf",
        f"/files/{'0' * 64}/study.pdf",
        "/files/..%2f..%2fetc/passwd",
        "/files/x/study.pdf",
        f"/pictures/{SHA256}.webp",
    ],
)
async def test_only_the_address_in_the_dossier_leads_to_the_bytes(
    address: str,
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    store: Store,
) -> None:
    await shown(client, db, store)
    assert (await stranger.get(address)).status_code == 404


async def test_the_files_of_a_draft_are_for_its_group_alone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store, "draft")
    own = await client.get(ADDRESS)
    assert (own.status_code, own.content) == (200, CONTENT)
    assert own.headers["cache-control"] == "private, no-cache"
    assert "access-control-allow-origin" not in own.headers
    assert (await stranger.get(ADDRESS)).status_code == 404
    await make.login(stranger, db, await make.person(db, "Charlie"))
    assert (await stranger.get(ADDRESS)).status_code == 404


async def test_the_files_of_a_removed_petition_are_gone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    await run(db, "update petitions set state = 'removed'")
    assert (await stranger.get(ADDRESS)).status_code == 410


async def test_a_file_that_the_disk_lost_is_not_found(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    await store.forget(SHA256)
    assert (await stranger.get(ADDRESS)).status_code == 404


@pytest.mark.parametrize("asked", ["bytes=", "bytes=x-y", "bytes=9-3", "pages=1-2", "bytes=-"])
async def test_a_part_that_makes_no_sense_is_refused(
    asked: str, client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    assert (await stranger.get(ADDRESS, headers={"range": asked})).status_code == 400


async def test_head_of_a_part_tells_its_length(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    await shown(client, db, store)
    head = await stranger.head(ADDRESS, headers={"range": "bytes=5-24"})
    assert (head.status_code, head.content) == (206, b"")
    assert head.headers["content-range"] == f"bytes 5-24/{len(CONTENT)}"
    assert head.headers["content-length"] == "20"


async def test_a_large_file_is_sent_piece_by_piece(
    app: Starlette, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    content = bytes(range(256)) * 40_000
    await desk.add(db, store, petition, "large.txt", content)
    await desk.publish_as_it_is(db)
    sent: list[int] = []

    async def send(message: Any) -> None:
        sent.append(len(message.get("body", b"")))

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    path = f"/files/{desk.sha256(content)}/large.txt"
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
    assert sum(sent) == len(content)
    assert max(sent) <= PIECE


async def test_the_picture_of_a_petition_is_shown_in_its_page(
    stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    content = samples.picture("webp")
    sha256 = await store.put(content)
    petition = await make.petition(db, picture=sha256)
    assert petition.picture_url == f"/pictures/{sha256}.webp"
    answer = await stranger.get(petition.picture_url)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == "image/webp"
    assert "content-disposition" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "immutable" in answer.headers["cache-control"]


async def test_the_picture_of_a_draft_is_for_its_group_alone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    alice = await make.person(db)
    await make.login(client, db, alice)
    sha256 = await store.put(samples.picture("webp"))
    petition = await make.petition(db, state="draft", organiser=alice, picture=sha256)
    assert (await client.get(petition.picture_url)).status_code == 200
    assert (await stranger.get(petition.picture_url)).status_code == 404
