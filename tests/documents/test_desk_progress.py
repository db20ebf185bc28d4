"""How far a document is, and how far its file is on its way."""

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest

from mobilise.db import Database, rows, run
from mobilise.documents import kinds
from mobilise.store import Store
from tests import make
from tests.documents import desk, samples


async def test_the_desk_tells_how_many_pages_are_ready(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "plan.pdf", samples.pdf(3), "Plan")
    far = desk.address(petition, f"/{number}/progress")
    page = await client.get(desk.address(petition))
    assert "being made ready" in page.text
    assert f'hx-get="{far}"' in page.text
    assert "Look again" in page.text
    await desk.make_ready(db, store)
    await run(db, "update document_versions set state = 'waiting'")
    await run(db, "delete from document_pages where page = 3")
    fragment = await client.get(far)
    assert "being made ready: 2 of 3 pages" in fragment.text
    assert '<progress value="2" max="3"' in fragment.text
    assert f'hx-get="{far}"' in fragment.text and 'hx-trigger="load delay:1s"' in fragment.text
    assert "<html" not in fragment.text
    await run(db, "update document_versions set state = 'ready'")
    fragment = await client.get(far)
    assert "hx-get" not in fragment.text and "progress" not in fragment.text
    assert "3 pages" in fragment.text
    assert 'hx-swap-oob="true"' in fragment.text


@pytest.mark.parametrize("why", sorted(kinds.REFUSED))
async def test_what_could_not_be_made_ready_says_why_and_what_to_do(
    why: str, client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.add(db, store, petition, "plan.pdf", samples.pdf(3), "Plan")
    await run(db, "update document_versions set state = 'failed', failure = :why", why=why)
    page = await client.get(desk.address(petition))
    assert kinds.REFUSED[why][1] in page.text
    assert "Replace the file, or take the document away." in page.text
    assert "being made ready" not in page.text


async def test_nobody_else_sees_how_far_it_is(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "plan.pdf", samples.pdf(3), "Plan")
    await make.login(stranger, db, await make.person(db, "Charlie"))
    for rest in (f"/{number}/progress", f"/uploads/{'a' * 32}"):
        assert (await stranger.get(desk.address(petition, rest))).status_code == 404


# --- the file on its way --------------------------------------------------------------------


async def test_an_upload_tells_how_far_it_is_while_it_arrives(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    ticket = secrets.token_hex(16)
    far = desk.address(petition, f"/uploads/{ticket}")
    assert "Your file sets out." in (await client.get(far)).text
    request = client.build_request(
        "POST",
        desk.address(petition),
        data=desk.FIELDS,
        files={"file": ("study.pdf", samples.pdf(), "application/pdf")},
    )
    body = await request.aread()
    half, seen = len(body) // 2, []

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:half]
        seen.append((await client.get(far)).text)
        yield body[half:]

    answer = await client.post(
        f"{desk.address(petition)}?ticket={ticket}",
        content=pieces(),
        headers={
            "content-type": request.headers["content-type"],
            "content-length": str(len(body)),
        },
    )
    assert answer.status_code == 303
    [row] = await rows(db, "select * from uploads_under_way")
    assert (row["ticket"], row["whole"]) == (ticket, len(body))
    assert f'max="{len(body)}"' in seen[0] and f'value="{half}"' in seen[0]
    assert 'hx-trigger="load delay:1s"' in seen[0]
    assert "Your file is here." in (await client.get(far)).text


async def test_an_upload_that_stands_still_says_so(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    ticket = secrets.token_hex(16)
    await run(
        db,
        """insert into uploads_under_way (person_id, ticket, received, whole, at)
           values (:person_id, :ticket, 5000000, 9000000, now() - interval '1 minute')""",
        person_id=petition.person_id,
        ticket=ticket,
    )
    page = await client.get(desk.address(petition, f"/uploads/{ticket}"))
    assert "Nothing arrives any more" in page.text


@pytest.mark.parametrize("ticket", ["", "x", "../x", "A" * 32, "a" * 33])
async def test_a_made_up_ticket_is_not_written_down(
    ticket: str, client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await client.post(
        desk.address(petition),
        params={"ticket": ticket},
        data=desk.FIELDS,
        files={"file": ("study.pdf", samples.pdf(), "application/pdf")},
    )
    assert answer.status_code == 303
    assert await rows(db, "select * from uploads_under_way") == []


async def test_a_page_that_stays_is_told_where_to_go(
    client: httpx.AsyncClient, db: Database
) -> None:
    """htmx sends the file, and the page stays until the answer names the next one."""
    petition = await desk.alices_petition(client, db)
    answer = await client.post(
        desk.address(petition),
        data=desk.FIELDS,
        files={"file": ("study.pdf", samples.pdf(), "application/pdf")},
        headers={"hx-request": "true"},
    )
    [row] = await desk.stored(db)
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"].endswith(f"said=added#document-{row['id']}")
    assert f"document={row['id']}&" in answer.headers["hx-redirect"]
    wrong = await client.post(
        desk.address(petition),
        data=desk.FIELDS | {"title": ""},
        files={"file": ("study.pdf", samples.pdf(), "application/pdf")},
        headers={"hx-request": "true"},
    )
    assert (wrong.status_code, wrong.headers["hx-retarget"]) == (422, "body")
    assert wrong.text.lstrip().lower().startswith("<!doctype html>")
