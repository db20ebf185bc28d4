"""Charts: drawn true, said in one sentence, and every word inside the sheet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilise import charts, drawing, i18n

MARCH = date(2026, 3, 3)


@dataclass(frozen=True)
class Day:
    day: date
    confirmed: int
    paper: int
    total: int


@dataclass(frozen=True)
class Tally:
    confirmed: int
    paper: int = 0


def series(*confirmed: int | None, paper: dict[int, int] | None = None) -> list[Day]:
    """A day for each number; None is a day of which nothing is known."""
    days, total = [], 0
    for i, n in enumerate(confirmed):
        on_paper = (paper or {}).get(i, 0)
        total += (n or 0) + on_paper
        if n is not None:
            days.append(Day(MARCH + timedelta(days=i), n, on_paper, total))
    return days


def both(drawn: charts.Charts | None) -> Iterator[ElementTree.Element]:
    assert drawn is not None
    for svg in (drawn.phone, drawn.desk):
        yield ElementTree.fromstring(str(svg))


def paths(svg: ElementTree.Element, kind: str) -> list[list[list[tuple[float, float]]]]:
    """The outlines of each path of that class, as points."""
    return [outlines(p.attrib["d"]) for p in svg.iter("path") if kind in p.get("class", "").split()]


def outlines(course: str) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for order, numbers in re.findall(r"([MLHVZ])([^MLHVZ]*)", course):
        values = [float(n) for n in numbers.split()]
        if order == "Z":
            continue
        if order == "M":
            found.append([])
        if order in "ML":
            x, y = values
        elif order == "H":
            (x,) = values
        else:
            (y,) = values
        found[-1].append((x, y))
    return found


def words(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter("text")]


def height(svg: ElementTree.Element) -> float:
    return float(svg.attrib["height"])


# --- they work ----------------------------------------------------------------------------


def test_a_bar_is_as_high_as_its_number() -> None:
    for svg in both(charts.days(series(50, 100, 25))):
        ((*bars,),) = paths(svg, "g-area")
        highs = [max(y for _, y in bar) - min(y for _, y in bar) for bar in bars]
        assert highs[1] / highs[0] == pytest.approx(2, rel=0.01)
        assert highs[1] / highs[2] == pytest.approx(4, rel=0.01)
        floors = {max(y for _, y in bar) for bar in bars}
        assert len(floors) == 1, "all bars stand on one floor: zero"


def test_the_area_ends_at_the_count() -> None:
    for svg in both(charts.growth(series(10, 20, 30), 120)):
        (floor_line,) = [p for p in paths(svg, "g-floor") if p[0][0][0] == 0 and p[0][1][0] > 50]
        floor = floor_line[0][0][1]
        ((goal, _right),) = paths(svg, "g-goal")[0]
        top = min(y for _, y in paths(svg, "g-area")[0][0])
        assert (floor - top) / (floor - goal[1]) == pytest.approx(60 / 120, rel=0.01)
        assert "60" in words(svg)


def test_it_is_one_picture_said_in_one_sentence() -> None:
    with i18n.using("en"):
        for svg in both(charts.growth(series(10, 20, 1200), 4000)):
            assert svg.attrib["role"] == "img"
            assert svg.attrib["aria-label"] == (
                "From 3\u00a0March 2026 to 5\u00a0March 2026 the count grew to 1,230 signatures."
                " The group’s goal is 4,000."
            )
        for svg in both(charts.days(series(1), today=MARCH + timedelta(days=1), added=2)):
            assert svg.attrib["aria-label"].endswith("1 signature was confirmed. Today, 2 so far.")


def test_the_goal_is_a_dotted_line_with_its_words() -> None:
    with i18n.using("en"):
        for svg in both(charts.growth(series(10, 20), 4000)):
            assert len(paths(svg, "g-goal")) == 1
            assert any(said.startswith("4,000 · ") for said in words(svg))
        for svg in both(charts.growth(series(10, 20), None)):
            assert not paths(svg, "g-goal")


def test_a_goal_that_is_passed_stays_where_it_is() -> None:
    for svg in both(charts.growth(series(100, 300), 200)):
        goal = paths(svg, "g-goal")[0][0][0][1]
        top = min(y for _, y in paths(svg, "g-area")[0][0])
        assert top < goal


def test_paper_is_hatched_and_named() -> None:
    drawn = series(10, 20, 30, paper={1: 40})
    with i18n.using("en"):
        for svg in both(charts.growth(drawn, None)):
            assert [p.attrib["fill"] for p in svg.iter("path") if "fill" in p.attrib]
            assert "40 on paper" in words(svg) and "60 by email" in words(svg)
        for svg in both(charts.days(drawn)):
            assert "On paper" in words(svg) and "40" in words(svg)
        assert "pattern" not in str(charts.days(series(10)))


def test_the_two_widths_define_no_id_twice() -> None:
    drawn = series(10, 20, 30, paper={1: 40})
    growth, days = charts.growth(drawn, None), charts.days(drawn)
    assert growth and days
    page = "".join([growth.phone, growth.desk, days.phone, days.desk])
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert set(re.findall(r"url\(#([^)]+)\)", page)) == set(ids)


# --- and keep their promises --------------------------------------------------------------


def test_a_missing_day_is_a_gap_and_no_zero() -> None:
    for svg in both(charts.growth(series(5, 5, None, 5, 5), None)):
        ((before, after),) = paths(svg, "g-area")
        assert max(x for x, _ in before) < min(x for x, _ in after)
    for svg in both(charts.days(series(5, 5, None, 5, 5))):
        assert len(paths(svg, "g-area")[0]) == 4


def test_a_day_without_signatures_is_no_bar_and_no_gap() -> None:
    for svg in both(charts.growth(series(5, 0, 5), None)):
        assert len(paths(svg, "g-area")[0]) == 1


def test_a_day_that_still_runs_is_an_outline_beside_the_bars() -> None:
    today = MARCH + timedelta(days=3)
    with i18n.using("en"):
        for svg in both(charts.days(series(5, 9, 7), today=today, added=4)):
            ((outline,),) = paths(svg, "g-running")
            bars = paths(svg, "g-area")[0]
            assert len(bars) == 3
            assert min(x for x, _ in outline) > max(x for bar in bars for x, _ in bar)
            assert any(said.startswith("today") for said in words(svg))


def test_words_over_a_taller_neighbour_lead_down_to_the_day_that_runs() -> None:
    drawn, today = series(*[30] * 20), MARCH + timedelta(days=20)
    for svg in both(charts.days(drawn, today=today, added=3)):
        ((outline,),) = paths(svg, "g-running")
        ((((x, top), (_, bottom)),),) = paths(svg, "g-leader")
        assert x == pytest.approx((outline[0][0] + outline[1][0]) / 2, abs=0.1)
        assert top < bottom < outline[0][1]
        last = list(svg)[-1]
        assert last.tag == "text", "words lie on the line, not under it"


def test_words_beside_their_day_need_no_line() -> None:
    for svg in both(charts.days(series(5, 9, 7), today=MARCH + timedelta(days=3), added=4)):
        assert not paths(svg, "g-leader")


def test_a_first_day_that_still_runs_is_drawn_alone() -> None:
    for svg in both(charts.days([], today=MARCH, added=3)):
        assert paths(svg, "g-running") and not paths(svg, "g-area")
    for svg in both(charts.growth([], 100, tally=Tally(3), today=MARCH)):
        assert paths(svg, "g-area")


def test_nothing_to_draw_is_no_picture() -> None:
    assert charts.growth([], 100) is None
    assert charts.growth([], 100, tally=Tally(0), today=MARCH) is None
    assert charts.days([]) is None
    assert charts.days([], today=MARCH, added=0) is None
    assert charts.days([], today=MARCH, added=-2) is None


def test_a_page_that_allows_no_styles_shows_them_all_the_same() -> None:
    """Colours are classes of the stylesheet, so light and dark are one drawing."""
    growth = charts.growth(series(10, 20, paper={1: 4}), 100)
    assert growth is not None
    assert "style" not in growth.desk
    assert not re.search(r'(fill|stroke)="(?!url\(#)', growth.desk)
    known = re.findall(r'class="([^"]+)"', growth.desk)
    sheet = (drawing.__file__).replace("drawing.py", "static/style.css")
    with open(sheet, encoding="utf-8") as file:
        stylesheet = file.read()
    used = {name for names in known for name in names.split()} - {"g-word"}
    assert used and all(f".{name}" in stylesheet for name in used | {"g-leader"})


def test_each_language_says_it_with_its_own_numbers() -> None:
    said = set()
    for code in i18n.LANGUAGES:
        with i18n.using(code):
            for svg in both(charts.growth(series(1000, 1234), 4000)):
                said.add(next(word for word in words(svg) if word.startswith("2")))
    assert {"2.234", "2,234", "2\u00a0234"} <= said


@given(st.integers(0, 10**9))
def test_lines_are_three_to_five_round_whole_numbers(top: int) -> None:
    steps = drawing.steps(top)
    assert all(isinstance(step, int) and 0 < step <= top for step in steps)
    assert len(steps) == top if top < 3 else 3 <= len(steps) <= 5
    assert all(step == steps[0] * (i + 1) for i, step in enumerate(steps))


NUMBERS = st.one_of(st.integers(0, 50), st.integers(0, 3_000_000), st.none())


@settings(max_examples=150, deadline=None)
@given(
    confirmed=st.lists(NUMBERS, max_size=120),
    paper=st.dictionaries(st.integers(0, 119), st.integers(1, 5000), max_size=4),
    goal=st.one_of(st.none(), st.integers(1, 5_000_000)),
    added=st.integers(0, 2_000_000),
    code=st.sampled_from(list(i18n.LANGUAGES)),
)
def test_whatever_the_numbers_nothing_lies_below_zero_and_no_word_outside_the_sheet(
    confirmed: list[int | None], paper: dict[int, int], goal: int | None, added: int, code: str
) -> None:
    drawn = series(*confirmed, paper=paper)
    total = (drawn[-1].total if drawn else 0) + added
    on_paper = sum(day.paper for day in drawn)
    today = MARCH + timedelta(days=len(confirmed))
    with i18n.using(code):
        for pair in (
            charts.growth(drawn, goal, tally=Tally(total, on_paper), today=today),
            charts.days(drawn, today=today, added=added),
        ):
            for svg in both(pair) if pair else ():
                _everything_lies_inside(svg)


def _everything_lies_inside(svg: ElementTree.Element) -> None:
    width, tall = float(svg.attrib["width"]), height(svg)
    floor = max(y for p in paths(svg, "g-floor") for line in p for _, y in line)
    for kind in ("g-area", "g-strip", "g-running", "g-blank", "g-goal", "g-fine", "g-leader"):
        for path in paths(svg, kind):
            for x, y in (point for outline in path for point in outline):
                assert 0 <= x <= width and 0 <= y <= floor
    boxes: list[drawing.Box] = []
    for text in svg.iter("text"):
        size = drawing.BIG if text.attrib["class"] == "g-total" else drawing.TEXT
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        anchor = text.attrib.get("text-anchor", "start")
        box = drawing.around(x, y, text.text or "", anchor, size)  # type: ignore[arg-type]
        assert box.left >= -0.1 and box.right <= width + 0.1
        assert box.top >= -0.1 and box.bottom <= tall + 0.1
        slim = drawing.Box(box.left + 0.1, box.top + 0.1, box.right - 0.1, box.bottom - 0.1)
        assert not any(slim.meets(other) for other in boxes), "no word covers another"
        boxes.append(slim)
    if svg.find("circle") is not None:  # the one that grows says what it grew to
        assert [t.attrib["class"] for t in svg.iter("text")].count("g-total") == 1
