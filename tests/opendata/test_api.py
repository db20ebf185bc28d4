"""What programs ask for: the count of this moment, a petition, the list of all."""

from datetime import UTC, datetime, timedelta

import httpx

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata import api, areas, disclosing
from mobilise.settings import Settings
from mobilise.signatures import counting
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.signers import signed

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
    assert (await client.get("/api/petitions")).links.keys() == {"license", "next", "service-desc"}


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


# --- asking for a part of it --------------------------------------------------------------


async def _some(db: Database) -> None:
    """Two groups; three states; one in two languages."""
    yard = await make.group(db, name="Friends of the Yard")
    quay = await make.group(db, name="Quay")
    old = await make.petition(db, "closed", slug="old", group=yard, title="Trees, please")
    new = await make.petition(
        db, slug="new", group=quay, title="Un théâtre", nl={"title": "Een theater"}
    )
    both = await make.petition(db, slug="both", group=yard, title="A Theatre in the park")
    for petition, day in ((old, "2026-05-01"), (new, "2026-06-01"), (both, "2026-07-01")):
        await sql.run(
            db,
            "update petitions set opened_at = (:day::text || ' 00:00 Europe/Brussels')::timestamptz"
            " where id = :id",
            day=day,
            id=petition.id,
        )


async def _group_of(db: Database, slug: str) -> str:
    found = await sql.value(
        db,
        "select g.slug from groups g join petitions p on p.group_id = g.id where p.slug = :slug",
        slug=slug,
    )
    return str(found)


async def _slugs(client: httpx.AsyncClient, **asked: str) -> list[str]:
    answer = await client.get("/api/petitions", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["petition"] for each in answer.json()["petitions"]]


async def test_one_asks_for_some_of_them(client: httpx.AsyncClient, db: Database) -> None:
    await _some(db)
    assert await _slugs(client) == ["both", "new", "old"]
    assert await _slugs(client, state="closed") == ["old"]
    assert await _slugs(client, state="answered") == []
    assert await _slugs(client, group=(await _group_of(db, "new"))) == ["new"]
    assert await _slugs(client, group="nobody") == []
    assert await _slugs(client, language="nl") == ["new"]
    assert await _slugs(client, q="THEATRE park") == ["both"]
    assert await _slugs(client, q="théatre") == await _slugs(client, q="theatre")
    assert await _slugs(client, q="yard", state="open") == ["both"], "the group's name counts too"
    assert await _slugs(client, q="100%") == await _slugs(client, q="_") == []
    assert await _slugs(client, opened_after="2026-06-01") == ["both", "new"], "that day is in"
    assert await _slugs(client, opened_before="2026-06-01") == ["old"], "that day is out"
    assert await _slugs(client, limit="2") == ["both", "new"]


async def test_the_next_part_is_of_the_same_question(
    client: httpx.AsyncClient, db: Database
) -> None:
    await _some(db)
    path: str | None = "/api/petitions?q=t%20&limit=1&opened_after=2026-05-02"
    found = []
    while path:
        answer = await client.get(path)
        found += [each["petition"] for each in answer.json()["petitions"]]
        path = answer.json()["next"]
    assert found == ["both", "new"]


async def test_a_place_stays_when_its_petition_goes(
    client: httpx.AsyncClient, db: Database
) -> None:
    await _some(db)
    following = (await client.get("/api/petitions?limit=2")).json()["next"]
    await sql.run(db, "update petitions set state = 'removed' where slug = 'new'")
    assert [each["petition"] for each in (await client.get(following)).json()["petitions"]] == [
        "old"
    ]
    assert await _slugs(client, after="both") == ["old"], "as the first addresses said it"


