"""The files of a petition: exact, of past days, without anybody in them."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import asyncpg
import httpx
import pytest

from mobilise import db as sql
from mobilise import limits, tables
from mobilise.db import Database
from mobilise.opendata import method
from mobilise.opendata.package import EVERY
from mobilise.opendata.table import TABLES
from mobilise.settings import Settings
from mobilise.signatures import counting, counts, submitting
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY, ago, data, rows

Owner = asyncpg.Connection
NAMES = [file.name for file in EVERY]
ALL = [*NAMES, "bundle.zip"]
KINDS = {
    "csv": tables.MEDIA_TYPE,
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "sqlite": "application/vnd.sqlite3",
}


# --- they work ----------------------------------------------------------------------------


async def test_each_past_day_is_exact(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    answer = await client.get(data("signatures-by-day.csv"))
    assert rows(answer) == [
        ["day", "confirmed", "online", "paper", "withdrawn", "invalidated", "restored", "total"],
        [ago(settings, 6).isoformat(), "40", "40", "0", "0", "0", "0", "40"],
        [ago(settings, 5).isoformat(), "20", "20", "0", "1", "0", "0", "59"],
        [ago(settings, 4).isoformat(), "0", "0", "0", "0", "0", "0", "59"],
        [ago(settings, 3).isoformat(), "105", "5", "100", "0", "7", "0", "157"],
        [ago(settings, 2).isoformat(), "0", "0", "0", "0", "0", "0", "157"],
        [ago(settings, 1).isoformat(), "2", "2", "0", "0", "0", "3", "162"],
    ]


async def test_a_day_reads_the_same_before_and_after_the_night_folds_it(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    before = (await client.get(data("signatures-by-day.csv"))).content
    await counts.fold_days(db, str(settings.zone), ago(settings, 2))
    assert (await client.get(data("signatures-by-day.csv"))).content == before
    await counts.fold_days(db, str(settings.zone), ago(settings, 0))
    assert (await client.get(data("signatures-by-day.csv"))).content == before


async def test_why_signatures_went_off_is_told_also_when_their_events_are_gone(
    client: httpx.AsyncClient, db: Database, owner: Owner, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await past.happened(db, settings, park, 2, withdrawn=2)
    await owner.execute("update count_events set reason = 'not me' where id = (select max(id)"
                        " from count_events where what = 'withdrawn')")  # fmt: skip

    async def told() -> list[tuple[str, str, int]]:
        about = (await client.get(data("about-the-count.json"))).json()
        assert sum(off["number"] for off in about["off_by_reason"]) == (
            about["withdrawn"] + about["removed"]
        )
        for off in about["off_by_reason"]:
            assert (
                list(off["says"]) == ["nl", "fr", "de", "en"] and len({*off["says"].values()}) == 4
            )
        return [(off["what"], off["reason"], off["number"]) for off in about["off_by_reason"]]

    expected = [
        ("withdrawn", "own_wish", 2),
        ("withdrawn", "not_me", 1),
        ("removed", "not_said", 7),
    ]
    assert await told() == expected
    await counts.fold_days(db, str(settings.zone), ago(settings, 3))
    assert await told() == expected, "some days written, some not"
    counted = await counting.off_by_reason(db, park.id, settings.zone, ago(settings, 3))
    assert [(off.what, off.number) for off in counted] == [("withdrawn", 1)], "until another day"
    for _ in range(2):
        await counts.fold_days(db, str(settings.zone), ago(settings, 0))
    assert await told() == expected
    await owner.execute("delete from count_events")
    assert await told() == expected


async def test_documents_are_listed_without_their_words(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings)
    found = await make.document(db, store, park, title=NASTY, name="Études & zó.txt")
    await sql.run(
        db, "update documents set note = :nasty, source = :nasty, dated = '2026-02-01'", nasty=NASTY
    )
    header, row = rows(await client.get(data("documents.csv")))
    assert header == [
        "id", "sha256", "bytes", "pages", "kind", "dated", "added_on", "url", "version",
        "original_sha256", "rights",
    ]  # fmt: skip
    url = f"{settings.base_url}/files/{found.sha256}/%C3%89tudes%20%26%20z%C3%B3.txt"
    today = ago(settings, 0).isoformat()
    assert row == [
        str(found.id), found.sha256, "17", "", "txt", "2026-02-01", today, url, "1",
        found.original, "unknown",
    ]  # fmt: skip
    file = await client.get(url)
    assert hashlib.sha256(file.content).hexdigest() == row[1]
    (told,) = (await client.get(data("petition.json"))).json()["documents"]
    assert told["title"] == told["note"] == told["source"] == NASTY
    assert told["url"] == url


async def test_the_text_stands_in_all_its_languages_and_versions(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings, title="A park", nl={"title": "Een park"})
    await sql.run(db, "update petitions set version = 2")
    await sql.run(
        db,
        """insert into petition_texts (petition_id, language, version, title, addressee, body, note)
           values (:id, 'en', 2, 'A park, please', 'The council', 'We ask.', 'A word was missing.'),
                  (:id, 'en', 3, 'Not yet public', 'The council', 'We ask.', '')""",
        id=park.id,
    )
    told = (await client.get(data("petition.json"))).json()
    assert list(told["texts"]) == ["en", "nl"]
    assert told["texts"]["en"]["title"] == "A park, please" and told["texts"]["en"]["version"] == 2
    assert told["texts"]["nl"]["title"] == "Een park"
    assert [(v["version"], v["language"]) for v in told["versions"]] == [
        (1, "en"),
        (1, "nl"),
        (2, "en"),
    ]
    assert told["versions"][-1]["what_changed"] == "A word was missing."
    assert "Not yet public" not in json.dumps(told)
    assert told["license"] == "CC-BY-4.0"


async def test_the_count_explains_itself(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update recounts set pending = 68, drift = 0")
    told = (await client.get(data("about-the-count.json"))).json()
    assert told["total"] == 162
    assert told["began_to_count"] == {"online": 67, "paper": 100}
    assert (told["withdrawn"], told["removed"], told["restored"]) == (1, 7, 3)
    assert told["total"] == 67 + 100 + 3 - 1 - 7
    assert told["unconfirmed"]["number"] == 65 and told["unconfirmed"]["counts"] is False
    assert told["drift"]["number"] == 0
    assert told["last_day"] == ago(settings, 1).isoformat()
    assert [rule["rule"] for rule in told["what_cannot_be_known"]][-1] == "paper"
    assert [rule["rule"] for rule in told["what_was_checked"]] == ["online", "paper"]
    for part in ("how_we_count", "what_was_checked", "what_cannot_be_known", "limits"):
        assert all(set(each["says"]) == {"nl", "fr", "de", "en"} for each in told[part])
    assert told["license"] == "CC0-1.0"


async def test_the_limits_told_are_those_in_force(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    told = (await client.get(data("about-the-count.json"))).json()["limits"]
    numbers = {limit["limit"]: limit["number"] for limit in told}
    assert numbers["signatures_per_network"] == limits.SIGN.capacity
    assert numbers["letters_per_signature"] == submitting.LETTERS_A_SIGNATURE
    assert numbers["unconfirmed_kept"] == counts.UNCONFIRMED_KEPT.days
    assert len(numbers) == len(told) == len(method.LIMITS)


async def test_a_petition_that_just_opened_has_files_too(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await make.petition(db, slug="a-park")
    for name in ALL:
        assert (await client.get(data(name))).status_code == 200
    assert len(rows(await client.get(data("signatures-by-day.csv")))) == 1
    told = (await client.get(data("about-the-count.json"))).json()
    assert told["total"] == 0 and told["first_day"] is None


# --- nobody can be found in them ----------------------------------------------------------


async def test_today_stands_in_no_file(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    """Differences between two downloads of one day would tell who had just signed."""
    park = await past.park(db, settings)
    before = {name: (await client.get(data(name))).content for name in ALL}
    signed = await make.signature(db, park, name="Suzie Overweg", email="suzie@post.example")
    await past.happened(db, settings, park, 0, withdrawn=1)
    assert {name: (await client.get(data(name))).content for name in ALL} == before
    assert (await client.get("/api/petitions/a-park/count")).json()["confirmed"] == 162 + 9 + 1 - 1
    assert signed["id"]


async def test_no_file_knows_a_signer(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await make.signature(
        db,
        park,
        name="Suzie Overweg",
        email="suzie.overweg@post.example",
        postcode="9876",
        comment="For my grandchildren",
        public_name=True,
        at=yesterday,
    )
    everything = [await client.get(data(name)) for name in NAMES]
    everything += [await client.get("/api/petitions/a-park"), await client.get("/api/petitions")]
    for answer in everything:
        for secret in ("Suzie", "Overweg", "post.example", "grandchildren", "Alice"):
            assert secret not in answer.text, answer.url
        assert not re.search(r"\b9876\b", answer.text), answer.url  # a checksum may hold anything


@pytest.mark.parametrize("pending, told", [(0, 0), (4, 0), (5, 5), (9, 5), (63, 60)])
async def test_who_waits_is_told_in_fives(
    client: httpx.AsyncClient, db: Database, settings: Settings, pending: int, told: int
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update recounts set pending = :pending", pending=pending)
    about = (await client.get(data("about-the-count.json"))).json()
    live = (await client.get("/api/petitions/a-park/count")).json()
    assert about["unconfirmed"]["number"] == live["pending"] == told


@pytest.mark.parametrize("name", [f"{table.name}.csv" for table in TABLES])
async def test_no_cell_of_a_public_table_is_free_text(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, name: str
) -> None:
    """However people write: no cell can be taken for a formula, and none needs quoting."""
    park = await past.park(db, settings, title=NASTY, addressee=NASTY, body=NASTY)
    await sql.run(db, "update groups set name = :nasty, about = :nasty", nasty=NASTY)
    await make.document(db, store, park, title=NASTY, name='=1+1,"@x"\t.txt')
    await past.told_apart(db, settings, park)
    answer = await client.get(data(name))
    header, *lines = rows(answer)
    assert lines and '"' not in answer.text
    shape = re.compile(
        r"[0-9]+|\d{4}-\d\d-\d\d|[0-9a-f]{64}|[a-z]+|https?://[\w.:/%~-]+|"
        r"[A-Z]{2}(-\d{4})?|OTHER|"
    )
    if name == "areas.csv":  # names of an official list
        shape = re.compile(shape.pattern + r"|[’']?[^\W\d_][\w’'() /.-]*")
    for line in lines:
        assert len(line) == len(header)
        for cell in line:
            assert shape.fullmatch(cell), cell
    assert answer.content.endswith(b"\r\n") and not answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\n") == answer.content.count(b"\r\n") == len(lines) + 1


@pytest.mark.parametrize(
    ("state", "status"), [("draft", 404), ("submitted", 404), ("rejected", 404), ("suspended", 403)]
)
async def test_what_is_not_public_has_no_files(
    client: httpx.AsyncClient, db: Database, settings: Settings, state: str, status: int
) -> None:
    await make.petition(db, state, slug="a-park")
    for path in [*map(data, ALL), "/api/petitions/a-park", "/api/petitions/a-park/count"]:
        answer = await client.get(path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
    assert (await client.get("/en/petitions/a-park/data")).status_code == status
    assert (await client.get("/api/petitions")).json()["petitions"] == []


async def test_what_was_taken_away_says_so(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update petitions set state = 'removed'")
    for path in [*map(data, ALL), "/api/petitions/a-park", "/api/petitions/a-park/count"]:
        answer = await client.get(path)
        assert answer.status_code == 410, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
    assert (await client.get("/en/petitions/a-park/data")).status_code == 410


async def test_a_finished_petition_has_a_finished_table(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    closed = datetime.now(UTC) - timedelta(days=3)
    await sql.run(db, "update petitions set state = 'closed', closed_at = :at", at=closed)
    last = rows(await client.get(data("signatures-by-day.csv")))[-1]
    assert last[0] == ago(settings, 1).isoformat(), "something was restored yesterday"
    await sql.run(
        db, "delete from tallies"
    )  # the table is made of events, never of the live counter
    assert rows(await client.get(data("signatures-by-day.csv")))[-1] == last


async def test_days_after_the_end_on_which_nothing_happens_are_left_out(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await make.petition(db, "closed", slug="a-park")
    await past.happened(db, settings, park, 30, confirmed=4)
    closed = datetime.now(UTC) - timedelta(days=20)
    await sql.run(db, "update petitions set closed_at = :at", at=closed)
    lines = rows(await client.get(data("signatures-by-day.csv")))[1:]
    assert lines[0][0] == ago(settings, 30).isoformat()
    assert lines[-1][0] == closed.astimezone(settings.zone).date().isoformat()


# --- over HTTP ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
async def test_a_file_is_named_by_its_checksum_and_not_sent_twice(
    client: httpx.AsyncClient, db: Database, settings: Settings, name: str
) -> None:
    await past.park(db, settings)
    first = await client.get(data(name))
    assert first.headers["etag"] == f'"{hashlib.sha256(first.content).hexdigest()}"'
    for known in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = await client.get(data(name), headers={"if-none-match": known})
        assert again.status_code == 304 and again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
    assert (await client.get(data(name), headers={"if-none-match": '"x"'})).status_code == 200


@pytest.mark.parametrize("name", ALL)
async def test_head_says_the_same_without_a_body(
    client: httpx.AsyncClient, db: Database, settings: Settings, name: str
) -> None:
    await past.park(db, settings)
    whole, head = await client.get(data(name)), await client.head(data(name))
    assert head.status_code == 200 and head.content == b""
    assert int(head.headers["content-length"]) == len(whole.content)
    for each in ("etag", "content-type", "last-modified", "link", "access-control-allow-origin"):
        assert head.headers[each] == whole.headers[each]


@pytest.mark.parametrize("name", ALL)
async def test_any_other_site_may_read_it(
    client: httpx.AsyncClient, db: Database, settings: Settings, name: str
) -> None:
    await past.park(db, settings)
    answer = await client.get(data(name), headers={"origin": "https://paper.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert "set-cookie" not in answer.headers
    asked = {
        "origin": "https://paper.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
        "sec-fetch-site": "cross-site",
    }
    allowed = await client.options(data(name), headers=asked)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert "GET" in allowed.headers["access-control-allow-methods"]
    assert "If-None-Match" in allowed.headers["access-control-allow-headers"]


@pytest.mark.parametrize("name", ALL)
async def test_it_says_who_may_use_it_and_what_describes_it(
    client: httpx.AsyncClient, db: Database, settings: Settings, name: str
) -> None:
    await past.park(db, settings)
    answer = await client.get(data(name))
    described = answer.links["describedby"]
    assert described["url"] == f"{settings.base_url}{data('datapackage.json')}"
    by_others = name in ("petition.json", "areas.csv", "areas.json")
    license = "by/4.0" if by_others else "publicdomain/zero/1.0"
    assert f'{license}/>; rel="license"' in answer.headers["link"]
    assert answer.links["version-history"]["url"] == settings.base_url + data("editions.json")
    changed = parsedate_to_datetime(answer.headers["last-modified"])
    assert ago(settings, 1) <= changed.astimezone(settings.zone).date() <= ago(settings, 0)


async def test_an_old_petition_changed_last_at_midnight(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update petition_texts set at = now() - interval '9 days'")
    for name in ALL:
        told = (await client.get(data(name))).headers["last-modified"]
        assert told.endswith(" GMT")
        assert parsedate_to_datetime(told) == counting.midnight(settings.zone)


async def test_each_file_has_its_own_type(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for name in NAMES:
        kind = (await client.get(data(name))).headers["content-type"]
        assert kind == KINDS[name.rpartition(".")[2]]
    bundle = await client.get(data("bundle.zip"))
    assert bundle.headers["content-type"] == "application/zip"
    assert bundle.headers["content-disposition"] == (
        f'attachment; filename="a-park-{ago(settings, 1).isoformat()}.zip"'
    )


@pytest.mark.parametrize("path", [data("nothing.csv"), data("bundle.zip", "nobody-knows")])
async def test_an_address_that_leads_nowhere_is_told_in_json(
    client: httpx.AsyncClient, db: Database, settings: Settings, path: str
) -> None:
    await past.park(db, settings)
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_files_change_nothing_and_take_no_orders(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for name in ALL:
        assert (await client.post(data(name))).status_code == 405
        assert (await client.delete(data(name))).status_code == 405
