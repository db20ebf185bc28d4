"""Places for people: names beside codes, rates where everybody is known, the rest as the rest."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import httpx
import pytest

from mobilise import db as sql
from mobilise import i18n
from mobilise.db import Database
from mobilise.opendata import by_place, editions, places
from mobilise.opendata.areas import REST, Release, Row
from mobilise.opendata.editions import Edition
from mobilise.opendata.graphics import GRAPHICS
from mobilise.settings import Settings
from tests.opendata import past
from tests.opendata.past import data
from tests.opendata.test_data_page import Read

SPACE = "{http://www.w3.org/2000/svg}"
ANTWERP, GHENT = "11002", "44021"
ROWS = (
    Row("municipality", ANTWERP, "", 1120),
    Row("municipality", GHENT, "", 485),
    Row("municipality", REST, "", 50),
    Row("postcode", "BE-2060", ANTWERP, 300),
    Row("postcode", REST, ANTWERP, 820),
    Row("country", "NL", "", 15),
    Row("language", "nl", "", 1500),
    Row("language", REST, "", 170),
)
(PICTURE,) = (each for each in GRAPHICS if each.name == "areas")


@pytest.fixture
async def edition(db: Database, settings: Settings) -> Edition:
    """With a table by place, as the week left it."""
    await past.park(db, settings)
    found = await editions.edition(db, settings, "a-park")
    return replace(found, areas=Release(3, date(2026, 5, 3), False, ROWS))


def said(edition: Edition, language: str = "nl") -> list[str]:
    drawn = ElementTree.fromstring(PICTURE.svg(edition, language))
    return [each.text or "" for each in drawn.iter(f"{SPACE}text")]


async def test_each_place_has_its_name_and_the_rest_stands_last(edition: Edition) -> None:
    with i18n.using("nl"):
        found = by_place.lines(edition)
    assert [(each.name, each.confirmed) for each in found] == [
        ("Antwerpen", 1120),
        ("Gent", 485),
        ("Nederland", 15),
        ("Elders", 50),
    ]
    assert sum(each.confirmed for each in found) == 1670, "no postcode counts twice"
    with i18n.using("fr"):
        assert [each.name for each in by_place.lines(edition)][:2] == ["Anvers", "Gand"]


async def test_languages_are_told_by_their_own_names(edition: Edition) -> None:
    with i18n.using("en"):
        found = [(each.name, each.confirmed) for each in by_place.tongues(edition)]
    assert found == [("Nederlands", 1500), ("Other", 170)]


async def test_the_picture_says_the_day_of_its_table_and_how_it_was_rounded(
    edition: Edition,
) -> None:
    words = said(edition)
    assert {"Antwerpen", "Gent", "Elders", "1.120"} <= set(words)
    assert any("3 mei" in each for each in words), "its own day, not that of the edition"
    assert any("afgerond op een veelvoud van 5" in each for each in words)


async def test_with_inhabitants_it_shows_rates_and_their_source(
    edition: Edition,
) -> None:
    known = {
        code: replace(place, population=population, population_year=2026)
        for code, population in ((ANTWERP, 560_000), (GHENT, 270_000))
        if (place := places.place(code))
    }
    edition = replace(edition, places=tuple(known.values()))
    words = said(edition)
    assert "2 per 1.000 (1.120)" in words and "1,8 per 1.000 (485)" in words
    assert "Nederland" not in words, "a country is not measured by its inhabitants"
    assert "Inwoners: Statbel, 1 januari 2026." in words


async def test_without_a_table_everything_says_so(edition: Edition) -> None:
    young = replace(edition, areas=None)
    with i18n.using("en"):
        assert by_place.lines(young) == [] and by_place.tongues(young) == []
        assert by_place.notes(young) == []
        assert PICTURE.charts(young) is None
    assert PICTURE.empty in " ".join(said(young, "en"))


async def test_a_code_that_nobody_knows_is_shown_as_it_is(edition: Edition) -> None:
    """A municipality that was merged since has no name in the list of today."""
    strange = replace(edition, areas=Release(1, date(2026, 5, 3), True, (
        Row("municipality", "99999", "", 20),)))  # fmt: skip
    with i18n.using("en"):
        assert [each.name for each in by_place.lines(strange)] == ["99999"]
    assert "99999" in said(strange)


# --- as a server answers ------------------------------------------------------------------


async def loaded(db: Database, **inhabitants: int) -> None:
    for code, population in inhabitants.items():
        await sql.run(
            db,
            """insert into area_figures (code, country, population, population_year)
               values (:code, 'BE', :population, 2026)""",
            code=code.lstrip("_"),
            population=population,
        )


async def test_the_page_shows_what_the_table_holds(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await past.told_apart(db, settings, park)
    page = Read((await client.get("/nl/petitions/a-park/data")).text)
    shown = {row[1]: row[2] for row in page.named["place-table"][1:]}
    table = csv.DictReader(io.StringIO((await client.get(data("signatures-by-area.csv"))).text))
    assert shown == {row["code"]: row["confirmed"] for row in table}
    assert page.named["by-language"][1:] == [["Nederlands", "50"], ["Andere", "15"]]
    assert "Per 1.000" not in page.named["place-table"][0]
    for ending in ("svg", "png"):
        assert data(f"areas.nl.{ending}") in page.links
    picture = (await client.get(data("areas.nl.svg"))).text
    assert "Antwerpen" in picture and "BE-1050" in picture and "Elders" in picture


async def test_salience_as_others_reckon_it_can_be_made_from_our_files(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    """Signatures per head of a place against those of the whole, (Sc/St)/(Pc/Pt), as
    epetitions.uk drew it for constituencies: from two tables of the bundle."""
    park = await past.park(db, settings)
    await past.told_apart(db, settings, park)
    await sql.run(
        db,
        """insert into area_release_rows (petition_id, number, level, code, confirmed)
           values (:petition, 1, 'municipality', '44021', 20)""",
        petition=park.id,
    )
    await loaded(db, _11002=560_000, _44021=270_000)
    archive = zipfile.ZipFile(io.BytesIO((await client.get(data("bundle.zip"))).content))

    def table(name: str) -> list[dict[str, str]]:
        with archive.open(name) as file:
            return list(csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")))

    people = {row["code"]: int(row["population"]) for row in table("areas.csv")
              if row["population"]}  # fmt: skip
    table_of_places = table("signatures-by-area.csv")
    signed = {
        row["code"]: int(row["confirmed"]) for row in table_of_places if row["code"] in people
    }
    everybody, all_signed = sum(people.values()), sum(signed.values())
    salience = {code: (signed[code] / all_signed) / (people[code] / everybody) for code in people}
    assert salience == {
        "11002": pytest.approx((40 / 60) / (560 / 830)),
        "44021": pytest.approx((20 / 60) / (270 / 830)),
    }
