"""Bars by place: by rate where all can be rated, the rest hatched and never a place."""

from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from mobilise import area_chart, i18n
from mobilise.area_chart import Place
from mobilise.drawing import DESK, PHONE, Drawing
from tests.test_charts import paths

TOWN, VILLAGE = Place("Town", 200, 20_000), Place("Village", 100, 1_000)
REST = Place("", 45)


def drawn(*places: Place, width: int = DESK) -> ElementTree.Element:
    sheet = Drawing(width, area_chart.height(places, width))
    return ElementTree.fromstring(str(area_chart.draw(places, sheet, "places")))


def said(svg: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in svg.iter("text")]


def lengths(svg: ElementTree.Element, kind: str) -> list[float]:
    found = []
    for outlines in paths(svg, kind):
        across = [x for x, _y in outlines[0]]
        found.append(max(across) - min(across))
    return found


def test_a_small_place_may_stand_before_a_large_one() -> None:
    svg = drawn(TOWN, VILLAGE)
    words = said(svg)
    assert words.index("Village") < words.index("Town")
    assert "100 per 1,000 (100)" in words and "10 per 1,000 (200)" in words
    village, town = lengths(svg, "g-area")
    assert abs(village / town - 10) < 0.1, "ten times as many for its size"


def test_without_inhabitants_of_all_the_bars_are_counts() -> None:
    svg = drawn(TOWN, replace(VILLAGE, inhabitants=None), REST)
    town, village = lengths(svg, "g-area")
    (rest,) = lengths(svg, "g-strip")
    assert abs(town / village - 2) < 0.05 and abs(town / rest - 200 / 45) < 0.1
    assert {"200", "100", "45", "Elsewhere"} <= set(said(svg))


def test_the_rest_is_hatched_last_and_has_no_rate() -> None:
    svg = drawn(REST, TOWN, VILLAGE)
    names = [each for each in said(svg) if each in ("Town", "Village", "Elsewhere")]
    assert names == ["Village", "Town", "Elsewhere"]
    assert "45, places too small to tell" in said(svg)
    assert [round(each) for each in lengths(svg, "g-strip")] == [18], (
        "a sample of its hatch, as long as it is high"
    )
    assert len(lengths(svg, "g-area")) == 2


def test_a_rest_alone_is_drawn_too() -> None:
    svg = drawn(REST)
    assert {"Elsewhere", "45"} <= set(said(svg)) and svg.attrib["aria-label"]


def test_what_does_not_fit_is_counted_and_in_the_table() -> None:
    many = [Place(f"Place {n:02}", 1000 - n) for n in range(40)]
    words = said(drawn(*many, REST))
    assert sum(each.startswith("Place ") for each in words) == area_chart.MOST
    assert "and 28 more places, in the table" in words and "Elsewhere" in words


def test_it_is_said_in_one_sentence_in_each_language() -> None:
    for code in i18n.LANGUAGES:
        with i18n.using(code):
            assert "Village" in area_chart.in_words([TOWN, VILLAGE, REST])
            assert i18n.number(45) in area_chart.in_words([TOWN, VILLAGE, REST])


PLACES = st.lists(
    st.builds(
        Place,
        st.text(min_size=1, max_size=60).filter(lambda words: words.isprintable()),
        st.integers(10, 2_000_000),
        st.none() | st.integers(1, 10_000_000),
    ),
    min_size=1,
    max_size=40,
)


@given(PLACES, st.booleans(), st.sampled_from([PHONE, DESK]), st.sampled_from(list(i18n.LANGUAGES)))
def test_nothing_leaves_the_sheet(
    places: list[Place], with_rest: bool, width: int, code: str
) -> None:
    with i18n.using(code):
        svg = drawn(*places, *([REST] if with_rest else []), width=width)
    for kind in ("g-area", "g-strip"):
        for outlines in paths(svg, kind):
            assert all(0 <= x <= width for x, _y in outlines[0])
            assert all(0 <= y <= float(svg.attrib["height"]) for _x, y in outlines[0])
    named = min(len(places), area_chart.MOST)
    assert len(said(svg)) >= 2 * named, "each has its name and its number"