async def test_what_cannot_be_asked_gets_a_sentence(
    client: httpx.AsyncClient, db: Database
) -> None:
    cases = {
        "page=2": ("page", "state"),
        "limit=0": ("limit", "1 to 100"),
        "limit=101": ("limit", "1 to 100"),
        "limit=many": ("limit", "1 to 100"),
        "limit=%D9%A3": ("limit", "1 to 100"),
        "limit=5&limit=6": ("limit", "twice"),
        "state=draft": ("state", "open"),
        "state=": ("state", "open"),
        "language=es": ("language", "nl"),
        "group=A%20B": ("group", "address"),
        "opened_after=yesterday": ("opened_after", "2026-05-01"),
        "opened_after=20260501": ("opened_after", "2026-05-01"),
        "opened_before=2026-02-30": ("opened_before", "2026-06-01"),
        f"q={'x' * 201}": ("q", "200"),
        "q=a%0Ab": ("q", "line"),
    }
    for asked, words in cases.items():
        answer = await client.get(f"/api/petitions?{asked}")
        assert answer.status_code == 422, asked
        assert answer.headers["content-type"] == "application/problem+json"
        assert all(word in answer.json()["detail"] for word in words), answer.json()["detail"]


async def test_the_ends_of_the_calendar_can_be_asked_for(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, slug="a-park")
    assert await _slugs(client, opened_after="0001-01-01") == ["a-park"]
    assert await _slugs(client, opened_before="9999-12-31") == ["a-park"]
    assert await _slugs(client, opened_after="9999-12-31") == []


async def test_where_nothing_can_be_asked_a_query_passes_by_caches_and_changes_nothing(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, slug="a-park")
    for path in (COUNT, "/api/petitions/a-park", "/api/openapi.json"):
        plain, fresh = (await client.get(path)).json(), (await client.get(f"{path}?_=17")).json()
        for answer in (plain, fresh):
            answer.pop("as_of", None)
            answer.get("count", {}).pop("as_of", None)
        assert plain == fresh


async def test_a_place_that_somebody_made_up_is_refused(
    client: httpx.AsyncClient, db: Database
) -> None:
    for after in ("~", "~AAAA", "~MTIz", "~é", "~" + "A" * 80, "~MTAwMDAwMDAwMDAwMDAwMDAwLjE"):
        assert (await client.get("/api/petitions", params={"after": after})).status_code == 404


# --- days and documents -------------------------------------------------------------------


async def test_the_days_are_those_of_the_table(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    found = (await client.get("/api/petitions/a-park/days")).json()
    table = past.rows(await client.get(past.data("signatures-by-day.csv")))[1:]
    assert [[str(value) for value in day.values()] for day in found["days"]] == table
    assert found["days"][-1]["total"] == 162 and found["license"] == "CC0-1.0"


async def test_the_days_are_sent_once(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    first = await client.get("/api/petitions/a-park/days")
    await make.signature(db, park)  # today is not over
    again = await client.get(
        "/api/petitions/a-park/days", headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304


async def test_the_documents_lead_to_their_bytes(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await make.document(db, store, park, title="Soil and water")
    answer = await client.get("/api/petitions/a-park/documents")
    (found,) = answer.json()["documents"]
    assert found["title"] == "Soil and water"
    assert (await client.get(found["url"])).status_code == 200
    assert answer.links["collection"]["url"].endswith("/api/petitions/a-park")


async def test_each_answer_leads_to_the_others(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    answer = await client.get("/api/petitions/a-park")
    assert answer.links.keys() == {"license", "service-desc", "describedby", "collection", "item"}
    for name in ("service-desc", "describedby", "collection", "item"):
        assert (await client.get(answer.links[name]["url"])).status_code == 200


async def test_places_and_languages_are_those_of_the_tables(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await make.petition(db, slug="nothing-yet")
    empty = (await client.get("/api/petitions/nothing-yet/areas")).json()
    assert empty["until"] is None and empty["areas"] == [] and not empty["frozen"]
    park = await make.petition(db, slug="a-park")
    noon = counting.midnight(settings.zone) - timedelta(days=10) + timedelta(hours=12)
    await signed(db, park, noon, BE2060=57, BE2018=33, BE9000=14, NL1011=4)
    await disclosing.disclose_due(db, counting.midnight(settings.zone) + timedelta(hours=3))
    found = (await client.get("/api/petitions/a-park/areas")).json()
    release = await areas.newest(db, park, counting.midnight(settings.zone))
    assert release is not None and found["until"] == release.day.isoformat()
    assert [tuple(each.values()) for each in found["areas"]] == [
        (row.level, row.code, row.parent or None, row.confirmed) for row in release.rows
    ]
    assert {each["confirmed"] % found["rounded_down_to"] for each in found["areas"]} == {0}
