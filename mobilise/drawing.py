"""Lines, areas and words on a sheet of SVG. Colours are classes of the stylesheet, never values.

Pure: numbers in, Markup out. A word is only written where it fits and covers no other word.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

Anchor = Literal["start", "middle", "end"]
TEXT = 15.0  # px; the stylesheet says the same
BIG = 22.0
PHONE, DESK, FULL = 358, 736, 1152  # px wide; text is 15 px in each, none is scaled down
_NARROW, _WIDE = "ijl.,:;'’|!·()[]ftrI \u00a0", "mwMW%@—"


def wide(words: str, size: float = TEXT) -> float:
    """How many pixels the words take at most, in the widest of the common system fonts, bold."""
    em = sum(0.4 if c in _NARROW else 1.05 if c in _WIDE else 0.71 for c in words)
    return em * size


def steps(top: int) -> list[int]:
    """Three to five round numbers up to `top`, whole ones: 2847 → 500, 1000, 1500, 2000, 2500."""
    power = 1
    while top >= power * 10:
        power *= 10
    for hundredths in (20, 25, 50, 100, 200, 40, 30):
        step, rest = divmod(power * hundredths, 100)
        if rest == 0 and 3 <= top // step <= 5:
            return list(range(step, top + 1, step))
    return list(range(1, top + 1))


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Drawing:
    """One sheet. What is drawn later lies on top, and words on everything."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []  # our own words and numbers; people's are escaped
        self._said: list[str] = []
        self._words: list[Box] = []

    def line(self, kind: str, x1: float, y1: float, x2: float, y2: float) -> None:
        course = f"M{short(x1)} {short(y1)}L{short(x2)} {short(y2)}"
        self._parts.append(f'<path class="{kind}" d="{course}"/>')

    def path(self, kind: str, course: str, fill: str = "") -> None:
        """`fill`: the id of a pattern that was defined with `hatch`."""
        if course:
            filled = f' fill="url(#{fill})"' if fill else ""
            self._parts.append(f'<path class="{kind}"{filled} d="{course}"/>')

    def dot(self, kind: str, x: float, y: float, radius: float) -> None:
        at = f'cx="{short(x)}" cy="{short(y)}" r="{short(radius)}"'
        self._parts.append(f'<circle class="{kind}" {at}/>')

    def hatch(self, name: str) -> None:
        """Lines that slant over a blank ground: paper, in print and to the colour-blind too."""
        self._parts.append(
            f'<defs><pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect class="g-blank" width="7" height="7"/>'
            '<rect class="g-hatch" width="3.5" height="7"/></pattern></defs>'
        )

    def begin_clip(self, name: str, box: "Box") -> None:
        """What is drawn from here on ends at the edges of the box."""
        frame = bars([(box.left, box.top, box.right, box.bottom)])
        self._parts.append(
            f'<clipPath id="{name}"><path d="{frame}"/></clipPath><g clip-path="url(#{name})">'
        )

    def end_clip(self) -> None:
        self._parts.append("</g>")

    def fits(self, box: Box) -> bool:
        inside = box.left >= 0 and box.right <= self.width
        inside = inside and box.top >= 0 and box.bottom <= self.height
        return inside and not any(box.meets(other) for other in self._words)

    def keep_clear(self, box: Box) -> None:
        """No words come here."""
        self._words.append(box)

    def say(
        self,
        kind: str,
        x: float,
        y: float,
        words: str,
        anchor: Anchor = "start",
        size: float = TEXT,
    ) -> bool:
        """Writes words on the baseline `y`, unless they would leave the sheet or cover others."""
        box = around(x, y, words, anchor, size)
        if not self.fits(box):
            return False
        self._words.append(box)
        place = "" if anchor == "start" else f' text-anchor="{anchor}"'
        at = f'x="{short(x)}" y="{short(y)}"{place}'
        self._said.append(f'<text class="{kind}" {at}>{escape(words)}</text>')
        return True

    def svg(self, sentence: str) -> Markup:
        """The sheet as a picture that is described by one sentence."""
        size = f'width="{self.width}" height="{self.height}"'
        box = f'viewBox="0 0 {self.width} {self.height}"'
        return Markup(
            f'<svg class="graph" {size} {box} role="img" aria-label="{escape(sentence)}">'
            f"{''.join(self._parts)}{''.join(self._said)}</svg>"
        )


def around(x: float, y: float, words: str, anchor: Anchor, size: float = TEXT) -> Box:
    """The room that words take on the baseline `y`."""
    width = wide(words, size)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return Box(left, y - size, left + width, y + size * 0.3)


def held(x: float, words: str, left: float, right: float, size: float = TEXT) -> float:
    """Where the middle of the words must lie so that they stay between left and right."""
    half = wide(words, size) / 2
    return min(max(x, left + half), max(right - half, left + half))


def spread(wanted: Sequence[float], apart: float, low: float) -> list[float]:
    """Moves the heights, given from the top down, until they lie `apart`, none below `low`."""
    heights = list(wanted)
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + apart)
    for i in reversed(range(len(heights))):
        heights[i] = min(heights[i], low if i == len(heights) - 1 else heights[i + 1] - apart)
    return heights


def bars(rectangles: Iterable[tuple[float, float, float, float]]) -> str:
    """Bars as one path: (left, top, right, bottom) each."""
    return "".join(
        f"M{short(left)} {short(top)}H{short(right)}V{short(bottom)}H{short(left)}Z"
        for left, top, right, bottom in rectangles
    )


def short(value: float) -> str:
    """A tenth of a pixel is enough, and shorter."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
