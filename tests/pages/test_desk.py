"""The desk: what Alice sees when she comes in, and what Charlie does not."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mobilise.db import Database, run
from tests import make
from tests.reader import Page


async def test_it_lists_the_petitions_of_my_groups(client: httpx.AsyncClient, db: Database) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "clerk")
    ours = await make.petition(db, group=group, organiser=alice, title="Our park")
    draft = await make.petition(db, "draft", group=group, organiser=alice, title="Our pool")
    charlie = await make.person(db, "Charlie")
    await make.petition(
        db, group=await make.group(db, charlie), organiser=charlie, title="Their airport"
    )
    await make.signature(db, ours)
    await make.signature(db, ours, at=datetime.now(UTC) - timedelta(days=3))
    for person in (alice, bob):
        await make.login(client, db, person)
        page = await client.get("/manage")
        assert page.status_code == 200
        assert "Our park" in page.text and "Our pool" in page.text
        assert "Their airport" not in page.text
        assert f'href="/manage/petitions/{draft.slug}"' in page.text
        assert "2 signatures" in page.text and "1 today" in page.text


async def test_a_newcomer_is_invited_to_begin(client: httpx.AsyncClient, db: Database) -> None:
    await make.login(client, db, await make.person(db, "Charlie"))
    page = await client.get("/manage")
    assert page.status_code == 200 and 'href="/en/start"' in page.text


async def test_nobody_sees_it_without_a_log_in(client: httpx.AsyncClient, db: Database) -> None:
    answer = await client.get("/manage", headers={"accept-language": "de"})
    assert answer.headers["location"] == "/de/login?next=/manage"


@pytest.mark.parametrize(
    "path", ["/manage", "/manage/petitions/{slug}", "/manage/petitions/{slug}/preview"]
)
async def test_it_is_for_one_reader_only(
    client: httpx.AsyncClient, db: Database, path: str
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = await client.get(path.format(slug=petition.slug))
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


async def test_the_desk_of_a_petition_counts_its_letters(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    states = ["sent", "sent", "waiting", "failed", "dropped"]
    for state, sent in zip(
        states, ["now()", "now() - interval '3 days'", *["null"] * 3], strict=True
    ):
        await run(
            db,
            f"""insert into letters (petition_id, kind, recipient, priority, state, sent_at)
                values (:id, 'confirm', '', 1, :state, {sent})""",
            id=petition.id,
            state=state,
        )
    await make.login(client, db, await make.person(db, "Alice"))
    page = await client.get(f"/manage/petitions/{petition.slug}")
    assert page.status_code == 200
    text = Page(page.text).text
    for words in ("1 ready to leave", "0 leaving now", "1 refused", "1 sent today"):
        assert words in text, words
    assert "Confirm a signature 1 1 0 1" in text, "the same numbers in a table"


async def test_only_who_may_publish_gets_the_button(
    client: httpx.AsyncClient, db: Database
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    petition = await make.petition(db, "draft", group=group, organiser=alice)
    button = f'action="/manage/petitions/{petition.slug}/publish"'
    await make.login(client, db, alice)
    assert button in (await client.get(f"/manage/petitions/{petition.slug}")).text
    await make.login(client, db, bob)
    assert button not in (await client.get(f"/manage/petitions/{petition.slug}")).text


async def test_the_preview_is_the_real_page_and_cannot_be_signed(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft", title="A park at last")
    await make.login(client, db, await make.person(db, "Alice"))
    preview = await client.get(f"/manage/petitions/{petition.slug}/preview")
    assert "A park at last" in preview.text and "This is a preview." in preview.text
    assert 'name="email"' not in preview.text
    await client.post(f"/manage/petitions/{petition.slug}/publish")
    public = await client.get(f"/manage/petitions/{petition.slug}/preview")
    assert public.headers["location"] == f"/en/petitions/{petition.slug}"
