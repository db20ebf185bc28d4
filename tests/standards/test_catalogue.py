"""The catalogue before the shapes of DCAT-AP 3.0.1, both ways of writing it before rdflib.

The shapes get a catalogue with one thing wrong as well, to show that they would have told us.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pyshacl
import pytest
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from mobilise.db import Database, run
from mobilise.opendata import catalogue
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY
from tests.running import ROOT

STANDARDS = ROOT.parent / "shared" / "standards"
# The types of the authority addresses that we use and that the list beside the shapes leaves out.
MORE_TYPES = """
@prefix dct: <http://purl.org/dc/terms/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix a: <http://publications.europa.eu/resource/authority/> .
<http://publications.europa.eu/resource/authority/language/FRA> a dct:LinguisticSystem .
<http://publications.europa.eu/resource/authority/language/DEU> a dct:LinguisticSystem .
<http://publications.europa.eu/resource/authority/language/ENG> a dct:LinguisticSystem .
<http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> a dct:LicenseDocument .
<http://publications.europa.eu/resource/authority/frequency/NEVER> a dct:Frequency .
<http://publications.europa.eu/resource/authority/frequency/CONT> a dct:Frequency .
<http://publications.europa.eu/resource/authority/country/NLD> a dct:Location .
<http://publications.europa.eu/resource/authority/data-theme> a skos:ConceptScheme ;
  dct:title "Data theme"@en .
