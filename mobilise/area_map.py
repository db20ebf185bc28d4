"""Signatures by place on a map: classes from light to dark, what is not told hatched.

Outlines come as GeoJSON, in degrees; a map of a region needs no better projection than degrees
of longitude made as short as they are there. The table with the numbers stands beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from markupsafe import Markup

from mobilise import i18n
from mobilise.drawing import PHONE, Box, Drawing, short
from mobilise.i18n import gettext as _

Point = tuple[float, float]
CLASSES = 4
KEY_ROW = 28


@dataclass(frozen=True)
class Shape:
    """`value`: what colours it; None: not told. `rings`: closed lines of degrees east and north."""

    name: str
    value: float | None
    rings: tuple[tuple[Point, ...], ...]


def rings(geometry: dict[str, Any]) -> tuple[tuple[Point, ...], ...]:
    """Of a GeoJSON Polygon or MultiPolygon; nothing for anything else."""
    found: list[Any] = geometry.get("coordinates") or []
    polygons = {"Polygon": [found], "MultiPolygon": found}.get(str(geometry.get("type")), [])
    return tuple(
        tuple((float(point[0]), float(point[1])) for point in ring)
        for polygon in polygons
        for ring in polygon
        if len(ring) > 3
    )


def bounds(values: Sequence[float]) -> list[float]:
    """The upper ends of the classes but the last: each class holds about as many places. Fewer
    classes where there are fewer values; none where all are alike."""
    ordered = sorted(set(values))
    count = min(CLASSES, len(ordered))
    return [ordered[len(ordered) * n // count - 1] for n in range(1, count)]


def class_of(value: float, ends: Sequence[float]) -> int:
    """0 is the lightest; the darkest is always used, so few classes are all dark ones."""
    lower = sum(value > end for end in ends)
    return CLASSES - 1 - len(ends) + lower


def height(shapes: Sequence[Shape], width: int) -> int:
    """Of a sheet of that width: the map as high as it must be, the key under it."""
    frame = _Frame.around(shapes, width)
    return round(frame.height) + 20 + KEY_ROW * (len(_key(shapes, "")) if shapes else 0)


def draw(shapes: Sequence[Shape], sheet: Drawing, name: str, unit: str, sentence: str) -> Markup:
    """`unit`: what the numbers of the key are, in words. `sentence`: for who cannot see it."""
    frame = _Frame.around(shapes, sheet.width)
    ends = bounds([each.value for each in shapes if each.value is not None])
    sheet.hatch(name)
    sheet.begin_clip(f"{name}-clip", Box(0, 0, sheet.width, frame.height))
    for shape in sorted(shapes, key=lambda each: each.value is not None):
        course = frame.course(shape.rings)
        if shape.value is None:
            sheet.path("m-area", course, fill=name)
        else:
            sheet.path(f"m-area m-{class_of(shape.value, ends)}", course)
    sheet.end_clip()
    for shape in sorted(shapes, key=lambda each: -(each.value or 0)):
        if shape.value is not None:
            x, y = frame.middle(shape.rings)
            sheet.say("g-said", x, y + 5, shape.name, "middle")
    for n, (kind, words) in enumerate(_key(shapes, unit)):
        top = frame.height + 20 + n * KEY_ROW
        box = f"M0.5 {short(top + 0.5)}H28V{short(top + 18)}H0.5Z"
        sheet.path(kind, box, fill=name if kind == "m-area" else "")
        sheet.say("g-word", 38, top + 14, words)
    return sheet.svg(sentence)


def _key(shapes: Sequence[Shape], unit: str) -> list[tuple[str, str]]:
    """Class of the colour and its words, darkest first."""
    values = [each.value for each in shapes if each.value is not None]
    ends, found = bounds(values), []
    for n in reversed(range(len(ends) + 1 if values else 0)):
        own = [value for value in values if class_of(value, ends) == CLASSES - 1 - len(ends) + n]
        low, high = (i18n.number(round(each, 1)) for each in (min(own), max(own)))
        told = low if low == high else f"{low}–{high}"
        found.append((f"m-area m-{CLASSES - 1 - len(ends) + n}", f"{told} {unit}".strip()))
    if len(values) < len(shapes):
        found.append(("m-area", _("not told apart")))
    return found


@dataclass(frozen=True)
class _Frame:
    """Degrees to dots."""

    west: float
    north: float
    across: float  # dots a degree of longitude
    down: float  # dots a degree of latitude
    height: float

    @classmethod
    def around(cls, shapes: Sequence[Shape], width: int) -> "_Frame":
        """The places with a number fill it; their neighbours are cut off at its edge."""
        told = [each for each in shapes if each.value is not None] or list(shapes)
        points = [point for each in told for ring in each.rings for point in ring] or [(0.0, 0.0)]
        xs, ys = [x for x, _y in points], [y for _x, y in points]
        shrink = max(cos(radians((min(ys) + max(ys)) / 2)), 0.1)
        wide = max((max(xs) - min(xs)) * shrink, 1e-6)
        high = max(max(ys) - min(ys), 1e-6)
        room = width * (1.2 if width <= PHONE else 0.65)
        dots = min(width * 0.92 / wide, room * 0.92 / high)
        tall = high * dots / 0.92
        left = (width - wide * dots) / 2 / (dots * shrink)
        above = (tall - high * dots) / 2 / dots
        return cls(min(xs) - left, max(ys) + above, dots * shrink, dots, tall)

    def at(self, point: Point) -> Point:
        return (point[0] - self.west) * self.across, (self.north - point[1]) * self.down

    def course(self, found: Iterable[Sequence[Point]]) -> str:
        return "".join(f"M{'L'.join(self._corners(ring))}Z" for ring in found)

    def _corners(self, ring: Sequence[Point]) -> Iterator[str]:
        """Those that are a dot apart: an outline made for a larger map is no heavier here."""
        last: Point | None = None
        for x, y in map(self.at, ring):
            if last is None or abs(x - last[0]) + abs(y - last[1]) >= 1:
                last = x, y
                yield f"{short(x)} {short(y)}"

    def middle(self, found: Sequence[Sequence[Point]]) -> Point:
        """The middle of the largest ring's box."""
        boxes = [
            (min(x for x, _ in ring), min(y for _, y in ring),
             max(x for x, _ in ring), max(y for _, y in ring))
            for ring in found
        ]  # fmt: skip
        west, south, east, north = max(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))
        return self.at(((west + east) / 2, (south + north) / 2))
