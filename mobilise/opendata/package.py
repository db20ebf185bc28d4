"""datapackage.json: what each file and each column is, for R, Python and whoever comes later.

Data Package 2.0 (datapackage.org/standard), made from the list of files itself.
"""

from collections.abc import Iterator
from typing import Any

from mobilise.errors import N_
from mobilise.opendata import about, licenses
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES, JSON, File, measure, written

PROFILES = "https://datapackage.org/profiles/2.0"
NAME = "datapackage.json"


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
        "resources": [_resource(file, edition) for file in FILES],
    }


def _resource(file: File, edition: Edition) -> dict[str, Any]:
    measured = measure(file.pieces(edition))
    name, _, kind = file.name.rpartition(".")
    resource = {
        "name": name,
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
    return resource | (_table(file) if file.columns else {})


def _table(file: File) -> dict[str, Any]:
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
            "fields": [column.described for column in file.columns],
            "primaryKey": list(file.key or [file.columns[0].name]),
            "missingValues": [""],
        },
    }


def _pieces(edition: Edition) -> Iterator[bytes]:
    yield written(describe(edition))


PACKAGE = File(
    NAME,
    N_("What each file and each column means, for R and Python"),
    "Data Package 2.0.",
    licenses.COUNTS,
    JSON,
    _pieces,
)
