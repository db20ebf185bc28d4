"""Days added up by week."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mobilise.opendata.weeks import weeks
from mobilise.signatures.counting import Day


def days(first: date, *numbers: tuple[int, int, int, int, int]) -> list[Day]:
    found, total = [], 0
    for i, (confirmed, withdrawn, invalidated, restored, paper) in enumerate(numbers):
        total += confirmed + restored + paper - withdrawn - invalidated
        day = first + timedelta(days=i)
        found.append(Day(day, confirmed, withdrawn, invalidated, restored, paper, total))
    return found


def test_a_week_runs_from_monday_to_sunday() -> None:
    thursday = date(2026, 3, 5)
    found = weeks(days(thursday, *[(10, 1, 0, 0, 0)] * 12))
    assert [(w.number, w.first, w.last) for w in found] == [
        (10, thursday, date(2026, 3, 8)),
        (11, date(2026, 3, 9), date(2026, 3, 15)),
        (12, date(2026, 3, 16), date(2026, 3, 16)),
    ]
    assert [(w.online, w.off, w.total) for w in found] == [(40, 4, 36), (70, 7, 99), (10, 1, 108)]


def test_the_turn_of_the_year_is_one_week() -> None:
    (week,) = weeks(days(date(2026, 12, 28), *[(1, 0, 0, 0, 0)] * 7))
    assert (week.year, week.number, week.last) == (2026, 53, date(2027, 1, 3))


def test_no_days_are_no_weeks() -> None:
    assert weeks([]) == []


NUMBERS = st.integers(0, 500)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS), max_size=60),
)
def test_weeks_add_up_to_the_count(
    first: date, numbers: list[tuple[int, int, int, int, int]]
) -> None:
    series = days(first, *numbers)
    total = 0
    for week in weeks(series):
        total += week.online + week.paper - week.off
        assert week.total == total
        assert week.first.isocalendar()[:2] == week.last.isocalendar()[:2]
    assert total == (series[-1].total if series else 0)
