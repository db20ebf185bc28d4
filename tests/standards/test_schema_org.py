"""The data block of a page before the vocabulary itself, and before what search engines ask.

Validators that we tried took misspelt words for right: here each word must be one of schema.org.
"""

import copy
import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from rdflib import RDF, SDO, Graph, URIRef

from mobilise.db import Database, run
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY

PAGE = "/en/petitions/a-park/data"
HOSTILE = '</script><script>alert(1)</script><!-- ]]> & "quoted" \u2028'


class Blocks(HTMLParser):
    """The data blocks of a page, as a browser finds them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.others = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.inside = dict(attributes).get("type") == "application/ld+json"
            self.others += not self.inside

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(data)


async def described(client: httpx.AsyncClient, page: str = PAGE) -> Any:
    answer = await client.get(page)
    assert answer.status_code == 200
    blocks = Blocks(answer.text)
    assert blocks.others == 0, "no other script"
    (found,) = blocks.found
    return json.loads(found)


def strangers(found: Any) -> set[str]:
    """Words that are none of schema.org's."""
    block = {**found, "@context": {"@vocab": str(SDO)}}
    graph = Graph().parse(data=json.dumps(block), format="json-ld")
    assert len(graph) > 10
    words = {word for word in graph.predicates() if word != RDF.type} | set(
        graph.objects(None, RDF.type)
    )
    return {str(word) for word in words if URIRef(str(word)) not in SDO}


def refused(found: Any) -> list[str]:
    """What a search engine for data would miss: its documented rules for a Dataset."""
    missing = [
        name for name in ("name", "description", "license", "creator") if not found.get(name)
    ]
    if not 50 <= len(found.get("description", "")) <= 5000:
        missing.append("description of 50 to 5000 signs")
    for each in found.get("distribution", [{}]):
        if not each.get("contentUrl", "").startswith("http") or not each.get("encodingFormat"):
            missing.append("an address and a format of each file")
    return missing


@pytest.fixture
async def park(db: Database, settings: Settings) -> Any:
    return await past.park(db, settings, title="A park", nl={"title": "Een park"})


async def test_every_word_is_one_of_schema_org(client: httpx.AsyncClient, park: Any) -> None:
    found = await described(client)
    assert found["@type"] == "Dataset" and strangers(found) == set()
    assert refused(found) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found.update(licence=found.pop("license")),
        lambda found: found["distribution"][0].update(sha257="0"),
        lambda found: found.update({"@type": "DataSet"}),
        lambda found: found["creator"].update({"@type": "Organisation"}),
    ],
)
async def test_a_misspelt_word_would_be_found(
    client: httpx.AsyncClient, park: Any, spoil: Callable[[Any], None]
) -> None:
    found = copy.deepcopy(await described(client))
    spoil(found)
    assert strangers(found)


async def test_what_a_search_engine_misses_would_be_found(
    client: httpx.AsyncClient, park: Any
) -> None:
    whole = await described(client)
    for name, value in (("description", "Short."), ("license", ""), ("distribution", [{}])):
        assert refused({**whole, name: value})


async def test_it_speaks_the_readers_language_and_leads_to_what_is_there(
    client: httpx.AsyncClient, park: Any
) -> None:
    dutch = await described(client, "/nl/petitions/a-park/data")
    assert dutch["name"] == "Een park" and "handtekeningen" in dutch["description"]
    addresses = [each["contentUrl"] for each in dutch["distribution"]]
    addresses += [dutch["url"], dutch["identifier"], f"{dutch['creator']['url']}"]
    for address in addresses:
        assert (await client.get(address)).status_code in (200, 307), address
    began, ended = dutch["temporalCoverage"].split("/")
    assert len(began) == 10 and ended == "..", "it is still open"


async def test_words_of_strangers_stay_words(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    await past.park(db, settings, title=HOSTILE)
    found = await described(client)
    assert found["name"] == HOSTILE
    await run(db, "update petition_texts set title = :title", title=NASTY)
    assert (await described(client))["name"] == NASTY


async def test_an_empty_petition_and_a_demonstration_are_described(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, "closed", slug="a-park")
    assert refused(await described(client)) == []
    assert not (await described(client))["temporalCoverage"].endswith("..")
    await run(db, "update petitions set demo = true")
    assert "invented" in (await described(client))["description"]


async def test_the_headers_say_it_too(client: httpx.AsyncClient, park: Any) -> None:
    links = (await client.get(PAGE)).links
    assert links["type"]["url"] == "https://schema.org/Dataset"
    assert links["cite-as"]["url"] == "http://127.0.0.1:8000/petitions/a-park/data"
    for name in ("describedby", "item", "collection"):
        assert (await client.get(links[name]["url"])).status_code == 200
    of_a_file = (await client.get(past.data("signatures-by-day.csv"))).links
    assert of_a_file.keys() == {"license", "collection", "describedby", "version-history"}
    assert of_a_file["collection"]["url"] == links["cite-as"]["url"]
