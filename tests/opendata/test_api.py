"""What programs ask for: the count of this moment, a petition, the list of all."""

from datetime import UTC, datetime, timedelta

import httpx

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata import api
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past

COUNT = "/api/petitions/a-park/count"


# --- the count ----------------------------------------------------------------------------


async def test_the_count_is_the_object_that_was_promised(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update recounts set pending = 63")
    answer = await client.get(COUNT)
    found = answer.json()
    as_of = datetime.fromisoformat(found.pop("as_of"))
    assert found == {
        "petition": "a-park",
        "confirmed": 171,
        "online": 71,
        "paper": 100,
        "pending": 60,
        "goal": 4000,
    }
    assert abs(datetime.now(UTC) - as_of) < timedelta(minutes=5)
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == [
        "petition", "confirmed", "online", "paper", "pending", "goal", "as_of",
    ]  # fmt: skip


async def test_it_is_exact_at_once(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await make.petition(db, slug="a-park", goal=None)
    assert (await client.get(COUNT)).json()["confirmed"] == 0
    for n in range(1, 4):
        await make.signature(db, park)
        assert (await client.get(COUNT)).json()["confirmed"] == n
    await make.signature(db, park, "pending")
    await make.signature(db, park, "withdrawn")
    found = (await client.get(COUNT)).json()
    assert found["confirmed"] == 3 and found["goal"] is None


async def test_who_asks_every_minute_is_told_when_nothing_changed(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    etag = (await client.get(COUNT)).headers["etag"]
    assert (await client.get(COUNT, headers={"if-none-match": etag})).status_code == 304
    await make.signature(db, park)
    answer = await client.get(COUNT, headers={"if-none-match": etag})
    assert answer.status_code == 200 and answer.headers["etag"] != etag


async def test_other_sites_may_ask_too(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for path in (COUNT, "/api/petitions/a-park", "/api/petitions"):
        answer = await client.get(path, headers={"origin": "https://paper.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
        assert answer.links["license"]["url"].startswith("https://creativecommons.org/")
        assert len(answer.headers.get_list("etag")) == 1
        asked = {"origin": "https://paper.example", "access-control-request-method": "GET"}
        allowed = await client.options(path, headers=asked)
        assert allowed.status_code == 204 and not allowed.content
        assert allowed.headers["access-control-allow-origin"] == "*"
        head = await client.head(path)
        assert head.status_code == 200 and not head.content
        assert head.headers["etag"] == answer.headers["etag"]


async def test_it_takes_no_orders(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for path in (COUNT, "/api/petitions/a-park", "/api/petitions"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = await client.request(method, path)
            assert answer.status_code == 405
            assert answer.headers["content-type"] == "application/problem+json"


async def test_a_slug_that_nobody_has_is_a_problem_in_json(
    client: httpx.AsyncClient, db: Database
) -> None:
    for path in ("/api/petitions/nobody", "/api/petitions/nobody/count", "/api/nowhere"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.json()["title"] and answer.json()["detail"]


# --- one petition -------------------------------------------------------------------------


async def test_a_petition_comes_with_its_text_its_documents_and_its_live_count(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings, title="A park")
    await make.document(db, store, park, title="Soil and water")
    found = (await client.get("/api/petitions/a-park")).json()
    assert found["texts"]["en"]["title"] == "A park"
    assert found["documents"][0]["title"] == "Soil and water"
    assert found["count"]["confirmed"] == 171
    assert (found["count"]["withdrawn"], found["count"]["removed"]) == (1, 7)
    for address in found["links"].values():
        assert (await client.get(address)).status_code == 200


# --- the list -----------------------------------------------------------------------------


async def _petitions(db: Database, total: int) -> list[str]:
    """Slugs, the newest first; some opened in the same instant."""
    alice = await make.person(db)
    group = await make.group(db, alice)
    start = datetime.now(UTC) - timedelta(days=200)
    for n in range(total):
        petition = await make.petition(db, slug=f"petition-{n}", group=group, organiser=alice)
        await sql.run(
            db,
            "update petitions set opened_at = :at where id = :id",
            id=petition.id,
            at=start + timedelta(days=n // 3),
        )
    return [f"petition-{n}" for n in reversed(range(total))]


async def test_the_list_can_be_read_to_its_end_each_petition_once(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    slugs = await _petitions(db, api.A_PAGE * 2 + 3)
    found: list[str] = []
    path, pages = "/api/petitions", 0
    while path:
        answer = await client.get(path)
        content = answer.json()
        found += [each["petition"] for each in content["petitions"]]
        following = answer.links.get("next", {}).get("url")
        assert following == content["next"]
        path, pages = following, pages + 1
    assert found == slugs and pages == 3


async def test_who_opens_meanwhile_moves_nothing(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    slugs = await _petitions(db, api.A_PAGE + 2)
    following = (await client.get("/api/petitions")).json()["next"]
    await make.petition(db, slug="brand-new")
    rest = (await client.get(following)).json()
    assert [each["petition"] for each in rest["petitions"]] == slugs[api.A_PAGE :]
    assert rest["next"] is None
    assert (await client.get("/api/petitions")).links.keys() == {"license", "next"}


async def test_a_full_last_page_promises_no_other(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await _petitions(db, api.A_PAGE)
    answer = await client.get("/api/petitions")
    assert len(answer.json()["petitions"]) == api.A_PAGE
    assert answer.json()["next"] is None and "next" not in answer.links


async def test_it_lists_what_is_public_with_its_count(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    for state in ("draft", "submitted", "suspended", "removed"):
        await make.petition(db, state, slug=state)
    await make.petition(db, "closed", slug="closed")
    await past.park(db, settings, title="A park", nl={"title": "Een park"})
    found = {
        each["petition"]: each for each in (await client.get("/api/petitions")).json()["petitions"]
    }
    assert set(found) == {"a-park", "closed"}
    assert found["a-park"]["confirmed"] == 171
    assert found["a-park"]["titles"] == {"en": "A park", "nl": "Een park"}
    for address in (found["a-park"]["url"], found["a-park"]["data"]):
        assert (await client.get(address)).status_code == 200


async def test_a_place_in_the_list_that_does_not_exist_is_refused(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await make.petition(db, "draft", slug="secret-plan")
    for after in ("nobody", "secret-plan", "' or 1=1 --", "%ff", "x" * 5000):
        answer = await client.get("/api/petitions", params={"after": after})
        assert answer.status_code == 404
        assert "secret" not in answer.text
    assert (await client.get("/api/petitions?after=")).status_code == 200
