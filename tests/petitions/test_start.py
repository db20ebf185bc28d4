"""Alice starts a petition: a form, a letter, a desk."""

import asyncio
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import pytest
from itsdangerous import TimestampSigner

from mobilise.audit import trail
from mobilise.db import Database, one, rows, run, value
from mobilise.petitions import starting
from tests import make
from tests.petitions.writing import STEPS, WRITTEN, write
from tests.postbox import Post

DRAFT = {"title": "公園", "addressee": "市", "why": "木", "goal": None, "group": "友"}
DESK = "/manage/petitions/maak-van-het-rangeerterrein-een-park"
SLUG = "maak-van-het-rangeerterrein-een-park"


async def link(client: httpx.AsyncClient, post: Post, **other: str) -> str:
    await write(client, **other)
    await post.deliver()
    return urlsplit(post.last.link("start")).path


async def test_one_letter_later_the_petition_stands_on_a_desk(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    assert (await client.get("/en/start")).status_code == 200
    answer = await write(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/start/check-your-mail")
    assert "alice@post.example" in (await client.get(answer.headers["location"])).text.replace(
        "<wbr>", ""
    )
    assert await value(db, "select count(*) from petitions") == 0
    assert await value(db, "select count(*) from people") == 0

    await post.deliver()
    assert WRITTEN["title"] in post.last.text
    path = urlsplit(post.last.link("start")).path
    assert (await client.get(path)).status_code == 200
    assert await value(db, "select count(*) from petitions") == 0  # reading makes nothing

    begun = await client.post(path)
    assert (begun.status_code, begun.headers["location"]) == (303, DESK)
    assert WRITTEN["title"] in (await client.get(DESK)).text
    petition = await one(
        db,
        """select p.*, t.title, t.body, t.addressee, g.name as group_name, m.role
           from petitions p join petition_texts t on t.petition_id = p.id
           join groups g on g.id = p.group_id
           join memberships m on m.group_id = g.id and m.person_id = p.person_id""",
    )
    assert petition["state"] == "draft" and petition["role"] == "owner"
    assert (petition["goal"], petition["languages"], petition["version"]) == (4000, ["en"], 1)
    assert petition["body"] == WRITTEN["why"] and petition["group_name"] == WRITTEN["group"]
    assert len(petition["code"]) == 6 and petition["code"].isalpha()
    assert await value(db, "select deed from audit_log") == "petition.started"
    assert await trail.first_break(db) is None


async def test_the_code_does_the_same(client: httpx.AsyncClient, db: Database, post: Post) -> None:
    await write(client)
    code = (await post.deliver())[-1].code
    assert (await client.post("/en/start/code", data={"code": "000000"})).status_code in (303, 422)
    begun = await client.post("/en/start/code", data={"code": code})
    assert (begun.status_code, begun.headers["location"]) == (303, DESK)


async def test_a_draft_is_for_its_group_alone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await client.post(await link(client, post))
    await make.login(stranger, db, await make.person(db, "Charlie"))
    for path in (f"/en/petitions/{SLUG}", DESK, f"{DESK}/preview", f"{DESK}/edit"):
        assert (await stranger.get(path)).status_code == 404
    assert (await client.get(f"/en/petitions/{SLUG}")).status_code == 404
    assert (await client.get(f"{DESK}/preview")).status_code == 200


async def test_a_used_link_logs_nobody_in_and_offers_the_log_in(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    path = await link(client, post)
    await client.post(path)
    for again in (await stranger.get(path), await stranger.post(path)):
        assert again.status_code == 410
        assert "safe on your desk" in again.text and 'href="/en/login"' in again.text
    assert (await stranger.get("/manage")).status_code == 303
    assert await value(db, "select count(*) from petitions") == 1


async def test_of_two_claims_at_once_one_makes_one_petition(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    path = await link(client, post)
    answers = await asyncio.gather(*(client.post(path) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    for table in ("petitions", "groups", "people", "sessions", "audit_log"):
        assert await value(db, f"select count(*) from {table}") == 1, table


async def test_an_expired_letter_is_sent_again_and_nothing_written_is_lost(
    client: httpx.AsyncClient, db: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await link(client, post)
    now = TimestampSigner("x").get_timestamp()
    with monkeypatch.context() as clock:
        clock.setattr(TimestampSigner, "get_timestamp", lambda self: now + 601)
        late = await client.get(path)
        assert late.status_code == 410 and f'action="{path}/again"' in late.text
        assert (await client.post(path)).status_code == 410
        again = await client.post(f"{path}/again")
    assert (again.status_code, again.headers["location"]) == (303, "/en/start/check-your-mail")
    await post.deliver()
    assert len(post.letters) == 2
    begun = await client.post(urlsplit(post.last.link("start")).path)
    assert begun.headers["location"] == DESK
    assert await value(db, "select body from petition_texts") == WRITTEN["why"]


async def test_a_used_letter_is_not_sent_again(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    path = await link(client, post)
    await client.post(path)
    assert (await client.post(f"{path}/again")).status_code == 410
    assert await post.deliver() == []


async def test_a_log_in_letter_starts_nothing(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    path = await link(client, post)
    token = path.rsplit("/", 1)[-1]
    assert (await client.post(f"/en/login/{token}")).status_code == 404
    assert (await client.post("/en/login/code", data={"code": post.last.code})).status_code == 422
    assert await value(db, "select count(*) from sessions") == 0


async def test_who_has_an_account_keeps_it_and_her_group(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    group = await make.group(db, alice, "Friends of the Yard")
    await client.post(await link(client, post, name="Somebody Else", group="friends of the yárd"))
    assert [p["name"] for p in await rows(db, "select name from people")] == ["Alice"]
    assert await value(db, "select group_id from petitions") == group.id
    await client.post(await link(client, post, group="Friends of the Sheds"))
    names = {g["name"] for g in await rows(db, "select name from groups")}
    assert names == {"Friends of the Yard", "Friends of the Sheds"}


async def test_the_group_of_a_stranger_is_never_joined_by_its_name(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    theirs = await make.group(db, await make.person(db, "Charlie"), "Friends of the Yard")
    await client.post(await link(client, post))
    ours = await one(db, "select g.* from groups g join petitions p on p.group_id = g.id")
    assert ours["id"] != theirs.id and ours["slug"] == "friends-of-the-yard"


async def test_a_variant_of_an_address_proves_nothing_about_the_account(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """`alice+x@` has Alice's key: the letter goes to Alice herself."""
    alice = await make.person(db, "Alice")
    await write(client, email="alice+x@post.example")
    assert "alice+x@post.example" in (await client.get("/en/start/check-your-mail")).text.replace(
        "<wbr>", ""
    )
    await post.deliver()
    assert post.last.to == alice.email


async def test_an_account_made_meanwhile_is_not_entered_by_a_variant(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    path = await link(client, post, email="alice+x@post.example")
    assert post.last.to == "alice+x@post.example"
    await make.person(db, "Alice")
    assert (await client.post(path)).status_code == 410
    assert await value(db, "select count(*) from sessions") == 0
    assert await value(db, "select count(*) from petitions") == 0


async def test_who_is_in_needs_no_letter(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    alice = await make.person(db, "Alice")
    await make.group(db, alice, "Friends of the Yard")
    await make.login(client, db, alice)
    begun = await write(client, "nl")
    assert begun.headers["location"] == DESK
    assert await post.deliver() == []
    assert await value(db, "select languages from petitions") == ["nl"]


async def test_two_petitions_of_one_title_have_two_addresses(db: Database) -> None:
    alice = await make.person(db, "Alice")
    draft = DRAFT | {"title": WRITTEN["title"]}
    slugs = set(
        await asyncio.gather(*(starting.start(db, alice.id, "en", draft) for _ in range(4)))
    )
    assert slugs == {SLUG, f"{SLUG}-2", f"{SLUG}-3", f"{SLUG}-4"}
    assert await value(db, "select count(distinct code) from petitions") == 4
    assert await value(db, "select count(*) from groups") == 1


class Fields(HTMLParser):
    """What stands in the form, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.area: str | None = None

    @classmethod
    def of(cls, html: str) -> dict[str, str]:
        parser = cls()
        parser.feed(html)
        return {name: text.replace("\r\n", "\n") for name, text in parser.found.items()}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "input" and name:
            self.found[name] = given.get("value") or ""
        self.area = name if tag == "textarea" and name else None
        if self.area:
            self.found[self.area] = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if self.area and self.found[self.area].startswith("\n"):
            self.found[self.area] = self.found[self.area][1:]  # HTML drops the first line end
        elif self.area and self.found[self.area].startswith("\r\n"):
            self.found[self.area] = self.found[self.area][2:]
        self.area = None


@pytest.mark.parametrize("left_out", sorted(set(WRITTEN) - {"goal"}))
async def test_what_is_missing_is_asked_for_and_the_rest_is_kept(
    client: httpx.AsyncClient, db: Database, left_out: str
) -> None:
    answer = await write(client, **{left_out: "  "})
    assert answer.status_code == 422
    assert f'href="#{left_out}"' in answer.text  # the summary leads to the field
    assert f'id="{left_out}-mistake"' in answer.text
    shown = Fields.of(answer.text)
    beside = {name for names in STEPS.values() if left_out in names for name in names} - {left_out}
    for name in beside & set(WRITTEN):
        assert shown[name] == WRITTEN[name]
    kept = await value(db, "select words from starts") or {}
    for names in STEPS.values():
        if left_out in names:
            break
        assert all(kept[name] == WRITTEN[name] for name in names if name in WRITTEN)
    assert await value(db, "select count(*) from login_tokens") == 0


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("title", "A park\x00"),
        ("title", "A\u202epark"),
        ("title", "p" * 121),
        ("why", "a\x07b"),
        ("why", "x" * 20_001),
        ("goal", "-3"),
        ("goal", "0"),
        ("goal", "1e9"),
        ("goal", "99999999999"),
        ("goal", "many"),
        ("name", "=1+1"),
        ("name", "+32"),
        ("name", "-Alice"),
        ("name", "@alice"),
        ("name", "alice@post.example"),
        ("name", "www.evil.example"),
        ("name", "https://evil.example"),
        ("name", "12345"),
        ("group", "=HYPERLINK(A1)"),
        ("group", "see www.evil.example"),
        ("email", "a" * 10_000 + "@post.example"),
        ("email", "alice@post"),
        ("email", "alice at post.example"),
    ],
)
async def test_bad_input_is_refused_kindly(
    client: httpx.AsyncClient, db: Database, field: str, typed: str
) -> None:
    answer = await write(client, **{field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-mistake"' in answer.text
    assert await value(db, "select count(*) from login_tokens") == 0


@pytest.mark.parametrize(
    ("typed", "number"),
    [("500", 500), ("4.000", 4000), ("4 000", 4000), ("4'000", 4000), ("", None)],
)
async def test_a_goal_is_written_as_people_write_it(
    client: httpx.AsyncClient, db: Database, typed: str, number: int | None
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    assert (await write(client, goal=typed)).status_code == 303
    assert await value(db, "select goal from petitions") == number


async def test_names_of_people_from_everywhere_are_names(
    client: httpx.AsyncClient, db: Database
) -> None:
    for name in ("Zoë O’Neill-D'Hondt", "李小龙", "أليس", "Ó", "Mª José", "J. van der Meer"):
        assert (await write(client, name=name)).status_code == 303, name


async def test_line_ends_cannot_get_into_a_title(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    await write(client, title="A park\r\nBcc: everybody@post.example")
    assert await value(db, "select title from petition_texts") == (
        "A park Bcc: everybody@post.example"
    )


async def test_a_network_starts_so_many_and_keeps_what_it_wrote(
    client: httpx.AsyncClient, db: Database
) -> None:
    for n in range(10):
        assert (await write(client, email=f"someone{n}@post.example")).status_code == 303
    refused = await write(client)
    assert refused.status_code == 429
    assert WRITTEN["title"] in refused.text
    kept = await value(db, "select words from starts order by id desc limit 1")
    assert kept["why"] == WRITTEN["why"]


async def test_an_address_gets_five_letters_a_day_and_those_of_the_log_in_are_others(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """These go to anybody's address; and nobody is kept out by who starts in her name."""
    await make.person(db, "Alice")
    answers = [await write(client) for _ in range(7)]
    await run(db, "update buckets set at = at - interval '2 hours'")
    answers += [await write(client) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    await post.deliver()
    assert len(post.letters) == 5
    await stranger.post("/en/login", data={"email": WRITTEN["email"]})
    assert len(await post.deliver()) == 1


async def test_who_is_in_starts_so_many_too(client: httpx.AsyncClient, db: Database) -> None:
    """Each draft may hold gigabytes of documents."""
    await make.login(client, db, await make.person(db, "Alice"))
    statuses = [(await write(client)).status_code for _ in range(11)]
    assert statuses == [303] * 10 + [429]


async def test_however_many_have_one_title_there_is_an_address_left(db: Database) -> None:
    """A title without a Latin letter is called "petition", and so are thousands of others."""
    group = await make.group(db)
    numbered = "(select 'petition' || case n when 1 then '' else '-' || n end as slug, n"
    taken = f"{numbered} from generate_series(1, 10000) n) taken"
    await run(db, f"insert into groups (slug, name) select slug, 'Somebody' from {taken}")
    await run(
        db,
        f"""insert into petitions (slug, code, group_id, languages)
            select slug, n::text, :group, array['en'] from {taken}""",
        group=group.id,
    )
    alice = await make.person(db, "Alice")
    async with asyncio.timeout(60):  # it looked for ever
        slugs = [await starting.start(db, alice.id, "en", DRAFT) for _ in range(3)]
    assert len(set(slugs)) == 3


async def test_an_old_draft_is_still_there_when_its_letter_was_late(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """A mail server that was down for hours costs nobody a petition."""
    await write(client)
    await run(db, "update login_tokens set created_at = now() - interval '5 hours'")
    await post.deliver()
    begun = await client.post(urlsplit(post.last.link("start")).path)
    assert begun.headers["location"] == DESK
