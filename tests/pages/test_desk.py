"""The desk: what Alice sees when she comes in, and what Charlie does not."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from mobilise import db as database_module
from mobilise.audit import trail
from mobilise.db import Database, run
from mobilise.pages import who_helped
from mobilise.pages.desk import TRAIL_PAGE
from mobilise.petitions import lifecycle
from mobilise.settings import Settings
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


async def test_it_asks_as_often_for_many_petitions_as_for_one(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each noun is one statement, however many there are of it."""
    alice = await make.person(db, "Alice")
    await make.petition(db, group=await make.group(db, alice), organiser=alice)
    await make.login(client, db, alice)
    asked: list[str] = []
    ask = database_module.numbered

    def note(sql: str) -> tuple[str, tuple[str, ...]]:
        asked.append(sql)
        return ask(sql)

    monkeypatch.setattr(database_module, "numbered", note)
    assert (await client.get("/manage")).status_code == 200
    alone, asked[:] = len(asked), []
    monkeypatch.setattr(database_module, "numbered", ask)
    for number in range(4):
        group = await make.group(db, alice, name=f"Group {number}")
        for state in ("draft", "open", "closed"):
            petition = await make.petition(db, state, group=group, organiser=alice)
            await make.signature(db, petition, comment="Our street needs it.")
    monkeypatch.setattr(database_module, "numbered", note)
    page = await client.get("/manage")
    mine = page.text.partition('id="mine"')[2]
    assert mine.count("Go to its desk") == 13
    assert len(asked) == alone and alone <= 8


async def test_what_waits_for_me_stands_first_and_leads_there(
    client: httpx.AsyncClient, db: Database
) -> None:
    alice, bob, karim = [await make.person(db, name) for name in ("Alice", "Bob", "Karim")]
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    await make.member(db, group, karim, "clerk")
    petition = await make.petition(db, group=group, organiser=alice, title="A park")
    await make.signature(db, petition, comment="Our street needs it.")
    await make.signature(db, petition, "pending", comment="Not confirmed yet.")
    await run(
        db,
        """insert into questions (petition_id, state, name, email, email_key, language, question)
           values (:id, 'waiting', 'Jo', 'jo@post.example', 'jo@post.example', 'en', 'Why?')""",
        id=petition.id,
    )
    for person in (alice, bob):
        await make.login(client, db, person)
        page = Page((await client.get("/manage")).text)
        found = [href for words, href in page.links if words.startswith(("Answer", "Read"))]
        desk = f"/manage/petitions/{petition.slug}"
        assert found == [f"{desk}/questions", f"{desk}/comments"]
        menu = Page((await client.get(desk)).text).links
        assert ("Comments 1 waiting", f"{desk}/comments") in menu
        assert ("Questions 1 waiting", f"{desk}/questions") in menu
        assert (await client.get(found[0])).status_code == 200
        assert (await client.get(found[1])).status_code == 200
    await make.login(client, db, karim)
    page = Page((await client.get("/manage")).text)
    assert not [href for _, href in page.links if href.endswith(("/questions", "/comments"))]
    await make.login(client, db, alice)
    for state in ("suspended", "removed"):  # nothing of it is shown: nobody need be hurried
        await run(db, "update petitions set state = :state", state=state)
        for address in ("/manage", desk):
            shown = (await client.get(address)).text
            assert "Read a comment" not in shown and "Answer a question" not in shown


async def test_who_is_in_stays_at_the_desk_when_something_is_refused(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "open")
    await make.login(client, db, await make.person(db, "Alice"))
    desk = f"/manage/petitions/{petition.slug}"
    for answer, status in (
        (await client.post(f"{desk}/publish"), 409),
        (await client.get("/manage/petitions/nothing"), 404),
        (await client.get("/keep"), 404),  # she keeps nothing
    ):
        assert answer.status_code == status
        page = Page(answer.text)
        words = [words for words, _ in page.links]
        assert "Log in" not in words and "Back to my desk" in words, words
        assert "Alice, log out" in answer.text and "Keeper of" not in answer.text
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    await run(db, "update people set keeper = true")
    assert "Keeper of" in (await client.get("/keep/petitions/nothing")).text
    public = await stranger.get("/en/petitions/nothing")
    assert public.status_code == 404 and "Log in" in public.text
    assert "log out" not in public.text


