"""Everything that is held of one signature, for the one who signed."""

from datetime import UTC, datetime
from typing import Any

from mobilise import db
from mobilise.mail import traces
from mobilise.petitions.reading import Petition
from mobilise.signatures import mine_queries


async def held(database: db.Database, petition: Petition, signature: db.Record) -> dict[str, Any]:
    """Ready for JSON: the row as it is, and what other tables know of it."""
    ids = signature["petition_id"], signature["id"]
    return {
        "petition": {
            "slug": petition.slug,
            "title": petition.title,
            "addressee": petition.addressee,
        },
        "signature": {
            name: value for name, value in signature.items() if name not in ("gets_news",)
        },
        "news_by_email": signature["gets_news"] and signature["updates"],
        "counted": _plain(await mine_queries.events(database, *ids)),
        "letters": _plain(await traces.letters_about(database, *ids)),
        "addresses_to_move_to": _plain(await mine_queries.address_changes(database, *ids)),
        "forms_filled_in": _plain(await mine_queries.attempts(database, *ids)),
    }


def agreed(consents: dict[str, Any]) -> list[dict[str, Any]]:
    """What was agreed to, or not, in whose words, and when: as the page shows it."""
    return [
        {**consents[what], "at": _moment(consents[what].get("at"))}
        for what in ("sign", "public_name", "updates", "of_age")
        if consents.get(what, {}).get("words")
    ]


def corrected(consents: dict[str, Any]) -> list[dict[str, Any]]:
    """Which fields were corrected, and when."""
    return [{**line, "at": _moment(line["at"])} for line in consents.get("corrected", [])]


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _plain(rows: list[db.Record]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
