"""Letters that fail, and what Mo does about them."""

import httpx

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.mail import outbox
from mobilise.tokens import Tokens
from tests import make
from tests.pages.test_keep import keeper
from tests.postbox import Post


async def refused(
    db: Database, tokens: Tokens, post: Post, words: str = "5.1.1 No such user"
) -> None:
    """A letter to Suzie that the mail server would not take."""
    post.refuse("suzie@post.example", 550, words)
    await make.attempt(db, tokens, await make.petition(db))
    await post.deliver()
    post.accept("suzie@post.example")


async def states(db: Database) -> list[str]:
    return [row["state"] for row in await database_module.rows(db, "select state from letters")]


async def letter_id(db: Database) -> dict[str, str]:
    row = await database_module.one(db, "select petition_id, id from letters")
    return {"petition": str(row["petition_id"]), "letter": str(row["id"])}


async def test_where_all_is_well_it_says_so(client: httpx.AsyncClient, db: Database) -> None:
    await keeper(client, db)
    page = await client.get("/keep/letters")
    assert "Every email of the last thirty days arrived" in page.text
    assert "The mail server takes our emails." in page.text


async def test_a_letter_is_shown_with_its_reason_and_a_masked_address(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    await refused(db, tokens, post)
    page = (await client.get("/keep/letters")).text
    assert "The mailbox does not exist" in page and "550" in page
    assert "s…e@p…t.example" in page
    assert "suzie@" not in page and "Suzie" not in page


async def test_sent_again_it_arrives_and_the_silence_is_over(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    await refused(db, tokens, post)
    answer = await client.post("/keep/letters/again", data=await letter_id(db))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/keep/letters?said=sent_again",
    )
    assert [letter.to for letter in await post.deliver()] == ["suzie@post.example"]
    assert await database_module.value(db, "select count(*) from suppressions") == 0
    assert await database_module.value(db, "select deed from audit_log") == "letters.again"


async def test_all_at_once_leaves_out_mailboxes_that_do_not_exist(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    await refused(db, tokens, post)
    await client.post("/keep/letters/again")
    assert await states(db) == ["failed"]
    await database_module.run(db, "delete from suppressions")
    await client.post("/keep/letters/again")
    assert await states(db) == ["waiting"]


async def test_a_letter_of_two_days_ago_is_not_sent_again(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    await refused(db, tokens, post)
    await database_module.run(db, "update letters set created_at = now() - interval '3 days'")
    assert "Too old to send again." in (await client.get("/keep/letters")).text
    await client.post("/keep/letters/again", data=await letter_id(db))
    assert await states(db) == ["failed"]


async def test_of_two_failed_letters_of_a_kind_one_goes(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    """Both at once would be one too many for the signer, and for the table."""
    await keeper(client, db)
    await refused(db, tokens, post)
    await database_module.run(db, "delete from suppressions")
    await database_module.run(
        db,
        f"{outbox.ADD_LETTER} select petition_id, kind, signature_id, attempt_id, recipient,"
        " priority, due_at from letters",
    )
    await database_module.run(db, "update letters set state = 'failed'")
    await client.post("/keep/letters/again")
    assert sorted(await states(db)) == ["failed", "waiting"]
    await client.post("/keep/letters/again")
    assert sorted(await states(db)) == ["failed", "waiting"]


async def test_a_silence_is_lifted_by_address(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    await refused(db, tokens, post)
    answer = await client.post("/keep/letters/silence", data={"email": "Suzie@post.example"})
    assert answer.headers["location"] == "/keep/letters?said=silence_lifted"
    assert await database_module.value(db, "select count(*) from suppressions") == 0
    again = await client.post("/keep/letters/silence", data={"email": "suzie@post.example"})
    assert again.status_code == 422 and "Nothing stops our email." in again.text
    wrong = await client.post("/keep/letters/silence", data={"email": "suzie"})
    assert wrong.status_code == 422 and 'value="suzie"' in wrong.text


async def test_nobody_but_suzie_ends_the_silence_that_she_asked_for(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    await keeper(client, db)
    await database_module.run(
        db,
        "insert into suppressions (recipient, reason) values (:who, 'asked')",
        who=tokens.recipient("suzie@post.example"),
    )
    answer = await client.post("/keep/letters/silence", data={"email": "suzie@post.example"})
    assert answer.status_code == 422 and "Only they can change that." in answer.text
    assert await database_module.value(db, "select count(*) from suppressions") == 1


async def test_the_mail_servers_own_answer_is_told_with_what_to_do(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    post.down()
    await make.attempt(db, tokens, await make.petition(db))
    await post.deliver()
    page = (await client.get("/keep/letters")).text
    assert "No answer from the mail server" in page and "MOBILISE_SMTP_URL" in page
    post.up()
    answer = await client.post("/keep/letters/now")
    assert answer.headers["location"] == "/keep/letters?said=tried_now"
    assert len(await post.deliver()) == 1
    assert "The mail server takes our emails." in (await client.get("/keep/letters")).text


async def test_a_stranger_changes_nothing(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await refused(db, tokens, post)
    await make.login(client, db, await make.person(db, "Charlie"))
    for path in ("again", "now", "silence"):
        data = {"email": "suzie@post.example"}
        assert (await client.post(f"/keep/letters/{path}", data=data)).status_code == 404
    assert await states(db) == ["failed"]
    assert await database_module.value(db, "select count(*) from suppressions") == 1


async def test_made_up_numbers_send_nothing(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    await refused(db, tokens, post)
    await database_module.run(db, "delete from suppressions")
    for data in (
        {"petition": "9", "letter": "9"},
        {"petition": "1", "letter": ""},
        {"petition": "", "letter": "1"},
        {"petition": "", "letter": ""},
        {"petition": "one", "letter": "two"},
        {"letter": "-1"},
    ):
        answer = await client.post("/keep/letters/again", data=data)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/keep/letters?said=nothing_to_send", data
    assert await states(db) == ["failed"]


async def test_where_nothing_can_go_again_it_says_so(
    client: httpx.AsyncClient, db: Database, tokens: Tokens, post: Post
) -> None:
    await keeper(client, db)
    answer = await client.post("/keep/letters/again")
    page = await client.get(answer.headers["location"])
    assert "There was nothing that can go again." in page.text
    await refused(db, tokens, post)  # and one to a mailbox that does not exist is left out
    answer = await client.post("/keep/letters/again")
    assert answer.headers["location"] == "/keep/letters?said=nothing_to_send"
    assert await database_module.value(db, "select count(*) from audit_log") == 0
