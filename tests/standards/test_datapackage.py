"""The bundle before somebody else's validators: frictionless, and the standard's own schema.

Each validator also gets a bundle with one thing wrong, to show that it would have told us.
"""

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import frictionless
import httpx
import jsonschema
import pytest

from mobilise.db import Database
from tests import make
from tests.opendata.past import data

ROOT = Path(__file__).resolve().parents[2]
PROFILE = ROOT.parent / "shared" / "standards" / "datapackage-2.0.json"


def errors(folder: Path) -> list[str]:
    """What frictionless finds, by its own names."""
    report = frictionless.validate(str(folder / "datapackage.json"))
    return [error for _file, error in report.flatten(["name", "type"])]


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def described(folder: Path) -> Any:
    return json.loads((folder / "datapackage.json").read_text("utf-8"))


def by_resource(folder: Path, name: str) -> Any:
    return next(each for each in described(folder)["resources"] if each["name"] == name)


def trust_again(folder: Path, name: str) -> None:
    """Leaves out length and checksum, so that only the content can be wrong."""
    found = described(folder)
    for resource in found["resources"]:
        if resource["name"] == name:
            del resource["hash"], resource["bytes"]
    (folder / "datapackage.json").write_text(json.dumps(found), "utf-8")


# --- frictionless -------------------------------------------------------------------------


async def test_frictionless_finds_nothing_wrong(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])
    assert report.stats["tasks"] == len(described(folder)["resources"])
    read = frictionless.Package(str(folder / "datapackage.json"))
    days = read.get_resource("signatures-by-day").read_rows()
    assert days[-1]["total"] == 162, "read as numbers, not as words"


async def test_a_petition_without_signatures_or_documents_is_valid_too(
    client: httpx.AsyncClient, db: Database, tmp_path: Path
) -> None:
    await make.petition(db, slug="a-park")
    answer = await client.get(data("bundle.zip"))
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    assert errors(tmp_path) == []


async def test_it_would_find_a_wrong_checksum(folder: Path) -> None:
    change(folder, "signatures-by-day.csv", ",40,40,0,0,0,0,40", ",41,40,0,0,0,0,40")
    assert "hash-count" in errors(folder)


async def test_it_would_find_a_wrong_length(folder: Path) -> None:
    size = by_resource(folder, "documents")["bytes"]
    change(folder, "datapackage.json", f'"bytes": {size}', f'"bytes": {size + 1}')
    assert "byte-count" in errors(folder)


@pytest.mark.parametrize(
    "name, old, new, error",
    [
        ("signatures-by-day.csv", ",40,40,0", ",many,40,0", "type-error"),
        ("signatures-by-day.csv", ",40,40,0", ",-40,40,0", "constraint-error"),
        ("signatures-by-day.csv", "day,confirmed", "day,Confirmed", "incorrect-label"),
        ("signatures-by-day.csv", ",40,40,0,0,0,0,40", ",40,40,0,0,0,0", "missing-cell"),
        ("documents.csv", ",txt,", ",exe,", "constraint-error"),
        ("signatures-by-hour.csv", ",24,40", ",25,40", "constraint-error"),
        ("signatures-by-method.csv", "paper,", "fax,", "constraint-error"),
        ("text-versions.csv", "1,nl,first", "1,nl,last", "constraint-error"),
    ],
)
async def test_it_would_find_a_wrong_cell(
    folder: Path, name: str, old: str, new: str, error: str
) -> None:
    change(folder, name, old, new)
    trust_again(folder, name.removesuffix(".csv"))
    assert error in errors(folder)


async def test_it_would_find_a_workbook_that_was_changed(folder: Path) -> None:
    path = folder / "data.xlsx"
    path.write_bytes(path.read_bytes() + b"\0")
    assert "hash-count" in errors(folder)


async def test_it_would_find_a_day_that_stands_twice(folder: Path) -> None:
    path = folder / "signatures-by-day.csv"
    header, first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([header, first, first, *rest]))
    trust_again(folder, "signatures-by-day")
    assert {"primary-key", "constraint-error"} & set(errors(folder))


# --- the standard's own schema ------------------------------------------------------------


@pytest.fixture(scope="module")
def profile() -> jsonschema.Draft7Validator:
    return validator()


def validator() -> jsonschema.Draft7Validator:
    """Of the profile, which is required where the whole check runs."""
    if not PROFILE.is_file():
        missing = "the Data Package 2.0 profile is not at ../shared/standards/ of this checkout"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    schema = json.loads(PROFILE.read_text("utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())


async def test_the_description_follows_the_standard(
    folder: Path, profile: jsonschema.Draft7Validator
) -> None:
    assert [error.message for error in profile.iter_errors(described(folder))] == []


async def test_the_schema_would_find_what_is_wrong(
    folder: Path, profile: jsonschema.Draft7Validator
) -> None:
    for wrong in (
        lambda found: found["resources"][0].update(path="/etc/passwd"),
        lambda found: found["resources"][0]["schema"]["fields"][0].update(type="day"),
        lambda found: found["resources"][0].pop("name"),
        lambda found: found["licenses"].append({"title": "free"}),
        lambda found: found.pop("resources"),
    ):
        found = described(folder)
        wrong(found)
        assert list(profile.iter_errors(found)), wrong
