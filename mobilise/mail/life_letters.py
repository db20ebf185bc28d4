"""Letters about what becomes of a petition: to its group, to the keeper, and to who reported it."""

from datetime import date

from mobilise import db, i18n
from mobilise.mail.writing import Kind, Letter, Writer, to_person
from mobilise.reasons import REASONS


def to_group(writer: Writer, row: db.Record) -> Letter | None:
    """It opened, closes or closed; or a keeper decided about it, for a reason and in own words."""
    if row["slug"] is None:
        return None
    details, language = row["details"] or {}, row["language"] or i18n.FALLBACK
    reason, words, same_as = (details.get(name) or "" for name in ("reason", "words", "same_as"))
    day = details.get("day")
    with i18n.using(language):
        marks = {
            "page": writer.link(f"/{language}/petitions/{row['slug']}"),
            "contact": writer.link(f"/{language}/contact"),
            "day": i18n.day(date.fromisoformat(day)) if day else "",
            "reason": i18n.gettext(REASONS[reason]) if reason in REASONS else "",
            "words": words,
            "same": writer.link(f"/{language}/petitions/{same_as}") if same_as else "",
        }
    said = {
        "has_reason": bool(marks["reason"]),
        "has_words": bool(words),
        "has_same": bool(same_as),
    }
    return to_person(writer, row, marks=marks, key=tuple(said.values()), **said)


def keeper_waits(writer: Writer, row: db.Record) -> Letter | None:
    """How much there is to read and to decide; None when somebody did it meanwhile."""
    queue, reports = row["details"]["queue"], row["details"]["reports"]
    if not (queue or reports) or not writer.settings.contact:
        return None
    return writer.compose(
        row,
        to=writer.settings.contact,
        marks={"keep": writer.link("/keep/queue" if queue else "/keep/reports")},
        key=(queue, reports),
        queue=queue,
        reports=reports,
    )


def report_answered(writer: Writer, row: db.Record) -> Letter | None:
    """To who reported something and left an address: what came of it."""
    details = row["details"]
    if details is None or row["suppressed"] or row["title"] is None:
        return None
    return writer.compose(
        row,
        to=details["email"],
        marks={
            "title": row["title"],
            "contact": writer.link(f"/{row['language']}/contact"),
            "stop": writer.stop(row),
        },
        key=(details["decision"],),
        decision=details["decision"],
    )


_TO_GROUP = (
    "opened", "cleared", "closes_soon", "closed", "sent_back", "rejected", "suspended", "resumed",
    "removed",
)  # fmt: skip
LETTERS: dict[str, Kind] = {
    **dict.fromkeys(_TO_GROUP, to_group),
    "keeper_waits": keeper_waits,
    "report_answered": report_answered,
}
