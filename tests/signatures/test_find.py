"""Find my signature by address: a letter tells, the page does not."""

from urllib.parse import urlsplit

import httpx

from mobilise import db as database_module
from mobilise import limits
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post
from tests.signatures.conftest import FORM, sign

FIND = "/en/find-my-signature"


async def find(client: httpx.AsyncClient, address: str = FORM["email"]) -> httpx.Response:
    return await client.post(FIND, data={"email": address})


async def counted(client: httpx.AsyncClient, petition: Petition, post: Post) -> None:
    await sign(client, petition)
    (letter,) = await post.deliver()
    await client.post(urlsplit(letter.link("confirm")).path)


async def test_a_letter_lists_every_signature_of_the_address(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    other = await make.petition(db, title="A tree in every street")
    await counted(client, petition, post)
    await sign(client, other)
    await post.deliver()

    answer = await find(stranger, FORM["email"].upper())

    assert answer.status_code == 303
    assert "If you signed here" in (await stranger.get(answer.headers["location"])).text
    (letter,) = await post.deliver()
    assert letter.to == FORM["email"]
    assert petition.title in letter.text and other.title in letter.text
    links = [link for link in letter.links if "/signature/" in link]
    pages = [(await stranger.get(urlsplit(link).path)).text for link in links]
    assert len(pages) == 2
    assert "Your signature counts" in pages[0]
    assert "Press the button in our email first" in pages[1]


async def test_the_answer_is_the_same_for_every_address(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    tokens: Tokens, post: Post,
) -> None:  # fmt: skip
    await counted(client, petition, post)
    await database_module.run(
        db, "insert into suppressions (recipient, reason) values (:who, 'asked')",
        who=tokens.recipient("silent@post.example"),
    )  # fmt: skip
    answers = [
        await find(stranger, address)
        for address in (FORM["email"], "nobody@post.example", "silent@post.example")
    ]
    assert len({(a.status_code, a.headers["location"], a.text) for a in answers}) == 1
    assert [letter.to for letter in await post.deliver()] == [FORM["email"]]


async def test_what_was_taken_back_disowned_or_erased_is_not_listed(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    post: Post,
) -> None:  # fmt: skip
    await counted(client, petition, post)
    for state in ("withdrawn", "disowned", "invalidated"):
        await database_module.run(db, "update signatures set state = :state", state=state)
        await find(stranger)
        assert await post.deliver() == [], state


async def test_a_signature_that_moved_is_told_to_its_new_address_alone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, petition: Petition,
    tokens: Tokens, post: Post,
) -> None:  # fmt: skip
    await counted(client, petition, post)
    found = await database_module.one(db, "select id, token_version from signatures")
    mine = f"/en/signature/{tokens.signature(petition.id, found['id'], found['token_version'])}"
    await stranger.post(f"{mine}/address", data={"email": "suzie@elsewhere.example"})
    (letter,) = await post.deliver()
    await stranger.post(urlsplit(letter.link("new-address")).path)
    for address in (FORM["email"], "suzie@elsewhere.example"):
        await find(stranger, address)
    assert [letter.to for letter in await post.deliver()] == ["suzie@elsewhere.example"]


async def test_a_mailbox_gets_three_a_day_and_a_network_asks_ten_times_an_hour(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, petition: Petition, post: Post
) -> None:
    await counted(client, petition, post)
    answers = [await find(stranger) for _ in range(limits.FIND.capacity + 1)]
    assert [a.status_code for a in answers] == [303] * limits.FIND.capacity + [429]
    assert len(await post.deliver()) == limits.FIND_ADDRESS.capacity


async def test_no_address_is_told_at_its_field(stranger: httpx.AsyncClient) -> None:
    answer = await find(stranger, "suzie at home")
    assert answer.status_code == 422 and "Enter an address with an @" in answer.text
    assert "suzie at home" in answer.text


async def test_the_way_there_stands_beside_the_form_and_on_dead_links(
    stranger: httpx.AsyncClient, petition: Petition
) -> None:
    assert FIND in (await stranger.get(f"/en/petitions/{petition.slug}")).text
    assert FIND in (await stranger.get("/en/signature/made-up")).text
