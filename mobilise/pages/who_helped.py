"""Who helped: lines of the trail as sentences, for the group of a petition."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mobilise import db, i18n
from mobilise.errors import N_
from mobilise.pages import desk_queries

# A deed without a sentence here is not shown: what a signer does is nobody's business.
DEEDS = {
    "petition.started": N_("%(who)s began the petition"),
    "petition.written": N_("%(who)s wrote the text"),
    "petition.changed": N_("%(who)s changed the text"),
    "petition.corrected": N_("%(who)s corrected the text"),
    "petition.translated": N_("%(who)s added a translation"),
    "petition.translation_removed": N_("%(who)s took a translation away"),
    "petition.goal": N_("%(who)s changed the goal or the dates"),
    "petition.picture": N_("%(who)s changed the picture"),
    "petition.who_may_sign": N_("%(who)s set who may sign"),
    "petition.submit": N_("%(who)s handed the petition in"),
    "petition.take_back": N_("%(who)s took the petition back"),
    "petition.send_back": N_("%(who)s asked for changes"),
    "petition.reject": N_("%(who)s refused to publish the petition"),
    "petition.plan": N_("%(who)s set the day on which the petition opens"),
    "petition.publish": N_("%(who)s published the petition"),
    "petition.let_open": N_("%(who)s let the petition open"),
    "petition.close": N_("%(who)s closed the petition"),
    "petition.reopen": N_("%(who)s opened the petition again"),
    "petition.deliver": N_("%(who)s noted that the petition was handed over"),
    "petition.answer": N_("%(who)s noted the answer"),
    "petition.suspend": N_("%(who)s suspended the petition"),
    "petition.resume": N_("%(who)s let the petition go on"),
    "petition.remove": N_("%(who)s removed the petition"),
    "documents.add": N_("%(who)s added a document"),
    "documents.change": N_("%(who)s changed what is said about a document"),
    "documents.move": N_("%(who)s put the documents in another order"),
    "documents.withdraw": N_("%(who)s took a document away"),
    "documents.replace": N_("%(who)s replaced a document"),
    "documents.redact": N_("%(who)s made words in a document unreadable"),
    "documents.forget_original": N_("%(who)s removed the original of a document"),
    "documents.section_add": N_("%(who)s added a section to the dossier"),
    "documents.section_change": N_("%(who)s changed a section of the dossier"),
    "documents.section_move": N_("%(who)s put the sections in another order"),
    "documents.section_remove": N_("%(who)s removed a section of the dossier"),
    "comment.shown": N_("%(who)s let a comment through"),
    "comment.aside": N_("%(who)s put a comment aside"),
    "comment.waiting": N_("%(who)s put a comment back"),
    "question.answered": N_("%(who)s answered a question"),
    "question.aside": N_("%(who)s put a question aside"),
    "question.back": N_("%(who)s put a question back"),
    "signers.look": N_("%(who)s looked at the list of signers"),
    "signers.print": N_("%(who)s opened the whole list of signers"),
    "signers.file": N_("%(who)s downloaded the list of signers"),
}
SHOWN = 6


@dataclass(frozen=True)
class Line:
    """A deed in words; `when` is short: the time of today, "yesterday", else the day."""

    id: int
    when: str
    words: str


async def lines(
    database: db.Database,
    petition_id: int,
    zone: ZoneInfo,
    *,
    before: int | None = None,
    limit: int = SHOWN,
) -> list[Line]:
    """The newest first."""
    found = await desk_queries.deeds(database, petition_id, list(DEEDS), before, limit)
    now = datetime.now(zone)
    return [Line(row["id"], _when(row["at"].astimezone(zone), now), _words(row)) for row in found]


def _words(row: db.Record) -> str:
    sentence = DEEDS[row["deed"]]
    return i18n.gettext(sentence, who=_who(row))


def _who(row: db.Record) -> str:
    if row["details"].get("by") == "keeper":
        return i18n.gettext("A keeper of this site")
    if row["who"]:
        return str(row["who"])
    return i18n.gettext("Somebody else") if row["by"] else i18n.gettext("This site")


def _when(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return i18n.time(at)
    if at.date() == now.date() - timedelta(days=1):
        return i18n.gettext("yesterday")
    return i18n.short_day(at.date())
