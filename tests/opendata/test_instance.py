"""All petitions of the instance, as a table, a list, and a page."""

import csv
import io
import re
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import frictionless
import httpx
import pytest

from mobilise.db import Database, run
from mobilise.opendata import instance, instance_books
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY
from tests.standards.test_datapackage import validator as profile


async def rows(client: httpx.AsyncClient) -> list[dict[str, str]]:
    answer = await client.get("/data/petitions.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


@pytest.fixture
async def park(db: Database, store: Store, settings: Settings) -> Any:
    found = await past.park(db, settings, title=NASTY, nl={"title": "Een park"})
    await make.document(db, store, found, title=NASTY)
    return found


async def test_every_petition_has_a_row_of_codes_days_and_numbers(
    client: httpx.AsyncClient, db: Database, park: Any
) -> None:
    for state in ("draft", "submitted", "suspended", "removed", "rejected"):
        await make.petition(db, state, slug=state)
    await make.petition(db, "closed", slug="closed-one", goal=None)
    await run(
        db,
        """update petitions set opened_at = '2026-03-01 23:30+00', closes_on = '2026-06-30'
           where id = :id""",
        id=park.id,
    )
    found = {row["petition"]: row for row in await rows(client)}
    assert set(found) == {"a-park", "closed-one"}
    assert found["a-park"] == {
        "petition": "a-park",
        "group": park.group_slug,
        "state": "open",
        "demonstration": "false",
        "languages": "en/nl",
        "goal": "4000",
        "confirmed": "171",
        "online": "71",
        "paper": "100",
        "withdrawn": "1",
        "removed": "7",
        "opened_on": "2026-03-02",  # half an hour after midnight, in Brussels
        "closes_on": "2026-06-30",
        "closed_on": "",
        "delivered_on": "",
        "answered_on": "",
        "version": "1",
        "documents": "1",
    }
    assert found["closed-one"]["goal"] == "" and found["closed-one"]["closed_on"]


async def test_no_cell_can_be_a_formula_or_words(client: httpx.AsyncClient, park: Any) -> None:
    text = (await client.get("/data/petitions.csv")).text
    for cell in re.split(r",|\r\n", text):
        assert re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._:/%~-]*|[a-z_]*)", cell), cell


async def test_the_list_has_the_words(client: httpx.AsyncClient, park: Any) -> None:
    answer = await client.get("/data/petitions.json")
    found = answer.json()
    (one,) = found["petitions"]
    assert one["titles"] == {"en": NASTY, "nl": "Een park"}
    assert one["group_name"] == park.group_name and one["demonstration"] is False
    (row,) = await rows(client)
    assert one["confirmed"] == int(row["confirmed"]) and one["opened_on"] == row["opened_on"]
    for name in ("page", "url", "data"):
        assert (await client.get(one[name])).status_code == 200
    assert found["license"] == "CC-BY-4.0"
    assert abs(datetime.fromisoformat(found["as_of"]) - datetime.now(UTC)) < timedelta(minutes=5)


async def test_nobody_opened_anything_yet(client: httpx.AsyncClient, db: Database) -> None:
    assert await rows(client) == []
    assert (await client.get("/data/petitions.json")).json()["petitions"] == []
    assert (await client.get("/en/data")).status_code == 200


async def test_a_long_list_comes_in_parts_each_petition_once(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "A_PART", 2)
    for n in range(5):
        await make.petition(db, slug=f"petition-{n}")
    expected = {f"petition-{n}" for n in range(5)}
    found = [row["petition"] for row in await rows(client)]
    assert len(found) == 5 and set(found) == expected
    listed = (await client.get("/data/petitions.json")).json()["petitions"]
    assert [each["petition"] for each in listed] == found