"""
KINDS = ("ZIP", "XLSX", "ODS", "SQLITE", "GEOJSON")


def _types() -> Graph:
    found = Graph().parse(data=MORE_TYPES, format="turtle")
    base = "http://publications.europa.eu/resource/authority/file-type/"
    for kind in KINDS:
        found.add((URIRef(base + kind), RDF.type, DCTERMS.MediaTypeOrExtent))
    for offer in catalogue.OFFERS:
        kind = offer.media_type.partition(";")[0]
        address = URIRef(f"http://www.iana.org/assignments/media-types/{kind}")
        found.add((address, RDF.type, DCTERMS.MediaType))
    return found


@pytest.fixture(scope="module")
def shapes() -> Graph:
    path = STANDARDS / "dcat-ap-SHACL-3.0.1.ttl"
    if not path.is_file():
        missing = "the shapes of DCAT-AP 3.0.1 are not at ../shared/standards/ of this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    found = Graph().parse(path)
    # The published file leads to a few shapes that it does not hold; pyshacl stops at these.
    for shape, held in list(found.subject_objects(SH.property)):
        if (held, SH.path, None) not in found:
            found.remove((shape, SH.property, held))
    assert len(list(found.objects(None, SH.path))) > 200
    return found


def complaints(found: Graph, shapes: Graph) -> str:
    """What the shapes find, or nothing."""
    known = found + Graph().parse(STANDARDS / "vocab-types.ttl") + _types()
    conforms, _, words = pyshacl.validate(known, shacl_graph=shapes)
    return "" if conforms else str(words)


async def catalog(client: httpx.AsyncClient) -> Graph:
    answer = await client.get("/catalog.ttl")
    assert answer.status_code == 200
    return Graph().parse(data=answer.text, format="turtle")


@pytest.fixture
async def found(client: httpx.AsyncClient, db: Database, store: Store, settings: Settings) -> Graph:
    park = await past.park(db, settings, title=NASTY, nl={"title": 'Een "park" \\ \t een\nbos'})
    await make.document(db, store, park, title=NASTY)
    await run(db, "update petitions set postcodes = '{BE 2060,NL 1011}' where slug = 'a-park'")
    await make.petition(db, "closed", slug="closed-one")
    await make.petition(db, "draft", slug="secret-plan")
    return await catalog(client)


# --- the shapes ---------------------------------------------------------------------------


async def test_the_shapes_find_nothing_wrong(found: Graph, shapes: Graph) -> None:
    assert complaints(found, shapes) == ""
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == 3, "and one of all together"


async def test_an_instance_without_a_petition_has_a_catalogue_too(
    client: httpx.AsyncClient, db: Database, shapes: Graph
) -> None:
    empty = await catalog(client)
    assert len(set(empty.subjects(RDF.type, DCAT.Catalog))) == 1
    assert complaints(empty, shapes) == ""


def _without(what: URIRef) -> Callable[[Graph], None]:
    def spoil(graph: Graph) -> None:
        graph.remove((None, what, None))

    return spoil


def _a_publisher_in_words(graph: Graph) -> None:
    for each in list(graph.subjects(DCTERMS.publisher)):
        graph.set((each, DCTERMS.publisher, Literal("somebody")))


def _two_starts(graph: Graph) -> None:
    for each in list(graph.subjects(DCAT.startDate)):
        graph.add((each, DCAT.startDate, Literal("2026-01-01")))


@pytest.mark.parametrize(
    "spoil",
    [
        _without(DCTERMS.title),
        _without(DCTERMS.description),
        _without(DCAT.accessURL),
        _without(FOAF.name),
        _a_publisher_in_words,
        _two_starts,
    ],
)
async def test_the_shapes_would_find_what_is_wrong(
    found: Graph, shapes: Graph, spoil: Callable[[Graph], None]
) -> None:
    spoil(found)
    assert complaints(found, shapes)


# --- two ways of writing ------------------------------------------------------------------


async def test_both_ways_of_writing_say_the_same(
    found: Graph, client: httpx.AsyncClient, db: Database
) -> None:
    answer = await client.get("/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    other = Graph().parse(data=answer.text, format="json-ld")
    assert len(other) > 100 and isomorphic(found, other)
    other.add((URIRef("urn:x"), RDF.type, DCAT.Dataset))
    assert not isomorphic(found, other)


async def test_each_is_the_others_alternate(client: httpx.AsyncClient, db: Database) -> None:
    for path, media_type in (
        ("/catalog.ttl", "text/turtle"),
        ("/catalog.jsonld", "application/ld+json"),
    ):
        answer = await client.get(path)
        assert answer.headers["content-type"].startswith(media_type)
        other = answer.links["alternate"]
        assert (await client.get(other["url"])).headers["content-type"].startswith(other["type"])
        head = await client.head(path)
        assert head.status_code == 200 and not head.content


# --- what it says -------------------------------------------------------------------------


async def test_it_says_what_people_wrote_sign_by_sign(found: Graph) -> None:
    park = URIRef("http://127.0.0.1:8000/petitions/a-park/data")
    titles = {str(title) for title in found.objects(park, DCTERMS.title)}
    assert titles == {NASTY, 'Een "park" \\ \t een\nbos'}
    languages = {title.language for title in found.objects(park, DCTERMS.title)}  # type: ignore[union-attr]
    assert languages == {"en", "nl"}


async def test_no_draft_is_in_it(client: httpx.AsyncClient, found: Graph) -> None:
    assert "secret-plan" not in (await client.get("/catalog.ttl")).text


async def test_what_it_leads_to_is_there(client: httpx.AsyncClient, found: Graph) -> None:
    addresses = {
        str(address)
        for what in (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointDescription, DCAT.endpointURL)
        for address in found.objects(None, what)
    }
    assert len(addresses) > 10
    for address in addresses:
        assert (await client.get(address)).status_code == 200, address


async def test_a_demonstration_says_that_it_is_one(client: httpx.AsyncClient, db: Database) -> None:
    park = await make.petition(db, slug="a-park")
    assert "demonstration" not in (await client.get("/catalog.ttl")).text.lower()
    await run(db, "update petitions set demo = true where id = :id", id=park.id)
    said = (await client.get("/catalog.ttl")).text
    assert "Demonstration: names and figures are invented" in said
    assert '"demonstration"@en' in said


async def test_an_open_petition_grows_daily_and_a_closed_one_never(
    found: Graph, settings: Settings
) -> None:
    base = "http://publications.europa.eu/resource/authority/frequency/"
    for slug, word in (("a-park", "DAILY"), ("closed-one", "NEVER")):
        dataset = URIRef(f"http://127.0.0.1:8000/petitions/{slug}/data")
        assert list(found.objects(dataset, DCTERMS.accrualPeriodicity)) == [URIRef(base + word)]
    modified = found.value(URIRef("http://127.0.0.1:8000/petitions/a-park/data"), DCTERMS.modified)
    assert isinstance(modified, Literal) and modified.toPython() <= datetime.now(UTC)


async def test_a_long_list_is_written_part_by_part(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "A_PART", 2)
    for n in range(5):
        await make.petition(db, slug=f"petition-{n}")
    found = await catalog(client)
    assert len(set(found.subjects(RDF.type, DCAT.Dataset))) == 6
