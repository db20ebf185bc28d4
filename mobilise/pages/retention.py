"""After which time what is erased: what the privacy page and the guide tell."""

from datetime import timedelta

from mobilise.accounts import inviting, leaving, sessions
from mobilise.mail import jobs as mail_jobs
from mobilise.petitions import starting
from mobilise.questions import queries as questions
from mobilise.signatures import counts
from mobilise.trust import reporting


def retention() -> dict[str, int]:
    """After how many days what is erased, rounded up; for signatures, after how many months."""
    kept = {
        "pending": counts.UNCONFIRMED_KEPT,
        "network": counts.UNCONFIRMED_KEPT,  # of whoever is held; of others, hours
        "draft": starting.KEPT,
        "note": mail_jobs.SETTLED_KEPT,
        "session": sessions.LONGEST,
        "invitation": inviting.VALID,
        "warned": leaving.WAIT,
        "question": questions.UNPROVEN_KEPT,
        "delivered": timedelta(days=counts.DAYS_AFTER_HAND_OVER),
        "report": timedelta(days=reporting.DAYS_KEPT),
    }
    days = {what: -(-time // timedelta(days=1)) for what, time in kept.items()}
    return {
        **days, "closed": counts.MONTHS_AFTER_CLOSING, "opened": counts.MONTHS_AFTER_OPENING,
        "unused": leaving.UNUSED_MONTHS,
    }  # fmt: skip
