"""Tables by place and by language: what is in them, when they are made, and when never again."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata import disclosing, editions
from mobilise.opendata.areas import Release
from mobilise.settings import Settings
from mobilise.signatures import counting
from tests import make
from tests.opendata.past import ago, data, happened, rows
from tests.opendata.signers import signed, withdrew

CITY = {"BE2060": 57, "BE2018": 33, "BE2000": 24, "BE2140": 12, "BE2050": 3}
ELSEWHERE = {"BE9000": 14, "BE1050": 21, "BE3000": 4, "NL1011": 11, "NL1012": 2, "FR59000": 6}


def noon(settings: Settings, days_ago: int) -> datetime:
    return counting.midnight(settings.zone) - timedelta(days=days_ago) + timedelta(hours=12)


def night(settings: Settings, days_ago: int) -> datetime:
    """When the job works: the night that follows on the day before."""
    day = ago(settings, days_ago)
    return datetime.combine(day, time(3), settings.zone)


async def disclosed(db: Database, settings: Settings, days_ago: int = 0) -> int:
    return await disclosing.disclose_due(db, night(settings, days_ago))


async def city(db: Database, settings: Settings, **more: Any) -> Any:
    """Signed ten days ago from all over."""
    petition = await make.petition(db, slug="a-park", **more)
    await signed(db, petition, noon(settings, 10), **CITY, **ELSEWHERE)
    return petition


async def newest(db: Database, settings: Settings) -> Release | None:
    return (await editions.edition(db, settings, "a-park")).areas


def told(release: Release | None, level: str, parent: str = "") -> dict[str, int]:
    assert release is not None
    return {
        row.code: row.confirmed
        for row in release.rows
        if row.level == level and row.parent == parent
    }


# --- it works -----------------------------------------------------------------------------


async def test_places_with_ten_are_told_rounded_and_the_rest_together(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await city(db, settings)
    assert await disclosed(db, settings) == 1
    day = ago(settings, 1).isoformat()
    assert rows(await client.get(data("signatures-by-area.csv"))) == [
        ["day", "level", "code", "confirmed"],
        [day, "municipality", "11002", "125"],
        [day, "municipality", "44021", "10"],
        [day, "municipality", "OTHER", "10"],
        [day, "country", "NL", "10"],
        [day, "postcode", "BE-1050", "20"],
    ]
    assert rows(await client.get(data("signatures-by-postcode.csv"))) == [
        ["day", "area", "code", "confirmed"],
        [day, "11002", "BE-2000", "20"],
        [day, "11002", "BE-2018", "30"],
        [day, "11002", "BE-2060", "55"],
        [day, "11002", "OTHER", "15"],  # 2140 stands in for the three of 2050
        [day, "44021", "OTHER", "10"],
        [day, "NL", "OTHER", "10"],
    ]
    assert rows(await client.get(data("signatures-by-language.csv"))) == [
        ["day", "language", "confirmed"],
        [day, "OTHER", "185"],  # all in Dutch: told apart, it would say that nobody else is
    ]


async def test_places_have_their_names_codes_and_source(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await city(db, settings)
    assert len(rows(await client.get(data("areas.csv")))) == 1, "no table, no places"
    await disclosed(db, settings)
    found = {row[0]: row for row in rows(await client.get(data("areas.csv")))}
    assert set(found) == {
        "code", "11002", "44021", "NL", "BE-1050", "BE-2000", "BE-2018", "BE-2060",
    }  # fmt: skip
    assert found["11002"] == ["11002", "municipality", "", "BE", "Antwerpen", "Anvers", *[""] * 4]
    assert found["BE-2060"][2] == "11002"
    assert found["BE-1050"][2] == "", "two municipalities share it"
    assert found["NL"][4:8] == ["Nederland", "Pays-Bas", "Niederlande", "Netherlands"]
    package = (await client.get(data("datapackage.json"))).json()
    resource = next(each for each in package["resources"] if each["path"] == "areas.csv")
    assert resource["licenses"][0]["name"] == "CC-BY-4.0"
    assert "Statbel" in resource["sources"][0]["title"]


async def test_each_week_a_new_table(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    petition = await city(db, settings)
    assert await disclosed(db, settings, 9) == 1
    await signed(db, petition, noon(settings, 6), BE2060=20, BE9000=8, BE3000=8)
    assert await disclosed(db, settings, 5) == 0, "the last one is four days old"
    assert await disclosed(db, settings, 2) == 1
    release = await newest(db, settings)
    assert release is not None and (release.number, release.frozen) == (2, False)
    assert release.day == ago(settings, 3)
    found = told(release, "municipality")
    assert found["11002"] == 145 and found["44021"] == 20 and "24062" not in found


async def test_a_place_that_grows_comes_out_of_the_rest(db: Database, settings: Settings) -> None:
    petition = await city(db, settings)
    await disclosed(db, settings, 9)
    await signed(db, petition, noon(settings, 6), BE3000=11, BE8000=8)
    assert await disclosed(db, settings, 2) == 1
    found = told(await newest(db, settings), "municipality")
    assert found["24062"] == 15 and found["OTHER"] == 10


async def test_who_corrects_where_she_lives_tells_of_no_place_below_ten(
    db: Database, settings: Settings
) -> None:
    """Fourteen signed in Ghent; then five of them turn out to live in Antwerp."""
    petition = await city(db, settings)
    await disclosed(db, settings, 9)
    await signed(db, petition, noon(settings, 6), BE2060=15)
    await sql.run(
        db,
        """
        update signatures set postcode = '2060', consents = jsonb_build_object('corrected',
          jsonb_build_array(jsonb_build_object('what', array['postcode'], 'at', :at::text)))
        where petition_id = :petition_id and id in (select id from signatures
          where petition_id = :petition_id and postcode = '9000' limit 5)
        """,
        petition_id=petition.id,
        at=noon(settings, 5).isoformat(),
    )
    assert await disclosed(db, settings, 2) == 1
    found = told(await newest(db, settings), "municipality")
    assert "44021" not in found and found["OTHER"] == 30, "nine may be nobody's to know"


async def test_a_place_that_may_have_fallen_below_ten_goes_into_the_rest(
    db: Database, settings: Settings
) -> None:
    petition = await city(db, settings)
    await disclosed(db, settings, 9)
    await signed(db, petition, noon(settings, 6), BE2060=15)
    await withdrew(db, petition, noon(settings, 6), 5, "BE2060")
    assert await disclosed(db, settings, 2) == 1
    found = told(await newest(db, settings), "municipality")
    assert "44021" not in found, "14, of which five may have left: nobody says from where"
    assert told(await newest(db, settings), "country") == {}, "nor of 13"
    assert found["OTHER"] == 35 and found["11002"] == 135


async def test_the_last_table_stays_and_nothing_exact_is_kept(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    petition = await city(db, settings)
    await disclosed(db, settings, 9)
    await signed(db, petition, noon(settings, 6), BE2060=20)
    closed = noon(settings, 5)
    await sql.run(db, "update petitions set state = 'closed', closed_at = :at", at=closed)
    assert await disclosed(db, settings, 4) == 0, "who filled in the form may still confirm"
    assert await disclosed(db, settings, 2) == 1
    assert await sql.value(db, "select count(*) from area_states") == 0
    before = (await client.get(data("signatures-by-area.csv"))).content
    await signed(db, petition, noon(settings, 1), BE2060=40)
    for night in (1, 0):
        assert await disclosed(db, settings, night) == 0
    assert (await client.get(data("signatures-by-area.csv"))).content == before
    release = await newest(db, settings)
    assert release is not None and release.frozen and release.number == 2


async def test_a_petition_that_closes_with_few_new_ones_keeps_its_table(
    db: Database, settings: Settings
) -> None:
    petition = await city(db, settings)
    await disclosed(db, settings, 9)
    await signed(db, petition, noon(settings, 6), BE2060=9)
    await sql.run(
        db, "update petitions set state = 'closed', closed_at = :at", at=noon(settings, 5)
    )
    assert await disclosed(db, settings, 0) == 0
    release = await newest(db, settings)
    assert release is not None and release.frozen and release.number == 1
    assert await sql.value(db, "select count(*) from area_states") == 0


# --- and the guards hold ------------------------------------------------------------------


@pytest.mark.parametrize(("n", "made"), [(0, 0), (9, 0), (10, 1)])
async def test_no_table_before_ten_have_signed(
    client: httpx.AsyncClient, db: Database, settings: Settings, n: int, made: int
) -> None:
    petition = await make.petition(db, slug="a-park")
    await signed(db, petition, noon(settings, 2), **({"BE2060": n} if n else {}))
    assert await disclosed(db, settings) == made
    for name in ("area", "postcode", "language"):
        answer = await client.get(data(f"signatures-by-{name}.csv"))
        assert len(rows(answer)) == 1 or made
    page = (await client.get("/en/petitions/a-park/data")).text
    assert ("The first one comes once ten people have signed" in page) is not made
    about = (await client.get(data("about-the-count.json"))).json()
    assert about["places"]["number"] == made and set(about["places"]["says"]) == {
        "nl", "fr", "de", "en",
    }  # fmt: skip


@pytest.mark.parametrize(("n", "made"), [(9, 0), (10, 1)])
async def test_no_new_table_before_ten_are_new(
    db: Database, settings: Settings, n: int, made: int
) -> None:
    petition = await city(db, settings)
    assert await disclosed(db, settings, 9) == 1
    await signed(db, petition, noon(settings, 6), BE2060=n)
    assert await disclosed(db, settings, 0) == made


async def test_where_only_one_place_may_sign_it_is_told_alone(
    db: Database, settings: Settings
) -> None:
    petition = await make.petition(db, slug="a-park")
    await sql.run(db, "update petitions set postcodes = array['BE 2060']")
    await signed(db, petition, noon(settings, 2), BE2060=23)
    await disclosed(db, settings)
    release = await newest(db, settings)
    assert told(release, "municipality") == {"11002": 20}
    assert told(release, "postcode", "11002") == {"BE-2060": 20}


async def test_a_postcode_of_two_municipalities_belongs_to_neither(
    db: Database, settings: Settings
) -> None:
    petition = await make.petition(db, slug="a-park")
    await signed(db, petition, noon(settings, 2), BE1050=40, BE1000=40, BE9000=7, FR59000=7)
    await disclosed(db, settings)
    release = await newest(db, settings)
    assert told(release, "municipality") == {"21004": 40, "OTHER": 10}
    assert told(release, "postcode") == {"BE-1050": 40}


async def test_a_postcode_that_is_in_no_list_counts_for_its_country(
    db: Database, settings: Settings
) -> None:
    petition = await make.petition(db, slug="a-park")
    await signed(db, petition, noon(settings, 2), BE9999=12, BE1000=40, NL9999=7, FR59000=7)
    await disclosed(db, settings)
    release = await newest(db, settings)
    assert told(release, "country") == {"BE": 10}
    assert told(release, "municipality") == {"21004": 40, "OTHER": 10}


async def test_paper_and_who_took_it_back_are_in_no_table(db: Database, settings: Settings) -> None:
    petition = await make.petition(db, slug="a-park")
    await signed(db, petition, noon(settings, 3), BE2060=30, BE9000=12)
    await withdrew(db, petition, noon(settings, 2), 12, "BE2060")
    await happened(db, settings, petition, 2, paper=500)
    await disclosed(db, settings)
    assert told(await newest(db, settings), "municipality")["OTHER"] == 30


async def test_what_is_not_public_gets_no_table_and_shows_none(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await city(db, settings)
    for state in ("suspended", "removed", "rejected", "submitted"):
        await sql.run(db, "update petitions set state = :state", state=state)
        assert await disclosed(db, settings) == 0
    await sql.run(db, "update petitions set state = 'open'")
    assert await disclosed(db, settings) == 1
    await sql.run(db, "update petitions set state = 'removed'")
    assert (await client.get(data("signatures-by-area.csv"))).status_code == 410
    await disclosed(db, settings)
    assert await sql.value(db, "select count(*) from area_states") == 0


async def test_a_list_of_places_that_changes_does_not_move_who_signed_before(
    db: Database, settings: Settings
) -> None:
    petition = await make.petition(db, slug="a-park")
    await signed(db, petition, noon(settings, 10), NL1011=30, NL1012=25, BE9000=7, FR59000=8)
    await disclosed(db, settings, 9)
    await sql.run(db, "insert into area_pairs values ('NL-1011', 'GM0363')")
    await signed(db, petition, noon(settings, 6), NL1011=30)
    assert await disclosed(db, settings) == 1
    assert told(await newest(db, settings), "country") == {"NL": 85}


async def test_no_number_below_ten_can_be_stored_and_no_table_changed(
    db: Database, settings: Settings
) -> None:
    await city(db, settings)
    await disclosed(db, settings)
    for statement in (
        "update area_release_rows set confirmed = 20",
        "delete from area_release_rows",
        "update area_releases set day = day - 1",
        "delete from area_releases",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await sql.run(db, statement)
    for n in (0, 5, 12):
        with pytest.raises(asyncpg.CheckViolationError):
            await sql.run(
                db,
                """insert into area_release_rows (petition_id, number, level, code, confirmed)
                   select petition_id, number, 'country', 'FR', :n from area_releases""",
                n=n,
            )


async def test_two_workers_make_one_table(db: Database, settings: Settings) -> None:
    await city(db, settings)
    made = await asyncio.gather(*(disclosed(db, settings) for _ in range(3)))
    assert sum(made) == 1
    assert await sql.value(db, "select count(*) from area_releases") == 1


async def test_the_fault_of_one_holds_up_no_other(
    db: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = await make.petition(db, slug="broken")
    await signed(db, broken, noon(settings, 12), BE2060=30)
    await disclosed(db, settings, 9)
    await sql.run(db, "update area_states set exact = '{}'")
    await signed(db, broken, noon(settings, 6), BE2060=30)
    await city(db, settings)
    assert await disclosed(db, settings) == 1
    assert (await newest(db, settings)) is not None
    assert f"petition {broken.id}: no table by place was made" in caplog.text
