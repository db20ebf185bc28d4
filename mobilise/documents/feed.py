"""What came into a dossier, was replaced and was taken away, as an Atom feed (RFC 4287)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree as xml

from mobilise import db
from mobilise.documents import feed_queries
from mobilise.errors import N_
from mobilise.i18n import gettext, using
from mobilise.petitions.reading import Petition

ATOM = "http://www.w3.org/2005/Atom"
MOST = 100
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAID = {
    "added": N_("Added"),
    "replaced": N_("Replaced"),
    "redacted": N_("Made unreadable in part"),
    "withdrawn": N_("Taken away"),
}


async def atom(
    database: db.Database, petition: Petition, base_url: str, url: Callable[..., str]
) -> bytes:
    """The feed, in the petition's own language. `url`: addresses by route name."""
    with using(petition.languages[0]):
        return _written(
            petition, await feed_queries.events(database, petition.id, MOST), base_url, url
        )


def _written(
    petition: Petition, events: list[db.Record], base_url: str, url: Callable[..., str]
) -> bytes:
    lang = petition.languages[0]
    here = base_url + url("documents.feed", slug=petition.slug)
    page = base_url + url("documents.dossier", slug=petition.slug, lang=lang)
    root = xml.Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    _say(root, "id", here)
    _say(root, "title", f"{gettext('The dossier')} · {petition.title}")
    newest = events[0]["at"] if events else petition.opened_at or datetime.now(UTC)
    _say(root, "updated", _moment(newest))
    xml.SubElement(root, "link", rel="self", type="application/atom+xml", href=here)
    xml.SubElement(root, "link", rel="alternate", type="text/html", href=page)
    _say(xml.SubElement(root, "author"), "name", petition.group_name)
    for event in events:
        _entry(root, event, base_url + url(
            "documents.document", slug=petition.slug, id=event["document_id"], lang=lang
        ))  # fmt: skip
    xml.indent(root)
    written: bytes = xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(root: xml.Element, event: db.Record, href: str) -> None:
    entry = xml.SubElement(root, "entry")
    _say(entry, "id", f"{href}#{event['what']}-{event['version'] or 0}")
    _say(entry, "title", f"{gettext(_SAID[event['what']])}: {event['title']}")
    _say(entry, "updated", _moment(event["at"]))
    xml.SubElement(entry, "link", rel="alternate", type="text/html", href=href)
    words = event["because"] or event["note"]
    if words:
        _say(entry, "summary", words)


def _say(parent: xml.Element, name: str, words: str) -> None:
    """What XML cannot hold is left out: one such sign would make the whole feed unreadable."""
    xml.SubElement(parent, name).text = _NO_XML.sub("", words)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
