"""The map: there where somebody loaded outlines, and not a word of it where nobody did."""

import re
from xml.etree import ElementTree

import httpx
import orjson
import pytest
from geojson_pydantic import FeatureCollection
from pydantic import ValidationError

from mobilise import db as sql
from mobilise.db import Database
from mobilise.opendata.graphics import GRAPHICS
from mobilise.settings import Settings
from tests import make
from tests.opendata import past
from tests.opendata.past import data
from tests.opendata.test_data_page import PAGE

SPACE = "{http://www.w3.org/2000/svg}"
(MAP,) = (each for each in GRAPHICS if each.name == "map")


def square(east: float) -> dict[str, object]:
    ring = [[east, 51.2], [east + 0.1, 51.2], [east + 0.1, 51.3], [east, 51.3], [east, 51.2]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
async def park(db: Database, settings: Settings) -> None:
    """Antwerp is told apart (11002); its neighbour 11008 is not, and Ghent lies elsewhere."""
    found = await past.park(db, settings)
    await past.told_apart(db, settings, found)
    for n, code in enumerate(("11002", "11008", "44021")):
        await sql.run(
            db,
            "insert into area_shapes (code, geometry) values (:code, cast(:shape as text)::jsonb)",
            code=code,
            shape=orjson.dumps(square(4.4 + n / 10)).decode(),
        )


@pytest.mark.usefixtures("park")
async def test_what_is_told_is_coloured_and_its_neighbour_hatched(
    client: httpx.AsyncClient,
) -> None:
    drawn = ElementTree.fromstring((await client.get(data("map.nl.svg"))).text)
    kinds = [each.attrib["class"] for each in drawn.iter(f"{SPACE}path") if each.get("class")]
    shapes = [kind for kind in kinds if kind.startswith("m-area")]
    assert sorted(shapes) == ["m-area", "m-area", "m-area m-3", "m-area m-3"], "and the key"
    words = [each.text for each in drawn.iter(f"{SPACE}text")]
    assert "Antwerpen" in words and "niet apart getoond" in words
    assert "40 handtekeningen" in words and "11008" not in words


@pytest.mark.usefixtures("park")
async def test_the_page_shows_it_and_offers_it(client: httpx.AsyncClient) -> None:
    page = (await client.get(PAGE)).text
    assert f'href="{data("map.en.svg")}"' in page and f'href="{data("areas.geojson")}"' in page
    assert "map-desk" in page and 'id="embed-map"' in page
    assert "m-area m-3" in (await client.get("/embed/a-park/map.en")).text


async def test_without_outlines_the_page_says_nothing_of_a_map(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    found = await past.park(db, settings)
    await past.told_apart(db, settings, found)
    page = (await client.get(PAGE)).text
    assert "areas.en.svg" in page and not re.search(r"\bmap\b", page)
    assert MAP.empty in " ".join(
        each.text or ""
        for each in ElementTree.fromstring((await client.get(data("map.en.svg"))).text).iter(
            f"{SPACE}text"
        )
    )


# --- GeoJSON ------------------------------------------------------------------------------


@pytest.mark.usefixtures("park")
async def test_its_places_are_geojson_to_somebody_elses_reader(client: httpx.AsyncClient) -> None:
    answer = await client.get(data("areas.geojson"))
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    found = FeatureCollection.model_validate_json(answer.content)
    told = {each.id: each for each in found.features}
    assert set(told) == {"11002", "NL", "BE-1050"}, "what is not told apart is no feature"
    assert told["11002"].geometry is not None and told["NL"].geometry is None
    properties = told["11002"].properties or {}
    assert properties["confirmed"] == 40 and properties["per_1000"] is None


@pytest.mark.usefixtures("park")
async def test_that_reader_would_find_an_open_ring(client: httpx.AsyncClient) -> None:
    found = (await client.get(data("areas.geojson"))).json()
    (town,) = (each for each in found["features"] if each["id"] == "11002")
    del town["geometry"]["coordinates"][0][-1]
    with pytest.raises(ValidationError):
        FeatureCollection.model_validate(found)


async def test_a_petition_without_tables_has_an_empty_collection(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, slug="a-park")
    found = FeatureCollection.model_validate_json((await client.get(data("areas.geojson"))).content)
    assert found.features == []
