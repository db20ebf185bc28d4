"""Alice invites Bob by letter; Charlie gets nowhere with it."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from mobilise.db import Database, rows, run, value
from mobilise.jobs import Workplace
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import conftest, make
from tests.accounts.clock import tonight
from tests.postbox import Post

BOB = "bob@post.example"


@pytest.fixture
async def group(client: httpx.AsyncClient, db: Database) -> make.Group:
    """Alice's, and she is in."""
    alice = await make.person(db, "Alice")
    await make.login(client, db, alice)
    return await make.group(db, alice)


async def invite(
    client: httpx.AsyncClient, group: make.Group, email: str = BOB, **more: str
) -> httpx.Response:
    words = {"email": email, "role": "editor", "greeting": ""} | more
    return await client.post(f"/manage/groups/{group.slug}/invite", data=words)


async def link(client: httpx.AsyncClient, post: Post, group: make.Group, email: str = BOB) -> str:
    await invite(client, group, email)
    await post.deliver()
    return urlsplit(post.to(email)[-1].link("invitations")).path


async def people(db: Database, group: make.Group) -> list[tuple[str, str]]:
    found = await rows(
        db,
        """select people.email, role from memberships join people on people.id = person_id
           where group_id = :id order by 1""",
        id=group.id,
    )
    return [(row["email"], row["role"]) for row in found]


