"""The invented crowd: the same for one day, believable, and never in the future."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mobilise.demo import crowd

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 5, 12, 14, 20, tzinfo=UTC)


def days(now: datetime) -> Counter[int]:
    """Confirmed signatures by number of days since the opening."""
    first = crowd.opening(now, ZONE).date()
    return Counter(
        (signer.confirmed.astimezone(ZONE).date() - first).days
        for signer in crowd.crowd(now, ZONE)
        if signer.confirmed
    )


def test_one_moment_gives_one_crowd() -> None:
    assert crowd.crowd(NOW, ZONE) == crowd.crowd(NOW, ZONE)
    assert crowd.crowd(NOW, ZONE) != crowd.crowd(NOW + timedelta(days=1), ZONE)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        datetime(2026, 3, 30, 22, 0, 5, tzinfo=UTC),  # just after midnight in Brussels
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # the night that the clock jumps
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the hour that comes twice
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_nobody_signs_before_the_opening_or_after_now(now: datetime) -> None:
    opened = crowd.opening(now, ZONE)
    signers = crowd.crowd(now, ZONE)
    assert len(signers) == crowd.CONFIRMED + crowd.PENDING
    for signer in signers:
        assert opened <= signer.begins < now
        if signer.confirmed:
            assert signer.begins <= signer.confirmed < now
        if signer.ends:
            assert signer.confirmed
            assert signer.confirmed < signer.ends < now
        if not signer.confirmed:
            full_hour = now.replace(minute=0, second=0, microsecond=0)
            assert now - timedelta(days=13) < signer.begins < full_hour


def test_the_curve_has_its_peaks() -> None:
    counted = days(NOW)
    ordinary = sorted(counted[day] for day in range(crowd.DAYS))[crowd.DAYS // 2]
    assert counted[0] > 10 * ordinary
    assert counted[44] > 10 * ordinary
    assert counted[0] > counted[2] > counted[6]
    first = crowd.opening(NOW, ZONE).date()
    saturday = next(day for day in range(17, 24) if weekday(first, day) == 5)
    assert counted[saturday] > 6 * ordinary
    assert counted[saturday + 1] > 5 * ordinary
    assert all(counted[day] for day in range(crowd.DAYS))


def weekday(first: date, day: int) -> int:
    return (first + timedelta(days=day)).weekday()


def test_people_sign_after_supper() -> None:
    hours = Counter(
        signer.confirmed.astimezone(ZONE).hour
        for signer in crowd.crowd(NOW, ZONE)
        if signer.confirmed
    )
    assert sum(hours[hour] for hour in range(18, 23)) > 0.35 * crowd.CONFIRMED
    assert sum(hours[hour] for hour in range(1, 6)) < 0.03 * crowd.CONFIRMED


def test_who_withdrew_shows_no_name_and_gets_no_news() -> None:
    left = [signer for signer in crowd.crowd(NOW, ZONE) if signer.ends]
    assert len(left) == crowd.WITHDRAWN
    assert not any(signer.public_name or signer.updates for signer in left)