async def test_what_ends_and_what_is_not_out_yet_waits_too(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    today = datetime.now(settings.zone).date()
    for days in (3, 60):
        ends = today + timedelta(days=days)
        await make.petition(db, group=group, organiser=alice, title=f"In {days}", closes_on=ends)
    await make.petition(db, "draft", group=group, organiser=alice, title="A pool")
    for person, drafts in ((alice, 1), (bob, 0)):
        await make.login(client, db, person)
        page = await client.get("/manage")
        todo = page.text.partition('<ol class="todo">')[2].partition("</ol>")[0]
        assert todo.count("<h3>The last day is") == 1 and "In 3" in todo and "In 60" not in todo
        assert todo.count("<h3>Publish it when it is ready") == drafts, "only an owner publishes"


async def test_the_menu_leads_nowhere_that_one_may_not_go(
    client: httpx.AsyncClient, db: Database
) -> None:
    people = {role: await make.person(db, role.title()) for role in ("owner", "editor", "clerk")}
    group = await make.group(db, people["owner"])
    for role in ("editor", "clerk"):
        await make.member(db, group, people[role], role)
    states = ("draft", "submitted", "open", "closed", "delivered", "answered", "rejected",
              "suspended", "removed")  # fmt: skip
    petitions = [await make.petition(db, s, group=group, organiser=people["owner"]) for s in states]
    for petition in petitions:
        if petition.state not in ("draft", "submitted", "rejected"):
            await make.signature(db, petition)
    for person in people.values():
        await make.login(client, db, person)
        for petition in petitions:
            page = await client.get(f"/manage/petitions/{petition.slug}")
            assert page.status_code == 200, petition.state
            for words, href in Page(page.text).links:
                if href.startswith("/"):
                    status = (await client.get(href)).status_code
                    assert status in (200, 303, 307), f"{petition.state}: {words} {href}: {status}"


async def test_every_page_of_the_desk_names_who_is_in(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    desk = f"/manage/petitions/{petition.slug}"
    for path in ("/manage", desk, f"{desk}/documents", f"{desk}/edit", f"{desk}/trail"):
        assert "Alice, log out" in Page((await client.get(path)).text).text, path


async def test_the_page_after_a_deed_says_it_once_and_from_a_list(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    desk = f"/manage/petitions/{petition.slug}"
    page = await client.get(f"{desk}?said=saved")
    assert '<p class="notice done" role="status"><b>Saved.</b></p>' in page.text
    for silent in ("", "?said=", "?said=<b>evil</b>", "?said=unheard-of"):
        page = await client.get(desk + silent)
        assert 'role="status"' not in page.text and "evil" not in page.text


async def test_who_helped_is_told_in_words(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    petition = await make.petition(db, "draft", group=group, organiser=alice)
    async with database_module.tx(db):
        for deed, person_id in (
            ("documents.add", bob.id),
            ("petition.close", None),
            ("signature.erased", None),
            ("petition.changed", (await make.person(db, "Charlie")).id),
        ):
            await trail.write(db, deed, person_id=person_id, petition_id=petition.id)
    await make.login(client, db, alice)
    for path in ("", "/trail"):
        text = Page((await client.get(f"/manage/petitions/{petition.slug}{path}")).text).text
        for words in ("Bob added a document", "This site closed the petition",
                      "Somebody else changed the text"):  # fmt: skip
            assert words in text, words
        assert "Charlie" not in text and "erased" not in text


async def test_the_whole_trail_can_be_read_page_by_page(
    client: httpx.AsyncClient, db: Database
) -> None:
    alice = await make.person(db, "Alice")
    petition = await make.petition(db, "draft", organiser=alice)
    async with database_module.tx(db):
        for _ in range(TRAIL_PAGE + 1):
            await trail.write(db, "documents.move", person_id=alice.id, petition_id=petition.id)
    await make.login(client, db, alice)
    here = f"/manage/petitions/{petition.slug}/trail"
    first = await client.get(here)
    assert first.text.count("in another order") == TRAIL_PAGE
    following = next(href for words, href in Page(first.text).links if words == "Earlier")
    second = await client.get(following)
    assert second.text.count("in another order") == 1 and "Earlier" not in second.text
    for odd in ("?before=x", "?before=-1", "?before=" + "9" * 40, "?before=²"):
        assert (await client.get(here + odd)).status_code == 200


def test_every_move_of_a_petition_has_its_words() -> None:
    assert not [name for name in lifecycle.MOVES if f"petition.{name}" not in who_helped.DEEDS]
