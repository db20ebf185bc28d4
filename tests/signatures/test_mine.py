"""My signature: see all that is held, correct it, move it, take it along, have it erased."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.petitions import deciding
from mobilise.petitions.reading import Petition
from mobilise.reasons import REASONS
from mobilise.settings import Settings
from mobilise.signatures import correcting, counting, erasing, jobs, signing
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post
from tests.signatures.conftest import FORM, sign
from tests.signatures.test_retention import KEPT_OF_ONE_WHO_WENT

NEW = "suzie@elsewhere.example"
Owner = asyncpg.Connection


@pytest.fixture
async def mine(
    stranger: httpx.AsyncClient, client: httpx.AsyncClient, petition: Petition, post: Post
) -> str:
    """Suzie signed, with a comment, her name shown and news; the path of her own page."""
    await sign(client, petition, comment="For the trees.", public_name="y", updates="y")
    letter = (await post.deliver())[0]
    await stranger.post(urlsplit(letter.link("confirm")).path)
    return urlsplit(letter.link("withdraw")).path.removesuffix("/withdraw")


async def row(db: Database) -> Any:
    return await database_module.one(db, "select * from signatures where name <> ''")


async def correct(client: httpx.AsyncClient, mine: str, **changes: str) -> httpx.Response:
    kept = {"name": FORM["name"], "postcode": "2060", "country": "BE", "comment": "For the trees."}
    return await client.post(f"{mine}/correct", data=kept | changes)


async def of_another(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, **columns: Any
) -> str:
    made = await make.signature(db, petition, **columns)
    token = tokens.signature(petition.id, made["id"], made["token_version"])
    return f"/en/signature/{token}"


# --- seeing -------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["count_events", "attempts", "letters"])
async def test_what_is_held_of_one_is_found_without_reading_what_all_did(
    owner: Owner, petition: Petition, table: str
) -> None:
    filled = {
        "count_events": "(petition_id, signature_id, what, method) select $1, n, 'confirmed', "
        "'email'",
        "attempts": "(petition_id, signature_id, outcome, typed) select $1, n, 'new', '{}'",
        "letters": "(petition_id, signature_id, kind, recipient, priority, state) "
        "select $1, n, 'confirm', 'x', 1, 'sent'",
    }
    await owner.execute(
        f"insert into {table} {filled[table]} from generate_series(1000000, 1060000) n",
        petition.id,
    )
    await owner.execute(f"vacuum analyze {table}")
    plan = await owner.fetch(
        f"explain select from {table} where petition_id = $1 and signature_id = 1030000",
        petition.id,
    )
    assert f"{table}_signature" in "".join(line[0] for line in plan)


async def test_the_page_shows_all_that_is_held(stranger: httpx.AsyncClient, mine: str) -> None:
    text = (await stranger.get(mine)).text
    for held in (
        FORM["name"], "s…e@b…s.example", FORM["email"], "2060, Belgium", "For the trees.",
        "Sign the petition", "Put my name on this page", "Email me when there is news",
        "with the button behind the link", "Version 1 of the text.", "not read it yet",
    ):  # fmt: skip
        assert held in text, held


async def test_what_is_told_further_is_the_short_address(
    stranger: httpx.AsyncClient, petition: Petition, mine: str
) -> None:
    text = (await stranger.get(mine)).text
    assert f'value="http://127.0.0.1:8000/p/{petition.code}"' in text
    assert text.count(f"/p/{petition.code}") == 3, "by WhatsApp, by e-mail and to copy"


async def test_what_is_held_can_be_taken_along(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str
) -> None:
    answer = await stranger.get(f"{mine}/everything.json")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "access-control-allow-origin" not in answer.headers
    told = answer.json()
    whole = await row(db)
    assert set(told["signature"]) == set(whole.keys()), "no column is kept back"
    assert told["signature"]["email"] == FORM["email"]
    assert told["petition"]["title"] == petition.title
    assert [event["what"] for event in told["counted"]] == ["confirmed"]
    assert [letter["kind"] for letter in told["letters"]] == ["confirm"]
    assert told["forms_filled_in"][0]["typed"]["name"] == FORM["name"]
    assert told["news_by_email"] is True


# --- what became of the petition -----------------------------------------------------------


async def decided(db: Database, tokens: Tokens, petition: Petition, move: str, reason: str) -> None:
    mo = await make.person(db, "Mo")
    ruling = deciding.Ruling(reason, "Words for the group.")
    await deciding.decide(db, tokens, move, petition.id, mo.id, ruling)


@pytest.mark.parametrize("reason", ["private", "spam"])
@pytest.mark.parametrize(
    ("move", "state"),
    [("remove", "This petition is removed."), ("suspend", "This petition is suspended.")],
)
async def test_of_a_petition_that_was_taken_off_the_page_says_so(
    stranger: httpx.AsyncClient,
    db: Database,
    tokens: Tokens,
    petition: Petition,
    mine: str,
    move: str,
    state: str,
    reason: str,
) -> None:
    await decided(db, tokens, petition, move, reason)
    hidden, link = reason == "private", f'href="/en/petitions/{petition.slug}"'
    for path in ("", "/correct", "/withdraw", "/erase"):
        text = (await stranger.get(f"{mine}{path}")).text
        assert state in text and REASONS[reason] in text, path
        assert "Your signature counts" not in text and "keeps counting" not in text
        assert "/history" not in text and "neighbours" not in text and "4,000" not in text
        assert (petition.title in text) is not hidden, path
        assert (petition.addressee in text) <= (not hidden), path
        assert "You can sign again" not in text and "The count goes down" not in text, path
    mine_now = (await stranger.get(mine)).text
    assert (link in mine_now) is (move == "suspend" and not hidden), "a link leads somewhere"
    assert ("You can still withdraw or erase yours." in mine_now) is (move == "remove")
    assert f"{mine}/withdraw" in mine_now and f"{mine}/erase" in mine_now
    assert (petition.title in (await stranger.get(f"{mine}/receipt")).text) is not hidden

    withdrawn = (await stranger.post(f"{mine}/withdraw")).text
    assert "Your signature is withdrawn" in withdrawn and state in withdrawn
    assert (petition.title in withdrawn) is not hidden
    assert (link in withdrawn) is (move == "suspend" and not hidden)
    assert "You can sign again" not in withdrawn
    dead = await stranger.get(mine)
    assert dead.status_code == 410 and (petition.title in dead.text) is not hidden


async def test_one_may_have_oneself_erased_from_a_petition_that_was_removed(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, mine: str
) -> None:
    await decided(db, tokens, petition, "remove", "private")
    erased = (await stranger.post(f"{mine}/erase")).text
    assert "Everything about you is erased" in erased and petition.title not in erased
    assert await database_module.value(db, "select count(*) from signatures where name <> ''") == 0


# --- correcting ---------------------------------------------------------------------------


async def test_a_typing_slip_is_corrected_and_the_signature_keeps_counting(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str
) -> None:
    page = await stranger.get(f"{mine}/correct")
    assert FORM["name"] in page.text and "For the trees." in page.text

    answer = await correct(stranger, mine, name="Suzy Overweg", postcode="2018")

    assert answer.status_code == 303
    assert "Saved." in (await stranger.get(answer.headers["location"])).text
    found = await row(db)
    assert (found["name"], found["name_key"], found["postcode"]) == (
        "Suzy Overweg", "suzy overweg", "2018",
    )  # fmt: skip
    assert found["state"] == "confirmed"
    assert (await counting.tally(db, petition)).confirmed == 1
    assert "Name, Postcode" in (await stranger.get(mine)).text


async def test_a_correction_is_noted_without_what_stood_there_before(
    stranger: httpx.AsyncClient, db: Database, mine: str
) -> None:
    await correct(stranger, mine, name="Suzy Overweg", comment="For my grandchildren.")
    noted = (await row(db))["consents"]["corrected"]
    assert [line["what"] for line in noted] == [["name", "comment"]]
    line = await database_module.one(db, "select deed, details from audit_log")
    assert line["deed"] == "signature.corrected" and line["details"] == {
        "what": ["name", "comment"]
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Karel Janssens"}, "You can correct a few letters"),
        ({"name": ""}, "Enter your name"),
        ({"name": "=1+1"}, "Begin with a letter"),
        ({"postcode": "12"}, "Fill in four digits"),
        ({"comment": "x" * 501}, "Keep this under 500 characters"),
        ({"country": "XX"}, "Choose one from the list"),
    ],
)
async def test_a_wrong_correction_is_told_at_its_field_and_all_stays_typed(
    stranger: httpx.AsyncClient, db: Database, mine: str, changes: dict[str, str], sentence: str
) -> None:
    answer = await correct(stranger, mine, **{"postcode": "2018"} | changes)
    assert answer.status_code == 422
    assert sentence in answer.text and "There is a problem" in answer.text
    assert (changes.get("postcode") or "2018") in answer.text
    assert (await row(db))["name"] == FORM["name"]
    assert (await row(db))["postcode"] == "2060"


async def test_nobody_walks_to_another_name_in_small_steps(
    stranger: httpx.AsyncClient, mine: str
) -> None:
    names = [f"Suzie Overwe{letter}" for letter in "abcdefhijkl"]
    answers = [(await correct(stranger, mine, name=name)).status_code for name in names]
    assert answers[:10] == [303] * 10 and answers[10] == 422


async def test_two_at_one_address_keep_two_names_and_one_postcode(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str
) -> None:
    await make.signature(db, petition, name="Suzanna Overweg", email=FORM["email"], seat=2)
    answer = await correct(stranger, mine, name="Suzan Overweg")
    assert answer.status_code == 422 and "Somebody with this name signed already" in answer.text
    answer = await correct(stranger, mine, postcode="2018")
    assert answer.status_code == 422 and "it must stay the same" in answer.text


async def test_changed_words_wait_for_the_group_again(
    stranger: httpx.AsyncClient, db: Database, mine: str
) -> None:
    await database_module.run(db, "update signatures set comment_shown_at = now()")
    await correct(stranger, mine, postcode="2018")
    assert (await row(db))["comment_shown_at"] is not None
    await correct(stranger, mine, comment="Buy my pills.")
    assert (await row(db))["comment_shown_at"] is None


async def test_only_what_counts_can_be_corrected(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition
) -> None:
    for state in ("pending", "held", "withdrawn", "invalidated"):
        path = await of_another(stranger, db, tokens, petition, state=state)
        assert (await stranger.get(f"{path}/correct")).status_code in (404, 410)
        assert (await correct(stranger, path)).status_code in (404, 410)


# --- another address ----------------------------------------------------------------------


async def ask_to_move(client: httpx.AsyncClient, mine: str, post: Post, to: str = NEW) -> str:
    answer = await client.post(f"{mine}/address", data={"email": to})
    assert answer.status_code == 200 and "Look in your new mailbox" in answer.text
    (letter,) = await post.deliver()
    assert letter.to == to
    return urlsplit(letter.link("new-address")).path


async def test_a_signature_moves_when_the_new_mailbox_says_so(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str, post: Post
) -> None:
    path = await ask_to_move(stranger, mine, post)
    assert "Move your signature" in (await stranger.get(path)).text
    assert (await row(db))["email"] == FORM["email"], "until then it stays where it was"
    assert (await counting.tally(db, petition)).confirmed == 1

    answer = await stranger.post(path)

    assert answer.status_code == 303
    page = await stranger.get(answer.headers["location"])
    assert "Your signature moved" in page.text and NEW in page.text
    assert ((await row(db))["email"], (await row(db))["email_key"]) == (NEW, NEW)
    assert (await counting.tally(db, petition)).confirmed == 1
    assert (await stranger.get(mine)).status_code == 410, "the old mailbox opens it no more"
    followed = await database_module.rows(db, "select email from subscriptions")
    assert [each["email"] for each in followed] == [NEW]
    again = await stranger.post(path)
    assert again.status_code == 303 and again.headers["location"].endswith("moved=1#mine")
    assert FORM["email"] not in str(await database_module.rows(db, "select * from audit_log"))


async def test_a_letter_that_nobody_opened_moves_nothing_and_is_forgotten(
    db: Database, store: Store,
    settings: Settings, tokens: Tokens, stranger: httpx.AsyncClient, mine: str,
    post: Post,
) -> None:  # fmt: skip
    path = await ask_to_move(stranger, mine, post)
    await database_module.run(db, "update address_changes set at = now() - interval '15 days'")
    assert (await stranger.post(path)).status_code == 404
    await jobs.forget_address_changes(Workplace(db, store, settings, tokens))
    assert await database_module.value(db, "select count(*) from address_changes") == 0


@pytest.mark.parametrize(
    ("name", "postcode", "heading"),
    [
        ("Suzie Overwegh", "2060", "This address has already signed"),
        ("Karel Janssens", "2018", "Two people already signed with this address"),
    ],
)
async def test_an_address_is_used_as_the_form_would_allow(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str, post: Post,
    name: str, postcode: str, heading: str,
) -> None:  # fmt: skip
    path = await ask_to_move(stranger, mine, post)
    await make.signature(db, petition, name=name, email=NEW, postcode=postcode)
    answer = await stranger.post(path)
    assert answer.status_code == 409 and heading in answer.text
    mail = await database_module.value(
        db, "select email from signatures where name = :name", name=FORM["name"]
    )
    assert mail == FORM["email"]


async def test_whoever_lives_with_another_signer_takes_the_second_seat(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str, post: Post
) -> None:
    await make.signature(db, petition, name="Karel Janssens", email=NEW)
    await make.signature(db, petition, "pending", name="Nele Claes", email=NEW, seat=2)
    assert (await stranger.post(await ask_to_move(stranger, mine, post))).status_code == 303
    seats = await database_module.rows(
        db, "select name, seat from signatures where email_key = :key order by seat", key=NEW
    )
    assert [tuple(each) for each in seats] == [("Karel Janssens", 1), (FORM["name"], 2)]


async def test_a_mailbox_gets_three_such_letters_a_day_and_none_if_it_wants_none(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, mine: str,
    post: Post,
) -> None:  # fmt: skip
    for _ in range(5):
        answer = await stranger.post(f"{mine}/address", data={"email": NEW})
        assert answer.status_code == 200, "always the same answer"
    assert len(await post.deliver()) == 3
    await database_module.run(db, "delete from buckets")
    await database_module.run(
        db, "insert into suppressions (recipient, reason) values (:who, 'asked')",
        who=tokens.recipient("silent@post.example"),
    )  # fmt: skip
    await stranger.post(f"{mine}/address", data={"email": "silent@post.example"})
    assert await post.deliver() == []


# --- consents of two at one address -------------------------------------------------------


async def test_ones_news_does_not_end_the_others(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, mine: str
) -> None:
    his = await of_another(
        stranger, db, tokens, petition, name="Karel Janssens", email=FORM["email"], seat=2,
        updates=True,
    )  # fmt: skip
    await stranger.post(f"{mine}/consents", data={"updates": "off", "public_name": "on"})
    ended = "select ended_at from subscriptions"
    assert await database_module.value(db, ended) is None
    assert "News by email is off" in (await stranger.get(mine)).text
    assert "News by email is on" in (await stranger.get(his)).text
    await stranger.post(f"{his}/consents", data={"updates": "off"})
    assert await database_module.value(db, ended) is not None


# --- erasing ------------------------------------------------------------------------------


async def test_erasing_takes_everything_that_was_filled_in_at_once(
    stranger: httpx.AsyncClient, db: Database, store: Store,
    settings: Settings, tokens: Tokens,
    petition: Petition, mine: str,
) -> None:  # fmt: skip
    await stranger.post(f"{mine}/address", data={"email": NEW})
    told = (await stranger.get(f"{mine}/everything.json")).json()
    assert [each["email"] for each in told["addresses_to_move_to"]] == [NEW]
    page = await stranger.get(f"{mine}/erase")
    assert "Erase everything about you?" in page.text
    assert (await row(db))["state"] == "confirmed", "looking changes nothing"

    answer = await stranger.post(f"{mine}/erase")

    assert "Everything about you is erased" in answer.text
    left = await database_module.one(db, "select * from signatures")
    filled = {column for column, value in left.items() if value not in ("", None, False, {})}
    assert filled <= KEPT_OF_ONE_WHO_WENT, "a new column about people needs a decision"
    assert "suzie" not in str(dict(left))
    for table in ("letters", "attempts", "subscriptions", "address_changes"):
        assert await database_module.value(db, f"select count(*) from {table}") == 0, table
    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.withdrawn) == (0, 1)
    await jobs.recount(Workplace(db, store, settings, tokens))
    assert (await counting.tally(db, petition)).drift == 0
    line = await database_module.one(db, "select deed, details from audit_log")
    assert (line["deed"], line["details"]) == ("signature.erased", {})


async def test_after_erasing_the_link_says_so_and_a_repeat_does_nothing(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str
) -> None:
    for _ in range(2):
        assert "Everything about you is erased" in (await stranger.post(f"{mine}/erase")).text
    assert (await counting.tally(db, petition)).withdrawn == 1
    assert await database_module.value(db, "select count(*) from audit_log") == 1
    page = await stranger.get(mine)
    assert page.status_code == 410 and "no longer here" in page.text
    assert (await stranger.get(f"{mine}/everything.json")).status_code == 404


async def test_an_erased_signature_can_be_signed_again(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    mine: str, post: Post,
) -> None:  # fmt: skip
    await stranger.post(f"{mine}/erase")
    await sign(client, petition)
    (letter,) = await post.deliver()
    await stranger.post(urlsplit(letter.link("confirm")).path)
    assert (await counting.tally(db, petition)).confirmed == 1


async def test_erasing_one_leaves_the_other_of_the_address(
    stranger: httpx.AsyncClient, db: Database, petition: Petition, mine: str
) -> None:
    await make.signature(
        db, petition, name="Karel Janssens", email=FORM["email"], seat=2, updates=True
    )
    await stranger.post(f"{mine}/erase")
    assert (await row(db))["name"] == "Karel Janssens"
    assert await database_module.value(db, "select count(*) from subscriptions") == 1
    assert (await counting.tally(db, petition)).confirmed == 1


async def test_of_many_who_erase_withdraw_and_correct_at_once_the_count_goes_down_by_one(
    db: Database, store: Store, settings: Settings, tokens: Tokens, petition: Petition, mine: str
) -> None:
    found = await row(db)
    ids = (petition.id, found["id"], found["token_version"])
    wish = correcting.Correction("Suzy Overweg", "2060", "BE", "")
    deeds = [
        *(erasing.erase(db, tokens, *ids) for _ in range(5)),
        *(signing.withdraw(db, *ids) for _ in range(5)),
        *(correcting.correct(db, petition, ids, found, wish) for _ in range(5)),
    ]
    await asyncio.gather(*deeds, return_exceptions=True)
    tally = await counting.tally(db, petition)
    assert (tally.confirmed, tally.withdrawn) == (0, 1)
    await jobs.recount(Workplace(db, store, settings, tokens))
    assert (await counting.tally(db, petition)).drift == 0


async def test_of_two_buttons_pressed_at_once_one_moves_it(
    stranger: httpx.AsyncClient, db: Database, mine: str, post: Post
) -> None:
    path = await ask_to_move(stranger, mine, post)
    answers = await asyncio.gather(*(stranger.post(path) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len((await row(db))["consents"]["corrected"]) == 1


@pytest.mark.parametrize("state", ["pending", "invalidated", "disowned"])
async def test_what_does_not_count_can_be_erased_too(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, state: str
) -> None:
    path = await of_another(stranger, db, tokens, petition, state=state, email=FORM["email"])
    before = await counting.tally(db, petition)
    assert "Everything about you is erased" in (await stranger.post(f"{path}/erase")).text
    left = await database_module.one(db, "select email, name, email_key from signatures")
    assert (left["email"], left["name"]) == ("", "") and "suzie" not in left["email_key"]
    assert (await counting.tally(db, petition)).confirmed == before.confirmed


async def test_a_stranger_with_another_link_corrects_moves_and_erases_nothing(
    stranger: httpx.AsyncClient, db: Database, tokens: Tokens, petition: Petition, mine: str
) -> None:
    number = (await row(db))["id"]
    old = f"/en/signature/{tokens.signature(petition.id, number, 99)}"
    confirm = f"/en/signature/{tokens.confirm(petition.id, number, 1)}"
    for path in (old, confirm, "/en/signature/made-up"):
        assert (await correct(stranger, path)).status_code in (404, 410)
        answer = await stranger.post(f"{path}/address", data={"email": "charlie@post.example"})
        assert answer.status_code in (404, 410)
        assert (await stranger.post(f"{path}/erase")).status_code in (404, 410)
        assert (await stranger.get(f"{path}/everything.json")).status_code in (404, 410)
        token = path.rsplit("/", 1)[1]
        assert (await stranger.post(f"/en/new-address/{token}")).status_code in (404, 410)
    assert (await row(db))["state"] == "confirmed"
