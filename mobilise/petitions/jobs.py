"""What happens to petitions by itself, by the hour and by night. Each stands alone, so that the
fault of one holds up no other."""

from datetime import date, datetime

from mobilise.jobs import Job, Workplace
from mobilise.petitions import by_the_clock, deleting, picturing, start_queries, starting


async def open_due(place: Workplace) -> None:
    await by_the_clock.open_due(place.db, place.tokens, _today(place), place.settings.moderated)


async def warn(place: Workplace) -> None:
    await by_the_clock.warn(place.db, place.tokens, _today(place))


async def close_overdue(place: Workplace) -> None:
    await by_the_clock.close_overdue(place.db, place.tokens, _today(place), place.settings.zone)


async def forget_drafts(place: Workplace) -> None:
    """What nobody came back for is erased."""
    await start_queries.forget(place.db, starting.KEPT)


async def forget_deserted(place: Workplace) -> None:
    """Drafts of groups that everybody left, or whose people erased their accounts."""
    await deleting.delete_deserted(place.db, place.store)


async def sweep_pictures(place: Workplace) -> None:
    """What no petition and no draft shows any more leaves the store."""
    await picturing.sweep(place.db, place.store)


def _today(place: Workplace) -> date:
    return datetime.now(place.settings.zone).date()


JOBS = [
    # By the hour, because midnight comes at another UTC hour in every zone.
    Job("petitions.open_due", "2 * * * *", open_due),
    Job("petitions.close_overdue", "5 * * * *", close_overdue),
    Job("petitions.warn", "7 * * * *", warn),
    Job("petitions.forget_drafts", "40 2 * * *", forget_drafts),
    Job("petitions.forget_deserted", "45 2 * * *", forget_deserted),
    Job("petitions.sweep_pictures", "50 2 * * *", sweep_pictures),
]