async def test_who_has_no_account_gives_a_name_and_is_in(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    await invite(client, group, greeting="Come and help us, Bob")
    [letter] = await post.deliver()
    assert letter.to == BOB and letter.subject == f"Alice invites you to {group.name}"
    assert "Come and help us, Bob" in letter.text and "Come and help us, Bob" in letter.html
    path = urlsplit(letter.link("invitations")).path
    page = await stranger.get(path)
    assert page.status_code == 200 and "Alice invites you as an editor." in page.text
    assert BOB not in page.text, "a link may be forwarded"
    assert (await stranger.post(path, data={"name": ""})).status_code == 422
    joined = await stranger.post(path, data={"name": "Bob"})
    assert joined.headers["location"] == f"/manage/groups/{group.slug}"
    assert (await stranger.get(joined.headers["location"])).status_code == 200
    assert await people(db, group) == [("alice@post.example", "owner"), (BOB, "editor")]
    deeds = await rows(db, "select deed from audit_log order by id")
    assert [row["deed"] for row in deeds] == ["group.invited", "group.joined"]


async def test_who_has_an_account_joins_and_logs_in_as_ever(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    """A link that works for two weeks opens no account."""
    await make.person(db, "Bob")
    path = await link(client, post, group)
    assert 'name="name"' not in (await stranger.get(path)).text
    joined = await stranger.post(path)
    assert joined.status_code == 303 and "session" not in joined.cookies
    asked = await stranger.get(joined.headers["location"])
    assert asked.headers["location"].startswith("/en/login?next=/manage/groups/")
    assert (BOB, "editor") in await people(db, group)


async def test_an_invitation_works_once(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    await stranger.post(path, data={"name": "Bob"})
    async with conftest.browser(stranger._transport.app) as another:  # type: ignore[attr-defined]
        for answer in (await another.get(path), await another.post(path, data={"name": "Eve"})):
            assert answer.status_code == 410 and "answered already" in answer.text
    assert len(await people(db, group)) == 2


async def test_of_many_who_press_at_once_one_joins(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    answers = await asyncio.gather(
        *(stranger.post(path, data={"name": f"Bob {n}"}) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    assert await value(db, "select count(*) from people") == 2


async def test_opening_the_link_changes_nothing(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    for method in ("GET", "HEAD"):
        await stranger.request(method, path, headers={"sec-purpose": "prefetch"})
    assert len(await people(db, group)) == 1
    assert await value(db, "select count(*) from people") == 1


async def test_it_ends_after_fourteen_days_and_can_be_sent_again(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    await run(db, "update invitations set sent_at = now() - interval '14 days 1 minute'")
    for answer in (await stranger.get(path), await stranger.post(path, data={"name": "Bob"})):
        assert answer.status_code == 410 and "is over" in answer.text
    number = await value(db, "select id from invitations")
    again = f"/manage/groups/{group.slug}/invitations/{number}/again"
    assert (await client.post(again)).status_code == 303
    [letter] = await post.deliver()
    path = urlsplit(letter.link("invitations")).path
    assert (await stranger.post(path, data={"name": "Bob"})).status_code == 303


async def test_it_can_be_taken_back(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    assert BOB in (await client.get(f"/manage/groups/{group.slug}/addresses")).text
    number = await value(db, "select id from invitations")
    back = f"/manage/groups/{group.slug}/invitations/{number}/take-back"
    assert (await client.post(back)).status_code == 303
    assert (await stranger.post(path, data={"name": "Bob"})).status_code == 410
    assert len(await people(db, group)) == 1
    assert (await client.post(back)).status_code == 409, "it was answered already"
    assert BOB not in (await client.get(f"/manage/groups/{group.slug}/addresses")).text


async def test_one_may_say_no(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    said = await stranger.post(f"{path}/decline")
    assert said.status_code == 200 and "You said no" in said.text
    assert (await stranger.post(path, data={"name": "Bob"})).status_code == 410


async def test_somebody_else_who_is_in_cannot_use_a_forwarded_link(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    path = await link(client, post, group)
    await make.login(stranger, db, await make.person(db, "Charlie"))
    page = await stranger.get(path)
    assert "Somebody else is logged in" in page.text and "Join the group" not in page.text
    await stranger.post(path, data={"name": "Charlie"})
    assert len(await people(db, group)) == 1


async def test_it_waits_at_the_desk_of_who_is_invited_and_of_nobody_else(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
) -> None:
    bob, charlie = await make.person(db, "Bob"), await make.person(db, "Charlie")
    await invite(client, group)
    number = await value(db, "select id from invitations")
    await make.login(stranger, db, charlie)
    assert group.name not in (await stranger.get("/manage/groups")).text
    for deed in ("join", "refuse"):
        answer = await stranger.post(f"/manage/invitations/{number}/{deed}")
        assert answer.status_code == 404
    await make.login(stranger, db, bob)
    assert group.name in (await stranger.get("/manage/groups")).text
    joined = await stranger.post(f"/manage/invitations/{number}/join")
    assert joined.headers["location"] == f"/manage/groups/{group.slug}?said=joined"
    assert (BOB, "editor") in await people(db, group)


async def test_the_letter_goes_to_the_address_of_the_account(
    client: httpx.AsyncClient, db: Database, post: Post, group: make.Group
) -> None:
    """`bob+x@` has the same key here, and may be somebody else's mailbox elsewhere."""
    await make.person(db, "Bob")
    await invite(client, group, "bob+evil@post.example")
    assert [letter.to for letter in await post.deliver()] == [BOB]


async def test_known_unknown_and_silent_addresses_get_the_same_answer(
    client: httpx.AsyncClient, db: Database, post: Post, tokens: Tokens, group: make.Group
) -> None:
    await make.person(db, "Bob")
    await run(
        db,
        "insert into suppressions (recipient, reason) values (:who, 'asked')",
        who=tokens.recipient("suzie@post.example"),
    )
    addresses = (BOB, "jo@post.example", "suzie@post.example")
    answers = [await invite(client, group, email) for email in addresses]
    assert {(a.status_code, a.headers["location"]) for a in answers} == {
        (303, f"/manage/groups/{group.slug}?said=invited")
    }
    assert {letter.to for letter in await post.deliver()} == {BOB, "jo@post.example"}


async def test_an_address_gets_three_invitations_a_day_and_a_group_sends_twenty(
    client: httpx.AsyncClient, db: Database, post: Post, group: make.Group
) -> None:
    for _ in range(5):
        assert (await invite(client, group)).status_code == 303
    assert len(await post.deliver()) == 3
    answers = [await invite(client, group, f"n{n}@post.example") for n in range(16)]
    assert [answer.status_code for answer in answers] == [303] * 15 + [429]
    assert "n15@post.example" in answers[-1].text, "what was typed stays"


async def test_a_second_invitation_stands_for_the_first(
    client: httpx.AsyncClient, db: Database, group: make.Group
) -> None:
    await invite(client, group)
    await invite(client, group, role="clerk")
    found = await rows(db, "select role from invitations")
    assert [row["role"] for row in found] == ["clerk"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "bob", "Enter an address with an @"),
        ("email", "", "Enter your email address"),
        ("role", "king", "Choose one from the list"),
        ("greeting", "Look at evil.example", "Leave web addresses out"),
        ("greeting", "x" * 400, "Keep this under"),
    ],
)
async def test_what_is_amiss_is_told_and_nothing_is_sent(
    client: httpx.AsyncClient,
    db: Database,
    group: make.Group,
    field: str,
    typed: str,
    sentence: str,
) -> None:
    answer = await invite(client, group, **{field: typed})
    assert answer.status_code == 422 and sentence in answer.text
    assert 'id="problem"' in answer.text
    assert await value(db, "select count(*) from invitations") == 0
    assert await value(db, "select count(*) from letters") == 0


async def test_no_name_in_the_letter_can_be_clicked_on(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await run(db, "update people set name = 'evil.example'")
    await make.login(client, db, alice)
    await invite(client, await make.group(db, alice, "win.example"))
    [letter] = await post.deliver()
    for part in (letter.subject, letter.text, letter.html):
        assert "evil.example" not in part and "win.example" not in part


@pytest.mark.parametrize("token", ["x", "a.b.c", "9" * 400])
async def test_a_made_up_link_opens_nothing(
    client: httpx.AsyncClient, db: Database, token: str
) -> None:
    address = f"/en/invitations/{token}"
    for answer in (await client.get(address), await client.post(address, data={"name": "Eve"})):
        assert answer.status_code == 404


async def test_by_night_old_invitations_are_forgotten(
    client: httpx.AsyncClient,
    db: Database,
    store: Store,
    settings: Settings,
    tokens: Tokens,
    group: make.Group,
) -> None:
    await invite(client, group)
    await invite(client, group, "jo@post.example")
    await run(
        db,
        "update invitations set sent_at = now() - interval '15 days' where email = :bob",
        bob=BOB,
    )
    await tonight(Workplace(db, store, settings, tokens))
    found = await rows(db, "select email from invitations")
    assert [row["email"] for row in found] == ["jo@post.example"]


@pytest.mark.parametrize("deed", ["remove", "demote"])
async def test_who_was_taken_out_comes_not_back_through_an_own_invitation(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    post: Post,
    group: make.Group,
    deed: str,
) -> None:
    karim = await make.person(db, "Karim")
    await make.member(db, group, karim, "owner")
    await make.login(stranger, db, karim)
    path = await link(stranger, post, group, "karim.again@other.example")
    member = f"/manage/groups/{group.slug}/members/{karim.id}"
    if deed == "remove":
        await client.post(f"{member}/remove")
    else:
        await client.post(member, data={"role": "clerk"})
    stranger.cookies.clear()
    assert (await stranger.post(path, data={"name": "Karim"})).status_code == 410


async def test_more_groups_are_not_more_letters(
    client: httpx.AsyncClient, db: Database, post: Post, group: make.Group
) -> None:
    """Else one person writes to hundreds of strangers a day, a group for each twenty."""
    for number in range(12):
        await invite(client, group, f"a{number}@post.example")
    second = await make.group(db, name="Another one")
    answers = [await invite(client, second, f"b{number}@post.example") for number in range(12)]
    assert [answer.status_code for answer in answers] == [303] * 8 + [429] * 4
    await post.deliver()
    assert len(post.letters) == 20
