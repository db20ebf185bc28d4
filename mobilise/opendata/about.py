"""Two files in JSON: what the petition says, and how its signatures were counted."""

from typing import Any

from mobilise import __version__, db
from mobilise.opendata import areas, licenses, method
from mobilise.opendata.editions import Edition, in_each_language, in_every_language
from mobilise.opendata.method import Rule
from mobilise.signatures.counting import PENDING_ROUNDED_TO

RIGHTS_OF_DOCUMENTS = (
    "A document keeps the rights of those who made it. Its source says who that is; "
    "the licence of this file covers what the group says about it, not the document."
)


def petition(edition: Edition) -> dict[str, Any]:
    """Free text stands here and in no table."""
    found = edition.petition
    return {
        "petition": found.slug,
        "pages": {code: edition.page_url(code) for code in found.languages},
        "state": found.state,
        "demonstration": found.demo,
        "group": {"name": found.group_name, "about": found.group_about},
        "goal": found.goal,
        "who_may_sign": {
            "postcodes": list(found.postcodes),
            "minimum_age": found.minimum_age,
            "says": in_each_language(lambda: found.who_may_sign_in_full),
        },
        "opened_at": edition.at(found.opened_at),
        "closes_on": found.closes_on.isoformat() if found.closes_on else None,
        "closed_at": edition.at(found.closed_at),
        "version": found.version,
        "texts": {
            code: {
                "title": text["title"],
                "addressee": text["addressee"],
                "body": text["body"],
                "body_media_type": "text/markdown",
                "version": text["version"],
                "at": edition.at(text["at"]),
            }
            for code, text in edition.newest_texts.items()
        },
        "versions": [_version(edition, text) for text in edition.texts],
        "documents": [_document(edition, document) for document in edition.documents],
        "rights_of_documents": RIGHTS_OF_DOCUMENTS,
        "license": licenses.TEXTS.name,
        "license_url": licenses.TEXTS.path,
    }


def _version(edition: Edition, text: db.Record) -> dict[str, Any]:
    """What changed, when, in which language."""
    return {
        "version": text["version"],
        "language": text["language"],
        "kind": text["kind"],
        "at": edition.at(text["at"]),
        "title": text["title"],
        "what_changed": text["note"],
    }


def _document(edition: Edition, document: db.Record) -> dict[str, Any]:
    return {
        "id": document["id"],
        "title": document["title"],
        "source": document["source"],
        "note": document["note"],
        "dated": document["dated"].isoformat() if document["dated"] else None,
        "name": document["name"],
        "url": edition.document_url(document),
        "sha256": document["sha256"],
    }


def count(edition: Edition) -> dict[str, Any]:
    """The rules, the numbers that they gave until yesterday, and what nobody can know."""
    series, slug = edition.series, edition.petition.slug
    online = sum(day.confirmed for day in series)
    paper = sum(day.paper for day in series)
    return {
        "petition": slug,
        "demonstration": edition.petition.demo,
        "until": edition.at(edition.closed_at),
        "first_day": series[0].day.isoformat() if series else None,
        "last_day": edition.day.isoformat(),
        "time_zone": str(edition.closed_at.tzinfo),
        "total": edition.total,
        "began_to_count": {"online": online, "paper": paper},
        "withdrawn": sum(day.withdrawn for day in series),
        "removed": sum(day.invalidated for day in series),
        "restored": sum(day.restored for day in series),
        "off_by_reason": [
            {
                "what": method.OFF[off.what],
                "reason": method.reason_code(off.what, off.reason),
                "number": off.number,
                "says": in_every_language(method.why_off(off.what, off.reason)),
            }
            for off in edition.off_by_reason
        ],
        "sum": "total = online + paper + restored - withdrawn - removed",
        "unconfirmed": {
            "number": edition.pending,
            "counts": False,
            "rounded_down_to": PENDING_ROUNDED_TO,
            "refreshed": "hourly",
        },
        "drift": {
            "number": edition.drift,
            "means": "the counter minus all events added up again, each night; it should be 0",
        },
        "places": {
            "until": edition.areas.day.isoformat() if edition.areas else None,
            "number": edition.areas.number if edition.areas else 0,
            "is_the_last": edition.areas.frozen if edition.areas else False,
            "says": in_each_language(lambda: areas.standing(edition.areas)),
        },
        "how_we_count": [_rule(rule) for rule in method.HOW],
        "what_was_checked": [_rule(rule) for rule in method.checked(paper > 0)],
        "what_cannot_be_known": [_rule(rule) for rule in method.unknown(paper > 0)],
        "limits": [
            {
                "limit": limit.name,
                "number": limit.number,
                "unit": limit.unit,
                "says": in_every_language(limit.sentence),
            }
            for limit in method.LIMITS
        ],
        "live": f"{edition.site}/api/petitions/{slug}/count",
        "software": {"name": "mobilise", "version": __version__},
        "license": licenses.COUNTS.name,
        "license_url": licenses.COUNTS.path,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.name, "says": in_every_language(rule.sentence)}
