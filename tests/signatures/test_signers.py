"""The list of signers: who sees it, that each look is written down, and what it never shows."""

import re
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest

from mobilise.db import Database, rows, run, value
from mobilise.petitions.reading import Petition
from mobilise.signatures import signers
from tests import make
from tests.reader import Page

Owner = asyncpg.Connection


async def _group(db: Database) -> tuple[Petition, dict[str, make.Person]]:
    """Alice owns, Bob edits, Karim is the clerk, Charlie is a stranger."""
    people = {name: await make.person(db, name) for name in ("Alice", "Bob", "Karim", "Charlie")}
    group = await make.group(db, people["Alice"])
    await make.member(db, group, people["Bob"], "editor")
    await make.member(db, group, people["Karim"], "clerk")
    return await make.petition(db, group=group, organiser=people["Alice"]), people


async def _looks(db: Database) -> list[dict[str, object]]:
    found = await rows(db, "select * from audit_log where deed like 'signers.%' order by id")
    return [dict(line) for line in found]


async def _look(client: httpx.AsyncClient, petition: Petition, **sent: str) -> httpx.Response:
    """Presses the button, and goes where it leads."""
    address = f"/manage/petitions/{petition.slug}/signers"
    answer = await client.post(address, data=sent)
    assert answer.status_code == 303, answer.text
    return await client.get(answer.headers["location"])


@pytest.mark.parametrize(
    ("name", "status"), [("Alice", 200), ("Karim", 200), ("Bob", 403), ("Charlie", 404)]
)
async def test_owner_and_clerk_see_the_list_and_nobody_else(
    client: httpx.AsyncClient, db: Database, name: str, status: int
) -> None:
    petition, people = await _group(db)
    await make.signature(db, petition, name="Suzie Peeters", email="suzie@post.example")
    await make.login(client, db, people[name])
    address = f"/manage/petitions/{petition.slug}/signers"
    assert (await client.get(address)).status_code == status
    for deed in ("", "/print", "/file"):
        answer = await client.post(address + deed, data={"state": "confirmed"})
        expected = (303 if deed == "" else 200) if status == 200 else status
        assert answer.status_code == expected, deed
        assert status == 200 or "Suzie" not in answer.text
    assert bool(await _looks(db)) == (status == 200), "who was refused left no look"


