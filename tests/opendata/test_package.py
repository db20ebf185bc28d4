"""datapackage.json: says of each file and column what is true."""

import hashlib
from datetime import datetime
from typing import Any

import httpx
import pytest

from mobilise.db import Database, run
from mobilise.opendata.package import DESCRIBED
from mobilise.opendata.table import TABLES
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import ago, data, rows


@pytest.fixture
async def described(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> dict[str, Any]:
    park = await past.park(db, settings)
    await past.told_apart(db, settings, park)
    await make.document(db, store, park)
    found = (await client.get(data("datapackage.json"))).json()
    assert isinstance(found, dict)
    return found


async def test_length_and_checksum_are_those_of_the_files(
    client: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    paths = [resource["path"] for resource in described["resources"]]
    assert paths == [file.name for file in DESCRIBED]
    names = [resource["name"] for resource in described["resources"]]
    assert len(set(names)) == len(names)
    assert {"signatures-by-day", "documents", "petition", "about-the-count"} <= set(names)
    for resource in described["resources"]:
        content = (await client.get(data(resource["path"]))).content
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


async def test_every_column_is_described_in_its_place(
    client: httpx.AsyncClient, described: dict[str, Any]
) -> None:
    tables = [each for each in described["resources"] if each.get("type") == "table"]
    assert [table["path"] for table in tables] == [f"{table.name}.csv" for table in TABLES]
    for table in tables:
        header, *lines = rows(await client.get(data(table["path"])))
        fields = table["schema"]["fields"]
        assert [field["name"] for field in fields] == header
        assert all(field["description"].endswith(".") and field["constraints"] is not None
                   for field in fields)  # fmt: skip
        key = [header.index(name) for name in table["schema"]["primaryKey"]]
        keys = [tuple(line[n] for n in key) for line in lines]
        assert len(set(keys)) == len(keys) > 0


async def test_it_tells_its_version_its_day_and_its_licences(
    described: dict[str, Any], settings: Settings
) -> None:
    yesterday = ago(settings, 1)
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert described["version"] == f"{yesterday.year}.{yesterday.month}.{yesterday.day}"
    created = datetime.fromisoformat(described["created"])
    assert created.date() == ago(settings, 0) and created.tzinfo is not None
    assert [each["name"] for each in described["licenses"]] == ["CC0-1.0", "CC-BY-4.0"]
    by_path = {r["path"]: [each["name"] for each in r["licenses"]] for r in described["resources"]}
    assert by_path["petition.json"] == ["CC-BY-4.0"]
    assert by_path["signatures-by-day.csv"] == by_path["about-the-count.json"] == ["CC0-1.0"]
    assert described["homepage"] == f"{settings.base_url}/en/petitions/a-park/data"


async def test_it_has_none_of_the_habits_of_version_one(described: dict[str, Any]) -> None:
    """A validator lets them pass, a reader of version two does not know them."""

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for each in value.values() for key in keys(each)}
        if isinstance(value, list):
            return {key for each in value for key in keys(each)}
        return set()

    assert not keys(described) & {
        "profile",
        "role",
        "url",
        "author",
        "license",
        "dataPackageVersion",
    }
    for contributor in described["contributors"]:
        assert isinstance(contributor["roles"], list)
    for resource in described["resources"]:
        assert isinstance(resource["path"], str) and resource["hash"].startswith("sha256:")
        if "schema" in resource:
            assert isinstance(resource["schema"]["primaryKey"], list)
            assert resource["schema"]["$schema"].endswith("/2.0/tableschema.json")
            assert resource["dialect"]["$schema"].endswith("/2.0/tabledialect.json")
            for field in resource["schema"]["fields"]:
                assert set(field) <= {"name", "type", "format", "description", "constraints"}


async def test_invented_figures_say_so_in_every_file_that_describes_them(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    about = (await client.get(data("about-the-count.json"))).json()
    assert about["demonstration"] is False
    await run(db, "update petitions set demo = true")
    about = (await client.get(data("about-the-count.json"))).json()
    package = (await client.get(data("datapackage.json"))).json()
    assert about["demonstration"] is True
    assert package["description"].startswith("A demonstration: names and figures are invented.")
