"""The description of the API, against what a running site really answers."""

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mobilise.db import Database
from mobilise.opendata import openapi
from mobilise.opendata.endpoints import ENDPOINTS
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make, running
from tests.opendata import contract, past


def strict(schema: Any) -> Any:
    """The same, where nothing may stand that is not described."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(value) for key, value in schema.items()}
    return found | ({"additionalProperties": False} if "properties" in found else {})


def faults(answer: Any, shape: str) -> list[str]:
    schemas = strict(openapi.described()["components"]["schemas"])
    schema = {"$ref": f"#/components/schemas/{shape}", "components": {"schemas": schemas}}
    checker = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{each.json_path}: {each.message}" for each in checker.iter_errors(answer)]


# --- the description ----------------------------------------------------------------------


async def test_it_is_openapi_and_readable_from_everywhere(
    client: httpx.AsyncClient, db: Database
) -> None:
    answer = await client.get("/api/openapi.json")
    assert list(OpenAPIV31SpecValidator(answer.json()).iter_errors()) == []
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["info"]["license"]["identifier"] == "CC0-1.0"
    etag = answer.headers["etag"]
    again = await client.get("/api/openapi.json", headers={"if-none-match": etag})
    assert again.status_code == 304 and not again.content


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found["info"].pop("title"),
        lambda found: found["paths"]["/api/petitions"]["get"]["responses"]["200"].pop(
            "description"
        ),
        lambda found: found["paths"]["/api/petitions/{slug}"]["get"]["parameters"].clear(),
        lambda found: found["paths"]["/api/petitions"]["get"]["parameters"][0].update({"in": "q"}),
    ],
)
def test_the_validator_would_find_what_is_wrong(spoil: Callable[[Any], None]) -> None:
    found = copy.deepcopy(openapi.described())
    spoil(found)
    assert list(OpenAPIV31SpecValidator(found).iter_errors())


# --- what is really answered --------------------------------------------------------------


async def test_every_answer_is_as_described_and_nothing_is_left_out(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings, title="A park", nl={"title": "Een park"})
    await make.document(db, store, park, title="Soil and water")
    for endpoint in ENDPOINTS:
        answer = await client.get(endpoint.path.replace("{slug}", "a-park"))
        assert answer.status_code == 200
        assert faults(answer.json(), endpoint.answer.__name__) == [], endpoint.path
        assert answer.links["license"]["url"].startswith("https://creativecommons.org/")
    await make.petition(db, "closed", slug="an-empty-one", goal=None)
    for endpoint in ENDPOINTS:
        answer = await client.get(endpoint.path.replace("{slug}", "an-empty-one"))
        assert faults(answer.json(), endpoint.answer.__name__) == [], endpoint.path


async def test_a_field_that_is_not_described_would_be_found(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    found = (await client.get("/api/petitions")).json()
    for wrong in (
        lambda each: each.update(email="suzie@post.example"),
        lambda each: each.pop("state"),
        lambda each: each.update(confirmed=-1),
        lambda each: each.update(opened_at="yesterday"),
    ):
        spoilt = copy.deepcopy(found)
        wrong(spoilt["petitions"][0])
        assert faults(spoilt, "Page"), wrong


async def test_a_problem_is_as_described(client: httpx.AsyncClient, db: Database) -> None:
    await make.petition(db, "removed", slug="removed")
    await make.petition(db, "suspended", slug="suspended")
    cases = {
        "/api/petitions/nobody": (404, "not-found"),
        "/api/petitions/removed": (410, "gone"),
        "/api/petitions/removed/days": (410, "gone"),
        "/api/petitions/suspended/count": (403, "suspended"),
        "/api/petitions?limit=0": (422, "unprocessable"),
        "/api/petitions?q=%00": (400, "refused"),
        "/api/petitions/%00": (400, "refused"),
        "/petitions/nobody/data/petition.json": (404, "not-found"),
    }
    for address, (status, code) in cases.items():
        answer = await client.get(address)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert faults(answer.json(), "Problem") == []
        assert answer.json()["type"] == f"http://127.0.0.1:8000/api#{code}"
        responses = openapi.described()["components"]["responses"]
        assert code in responses, "each that one can meet is described"
    wrong = await client.post("/api/petitions")
    assert wrong.json()["type"].endswith("#wrong-method") and "GET" in wrong.headers["allow"]


async def test_the_page_explains_each_problem_where_its_type_leads(
    client: httpx.AsyncClient, db: Database
) -> None:
    there = await client.get("/api", headers={"accept-language": "de"})
    assert there.headers["location"] == "/de/api"
    page = (await client.get("/de/api")).text
    for code in openapi.described()["components"]["responses"]:
        assert f'id="{code}"' in page
    for endpoint in ENDPOINTS:
        assert endpoint.path in page


async def test_the_examples_of_the_page_work(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title="A park")
    page = (await client.get("/en/api")).text.replace("&amp;", "&").replace("&#39;", "'")
    examples = re.findall(r"curl '(.+?)'", page)
    assert len(examples) == len(ENDPOINTS)
    for example in examples:
        assert (await client.get(example)).status_code == 200


# --- the contract -------------------------------------------------------------------------


def test_nothing_is_taken_away() -> None:
    assert contract.lost(contract.committed(), contract.now()) == []


def test_what_is_added_is_written_down() -> None:
    assert contract.now() == contract.committed(), "run: python -m tests.opendata.contract"


@pytest.mark.parametrize(
    "taken",
    [
        lambda new: new["paths"].pop("/api/petitions/{slug}/count"),
        lambda new: new["paths"]["/api/petitions"]["get"]["parameters"].pop(0),
        lambda new: new["paths"]["/api/petitions"]["get"]["responses"].pop("304"),
        lambda new: new["components"]["schemas"]["Count"]["properties"].pop("paper"),
        lambda new: new["components"]["schemas"]["Count"]["required"].remove("paper"),
        lambda new: new["components"]["schemas"]["Count"]["properties"]["goal"].update(
            anyOf=[{"type": "string"}]
        ),
        lambda new: new["paths"]["/api/petitions"]["get"]["parameters"][6]["schema"].update(
            maximum=50
        ),
        lambda new: new["paths"]["/api/petitions"]["get"]["parameters"][0]["schema"]["enum"].remove(
            "closed"
        ),
        lambda new: new["paths"]["/api/petitions"]["get"]["parameters"].append(
            {"name": "key", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
    ],
)
def test_it_would_be_seen_that_something_is_taken_away(taken: Callable[[Any], None]) -> None:
    new = copy.deepcopy(contract.committed())
    taken(new)
    assert contract.lost(contract.committed(), new)


def test_something_may_be_added() -> None:
    new = copy.deepcopy(contract.committed())
    new["paths"]["/api/more"] = new["paths"]["/api/petitions"]
    new["components"]["schemas"]["Count"]["properties"]["more"] = {"type": "integer"}
    new["paths"]["/api/petitions"]["get"]["parameters"].append(
        {"name": "more", "in": "query", "schema": {"type": "string"}}
    )
    assert contract.lost(contract.committed(), new) == []


# --- schemathesis, over a running site ----------------------------------------------------


def _attacked(site: str, schema: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What somebody else's tool finds, in a bounded number of questions."""
    program = os.path.join(os.path.dirname(sys.executable), "schemathesis")
    return subprocess.run(
        [program, "run", schema, "--url", site, "--checks", "all", "--max-examples", "12",
         "--seed", "1", "--phases", "examples,coverage,fuzzing,stateful", "--no-color"],
        capture_output=True, text=True, timeout=240, check=False, cwd=folder,
    )  # fmt: skip


def test_schemathesis_finds_nothing(site: running.Site, tmp_path: Path) -> None:
    found = _attacked(site.url, f"{site.url}/api/openapi.json", tmp_path)
    assert found.returncode == 0, found.stdout[-4000:]
    asked = len(ENDPOINTS) - 1  # it leaves out the description that it was given
    assert f"Tested: {asked}" in found.stdout


def test_schemathesis_would_find_a_field_that_is_missing(
    site: running.Site, tmp_path: Path
) -> None:
    wrong = copy.deepcopy(openapi.described())
    wrong["components"]["schemas"]["Page"]["required"].append("total")
    wrong["paths"] = {"/api/petitions": wrong["paths"]["/api/petitions"]}
    del wrong["paths"]["/api/petitions"]["get"]["responses"]["200"]["links"]
    (tmp_path / "openapi.json").write_text(json.dumps(wrong), "utf-8")
    found = _attacked(site.url, str(tmp_path / "openapi.json"), tmp_path)
    assert found.returncode == 1 and "total" in found.stdout
