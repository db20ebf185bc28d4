"""What is half written stays: for its browser, for its writer, and for who opens the letter."""

import asyncio
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise.db import Database, one, rows, run, value
from mobilise.jobs import Workplace
from mobilise.petitions import jobs, starting
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import DRAFT_DAYS, Tokens
from tests import make
from tests.petitions.writing import WRITTEN, write
from tests.postbox import Post

START = "/en/start"
TITLE = WRITTEN["title"]


async def titled(client: httpx.AsyncClient, title: str = TITLE) -> httpx.Response:
    return await client.post(START, data={"title": title})


async def test_a_draft_is_kept_from_the_first_page(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    first = await client.get(START)
    assert first.status_code == 200 and "set-cookie" not in first.headers
    begun = await titled(client)
    assert (begun.status_code, begun.headers["location"]) == (303, f"{START}/whom")
    assert "httponly" in begun.headers["set-cookie"].lower()
    kept = await one(db, "select * from starts")
    assert kept["words"] == {"title": TITLE} and kept["person_id"] is None

    assert TITLE in (await client.get(f"{START}/what")).text
    again = (await client.get(START)).text
    assert TITLE in again and "Go on with this one" in again and "Begin a new one" in again
    assert TITLE not in (await stranger.get(START)).text
    assert (await stranger.get(f"{START}/whom")).status_code == 303


@pytest.mark.parametrize(
    ("step", "field", "typed"), [("whom", "addressee", "x" * 121), ("why", "why", "y" * 20_100)]
)
async def test_a_page_with_a_mistake_keeps_what_was_typed(
    client: httpx.AsyncClient, db: Database, step: str, field: str, typed: str
) -> None:
    await titled(client)
    answer = await client.post(f"{START}/{step}", data={field: typed})
    assert answer.status_code == 422 and typed in answer.text
    assert await value(db, "select words from starts") == {"title": TITLE, field: typed}
    assert typed in (await client.get(f"{START}/{step}")).text, "also for who closed the page"
    assert "Look at this again" in (await client.get(f"{START}/check")).text


async def test_a_look_keeps_the_text(client: httpx.AsyncClient, db: Database) -> None:
    await titled(client)
    shown = await client.post(f"{START}/why", data={"why": "**Trees**.", "preview": "1"})
    assert shown.status_code == 200 and "<strong>Trees</strong>" in shown.text
    assert "**Trees**." in (await client.get(f"{START}/why")).text


@pytest.mark.parametrize(("then", "to"), [("back", f"{START}/whom"), ("later", f"{START}/later")])
async def test_who_goes_back_or_stops_keeps_even_what_is_wrong(
    client: httpx.AsyncClient, db: Database, then: str, to: str
) -> None:
    await titled(client)
    answer = await client.post(f"{START}/why", data={"why": "\x07half a sen", "then": then})
    assert (answer.status_code, answer.headers["location"]) == (303, to)
    assert "half a sen" in (await client.get(f"{START}/why")).text
    shown = await client.get(f"{START}/check")
    assert "Look at this again" in shown.text
    finished = await client.post(f"{START}/check")
    assert finished.headers["location"] == f"{START}/whom?then=check"


async def test_a_change_from_the_list_leads_back_to_the_list(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await write(client)
    page = await client.get(f"{START}/what?then=check")
    assert f'action="{START}/what?then=check"' in page.text
    changed = await client.post(f"{START}/what?then=check", data={"title": "Another"})
    assert changed.headers["location"] == f"{START}/check"
    await post.deliver()
    await client.post(urlsplit(post.last.link("start")).path)  # what is made is what stands by now
    assert await value(db, "select title from petition_texts") == "Another"


async def test_two_questions_answered_at_once_are_both_kept(
    client: httpx.AsyncClient, db: Database
) -> None:
    await titled(client)
    await asyncio.gather(
        client.post(f"{START}/whom", data={"addressee": "The city"}),
        client.post(f"{START}/why", data={"why": "Trees."}),
        client.post(f"{START}/group", data={"group": "Us"}),
    )
    words = await value(db, "select words from starts")
    assert words == {"title": TITLE, "addressee": "The city", "why": "Trees.", "group": "Us"}


async def test_the_letter_brings_it_to_another_device_and_only_its_button_does(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await titled(client)
    await client.post(f"{START}/whom", data={"addressee": "The city"})
    sent = await client.post(f"{START}/later", data={"email": "alice@post.example"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{START}/kept")
    await post.deliver()
    assert post.last.to == "alice@post.example" and TITLE in post.last.text
    path = urlsplit(post.last.link("resume")).path

    page = await stranger.get(path)
    assert page.status_code == 200 and TITLE in page.text and "set-cookie" not in page.headers
    assert (await stranger.get(f"{START}/what")).status_code == 303
    pressed = await stranger.post(path)
    assert (pressed.status_code, pressed.headers["location"]) == (303, f"{START}/why")
    assert TITLE in (await stranger.get(f"{START}/what")).text
    assert TITLE in (await client.get(f"{START}/what")).text  # the first device goes on too


async def test_an_address_gets_so_many_letters_and_the_answer_is_the_same(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await titled(client)
    for _ in range(7):
        sent = await client.post(f"{START}/later", data={"email": "victim@post.example"})
        assert sent.headers["location"] == f"{START}/kept"
    await post.deliver()
    assert len(post.letters) == 5
    wrong = await client.post(f"{START}/later", data={"email": "victim"})
    assert wrong.status_code == 422


async def test_a_letter_to_one_address_never_goes_to_the_next_one(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """What is counted for five mailboxes of his own must not all go to a sixth."""
    await titled(client)
    for who in ("one", "two", "three", "victim"):
        await client.post(f"{START}/later", data={"email": f"{who}@post.example"})
    await post.deliver()
    assert [letter.to for letter in post.letters] == ["victim@post.example"]
    await client.post(urlsplit(post.last.link("unsubscribe")).path)
    for who in ("one", "victim"):
        await client.post(f"{START}/later", data={"email": f"{who}@post.example"})
    assert await post.deliver() == []


async def test_a_letter_to_go_on_names_no_other_site_and_can_be_ended(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await titled(client, "You won, look at casino.evil.example")
    await client.post(f"{START}/later", data={"email": "victim@post.example"})
    (letter,) = await post.deliver()
    for part in (letter.subject, letter.text, letter.html):
        assert "evil" not in part
    await client.post(urlsplit(letter.link("unsubscribe")).path)
    await client.post(f"{START}/later", data={"email": "victim@post.example"})
    assert await post.deliver() == []


async def test_a_made_up_key_opens_nothing(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    await titled(client)
    number = await value(db, "select id from starts")
    for token in ("made.up", tokens.drafts([number]), tokens.resume(number)[:-2] + "xx"):
        for answer in (
            await stranger.get(f"/en/resume/{token}"),
            await stranger.post(f"/en/resume/{token}"),
        ):
            assert answer.status_code == 404
    stranger.cookies.set("start", tokens.resume(number), domain="127.0.0.1", path="/")
    assert (await stranger.get(f"{START}/what")).status_code == 303
    for address in (f"{START}/go-on/{number}", f"{START}/throw-away/{number}"):
        assert (await stranger.post(address)).status_code == 404
    assert await value(db, "select count(*) from starts") == 1
    assert (await stranger.post(f"/en/resume/{tokens.resume(number + 1)}")).status_code == 410


async def test_who_is_logged_in_finds_her_drafts_on_any_device_and_nobody_else_does(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, app: object
) -> None:
    alice = await make.person(db, "Alice")
    await make.login(client, db, alice)
    await titled(client)
    (draft,) = await starting.unfinished(db, alice.id)
    assert (draft.title, draft.step) == (TITLE, "whom")

    await make.login(stranger, db, alice)  # another device
    assert TITLE in (await stranger.get(START)).text
    gone_on = await stranger.post(f"{START}/go-on/{draft.id}")
    assert gone_on.headers["location"] == f"{START}/whom"
    assert TITLE in (await stranger.get(f"{START}/what")).text

    stranger.cookies.delete("session")  # logged out: the cookie of the draft opens nothing
    assert (await stranger.get(f"{START}/what")).status_code == 303
    await make.login(stranger, db, await make.person(db, "Charlie"))
    assert TITLE not in (await stranger.get(START)).text
    assert (await stranger.post(f"{START}/go-on/{draft.id}")).status_code == 404
    assert (await stranger.get(f"{START}/throw-away/{draft.id}")).status_code == 404


async def test_several_drafts_live_beside_each_other_and_one_can_be_thrown_away(
    client: httpx.AsyncClient, db: Database
) -> None:
    await titled(client, "First")
    assert "First" not in (await client.get(f"{START}?new=1")).text
    await titled(client, "Second")
    shown = (await client.get(START)).text
    assert "First" in shown and "Second" in shown
    first = await value(db, "select min(id) from starts")
    assert "Throw it away" in (await client.get(f"{START}/throw-away/{first}")).text
    assert await value(db, "select count(*) from starts") == 2
    await client.post(f"{START}/throw-away/{first}")
    assert [row["words"] for row in await rows(db, "select words from starts")] == [
        {"title": "Second"}
    ]
    assert "Second" in (await client.get(f"{START}/what")).text


async def test_of_two_presses_at_once_one_makes_one_petition(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    await write(client, title="Another")  # made, so that the next one is whole in every page
    await titled(client)
    for step, sent in (
        ("whom", {"addressee": "The city"}),
        ("why", {"why": "Trees."}),
        ("group", {"group": "Us"}),
    ):
        await client.post(f"{START}/{step}", data=sent)
    answers = await asyncio.gather(*(client.post(f"{START}/check") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert await value(db, "select count(*) from petitions") == 2
    assert await value(db, "select count(*) from starts") == 0


async def test_what_was_asked_twice_is_made_once(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """Two letters lie in her mailbox; the draft behind both is one."""
    await write(client)
    await client.post(f"{START}/check")
    await post.deliver()
    first, second = (urlsplit(letter.link("start")).path for letter in post.letters)
    assert (await client.post(first)).status_code == 303
    late = await stranger.post(second)
    assert late.status_code == 410 and "safe on your desk" in late.text
    assert await value(db, "select count(*) from petitions") == 1


async def test_a_draft_that_wants_another_look_is_hers_once_the_mailbox_is_proven(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await write(client)
    await client.post(f"{START}/why", data={"why": "", "then": "back"})
    await post.deliver()
    pressed = await client.post(urlsplit(post.last.link("start")).path)
    assert pressed.headers["location"] == f"{START}/check"
    shown = await client.get(f"{START}/check")
    assert "Look at this again" in shown.text and WRITTEN["addressee"] in shown.text
    assert await value(db, "select count(*) from petitions") == 0
    assert await value(db, "select person_id from starts") is not None
    await client.post(f"{START}/why?then=check", data={"why": "Trees."})
    made = await client.post(f"{START}/check")
    assert made.headers["location"].startswith("/manage/petitions/")


async def test_a_draft_that_is_gone_says_so_and_is_not_made_again(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    await titled(client)
    number = await value(db, "select id from starts")
    await run(db, "delete from starts")
    empty = await client.post(f"{START}/whom", data={"addressee": ""})
    assert (empty.status_code, empty.headers["location"]) == (303, START)
    assert (await client.get(f"/en/resume/{tokens.resume(number)}")).status_code == 410
    assert await value(db, "select count(*) from starts") == 0


@pytest.mark.parametrize("way", ["thrown away", "no cookie"])
@pytest.mark.parametrize(("step", "field"), [("why", "why"), ("picture", "picture_alt")])
async def test_what_is_typed_for_a_draft_that_is_gone_begins_another(
    client: httpx.AsyncClient, db: Database, way: str, step: str, field: str
) -> None:
    await titled(client)
    if way == "no cookie":
        client.cookies.delete("start")
    else:
        await run(db, "delete from starts")
    answer = await client.post(f"{START}/{step}", data={field: "An hour of work."})
    assert answer.status_code == 200 and "An hour of work." in answer.text
    assert "Your draft is not here any more" in answer.text
    shown = await client.get(f"{START}/{step}")
    assert shown.status_code == 200
    newest = await one(db, "select words, language from starts order by id desc limit 1")
    assert newest["words"][field] == "An hour of work." and newest["language"] == "en"
    onward = await client.post(f"{START}/{step}", data={field: "An hour of work."})
    assert onward.status_code == 303


async def test_a_draft_thrown_away_at_that_moment_loses_no_words(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await titled(client)
    read = starting.drafts

    async def late(*asked: Any) -> Any:
        found = await read(*asked)
        await run(db, "delete from starts")
        return found

    monkeypatch.setattr(starting, "drafts", late)
    answer = await client.post(f"{START}/why", data={"why": "An hour of work."})
    assert answer.status_code == 200 and "Your draft is not here any more" in answer.text
    assert await value(db, "select words ->> 'why' from starts") == "An hour of work."


async def test_another_draft_is_not_begun_without_end(
    client: httpx.AsyncClient, db: Database
) -> None:
    statuses = []
    for _ in range(31):
        client.cookies.clear()
        answer = await client.post(f"{START}/why", data={"why": "An hour of work."})
        assert "An hour of work." in answer.text
        statuses.append(answer.status_code)
    assert statuses == [200] * 30 + [429]


@pytest.mark.parametrize("step", ["why", "picture", "later", "check"])
async def test_who_was_logged_out_is_told_so_and_nothing_else_is_begun(
    client: httpx.AsyncClient, db: Database, step: str
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    await titled(client)
    client.cookies.delete("session")
    sent = {"why": "An hour of work.", "picture_alt": "A yard", "email": "a@post.example"}
    answer = await client.post(f"{START}/{step}", data=sent)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/login?next=/manage&unsaved=1"
    assert await value(db, "select count(*) from starts") == 1


async def test_who_logged_in_meanwhile_need_not_say_who_she_is(
    client: httpx.AsyncClient, db: Database
) -> None:
    await titled(client)
    await make.login(client, db, await make.person(db, "Alice"))
    answer = await client.post(f"{START}/you", data={"name": "Alice"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{START}/check")


async def test_untouched_for_thirty_days_it_is_erased(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, tokens: Tokens
) -> None:
    await titled(client, "Old")
    await titled(client, "Young")
    await run(
        db,
        "update starts set changed_at = now() - interval '31 days' where words ->> 'title' = 'Old'",
    )
    await jobs.forget_drafts(Workplace(db, store, settings, tokens))
    assert await value(db, "select words ->> 'title' from starts") == "Young"
    assert starting.KEPT.days == DRAFT_DAYS == 30, "the letter says so, and so does the cookie"


async def test_the_first_page_takes_no_more_than_a_network_may_begin(
    client: httpx.AsyncClient, db: Database
) -> None:
    statuses = [(await titled(client, f"Number {n}")).status_code for n in range(31)]
    assert statuses == [303] * 30 + [429]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"closes_on": "2020-01-01"}, "still to come"),
        ({"opens_on": "2020-01-01"}, "still to come"),
        ({"opens_on": "2099-01-01", "closes_on": "2098-01-01"}, "comes before the first"),
        ({"closes_on": "2099-01-01"}, "21 months"),
        ({"closes_on": "tomorrow"}, "Write the date like"),
        ({"goal": "many"}, "whole number"),
    ],
)
async def test_days_that_cannot_be_get_a_kind_sentence(
    client: httpx.AsyncClient, db: Database, typed: dict[str, str], sentence: str
) -> None:
    await titled(client)
    answer = await client.post(f"{START}/goal", data=typed)
    assert answer.status_code == 422 and sentence in answer.text
    for day in typed.values():
        assert f'value="{day}"' in answer.text


async def test_days_and_goal_come_into_the_petition(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    opens, closes = date.today() + timedelta(days=10), date.today() + timedelta(days=99)
    await write(client, opens_on=opens.isoformat(), closes_on=closes.strftime("%d/%m/%Y"))
    petition = await one(db, "select * from petitions")
    assert (petition["opens_on"], petition["closes_on"], petition["goal"]) == (opens, closes, 4000)


async def test_who_owns_groups_chooses_one_or_names_another(
    client: httpx.AsyncClient, db: Database
) -> None:
    alice = await make.person(db, "Alice")
    yard, sheds = await make.group(db, alice, "The Yard"), await make.group(db, alice, "The Sheds")
    await make.group(db, await make.person(db, "Charlie"), "Not hers")
    await make.login(client, db, alice)
    await titled(client)
    page = (await client.get(f"{START}/group")).text
    assert "The Yard" in page and "The Sheds" in page and "Not hers" not in page
    await write(client, chosen=str(sheds.id), group="")
    await write(client, chosen="", group="The Third")
    found = await rows(
        db, "select g.name from petitions p join groups g on g.id = p.group_id order by p.id"
    )
    assert [row["name"] for row in found] == ["The Sheds", "The Third"]
    assert (await client.post(f"{START}", data={"title": "x"})).status_code == 303
    for nothing in (
        {"chosen": "", "group": " "},
        {"chosen": "", "group": "www.evil.example"},
        {"chosen": str(sheds.id + 1), "group": ""},  # Charlie's
        {"chosen": "The Sheds", "group": ""},
    ):
        assert (await client.post(f"{START}/group", data=nothing)).status_code == 422
    assert yard.id != sheds.id
    assert "petitions.step" not in (await client.get(f"{START}/you")).text  # she is known


@pytest.fixture
async def twins(client: httpx.AsyncClient, db: Database) -> tuple[make.Group, make.Group]:
    """Two groups of Alice's that have one name: she gave the second that of the first."""
    alice = await make.person(db, "Alice")
    first, second = await make.group(db, alice, "Twin"), await make.group(db, alice, "Twin two")
    await make.login(client, db, alice)
    words = {"name": "Twin", "about": "", "place": "", "language": "en"}
    await client.post(f"/manage/groups/{second.slug}/about", data=words)
    return first, second


async def groups_of_petitions(db: Database) -> list[int]:
    return [row["group_id"] for row in await rows(db, "select group_id from petitions order by id")]


async def test_two_groups_of_one_name_are_told_apart_and_each_gets_its_petition(
    client: httpx.AsyncClient, db: Database, twins: tuple[make.Group, make.Group]
) -> None:
    await titled(client)
    for page in (f"{START}/group", "/manage/groups"):
        shown = (await client.get(page)).text
        assert all(f"Twin ({each.slug})" in shown for each in twins), page
    await client.post(f"{START}/group", data={"chosen": str(twins[1].id), "group": ""})
    assert f"Twin ({twins[1].slug})" in (await client.get(f"{START}/check")).text
    await write(client, chosen=str(twins[1].id), group="")
    await write(client, chosen=str(twins[0].id), group="")
    assert await groups_of_petitions(db) == [twins[1].id, twins[0].id]
    answer = await client.post(f"{START}/group", data={"chosen": "", "group": "twin"})
    assert answer.status_code == 422 and "Several of your groups have this name" in answer.text


async def test_a_group_that_is_handed_over_is_chosen_no_more(
    client: httpx.AsyncClient, db: Database, twins: tuple[make.Group, make.Group]
) -> None:
    """Nor does the petition land in another group, that nobody chose."""
    await client.post(START, data={"title": "A park"})
    for step, words in {
        "whom": {"addressee": "The city"},
        "why": {"why": "Trees."},
        "goal": {"goal": ""},
        "group": {"chosen": str(twins[1].id), "group": ""},
    }.items():
        assert (await client.post(f"{START}/{step}", data=words)).status_code == 303
    await run(db, "update memberships set role = 'editor' where group_id = :id", id=twins[1].id)
    answer = await client.post(f"{START}/check")
    assert "/start/group" in answer.headers["location"]
    shown = await client.get(f"{START}/group")
    assert f"Twin ({twins[1].slug})" not in shown.text
    assert await groups_of_petitions(db) == []


async def test_who_begins_by_letter_is_asked_which_of_two_groups_of_one_name(
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    twins: tuple[make.Group, make.Group],
) -> None:
    await write(stranger, group="Twin")
    [letter] = await post.deliver()
    answer = await stranger.post(urlsplit(letter.link("start")).path)
    assert answer.status_code == 303 and not await groups_of_petitions(db)
    there = await stranger.get(answer.headers["location"])
    assert there.status_code == 200 and "Several of your groups have this name" not in there.text
    shown = await stranger.get(f"{START}/group")
    assert all(f"Twin ({each.slug})" in shown.text for each in twins)


async def test_the_petition_is_in_the_language_of_its_text(
    client: httpx.AsyncClient, db: Database
) -> None:
    """Who reads the list at the end in another language has not changed her own."""
    await make.login(client, db, await make.person(db, "Alice"))
    await client.post("/nl/start", data={"title": "Een park"})
    await client.post("/nl/start/why", data={"why": "Bomen."})
    await client.post("/en/start/whom", data={"addressee": "De stad"})
    await client.post("/en/start/group", data={"group": "Wij"})
    await client.post("/en/start/check")
    assert await value(db, "select languages from petitions") == ["nl"]
