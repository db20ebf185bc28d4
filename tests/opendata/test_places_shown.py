"""Places for people: names beside codes, rates where everybody is known, the rest as the rest."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from mobilise import i18n
from mobilise.db import Database
from mobilise.opendata import by_place, editions
from mobilise.opendata.areas import REST, Release, Row
from mobilise.opendata.editions import Edition
from mobilise.opendata.graphics import GRAPHICS
from mobilise.settings import Settings
from tests.opendata import past

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
    assert any("afgerond op 5" in each for each in words)


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
