"""What a keeper reads and decides, and what everybody sees of it."""

import asyncio
import contextvars
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from mobilise.db import Database, row, rows, run, tx, value
from mobilise.errors import NotNow
from mobilise.petitions import deciding, lifecycle, picturing, reading, text_queries
from mobilise.petitions.reading import Petition
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.petitions.moving import RULING, TODAY, do, state
from tests.postbox import Post


@pytest_asyncio.fixture
async def mo(client: httpx.AsyncClient, db: Database) -> make.Person:
    """The keeper, logged in in `client`."""
    person = await make.person(db, "Mo")
    await run(db, "update people set keeper = true where id = :id", id=person.id)
    await make.login(client, db, person)
    return person


async def submitted(db: Database, **more: str) -> Petition:
    petition = await make.petition(db, "submitted", **more)
    await run(db, "update petitions set submitted_at = now() where id = :id", id=petition.id)
    return petition


KEEP = [
    ("GET", "/keep/queue"), ("GET", "/keep/reports"), ("GET", "/keep/petitions"),
    ("GET", "/keep/groups"), ("GET", "/keep/petitions/{}"), ("GET", "/keep/petitions/{}/reject"),
    ("POST", "/keep/petitions/{}/reject"), ("POST", "/keep/petitions/{}/open"),
    ("POST", "/keep/petitions/{}/dismiss"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), KEEP)
async def test_for_all_but_the_keeper_these_pages_do_not_exist(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, method: str, path: str
) -> None:
    petition = await submitted(db)
    address = path.format(petition.slug)
    await make.login(client, db, await make.person(db, "Alice"))
    assert (await client.request(method, address)).status_code == 404
    nobody = await stranger.request(method, address)
    assert nobody.status_code == 303 and "/login" in nobody.headers["location"]
    assert await state(db, petition) == "submitted"


