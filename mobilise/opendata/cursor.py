"""Where a part of a list ended: the moment at which its last petition opened, and its number.

It stays a place, whatever becomes of that petition meanwhile.
"""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

Place = tuple[datetime, int]
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_INSIDE = re.compile(rb"([0-9]{1,17})\.([0-9]{1,15})\Z")


def said(place: Place) -> str:
    """~MTc0NjY… for an address; not to be made by others."""
    at, number = place
    inside = f"{(at - _BEGIN) // timedelta(microseconds=1)}.{number}"
    return "~" + base64.urlsafe_b64encode(inside.encode()).decode().rstrip("=")


def read(words: str) -> Place | None:
    """None for what `said` never said."""
    if not words.startswith("~") or len(words) > 60 or not words.isascii():
        return None
    try:
        inside = base64.urlsafe_b64decode(words[1:] + "=" * (-len(words[1:]) % 4))
    except (binascii.Error, ValueError):
        return None
    found = _INSIDE.match(inside)
    return (_BEGIN + timedelta(microseconds=int(found[1])), int(found[2])) if found else None
