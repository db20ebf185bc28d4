"""datapackage.json: what each file and each column is, for R, Python and whoever comes later.

Data Package 2.0 (datapackage.org/standard), made from the list of files itself.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from mobilise.opendata import about, licenses
from mobilise.opendata.columns import Column
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES, PACKAGE_NAME, PACKAGE_WHAT, File, measure_of
from mobilise.opendata.readme import LICENSE, README
from mobilise.opendata.written import JSON, written

# By its file extension readers would take a workbook for one table, and read its first sheet alone.
WORKBOOKS = {"xlsx": "office-open-xml", "ods": "opendocument"}
DESCRIBED = (*FILES, README, LICENSE)
PROFILES = "https://datapackage.org/profiles/2.0"
NAME = PACKAGE_NAME


def describe(edition: Edition) -> dict[str, Any]:
    petition, day = edition.petition, edition.day
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": petition.slug,
        "id": edition.file_url(NAME),
        "title": petition.title,
        "description": (
            ("A demonstration: names and figures are invented. " if petition.demo else "")
            + "The signatures of a petition by day until the end of "
            f"{day.isoformat()}, its documents, its text, and how was counted. "
            "No row is about one person. " + about.RIGHTS_OF_DOCUMENTS
        ),
        "homepage": f"{edition.page_url(petition.language)}/data",
        "version": f"{day.year}.{day.month}.{day.day}",
        "created": edition.at(edition.closed_at),
        "keywords": ["petition", "signatures", "participation"],
        "contributors": [{"title": petition.group_name, "roles": ["creator"]}],
        "licenses": [licenses.COUNTS.described, licenses.TEXTS.described],
        "resources": [_resource(file, edition) for file in DESCRIBED],
    }


def _resource(file: File, edition: Edition) -> dict[str, Any]:
    measured = measure_of(file, edition)
    kind = file.name.rpartition(".")[2]
    kind = WORKBOOKS.get(kind, kind)
    resource = {
        "name": _name(file),
        "path": file.name,
        "description": file.description,
        "format": kind,
        "mediatype": file.media_type.partition(";")[0],
        "encoding": "utf-8",
        "bytes": measured.size,
        "hash": f"sha256:{measured.sha256}",
        "licenses": [file.license.described],
    }
    if file.license is licenses.PLACES:
        resource["sources"] = [source.described for source in licenses.SOURCES]
    return resource | (table(file.columns, file.key) if file.columns else {})


def _name(file: File) -> str:
    """signatures-by-day, as long as no table is called so: `signatures-by-day.json` beside it."""
    stem = file.name.rpartition(".")[0].lower()
    others = [each for each in DESCRIBED if each.name.startswith(f"{stem}.") and each is not file]
    return stem if file.columns or not others else file.name


def table(columns: Sequence[Column], key: Sequence[str]) -> dict[str, Any]:
    """What makes a resource a table of CSV."""
    return {
        "type": "table",
        "dialect": {
            "$schema": f"{PROFILES}/tabledialect.json",
            "header": True,
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "schema": {
            "$schema": f"{PROFILES}/tableschema.json",
            "fields": [column.described for column in columns],
            "primaryKey": list(key),
            "missingValues": [""],
        },
    }


def _pieces(edition: Edition) -> Iterator[bytes]:
    yield written(describe(edition))


PACKAGE = File(
    NAME,
    PACKAGE_WHAT,
    "Data Package 2.0.",
    licenses.COUNTS,
    JSON,
    _pieces,
)
EVERY = (README, LICENSE, PACKAGE, *FILES)
"""All files of an edition, in the order in which the bundle has them."""
