"""csv-metadata.json: the CSV files described once more, as the W3C has it (CSV on the Web)."""

import re
from collections.abc import Iterator
from typing import Any

from mobilise.opendata.columns import Column
from mobilise.opendata.editions import Edition
from mobilise.opendata.table import TABLES, Table
from mobilise.opendata.written import written

NAME = "csv-metadata.json"


def pieces(edition: Edition) -> Iterator[bytes]:
    yield written(describe(edition))


def describe(edition: Edition) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": edition.petition.title,
        "dc:creator": edition.petition.group_name,
        "dc:issued": {"@value": edition.day.isoformat(), "@type": "xsd:date"},
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "lineTerminators": ["\r\n"],
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "tables": [_table(table) for table in TABLES],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "url": f"{table.name}.csv",
        "dc:description": table.description,
        "dc:license": {"@id": table.license.path},
        "tableSchema": {
            "columns": [_column(column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    rules = column.constraints
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": _datatype(column),
        "required": bool(rules.get("required")),
    }


def _datatype(column: Column) -> dict[str, Any]:
    rules = column.constraints
    if column.type == "date":
        return {"base": "date", "format": "yyyy-MM-dd"}
    if column.type == "integer":
        return {"base": "integer"} | {k: rules[k] for k in ("minimum", "maximum") if k in rules}
    if column.format == "uri":
        return {"base": "anyURI"}
    if "enum" in rules:
        return {"base": "string", "format": f"^({'|'.join(map(re.escape, rules['enum']))})$"}
    return {"base": "string"} | ({"format": rules["pattern"]} if "pattern" in rules else {})
