"""A table as JSON: an object that says whose it is and until when, with its rows as objects."""

from collections.abc import Iterator
from itertools import islice

import orjson

from mobilise.opendata.editions import Edition
from mobilise.opendata.table import Table

ROWS_A_PIECE = 100


def pieces(table: Table, edition: Edition) -> Iterator[bytes]:
    """A row on a line, some at a time, so that the length does not matter."""
    head = orjson.dumps(
        {
            "petition": edition.petition.slug,
            "demonstration": edition.petition.demo,
            "table": table.name,
            "until": edition.day,
            "license": table.license.name,
            "license_url": table.license.path,
        }
    )
    yield head[:-1] + b',"rows":['
    rows, separator = table.objects(edition), b"\n"
    while some := list(islice(rows, ROWS_A_PIECE)):
        yield separator + b",\n".join(map(orjson.dumps, some))
        separator = b",\n"
    yield b"\n]}\n"
