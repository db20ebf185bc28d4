"""JSON as our files have it: UTF-8, indented, with a line end at its end."""

from typing import Any

import orjson

JSON = "application/json"


def written(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
