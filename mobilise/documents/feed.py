"""What came into a dossier, was replaced and was taken away, as a feed."""

from collections.abc import Callable
from datetime import UTC, datetime

from mobilise import db, feeds
from mobilise.documents import feed_queries
from mobilise.errors import N_
from mobilise.feeds import Entry, Feed
from mobilise.i18n import gettext, using
from mobilise.petitions.reading import Petition

MOST = 100
SAID = {
    "added": N_("Added"),
    "replaced": N_("Replaced"),
    "redacted": N_("Made unreadable in part"),
    "withdrawn": N_("Taken away"),
}


async def atom(
    database: db.Database, petition: Petition, base_url: str, url: Callable[..., str]
) -> bytes:
    """The feed, in the petition's own language. `url`: addresses by route name."""
    lang, slug = petition.languages[0], petition.slug
    events = await feed_queries.events(database, [petition.id], MOST)
    with using(lang):
        shown = [
            entry(
                event,
                base_url + url("documents.document", slug=slug, id=event["document_id"], lang=lang),
            )
            for event in events
        ]
        found = Feed(
            address=base_url + url("documents.feed", slug=slug).removesuffix(".atom"),
            title=f"{gettext('The dossier')} · {petition.title}",
            page=base_url + url("documents.dossier", slug=slug, lang=lang),
            author=petition.group_name,
            language=lang,
            updated=events[0]["at"] if events else petition.opened_at or datetime.now(UTC),
            entries=shown,
        )
    return feeds.atom(found)


def entry(event: db.Record, href: str) -> Entry:
    """One thing that happened to a document, in the language of the moment."""
    return Entry(
        id=f"{href}#{event['what']}-{event['version'] or 0}",
        at=event["at"],
        title=f"{gettext(SAID[event['what']])}: {event['title']}",
        href=href,
        summary=event["because"] or event["note"],
    )
