"""Places on a map: the darker the more, hatched where nothing is told, nothing beside the sheet."""

import itertools
import re
from math import cos, pi, sin
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobilise import area_map, drawing
from mobilise.area_map import CLASSES, Shape
from mobilise.drawing import DESK, PHONE, Drawing
from mobilise.plate import DARK, LIGHT
from tests.test_charts import paths
from tests.test_plate import EYES, STYLES, contrast, light


def square(name: str, value: float | None, east: float, north: float = 51.0) -> Shape:
    corners = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1), (0.0, 0.0))
    return Shape(name, value, (tuple((east + x, north + y) for x, y in corners),))


SHAPES = [
    square("A", 1.0, 4.0),
    square("B", 2.0, 4.1),
    square("C", 3.0, 4.2),
    square("D", 40.0, 4.3),
    square("E", None, 4.4),
]


def drawn(shapes: list[Shape], width: int = DESK) -> ElementTree.Element:
    sheet = Drawing(width, area_map.height(shapes, width))
    return ElementTree.fromstring(str(area_map.draw(shapes, sheet, "map", "per 1,000", "Words.")))


def classes(svg: ElementTree.Element) -> list[str]:
    """Of the shapes, without the key."""
    (group,) = svg.iter("g")
    return [each.attrib["class"] for each in group.iter("path")]


def test_more_is_darker_and_what_is_not_told_is_hatched() -> None:
    svg = drawn(SHAPES)
    assert classes(svg) == ["m-area", "m-area m-0", "m-area m-1", "m-area m-2", "m-area m-3"]
    (group,) = svg.iter("g")
    hatched = [each for each in group.iter("path") if each.attrib["class"] == "m-area"]
    assert [each.attrib["fill"] for each in hatched] == ["url(#map)"]
    words = [each.text for each in svg.iter("text")]
    assert {"A", "B", "C", "D"} <= set(words) and "E" not in words
    assert words[-5:] == ["40 per 1,000", "3 per 1,000", "2 per 1,000", "1 per 1,000",
                          "not told apart"]  # fmt: skip
    assert svg.attrib["aria-label"] == "Words."


def test_a_key_has_no_line_for_what_is_not_there() -> None:
    words = [each.text for each in drawn([square("A", 2.0, 4.0)]).iter("text")]
    assert words == ["A", "2 per 1,000"]
    assert "not told apart" not in words


def test_neighbours_are_cut_off_at_the_edge() -> None:
    far = square("Far", None, 9.0)
    svg = drawn([*SHAPES[:2], far])
    (clip,) = svg.iter("clipPath")
    (group,) = svg.iter("g")
    assert group.attrib["clip-path"] == f"url(#{clip.attrib['id']})"


def test_it_is_as_wide_as_it_is_there() -> None:
    """At 60° north a degree of longitude is half as long as one of latitude."""
    svg = drawn([square("A", 1.0, 10.0, 59.95)])
    ((corners,),) = paths(svg, "m-3")[:1]
    across = max(x for x, _ in corners) - min(x for x, _ in corners)
    down = max(y for _, y in corners) - min(y for _, y in corners)
    assert abs(across / down - 0.5) < 0.02


def test_north_is_up() -> None:
    svg = drawn([square("North", 1.0, 4.0, 51.2), square("South", 2.0, 4.0, 51.0)])
    heights = {each.text: float(each.attrib["y"]) for each in svg.iter("text")}
    assert heights["North"] < heights["South"]


def test_a_heavy_outline_becomes_light() -> None:
    circle = tuple(
        (4 + 0.1 * cos(n * pi / 10_000), 51 + 0.06 * sin(n * pi / 10_000)) for n in range(20_001)
    )
    sheet = Drawing(DESK, 600)
    svg = area_map.draw([Shape("Round", 1.0, (circle,))], sheet, "map", "", "")
    assert len(svg) < 30_000


@pytest.mark.parametrize(
    "geometry, count",
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}, 1),
        ({"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]]] * 3}, 3),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [0, 0]]]}, 0),
        ({"type": "Point", "coordinates": [0, 0]}, 0),
        ({}, 0),
    ],
)
def test_outlines_are_read_from_geojson(geometry: dict[str, object], count: int) -> None:
    assert len(area_map.rings(geometry)) == count


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_each_class_can_be_told_from_the_next(colours: dict[str, str], eyes: str) -> None:
    """A step in lightness, which every eye sees; never another hue."""
    shades = [mixed(colours["chart"], colours["paper"], opacity(n)) for n in range(CLASSES)]
    assert all(contrast(a, b, eyes) > 1.25 for a, b in itertools.pairwise(shades))
    values = [light(each, eyes) for each in shades]
    assert values == sorted(values, reverse=colours is LIGHT)
    assert contrast(shades[0], colours["paper"], eyes) > 1.25, "the lightest is no ground"


def opacity(n: int) -> float:
    found = re.search(
        rf"\.m-{n} \{{ fill: var\(--chart\);(?: fill-opacity: ([\d.]+);)? \}}", STYLES
    )
    assert found
    return float(found[1] or 1)


def mixed(colour: str, ground: str, share: float) -> str:
    parts = [
        round(int(colour[i : i + 2], 16) * share + int(ground[i : i + 2], 16) * (1 - share))
        for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02X}" for part in parts)


@given(st.lists(st.floats(0.1, 5000), min_size=1, max_size=300))
def test_every_value_has_its_class(values: list[float]) -> None:
    ends = area_map.bounds(values)
    assert ends == sorted(ends) and len(ends) < CLASSES
    found = [area_map.class_of(value, ends) for value in sorted(values)]
    assert found == sorted(found) and found[-1] == CLASSES - 1
    assert set(found) == set(range(CLASSES - 1 - len(ends), CLASSES)), "none is empty"


@given(
    st.lists(
        st.tuples(st.floats(-179, 179), st.floats(-80, 80), st.none() | st.floats(0.1, 900)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([PHONE, DESK]),
)
def test_what_is_told_and_said_stays_on_the_sheet(
    found: list[tuple[float, float, float | None]], width: int
) -> None:
    shapes = [square(f"P{n}", value, x, y) for n, (x, y, value) in enumerate(found)]
    svg = drawn(shapes, width)
    for kind in ("m-0", "m-1", "m-2", "m-3"):
        for outlines in paths(svg, kind):
            for x, y in outlines[0] if outlines else []:
                assert -0.1 <= x <= width + 0.1 and -0.1 <= y <= float(svg.attrib["height"])
    for each in svg.iter("text"):
        assert float(each.attrib["x"]) - drawing.wide(each.text or "") <= width
