"""A petition that nobody signed is changed answer by answer; a signed one says why it is not."""

import asyncio
from datetime import date, timedelta

import httpx
import pytest

from mobilise.db import Database, one, value
from mobilise.errors import ChangedMeanwhile
from mobilise.petitions import editing, reading, steps, texts
from tests import make
from tests.reader import seen_in


async def test_each_answer_has_its_page_and_saving_says_so(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit"
    shown = await client.get(edit)
    assert shown.status_code == 200
    for step in ("what", "whom", "why", "goal"):
        assert f'href="{edit}/{step}"' in shown.text
        assert (await client.get(f"{edit}/{step}")).status_code == 200
    closes = date.today() + timedelta(days=50)
    for step, sent in (
        ("what", {"title": "Another title"}),
        ("whom", {"addressee": "The mayor"}),
        ("why", {"why": "**Shade**."}),
        ("goal", {"goal": "1 000", "opens_on": "", "closes_on": closes.isoformat()}),
    ):
        saved = await client.post(f"{edit}/{step}", data=sent)
        assert (saved.status_code, saved.headers["location"]) == (303, f"{edit}?said=saved")
    after = (await client.get(f"{edit}?said=saved")).text
    assert 'role="status"' in after and "Saved." in after
    now = await reading.by_id(db, petition.id, "en")
    assert (now.title, now.addressee, now.text) == ("Another title", "The mayor", "**Shade**.")
    assert (now.goal, now.closes_on, now.version) == (1000, closes, 1)


async def test_what_is_open_gets_a_new_version_of_its_words(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "open")
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit"
    assert (await client.post(f"{edit}/what", data={"title": "Another"})).status_code == 303
    assert (await reading.by_id(db, petition.id, "en")).version == 2
    page = (await client.get(f"{edit}/goal")).text
    assert 'name="closes_on"' in page and 'name="opens_on"' not in page


async def test_a_mistake_keeps_what_was_written_and_changes_nothing(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit"
    answer = await client.post(f"{edit}/whom", data={"addressee": "<b>Mayor</b>" + "x" * 120})
    assert answer.status_code == 422 and "&lt;b&gt;Mayor&lt;/b&gt;" in answer.text
    past = await client.post(f"{edit}/goal", data={"closes_on": "2020-01-01"})
    assert past.status_code == 422
    now = await reading.by_id(db, petition.id, "en")
    assert (now.addressee, now.closes_on) == (petition.addressee, None)


async def test_of_two_who_change_the_goal_the_second_sees_both(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/edit/goal"
    seen = seen_in(await client.get(page))
    assert (await client.post(page, data={"goal": "1234", "seen": seen})).status_code == 303
    late = await client.post(page, data={"goal": "77", "seen": seen})
    assert late.status_code == 409 and "Somebody else changed this a moment ago" in late.text
    assert 'value="77"' in late.text and "1,234 signatures" in late.text
    assert (await reading.by_id(db, petition.id, "en")).goal == 1234
    knowing = await client.post(page, data={"goal": "77", "seen": seen_in(late)})
    assert knowing.status_code == 303
    assert (await reading.by_id(db, petition.id, "en")).goal == 77


async def test_of_two_who_change_the_goal_at_once_one_is_told(db: Database) -> None:
    petition = await make.petition(db, "draft")
    alice, seen = await make.person(db, "Alice"), steps.mark("goal", petition)
    outcomes = await asyncio.gather(
        *(
            editing.change(db, petition, alice.id, "goal", {"goal": n, "closes_on": None}, seen)
            for n in (1, 2, 3)
        ),
        return_exceptions=True,
    )
    assert [type(each) for each in outcomes if each] == [ChangedMeanwhile] * 2


async def test_what_is_signed_says_kindly_why_it_stays(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "open")
    await texts.freeze(db, petition.id)
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit"
    shown = await client.get(edit)
    assert shown.status_code == 200 and "Somebody has signed this text" in shown.text
    assert f'href="{edit}/what"' not in shown.text and petition.title in shown.text
    assert (await client.get(f"{edit}/what")).headers["location"] == edit
    for step, sent in (("what", {"title": "x"}), ("goal", {"goal": "5"})):
        late = await client.post(f"{edit}/{step}", data=sent)
        assert late.status_code == 409 and "Somebody has signed this text" in late.text
    assert (await reading.by_id(db, petition.id, "en")).title == petition.title


async def test_it_is_the_petitions_own_language_that_is_changed(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft", language="nl", fr={"title": "Un parc"})
    await run_in_french(db)
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit"
    await client.post(f"{edit}/what", data={"title": "Een park"})
    found = await one(
        db,
        """select max(title) filter (where language = 'nl') as nl,
                  max(title) filter (where language = 'fr') as fr from petition_texts""",
    )
    assert (found["nl"], found["fr"]) == ("Een park", "Un parc")


async def run_in_french(db: Database) -> None:
    await value(db, "update people set language = 'fr' returning 1")


@pytest.mark.parametrize("step", ["group", "you", "nothing"])
async def test_only_what_a_petition_holds_is_asked_of_it(
    client: httpx.AsyncClient, db: Database, step: str
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    address = f"/manage/petitions/{petition.slug}/edit/{step}"
    assert (await client.get(address)).status_code == 404
    assert (await client.post(address, data={"group": "x"})).status_code == 404