async def test_memory_does_not_grow_with_the_list(db: Database, settings: Settings) -> None:
    group, alice = await make.group(db), await make.person(db)
    await run(
        db,
        """
        with made as (
          insert into petitions (slug, code, group_id, person_id, state, languages, opened_at)
          select 'many-' || n, 'm' || n, :group_id, :person_id, 'open', '{en}',
            now() - n * interval '1 minute' from generate_series(1, 12000) n returning id)
        insert into petition_texts (petition_id, language, version, title, addressee, body)
        select id, 'en', 1, 'A park', 'The council', 'Trees.' from made
        """,
        group_id=group.id,
        person_id=alice.id,
    )
    async for _ in instance.table(db, settings):
        pass  # whatever is read once for all
    tracemalloc.start()
    size = 0
    async for piece in instance.table(db, settings):
        size += len(piece)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 700_000 and peak < 6_000_000, "a part at a time"


# --- what describes it --------------------------------------------------------------------


async def fetched(client: httpx.AsyncClient, folder: Path) -> Path:
    for name in (file.name for file in instance_books.FILES):
        (folder / name).write_bytes((await client.get(f"/data/{name}")).content)
    return folder


def errors(folder: Path) -> list[str]:
    report = frictionless.validate(str(folder / "datapackage.json"))
    return [error for _file, error in report.flatten(["name", "type"])]


async def test_frictionless_finds_nothing_wrong(
    client: httpx.AsyncClient, park: Any, tmp_path: Path
) -> None:
    folder = await fetched(client, tmp_path)
    assert errors(folder) == []
    read = frictionless.Package(str(folder / "datapackage.json")).get_resource("petitions")
    (row,) = read.read_rows()
    assert row["confirmed"] == 171 and row["demonstration"] is False


@pytest.mark.parametrize(
    "old, new, error",
    [
        (",open,", ",ajar,", "constraint-error"),
        (",false,", ",perhaps,", "type-error"),
        (",en/nl,", ",en nl,", "constraint-error"),
        (",171,", ",-171,", "constraint-error"),
        ("petition,group", "petition,Group", "incorrect-label"),
    ],
)
async def test_it_would_find_what_is_wrong(
    client: httpx.AsyncClient, park: Any, tmp_path: Path, old: str, new: str, error: str
) -> None:
    path = (await fetched(client, tmp_path)) / "petitions.csv"
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())
    assert error in errors(tmp_path)


async def test_the_description_follows_the_standard(client: httpx.AsyncClient, park: Any) -> None:
    found = (await client.get("/data/datapackage.json")).json()
    follows = profile()
    assert list(follows.iter_errors(found)) == []
    assert list(follows.iter_errors({**found, "resources": []}))


# --- for people ---------------------------------------------------------------------------


async def test_the_page_leads_to_everything(client: httpx.AsyncClient, park: Any) -> None:
    there = await client.get("/data", headers={"accept-language": "nl"})
    assert there.headers["location"] == "/nl/data"
    answer = await client.get("/nl/data")
    for address in (
        "/data/petitions.csv", "/data/petitions.json", "/data/datapackage.json",
        "/catalog.jsonld", "/catalog.ttl", "/nl/api", "/feed.atom", "/feed.json", "/agenda.ics",
    ):  # fmt: skip
        assert f'href="{address}"' in answer.text
        assert (await client.get(address)).status_code == 200
    assert ">171<" in answer.text
    assert "demonstraties" not in answer.text
    for name in ("describedby", "license", "collection"):
        assert name in answer.links
    home, about = (await client.get("/nl/")).text, (await client.get("/nl/about")).text
    assert home.count('href="/nl/data"') == 2, "where it says that every number is open, too"
    assert about.count('href="/nl/data"') == 1, "from the foot of every page"


async def test_a_demonstration_is_marked_and_not_counted(
    client: httpx.AsyncClient, db: Database, park: Any
) -> None:
    await run(db, "update petitions set demo = true")
    assert (await rows(client))[0]["demonstration"] == "true"
    answer = await client.get("/nl/data")
    assert "voorbeelden" in answer.text and ">171<" not in answer.text


async def test_other_sites_may_read_it(client: httpx.AsyncClient, park: Any) -> None:
    for name in ("petitions.csv", "petitions.json", "datapackage.json"):
        answer = await client.get(f"/data/{name}")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "s-maxage" in answer.headers["cache-control"]
        head = await client.head(f"/data/{name}")
        assert head.status_code == 200 and not head.content
    for path in ("/data/nothing.csv", "/data/petitions.xls"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