async def test_a_log_in_of_an_hour_ago_is_not_enough(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition, people = await _group(db)
    await make.login(client, db, people["Karim"])
    await make.login(stranger, db, people["Charlie"])
    await run(db, "update sessions set fresh_at = now() - interval '1 hour'")
    address = f"/manage/petitions/{petition.slug}/signers"
    for answer in (
        await client.get(address),
        await client.post(address, data={"state": "confirmed"}),
        await client.post(f"{address}/print"),
        await client.post(f"{address}/file"),
    ):
        assert answer.status_code == 303 and "again=1" in answer.headers["location"]
    assert not await _looks(db)
    assert (await stranger.get(address)).status_code == 404, "a stranger learns nothing by it"


async def test_each_look_is_written_down_and_looking_at_the_door_is_none(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition, people = await _group(db)
    await make.signature(db, petition, name="Suzie Peeters")
    await make.signature(db, petition, name="Jo Janssens")
    await make.signature(db, petition, "pending", name="Ann Waits")
    await make.login(client, db, people["Karim"])
    door = await client.get(f"/manage/petitions/{petition.slug}/signers")
    assert "Suzie" not in door.text and not await _looks(db)

    page = await _look(client, petition, state="confirmed", name="suz")
    assert "Suzie Peeters" in page.text and "Jo Janssens" not in page.text
    page = await _look(client, petition, state="waiting", name="")
    assert "Ann Waits" in page.text and "Suzie" not in page.text
    await client.post(f"/manage/petitions/{petition.slug}/signers/print")
    await client.post(f"/manage/petitions/{petition.slug}/signers/file")
    assert [
        (line["deed"], line["person_id"], line["petition_id"], line["details"])
        for line in await _looks(db)
    ] == [
        (deed, people["Karim"].id, petition.id, details)
        for deed, details in (
            ("signers.look", {"state": "confirmed", "by_name": True, "rows": 1}),
            ("signers.look", {"state": "waiting", "by_name": False, "rows": 1}),
            ("signers.print", {"state": "confirmed", "rows": 2}),
            ("signers.file", {"state": "confirmed", "rows": 2, "form": "xlsx"}),
        )
    ]
    written = await value(db, "select string_agg(details::text, '') from audit_log")
    assert "suz" not in written.lower(), "the trail keeps no name"


async def test_it_shows_what_the_group_needs_and_never_an_address(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition, people = await _group(db)
    at = datetime(2026, 5, 12, 10, tzinfo=UTC)
    await make.signature(
        db, petition, name="Zoë D’Hont", email="zoe@post.example", at=at, public_name=True,
        postcode="2018", comment="Our street needs it.",
    )  # fmt: skip
    await make.signature(db, petition, "withdrawn", name="Gone Again")
    await make.signature(db, petition, "disowned", name="Never Me")
    await make.signature(db, petition, "invalidated", name="Robot")
    await make.login(client, db, people["Alice"])
    page = await _look(client, petition, state="confirmed", name="ZOE d'hont")
    text = Page(page.text).text
    for words in ("Zoë D’Hont", "2018 BE", "12 May 2026", "button in the email"):
        assert words in text.replace("\u00a0", " "), words
    everything = [page.text, (await _look(client, petition, state="waiting")).text]
    for deed in ("print", "file"):
        address = f"/manage/petitions/{petition.slug}/signers/{deed}"
        everything.append((await client.post(address, data={"form": "json"})).text)
    for found in everything:
        for hidden in ("zoe@post.example", "post.example", "Gone Again", "Never Me", "Robot"):
            assert hidden not in found
    assert "1 signature was withdrawn" in everything[0], "counted, not named"


async def test_it_is_for_one_reader_only(client: httpx.AsyncClient, db: Database) -> None:
    petition, people = await _group(db)
    await make.signature(db, petition)
    await make.login(client, db, people["Alice"])
    address = f"/manage/petitions/{petition.slug}/signers"
    for answer in (
        await client.get(address),
        await _look(client, petition, state="confirmed"),
        await client.post(f"{address}/print"),
        await client.post(f"{address}/file"),
    ):
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]


async def test_a_look_opens_for_whoever_asked_and_for_half_an_hour(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    petition, people = await _group(db)
    other = await make.petition(db, group=None, organiser=people["Alice"])
    await make.signature(db, petition, name="Suzie Peeters")
    await make.signature(db, other, name="Somebody Else")
    await make.login(client, db, people["Karim"])
    await make.login(stranger, db, people["Alice"])
    address = f"/manage/petitions/{petition.slug}/signers"
    sent = await client.post(address, data={"state": "confirmed"})
    link = sent.headers["location"]
    key = link.partition("=")[2]
    assert "Suzie Peeters" in (await client.get(link)).text
    assert "Suzie Peeters" in (await client.get(link)).text, "a reload is the same look"
    assert "Suzie" not in (await stranger.get(link)).text, "the owner has to look herself"
    elsewhere = await stranger.get(f"/manage/petitions/{other.slug}/signers?look={key}")
    assert elsewhere.status_code == 200 and "Somebody Else" not in elsewhere.text
    for broken in ("x", key[:-2], "a.b.c"):
        page = await client.get(f"{address}?look={broken}")
        assert page.status_code == 200 and "Suzie" not in page.text
    later = datetime.now(UTC).timestamp() + 31 * 60
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert "Suzie" not in (await client.get(link)).text


async def test_the_next_fifty_are_another_look(client: httpx.AsyncClient, db: Database) -> None:
    petition, people = await _group(db)
    for number in range(signers.A_PAGE + 3):
        await make.signature(db, petition, name=f"Neighbour {number:03d}")
    await make.login(client, db, people["Alice"])
    first = await _look(client, petition, state="confirmed", name="neighbour")
    seen = re.findall(r"Neighbour \d+", first.text)
    assert seen == [f"Neighbour {n:03d}" for n in range(signers.A_PAGE + 2, 2, -1)]
    following = next(
        form.values["look"] for form in Page(first.text).forms if "look" in form.values
    )
    second = await _look(client, petition, look=following)
    assert re.findall(r"Neighbour \d+", second.text) == [f"Neighbour 00{n}" for n in (2, 1, 0)]
    assert not any("look" in form.values for form in Page(second.text).forms), "the last page"
    assert [line["details"]["rows"] for line in await _looks(db)] == [signers.A_PAGE, 3]


@pytest.mark.parametrize(
    "sought", ["%", "_", "' or 1=1 --", "\\", "zo\u0301e", "\U0002070e" * 30, "=1+1"]
)
async def test_odd_words_are_looked_for_as_they_are(
    client: httpx.AsyncClient, db: Database, sought: str
) -> None:
    petition, people = await _group(db)
    await make.signature(db, petition, name="Zoé Peeters")
    await make.login(client, db, people["Alice"])
    page = await _look(client, petition, state="confirmed", name=sought)
    assert page.status_code == 200
    assert ("Zoé Peeters" in page.text) == (sought == "zo\u0301e")
    assert sought == "zo\u0301e" or "Nobody found." in page.text


async def test_a_name_that_is_too_long_is_told_at_its_field(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition, people = await _group(db)
    await make.login(client, db, people["Alice"])
    address = f"/manage/petitions/{petition.slug}/signers"
    page = await client.post(address, data={"state": "confirmed", "name": "a" * 500})
    assert page.status_code == 422 and 'role="alert"' in page.text
    assert not await _looks(db)


async def test_the_whole_list_is_a_page_to_print(client: httpx.AsyncClient, db: Database) -> None:
    petition, people = await _group(db)
    await make.signature(db, petition, name="<script>alert(1)</script>")
    await make.signature(db, petition, name="Suzie Peeters")
    await make.login(client, db, people["Alice"])
    page = await client.post(f"/manage/petitions/{petition.slug}/signers/print")
    assert page.text.rstrip().endswith("</html>")
    assert "<script>alert" not in page.text
    text = Page(page.text).text
    assert text.index("alert(1)") < text.index("Suzie Peeters"), "in the order of signing"


async def test_when_the_rows_are_gone_it_says_why(
    client: httpx.AsyncClient, db: Database, owner: Owner
) -> None:
    petition, people = await _group(db)
    await owner.execute("update recounts set erased_at = now() where petition_id = $1", petition.id)
    await make.login(client, db, people["Alice"])
    address = f"/manage/petitions/{petition.slug}/signers"
    page = await client.get(address)
    assert page.status_code == 200 and "The list was erased on" in page.text
    assert "<button" not in page.text.partition("<main")[2].partition("</main")[0], (
        "nothing to press"
    )
    for deed in ("", "/print", "/file"):
        assert (await client.post(address + deed, data={"state": "confirmed"})).status_code == 409
    assert not await _looks(db)


async def test_the_menu_shows_it_to_those_who_may(client: httpx.AsyncClient, db: Database) -> None:
    petition, people = await _group(db)
    await make.signature(db, petition, at=datetime.now(UTC) - timedelta(days=1))
    link = f'href="/manage/petitions/{petition.slug}/signers"'
    for name, sees in (("Alice", True), ("Karim", True), ("Bob", False)):
        await make.login(client, db, people[name])
        page = await client.get(f"/manage/petitions/{petition.slug}")
        assert (link in page.text) == sees, name
