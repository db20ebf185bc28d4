"""Groups: who is in them, what they may do, and that an owner is never missing."""

import asyncio

import httpx
import pytest

from mobilise.accounts import access, groups
from mobilise.db import Database, rows, run, value
from mobilise.errors import NotNow
from tests import make
from tests.postbox import Post
from tests.reader import seen_in


async def roles(db: Database, group: make.Group) -> dict[str, str]:
    found = await rows(
        db,
        """select people.name, role from memberships join people on people.id = person_id
           where group_id = :id""",
        id=group.id,
    )
    return {row["name"]: row["role"] for row in found}


@pytest.fixture
async def alice(client: httpx.AsyncClient, db: Database) -> make.Person:
    person = await make.person(db, "Alice")
    await make.login(client, db, person)
    return person


async def test_a_group_shows_who_is_in_it_and_what_each_may(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group, bob = await make.group(db, alice), await make.person(db, "Bob")
    await make.member(db, group, bob, "clerk")
    page = await client.get(f"/manage/groups/{group.slug}")
    assert page.status_code == 200
    for words in ("Alice", "Bob", "Clerk", "Checks the list of signers"):
        assert words in page.text
    mine = await client.get("/manage/groups")
    assert group.name in mine.text and "You are an owner." in mine.text


async def test_addresses_of_the_others_are_for_owners_alone(
    stranger: httpx.AsyncClient, db: Database
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    await make.login(stranger, db, bob)
    page = await stranger.get(f"/manage/groups/{group.slug}")
    assert page.status_code == 200
    assert "post.example" not in page.text.replace("<wbr>", "")
    assert "a…e@" not in page.text
    assert (await stranger.get(f"/manage/groups/{group.slug}/addresses")).status_code == 403


async def test_owners_recognise_addresses_and_read_them_whole_after_a_log_in_of_just_now(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group, bob = await make.group(db, alice), await make.person(db, "Bob")
    await make.member(db, group, bob, "editor")
    here = f"/manage/groups/{group.slug}"
    await client.post(f"{here}/invite", data={"email": "jo@post.example", "role": "clerk"})
    page = (await client.get(here)).text
    assert "b…b@p…t.example" in page and "j…@p…t.example" in page
    assert bob.email not in page and "jo@post.example" not in page
    whole = await client.get(f"{here}/addresses")
    assert bob.email in whole.text and "jo@post.example" in whole.text
    await run(db, "update sessions set fresh_at = now() - interval '1 hour'")
    answer = await client.get(f"{here}/addresses")
    assert answer.status_code == 303 and "again=1" in answer.headers["location"]
    assert (await client.get(here)).status_code == 200, "the group itself opens as ever"


async def test_a_new_name_leaves_the_address_of_the_group_as_it_was(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group = await make.group(db, alice)
    words = {"name": "Trees First", "about": "We plant.", "place": "Zurenborg", "language": "en"}
    answer = await client.post(f"/manage/groups/{group.slug}/about", data=words)
    assert answer.headers["location"] == f"/manage/groups/{group.slug}?said=saved"
    page = await client.get(answer.headers["location"])
    assert "Trees First" in page.text and "Saved." in page.text
    kept = await rows(db, "select name, about, place, language from groups")
    assert [dict(row) for row in kept] == [words]


async def test_of_two_who_describe_the_group_the_second_sees_both(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group = await make.group(db, alice)
    page = f"/manage/groups/{group.slug}/about"
    seen = seen_in(await client.get(page))
    theirs = {"name": "Theirs", "about": "They <plant>.", "place": "Here", "language": "en"}
    assert (await client.post(page, data=theirs | {"seen": seen})).status_code == 303
    mine = {"name": "Mine", "about": "I mow.", "place": "There", "language": "nl", "seen": seen}
    late = await client.post(page, data=mine)
    assert late.status_code == 409 and "Somebody else changed this a moment ago" in late.text
    for words in ("Theirs", "They &lt;plant&gt;.", 'value="Mine"', "I mow.", 'value="There"'):
        assert words in late.text
    assert await value(db, "select name from groups") == "Theirs"
    knowing = await client.post(page, data=mine | {"seen": seen_in(late)})
    assert knowing.status_code == 303
    assert await value(db, "select name from groups") == "Mine"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter the name of your group"),
        ("name", "=1+1", "Begin with a letter"),
        ("name", "a" * 5000, "Keep this under"),
        ("about", "x" * 2000, "Keep this under"),
        ("about", "a\x00b", "cannot be read"),
        ("language", "xx", "Choose one from the list"),
    ],
)
async def test_what_a_group_cannot_say_is_told_and_kept(
    client: httpx.AsyncClient,
    db: Database,
    alice: make.Person,
    field: str,
    typed: str,
    sentence: str,
) -> None:
    group = await make.group(db, alice)
    words = {"name": "Trees", "about": "We plant.", "place": "", "language": "nl"} | {field: typed}
    answer = await client.post(f"/manage/groups/{group.slug}/about", data=words)
    assert answer.status_code == 422 and sentence in answer.text
    assert await value(db, "select name from groups") == group.name


async def test_one_person_has_several_groups(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    for name in ("Trees First", "Benches for All", "trees first"):
        assert (await client.post("/manage/groups", data={"name": name})).status_code == 303
    assert await value(db, "select count(*) from groups") == 2, "the same name is the same group"
    page = (await client.get("/manage/groups")).text
    assert "Trees First" in page and "Benches for All" in page
    spoken = await rows(db, "select distinct language from groups")
    assert [row["language"] for row in spoken] == ["en"], "that of who made them"


async def test_whoever_makes_many_groups_must_wait(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    answers = [await client.post("/manage/groups", data={"name": f"G {n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]


async def test_an_owner_gives_another_role(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group, bob = await make.group(db, alice), await make.person(db, "Bob")
    await make.member(db, group, bob, "editor")
    address = f"/manage/groups/{group.slug}/members/{bob.id}"
    assert "checked" in (await client.get(address)).text
    await client.post(address, data={"role": "clerk"})
    assert await roles(db, group) == {"Alice": "owner", "Bob": "clerk"}
    assert (await client.post(address, data={"role": "king"})).status_code == 422
    assert await roles(db, group) == {"Alice": "owner", "Bob": "clerk"}
    deed = await rows(db, "select deed, person_id, details from audit_log")
    assert [(row["deed"], row["person_id"]) for row in deed] == [("group.role_changed", alice.id)]
    assert deed[0]["details"] == {"group_id": group.id, "member_id": bob.id, "role": "clerk"}


async def test_who_was_taken_out_is_a_stranger_at_once(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    bob = await make.person(db, "Bob")
    group = await make.group(db, alice)
    petition = await make.petition(db, "draft", group=group, organiser=alice)
    await make.member(db, group, bob, "editor")
    await make.login(stranger, db, bob)
    desk = f"/manage/petitions/{petition.slug}"
    assert (await stranger.get(desk)).status_code == 200
    address = f"/manage/groups/{group.slug}/members/{bob.id}/remove"
    assert "Take Bob out of the group?" in (await client.get(address)).text
    assert (await client.post(address)).status_code == 303
    assert (await stranger.get(desk)).status_code == 404
    assert (await stranger.get(f"/manage/groups/{group.slug}")).status_code == 404
    assert (await client.post(address)).status_code == 404


async def test_whoever_hands_over_is_an_editor_and_may_leave(
    client: httpx.AsyncClient, db: Database, post: Post, alice: make.Person
) -> None:
    group, bob = await make.group(db, alice), await make.person(db, "Bob")
    await make.member(db, group, bob, "editor")
    there = f"/manage/groups/{group.slug}"
    assert "You are the only owner" in (await client.get(f"{there}/leave")).text
    assert (await client.post(f"{there}/leave")).status_code == 409
    assert "Bob" in (await client.get(f"{there}/hand-over")).text
    await client.post(f"{there}/hand-over", data={"to": str(bob.id)})
    assert await roles(db, group) == {"Alice": "editor", "Bob": "owner"}
    [letter] = await post.deliver()
    assert letter.to == bob.email and group.name in letter.subject
    assert there in letter.text
    assert (await client.post(f"{there}/leave")).headers["location"].startswith("/manage/groups")
    assert await roles(db, group) == {"Bob": "owner"}


@pytest.mark.parametrize("to", ["", "0", "999", "x", "9" * 40, "alice", "charlie"])
async def test_a_group_is_handed_over_to_somebody_in_it_alone(
    client: httpx.AsyncClient, db: Database, alice: make.Person, to: str
) -> None:
    charlie = await make.person(db, "Charlie")
    group = await make.group(db, alice)
    await make.member(db, group, await make.person(db, "Bob"), "editor")
    to = {"alice": str(alice.id), "charlie": str(charlie.id)}.get(to, to)
    answer = await client.post(f"/manage/groups/{group.slug}/hand-over", data={"to": to})
    assert answer.status_code == 422
    assert await roles(db, group) == {"Alice": "owner", "Bob": "editor"}


async def test_the_last_owner_stays_one(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    group = await make.group(db, alice)
    here = f"/manage/groups/{group.slug}/members/{alice.id}"
    for address, sent in ((here, {"role": "editor"}), (f"{here}/remove", {})):
        answer = await client.post(address, data=sent)
        assert answer.status_code == 409 and "needs an owner" in answer.text
    assert await roles(db, group) == {"Alice": "owner"}


@pytest.mark.parametrize("deed", ["leave", "demote", "both"])
async def test_of_two_owners_who_go_at_the_same_moment_one_stays(db: Database, deed: str) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")

    async def go(group: make.Group, person: make.Person, how: str) -> bool:
        try:
            if how == "leave":
                await groups.remove(db, group.id, person.id, person.id)
            else:
                await groups.change_role(db, group.id, person.id, "clerk", person.id)
        except NotNow:
            return False
        return True

    for attempt in range(15):
        group = await make.group(db, alice, f"Group {attempt}")
        await make.member(db, group, bob, "owner")
        ways = ("leave", "demote") if deed == "both" else (deed, deed)
        went = await asyncio.gather(go(group, alice, ways[0]), go(group, bob, ways[1]))
        assert sorted(went) == [False, True]
        assert list((await roles(db, group)).values()).count("owner") == 1


async def test_of_two_who_are_handed_the_group_at_once_one_gets_it(db: Database) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    karim = await make.person(db, "Karim")

    async def hand_over(group: make.Group, to: make.Person) -> bool:
        try:
            await groups.hand_over(db, group.id, alice.id, to.id, lambda key: key.encode())
        except NotNow:
            return False
        return True

    for attempt in range(10):
        group = await make.group(db, alice, f"Group {attempt}")
        await make.member(db, group, bob, "editor")
        await make.member(db, group, karim, "clerk")
        given = await asyncio.gather(hand_over(group, bob), hand_over(group, karim))
        assert sorted(given) == [False, True]
        assert sorted((await roles(db, group)).values()) in (
            ["clerk", "editor", "owner"],
            ["editor", "editor", "owner"],
        )


async def test_a_made_up_group_and_one_of_others_look_the_same(
    client: httpx.AsyncClient, db: Database, alice: make.Person
) -> None:
    charlie = await make.person(db, "Charlie")
    theirs = await make.group(db, charlie, "Charlie's own")
    pages = [await client.get(f"/manage/groups/{slug}") for slug in (theirs.slug, "nobody-knows")]
    assert [page.status_code for page in pages] == [404, 404]
    assert "Charlie" not in pages[0].text


async def test_a_role_of_yesterday_is_none_today(db: Database) -> None:
    alice = await make.person(db, "Alice")
    group = await make.group(db, alice)
    await run(db, "delete from memberships")
    assert not access.may_see_group(await access.role_in(db, alice.id, group.id))
