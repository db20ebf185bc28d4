"""What happened, newest first, as an Atom feed (RFC 4287) and as a JSON Feed (1.1).

Both are written by hand: they are short, and the one library for it loses what its links say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as xml

import orjson

ATOM = "http://www.w3.org/2005/Atom"
ATOM_TYPE = "application/atom+xml"
JSON_TYPE = "application/feed+json"
_JSON_FEED = "https://jsonfeed.org/version/1.1"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """`id` and `href` are whole addresses; an id is never given to anything else."""

    id: str
    at: datetime
    title: str
    href: str
    summary: str = ""
    language: str = ""  # where it is not that of the feed
    author: str = ""  # where it is not that of the feed


@dataclass(frozen=True)
class Feed:
    """`address`: without what comes behind the dot. `page`: where people read the same."""

    address: str
    title: str
    page: str
    author: str
    language: str  # "" where each entry has its own
    updated: datetime
    entries: Sequence[Entry]
    rights: str = ""  # address of a licence


# --- Atom ---------------------------------------------------------------------------------


def atom(feed: Feed) -> bytes:
    root = xml.Element("feed", {"xmlns": ATOM, **_spoken(feed.language)})
    here = f"{feed.address}.atom"
    _say(root, "id", here)
    _say(root, "title", feed.title)
    _say(root, "updated", _moment(max([feed.updated, *(each.at for each in feed.entries)])))
    xml.SubElement(root, "link", rel="self", type=ATOM_TYPE, href=here)
    xml.SubElement(root, "link", rel="alternate", type="text/html", href=feed.page)
    if feed.rights:
        xml.SubElement(root, "link", rel="license", href=feed.rights)
    _say(xml.SubElement(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _entry(root, entry)
    xml.indent(root)
    written: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: xml.Element, entry: Entry) -> None:
    found = xml.SubElement(root, "entry", _spoken(entry.language))
    _say(found, "id", entry.id)
    _say(found, "title", entry.title)
    _say(found, "updated", _moment(entry.at))
    xml.SubElement(found, "link", rel="alternate", type="text/html", href=entry.href)
    if entry.author:
        _say(xml.SubElement(found, "author"), "name", entry.author)
    if entry.summary:
        _say(found, "summary", entry.summary)


def _spoken(language: str) -> dict[str, str]:
    return {"xml:lang": language} if language else {}


def _say(parent: xml.Element, name: str, words: str) -> None:
    """What XML cannot hold is left out: one such sign would make the whole feed unreadable."""
    xml.SubElement(parent, name).text = _NO_XML.sub("", words)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


# --- JSON Feed ----------------------------------------------------------------------------


def json(feed: Feed) -> bytes:
    content = {
        "version": _JSON_FEED,
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": f"{feed.address}.json",
        "authors": [{"name": feed.author}],
        **({"language": feed.language} if feed.language else {}),
        "items": [_item(entry) for entry in feed.entries],
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _item(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": entry.id,
        "url": entry.href,
        "title": entry.title,
        "content_text": entry.summary or entry.title,
        "date_published": _moment(entry.at),
    }
    if entry.language:
        found["language"] = entry.language
    if entry.author:
        found["authors"] = [{"name": entry.author}]
    return found
