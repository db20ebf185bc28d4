"""Everything that the page of one petition shows, for readers and for the preview."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mobilise import charts, db
from mobilise.documents import dossier
from mobilise.petitions import deciding
from mobilise.petitions.reading import Petition
from mobilise.questions import asking
from mobilise.signatures import comments, counting
from mobilise.signatures.forms import SignForm

DOCUMENTS_SHOWN = 3
REASONS_SHOWN = 6
ANSWERS_SHOWN = 2


async def contents(database: db.Database, petition: Petition, zone: ZoneInfo) -> dict[str, Any]:
    """Each noun from its own room: one way of counting, one way of listing documents."""
    tally = await counting.tally(database, petition)
    documents = await dossier.documents(database, petition.id)
    series = await counting.series(database, petition.id, zone)
    running = datetime.now(zone).date() if petition.state == "open" else None
    reasons, more_reasons = await comments.newest(database, petition.id, REASONS_SHOWN)
    answers, more_answers = await asking.newest(database, petition.id, ANSWERS_SHOWN)
    rejected = petition.state == "rejected"
    return {
        "petition": petition,
        "decision": await deciding.last(database, petition.id) if rejected else None,
        "reasons": reasons,
        "more_reasons": more_reasons,
        "answers": answers,
        "takes_questions": asking.takes_questions(petition),
        "more_answers": more_answers,
        "tally": tally,
        "form": SignForm(),
        "documents": documents[:DOCUMENTS_SHOWN],
        "documents_total": len(documents),
        "chart": charts.growth(series, petition.goal, tally=tally, today=running),
        "today": counting.today(tally, series),
        "week": counting.last_week(tally, series),
    }