async def test_the_page_with_the_owners_addresses_asks_the_keeper_to_log_in_once_more(
    client: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    petition = await submitted(db)
    address = f"/keep/petitions/{petition.slug}"
    assert "alice@post.example" in (await client.get(address)).text
    await run(db, "update sessions set fresh_at = now() - interval '1 hour'")
    answer = await client.get(address)
    assert answer.status_code == 303 and "again=1" in answer.headers["location"]
    assert (await client.get("/keep/queue")).status_code == 200


async def test_the_queue_shows_the_oldest_first_and_how_long_it_waits(
    client: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    assert "Nothing waits to be read." in (await client.get("/keep/queue")).text
    old, new = await submitted(db, title="Old one"), await submitted(db, title="New one")
    await run(
        db, "update petitions set submitted_at = :at where id = :id",
        at=datetime.now(UTC) - timedelta(days=4, hours=2), id=old.id,
    )  # fmt: skip
    page = (await client.get("/keep/queue")).text
    assert page.index("Old one") < page.index("New one")
    assert "It waits for 4 days." in page and "It waits since today." in page
    assert f"/keep/petitions/{new.slug}" in page


async def test_the_keeper_reads_every_language_the_documents_and_who_asks(
    client: httpx.AsyncClient, db: Database, store: Store, mo: make.Person
) -> None:
    petition = await submitted(db, nl={"title": "Een park"})  # type: ignore[arg-type]
    document = await make.document(db, store, petition)
    page = (await client.get(f"/keep/petitions/{petition.slug}")).text
    for words in ("Een park", "Make a park", document.title, "alice@post.example", "Let it open"):
        assert words in page
    assert (await client.get(document.href)).status_code == 200, "and may open them"


async def test_a_draft_is_its_groups_own(
    client: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    petition = await make.petition(db, "draft", title="Not yet for anybody")
    assert (await client.get(f"/keep/petitions/{petition.slug}")).status_code == 404
    assert "Not yet for anybody" not in (await client.get("/keep/petitions")).text


async def test_the_keeper_lets_it_open_and_the_group_hears_it(
    client: httpx.AsyncClient, db: Database, post: Post, mo: make.Person
) -> None:
    petition = await submitted(db)
    page = await client.get(f"/keep/petitions/{petition.slug}")
    read_until = page.text.split('name="read_until" value="')[1].split('"')[0]
    answer = await client.post(
        f"/keep/petitions/{petition.slug}/open", data={"read_until": read_until}
    )
    assert answer.headers["location"] == "/keep/queue?said=let_open"
    assert await state(db, petition) == "open"
    await post.deliver()
    assert post.to("alice@post.example")[-1].subject == f"“{petition.title}” is open"


async def test_what_was_changed_while_he_read_is_read_once_more(
    client: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    petition = await submitted(db)
    page = await client.get(f"/keep/petitions/{petition.slug}")
    read_until = page.text.split('name="read_until" value="')[1].split('"')[0]
    await run(db, "update petition_texts set body = 'Buy my bicycles', at = now()")
    answer = await client.post(
        f"/keep/petitions/{petition.slug}/open", data={"read_until": read_until}
    )
    assert answer.status_code == 409 and "changed while you read it" in answer.text
    assert await state(db, petition) == "submitted"


async def test_what_is_saved_in_the_moment_he_lets_it_open_is_read_once_more(
    db: Database, tokens: Tokens
) -> None:
    petition = await submitted(db)
    read_until = await value(db, "select max(at) from petition_texts")

    async def saving() -> "asyncio.Task[bool]":
        """A text is on its way into the database while the keeper presses his button."""
        async with tx(db):
            await text_queries.standing(db, petition.id)
            pressed = asyncio.create_task(
                deciding.let_open(db, tokens, petition.id, None, TODAY, read_until=read_until),
                context=contextvars.Context(),
            )
            await asyncio.sleep(0.5)
            await run(db, "update petition_texts set body = 'Buy my bicycles', at = now()")
        return pressed

    with pytest.raises(NotNow):
        await (await saving())
    assert await state(db, petition) == "submitted"


async def test_another_picture_is_looked_at_before_it_opens(db: Database, tokens: Tokens) -> None:
    petition = await submitted(db)
    read_until = await value(db, "select max(at) from petition_texts")
    said = {"picture": "ab" * 32, "picture_narrow": "cd" * 32, "picture_alt": "A park",
            "picture_focus": [50, 50]}  # fmt: skip
    await picturing.change(db, petition, petition.person_id or 0, said)
    with pytest.raises(NotNow):
        await deciding.let_open(db, tokens, petition.id, None, TODAY, read_until=read_until)
    assert await state(db, petition) == "submitted"


async def test_what_a_keeper_read_stays_and_what_nobody_read_may_be_changed(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, app: Any, settings: Settings
) -> None:
    """Where first petitions are read, the second of a group opens unread: it is hers to change."""
    read = await submitted(db)
    await deciding.let_open(db, tokens, read.id, None, TODAY)
    second = await make.petition(db, "draft", group=await _group_of(db, read))
    await lifecycle.publish(db, tokens, second, second.person_id or 0, "first", TODAY)
    assert await state(db, second) == "open"
    await make.login(client, db, await make.person(db, "Alice"))
    app.state.settings = settings.model_copy(update={"moderation": "first"})
    try:
        await _stays(client, read)
        await _changes(client, second)
    finally:
        app.state.settings = settings
    await _stays(client, read)  # however petitions are read by now


async def _stays(client: httpx.AsyncClient, petition: Petition) -> None:
    assert await _changed(client, petition) == {409}
    desk = f"/manage/petitions/{petition.slug}"
    for page in ("edit", "who-may-sign"):
        assert "This text was read before it opened" in (await client.get(f"{desk}/{page}")).text
    assert 'name="note"' in (await client.get(f"{desk}/languages/en")).text, "a correction says why"


async def _changes(client: httpx.AsyncClient, petition: Petition) -> None:
    desk = f"/manage/petitions/{petition.slug}"
    for page in ("edit", "who-may-sign", "languages/en"):
        shown = (await client.get(f"{desk}/{page}")).text
        assert "was read before it opened" not in shown and 'name="note"' not in shown
    assert await _changed(client, petition) == {303}


async def _changed(client: httpx.AsyncClient, petition: Petition) -> set[int]:
    """What each page on which something is changed answers."""
    sent = {
        "edit/what": {"title": "Another"},
        "edit/goal": {"goal": "500"},
        "edit/picture": {"picture_alt": "x"},
        "who-may-sign": {"postcodes": "2060", "country": "BE", "seen": "|"},
    }
    return {
        (await client.post(f"/manage/petitions/{petition.slug}/{page}", data=words)).status_code
        for page, words in sent.items()
    }


async def _group_of(db: Database, petition: Petition) -> make.Group:
    return make.Group(petition.group_id, petition.group_slug, petition.group_name)


async def test_a_rejection_is_public_with_its_reason_and_stays_out_of_search_engines(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    petition = await submitted(db, title="Bicycles for all")
    address = f"/keep/petitions/{petition.slug}/reject"
    answer = await client.post(address, data={"reason": "spam", "words": "This sells bicycles."})
    assert answer.headers["location"] == "/keep/queue?said=reject"
    public = await stranger.get(f"/en/petitions/{petition.slug}")
    assert public.status_code == 200
    for words in ("Bicycles for all", "It is advertising or spam.", "This sells bicycles."):
        assert words in public.text
    assert 'name="robots" content="noindex"' in public.text
    assert "/signatures" not in public.text, "nobody can sign it"
    assert "Het is reclame of spam." in (await stranger.get(f"/nl/petitions/{petition.slug}")).text
    sign = {"name": "Suzie", "email": "suzie@post.example", "postcode": "2060", "country": "BE"}
    refused = await stranger.post(f"/en/petitions/{petition.slug}/signatures", data=sign)
    assert refused.status_code == 409
    assert petition.slug not in (await stranger.get("/sitemap.xml")).text
    assert petition.slug not in (await stranger.get("/api/petitions")).text
    slug = petition.slug
    for path in (f"/petitions/{slug}/data/petition.json", f"/api/petitions/{slug}",
                 f"/api/petitions/{slug}/count", f"/en/petitions/{slug}/data"):  # fmt: skip
        assert (await stranger.get(path)).status_code == 404, path


@pytest.mark.parametrize("reason", ["private", "unlawful"])
async def test_words_that_do_harm_are_not_published_by_turning_them_down(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store,
    mo: make.Person, reason: str,
) -> None:  # fmt: skip
    petition = await submitted(db, title="Mister Peeters hits children", picture="ab" * 32)
    document = await make.document(db, store, petition)
    address = f"/keep/petitions/{petition.slug}/reject"
    await client.post(address, data={"reason": reason, "words": "Peeters, Kerkstraat 5."})
    assert await state(db, petition) == "rejected"
    own = f"/en/petitions/{petition.slug}"
    for path in (own, f"{own}/history", f"{own}/documents", f"{own}/count", f"{own}/report"):
        refused = await stranger.get(path)
        assert refused.status_code == 410 and "Peeters" not in refused.text, path
        assert "This petition was rejected" in refused.text
    for path in ("/en/?state=rejected", "/en/?state=rejected&q=peeters",
                 "/en/start/alike/beneath?title=Mister+Peeters"):  # fmt: skip
        found = await stranger.get(path)
        assert found.status_code == 200 and petition.slug not in found.text, path
    for path in (document.href, f"/pictures/{'ab' * 32}.webp"):
        assert (await stranger.get(path)).status_code == 404, path
    assert (await client.get(document.href)).status_code == 200, "the keeper may look again"


@pytest.mark.parametrize(
    ("decision", "given", "mistake"),
    [
        ("reject", {}, "Choose one from the list"),
        ("reject", {"reason": "", "words": "No."}, "Choose one from the list"),
        ("reject", {"reason": "made up"}, "Choose one from the list"),
        ("reject", {"reason": "other"}, "Say it in your own words"),
        ("reject", {"reason": "same"}, "Give the address of the other petition"),
        ("reject", {"reason": "same", "same_as": "nothing"}, "No open petition has this address"),
        ("send-back", {}, "Say it in your own words"),
    ],
)
async def test_a_decision_needs_its_reason(
    client: httpx.AsyncClient, db: Database, mo: make.Person,
    decision: str, given: dict[str, str], mistake: str,
) -> None:  # fmt: skip
    petition = await submitted(db)
    answer = await client.post(f"/keep/petitions/{petition.slug}/{decision}", data=given)
    assert answer.status_code == 422 and mistake in answer.text
    assert await state(db, petition) == "submitted"
    assert await rows(db, "select * from decisions") == []


async def test_a_rejection_names_the_one_that_asks_the_same(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    other, petition = await make.petition(db), await submitted(db)
    address = f"http://127.0.0.1:8000/nl/petitions/{other.slug}?x=1"
    await client.post(
        f"/keep/petitions/{petition.slug}/reject", data={"reason": "same", "same_as": address}
    )
    public = await stranger.get(f"/en/petitions/{petition.slug}")
    assert f'href="/en/petitions/{other.slug}"' in public.text


async def test_the_group_reads_why_in_its_own_language(
    db: Database, tokens: Tokens, post: Post, stranger: httpx.AsyncClient
) -> None:
    petition = await submitted(db)
    await run(db, "update people set language = 'nl'")
    await do(db, tokens, "reject", petition)
    await post.deliver()
    letter = post.to("alice@post.example")[-1]
    assert "Het is reclame of spam." in letter.text and "This sells bicycles." in letter.text
    assert f"/manage/petitions/{petition.slug}" in letter.text


async def test_sent_back_is_a_draft_again_with_the_words_on_its_desk(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, mo: make.Person
) -> None:
    petition = await submitted(db)
    await client.post(
        f"/keep/petitions/{petition.slug}/send-back", data={"words": "Say which park."}
    )
    assert await state(db, petition) == "draft"
    await make.login(stranger, db, await make.person(db, "Alice"))
    desk = await stranger.get(f"/manage/petitions/{petition.slug}")
    assert "Say which park." in desk.text and "Change this before it opens" in desk.text


@pytest.mark.parametrize(("reason", "shows"), [("spam", True), ("private", False)])
async def test_while_suspended_its_page_says_so_and_nothing_else_answers(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store,
    mo: make.Person, reason: str, shows: bool,
) -> None:  # fmt: skip
    petition = await make.petition(db, title="A park for nobody", organiser=mo)
    document = await make.document(db, store, petition)
    await client.post(f"/keep/petitions/{petition.slug}/suspend", data={"reason": reason})
    public = await stranger.get(f"/en/petitions/{petition.slug}")
    assert public.status_code == 200 and "This petition is suspended" in public.text
    assert 'content="noindex"' in public.text and "/signatures" not in public.text
    assert ("A park for nobody" in public.text) is shows
    desk = (await client.get(f"/manage/petitions/{petition.slug}")).text
    assert "It is suspended for now. Nobody can sign it." in desk
    assert f'href="/en/petitions/{petition.slug}"' in desk, "the group sees what others see"
    for path in (
        f"/en/petitions/{petition.slug}/sign",
        f"/en/petitions/{petition.slug}/documents",
        f"/en/petitions/{petition.slug}/data",
        f"/api/petitions/{petition.slug}",
        f"/petitions/{petition.slug}/data/petition.json",
    ):
        refused = await stranger.get(path)
        assert refused.status_code == 403 and "A park for nobody" not in refused.text, path
    assert (await stranger.get(document.href)).status_code == 404
    await client.post(f"/keep/petitions/{petition.slug}/resume", data={"words": ""})
    assert await state(db, petition) == "open"
    assert (await stranger.get(f"/en/petitions/{petition.slug}/sign")).status_code == 200
    assert (await stranger.get(document.href)).status_code == 200


@pytest.mark.parametrize("before", ["open", "closed", "delivered", "answered"])
async def test_what_goes_on_is_where_it_was(db: Database, tokens: Tokens, before: str) -> None:
    petition = await make.petition(db, before)
    await do(db, tokens, "suspend", petition)
    assert await value(db, "select suspended_from from petitions") == before
    await do(db, tokens, "resume", petition)
    assert await state(db, petition) == before
    assert await value(db, "select suspended_from from petitions") is None


async def test_removed_says_why_in_every_language_and_nothing_of_the_text(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, store: Store,
    mo: make.Person,
) -> None:  # fmt: skip
    petition = await make.petition(db, title="A park for nobody")
    document = await make.document(db, store, petition)
    address = f"/keep/petitions/{petition.slug}/remove"
    await client.post(address, data={"reason": "private", "words": "Names of children."})
    for path in (
        f"/en/petitions/{petition.slug}",
        f"/en/petitions/{petition.slug}/data",
        f"/api/petitions/{petition.slug}",
        document.href,
    ):
        gone = await stranger.get(path)
        assert gone.status_code == 410 and "A park for nobody" not in gone.text, path
        assert "Names of children" not in gone.text
    gone = await stranger.get(f"/en/petitions/{petition.slug}")
    assert "It attacks persons, or it shows private data." in gone.text
    dutch = await stranger.get(f"/nl/petitions/{petition.slug}")
    assert "Ze valt personen aan, of ze toont privégegevens." in dutch.text
    assert (await client.post(address, data={"reason": "spam"})).status_code == 409


async def test_the_keeper_hears_that_something_waits_at_most_once_an_hour(
    db: Database, tokens: Tokens, settings: Settings, post: Post
) -> None:
    from mobilise.trust import reporting

    contact = "Mo@Post.example"
    assert not await reporting.tell_keeper(db, tokens, contact), "nothing waits"
    petition = await submitted(db)
    assert not await reporting.tell_keeper(db, tokens, ""), "there is nobody to tell"
    assert await reporting.tell_keeper(db, tokens, contact)
    await run(db, "update petitions set submitted_at = now() where id = :id", id=petition.id)
    assert not await reporting.tell_keeper(db, tokens, contact), "within the hour"
    await run(db, "update letters set created_at = now() - interval '61 minutes'")
    assert await reporting.tell_keeper(db, tokens, contact)
    await run(db, "update letters set created_at = now() - interval '61 minutes'")
    await run(db, "update petitions set submitted_at = now() - interval '2 hours'")
    await run(db, "update petition_texts set at = now() - interval '2 hours'")
    assert not await reporting.tell_keeper(db, tokens, contact), "he knows of it"


async def test_the_letter_to_the_keeper_counts_and_falls_away_when_it_is_done(
    db: Database, tokens: Tokens, settings: Settings
) -> None:
    from mobilise import templating
    from mobilise.mail import group_queries
    from mobilise.mail.letters import LETTERS
    from mobilise.mail.writing import Writer
    from mobilise.trust import reporting

    petition = await submitted(db)
    await reporting.tell_keeper(db, tokens, "mo@post.example")
    letters = await rows(db, "select petition_id, id, kind from letters")
    known = settings.model_copy(update={"contact": "mo@post.example"})
    writer = Writer(known, tokens, templating.environment(), LETTERS)
    written = writer.write((await group_queries.contents(db, letters))[0])
    assert written is not None and b"1 petition waits to be read." in written.raw
    assert b"/keep/queue" in written.raw
    await deciding.let_open(db, tokens, petition.id, None, TODAY)
    assert writer.write((await group_queries.contents(db, letters))[0]) is None


async def test_the_lists_find_filter_and_turn_pages(
    client: httpx.AsyncClient, db: Database, mo: make.Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await make.group(db, name="Friends of the Bees")
    await make.petition(db, "open", group=group, title="Bees in the yard")
    await make.petition(db, "removed", group=group, title="Wasps in the yard")
    everything = (await client.get("/keep/petitions")).text
    assert "Bees in the yard" in everything and "Wasps in the yard" in everything
    removed = (await client.get("/keep/petitions?state=removed")).text
    assert "Bees in the yard" not in removed and "Wasps in the yard" in removed
    found = (await client.get("/keep/petitions?q=BEËS+yard")).text
    assert "Bees in the yard" in found
    assert "Nothing found." in (await client.get("/keep/petitions?q=zeppelin")).text
    assert "Friends of the Bees" in (await client.get("/keep/groups?q=bees")).text
    assert "Nothing found." in (await client.get("/keep/groups?q=zeppelin")).text
    for odd in ("?page=0", "?page=x", "?page=99999", "?state=made-up", "?q=%25_\\"):
        assert (await client.get(f"/keep/petitions{odd}")).status_code == 200
        assert (await client.get(f"/keep/groups{odd}")).status_code == 200


async def test_two_keepers_who_decide_at_once_leave_one_decision(
    db: Database, tokens: Tokens
) -> None:
    petition = await submitted(db)
    done = await asyncio.gather(
        do(db, tokens, "reject", petition), do(db, tokens, "let_open", petition),
        do(db, tokens, "send_back", petition), return_exceptions=True,
    )  # fmt: skip
    assert sum(each is None for each in done) == 1
    assert sum(isinstance(each, NotNow) for each in done) == 2
    assert await value(db, "select count(*) from audit_log") == 1


async def test_two_who_decide_do_not_wait_for_each_other(db: Database, tokens: Tokens) -> None:
    for _ in range(10):
        petition = await submitted(db)
        done = await asyncio.gather(
            *(do(db, tokens, name, petition) for name in ("reject", "send_back") * 2),
            return_exceptions=True,
        )
        assert sum(isinstance(each, NotNow) for each in done) == 3, done


async def test_start_again_copies_the_words_and_leaves_the_rejected_one(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    petition = await submitted(db, nl={"title": "Een park"})  # type: ignore[arg-type]
    await do(db, tokens, "reject", petition)
    await make.login(client, db, await make.person(db, "Alice"))
    desk = await client.get(f"/manage/petitions/{petition.slug}")
    assert "Start again with the same words" in desk.text and RULING.words in desk.text
    answer = await client.post(f"/manage/petitions/{petition.slug}/again")
    slug = answer.headers["location"].split("?")[0].rpartition("/")[2]
    assert slug != petition.slug
    made = await reading.petition(db, slug, "nl")
    assert (made.state, made.title, made.group_id) == ("draft", "Een park", petition.group_id)
    assert made.languages == petition.languages and made.frozen_at is None
    assert await state(db, petition) == "rejected"
    line = await row(db, "select * from audit_log where petition_id = :id", id=made.id)
    assert line is not None and line["details"] == {"again": petition.id}
    assert (await client.post(f"/manage/petitions/{slug}/again")).status_code == 409


def test_every_move_of_the_keeper_has_a_way_to_be_made() -> None:
    from mobilise.trust.words import DECISIONS

    moves = {name for name, move in lifecycle.MOVES.items() if "keeper" in move.who}
    assert moves == {"let_open"} | {decision.name for decision in DECISIONS.values()}
