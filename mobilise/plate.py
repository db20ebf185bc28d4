"""A drawing that leaves the site: it carries its own colours, its title, its source, its words.

Opened by itself it follows the reader's light or dark; printed or as PNG it is light.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from mobilise.drawing import DESK, TEXT, Drawing, short, wide

MARGIN = 32
WIDTH = DESK + 2 * MARGIN  # px: a PNG of 1600 shows each of them on two
_LINE = 22.0
_BIG = 24.0
_MOST = 2  # lines of a title: a longer one ends in …
# The tokens of the stylesheet: `tests/test_plate.py` compares.
LIGHT = {
    "paper": "#FFFFFF", "ink": "#15191C", "ink-2": "#4A5156", "hair": "#D5D6CF",
    "chart": "#12613F", "marker": "#FFD93B",
}  # fmt: skip
DARK = {
    "paper": "#111416", "ink": "#ECEEE9", "ink-2": "#B5BCB8", "hair": "#363D41",
    "chart": "#62A983", "marker": "#FFD93B",
}  # fmt: skip
FAMILY = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif'
_RULES = {
    "text": f"font:400 {TEXT:g}px {FAMILY};fill:$ink;stroke:$paper;stroke-width:4px;"
    "stroke-linejoin:round;paint-order:stroke",
    ".p-ground": "fill:$paper",
    ".p-rule": "fill:none;stroke:$ink;stroke-width:3",
    ".p-title": f"font-size:{_BIG:g}px;font-weight:700",
    ".p-marked": "fill:#15191C;stroke:none;font-weight:700",
    ".p-marker": "fill:$marker",
    ".p-small,.g-word": "fill:$ink-2",
    ".g-said": "font-weight:700",
    ".g-total": "font-size:22px;font-weight:900",
    ".g-area": "fill:$chart",
    ".g-hatch": "fill:$ink-2",
    ".g-blank": "fill:$paper",
    "path.g-blank": "stroke:$paper;stroke-width:4",
    "path.g-strip": "stroke:$ink-2;stroke-width:1",
    ".g-fine": "fill:none;stroke:$hair",
    ".g-floor": "fill:none;stroke:$ink-2;stroke-width:1.5",
    ".g-leader": "fill:none;stroke:$ink-2",
    ".g-goal-ground": "fill:none;stroke:$paper;stroke-width:4",
    ".g-goal": "fill:none;stroke:$ink;stroke-width:2;stroke-dasharray:2 5",
    ".g-point": "fill:$ink;stroke:$paper;stroke-width:2",
    ".m-area": "fill-rule:evenodd;stroke:$paper;stroke-width:1.5;stroke-linejoin:round",
    ".m-0": "fill:$chart;fill-opacity:.28",
    ".m-1": "fill:$chart;fill-opacity:.5",
    ".m-2": "fill:$chart;fill-opacity:.74",
    ".m-3": "fill:$chart",
    ".g-running": "fill:none;stroke:$chart;stroke-width:2;stroke-dasharray:3 2",
}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _rules(colours: dict[str, str], *, all_of_them: bool) -> str:
    """As CSS; in dark only what has a colour, since the rest stays."""
    found = []
    for selector, declarations in _RULES.items():
        kept = [each for each in declarations.split(";") if all_of_them or "$" in each]
        if kept:
            found.append(f"{selector}{{{';'.join(kept)}}}")
    css = "".join(found)
    for name in sorted(colours, key=len, reverse=True):
        css = css.replace(f"${name}", colours[name])
    return css


STYLE = (
    _rules(LIGHT, all_of_them=True)
    + "@media screen and (prefers-color-scheme:dark){"
    + _rules(DARK, all_of_them=False)
    + "}"
)
# Nothing in a picture may run or be fetched; of styles, only these.
CSP = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Caption:
    """What stands around the drawing. `source`: sentences and an address, a line each."""

    language: str
    title: str
    what: str  # under the title
    source: Sequence[str]
    warning: str = ""  # marked, above everything


class Plate(Drawing):
    """A sheet as wide as the text of a desk, that is put into a frame with its caption."""

    def __init__(self, height: int, caption: Caption) -> None:
        super().__init__(DESK, height)
        self.caption = caption

    def svg(self, sentence: str) -> Markup:
        """A whole file. The sentence is its description for who cannot see it."""
        said = self.caption
        head, top = self._head()
        foot, bottom = _lines("p-small", said.source, top + self.height + 30, TEXT, _LINE)
        height = round(bottom + MARGIN - 8)
        inner = Markup("").join(Markup(part) for part in (*self._parts, *self._said))
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'lang="{escape(said.language)}" aria-labelledby="t d">'
            f'<title id="t">{_plain(said.title)}: {_plain(said.what)}</title>'
            f'<desc id="d">{_plain(sentence)}</desc><style>{STYLE}</style>'
            f'<rect class="p-ground" width="{WIDTH}" height="{height}"/>{head}'
            f'<g transform="translate({MARGIN} {short(top)})">{inner}</g>{foot}</svg>\n'
        )

    def _head(self) -> tuple[Markup, float]:
        """Rule, warning, title and what it shows; and where the drawing may begin."""
        said, y = self.caption, float(MARGIN)
        parts = [Markup(f'<path class="p-rule" d="M{MARGIN} {MARGIN}H{WIDTH - MARGIN}"/>')]
        if said.warning:
            width = min(wide(said.warning) + 16, DESK)
            parts.append(
                Markup(
                    f'<rect class="p-marker" x="{MARGIN}" y="{short(y + 12)}" '
                    f'width="{short(width)}" height="26"/>'
                )
            )
            parts.append(_text("p-marked", MARGIN + 8, y + 30, said.warning))
            y += 38
        title, y = _lines("p-title", [said.title], y + 34, _BIG, 30)
        what, y = _lines("p-small", [said.what], y + 26, TEXT, _LINE)
        return Markup("").join([*parts, title, what]), y + 12


def _lines(
    kind: str, sentences: Sequence[str], y: float, size: float, apart: float
) -> tuple[Markup, float]:
    """Each sentence on as many lines as it needs. Tells the baseline of the last one."""
    lines = [line for each in sentences for line in broken(each, DESK, size)]
    drawn = [_text(kind, MARGIN, y + n * apart, line) for n, line in enumerate(lines)]
    return Markup("").join(drawn), y + max(len(lines) - 1, 0) * apart


def broken(words: str, width: float, size: float = TEXT, most: int = _MOST) -> list[str]:
    """The words on lines of that many pixels; what comes after the last line becomes …"""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and wide(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(line, width, size) for line in lines]


def _cut(line: str, width: float, size: float) -> str:
    if wide(line, size) <= width:
        return line
    while line and wide(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _text(kind: str, x: float, y: float, words: str) -> Markup:
    return Markup(f'<text class="{kind}" x="{short(x)}" y="{short(y)}">{_plain(words)}</text>')


def _plain(words: str) -> Markup:
    """Escaped, without the signs that no XML may hold."""
    return escape(_NO_XML.sub("", words))
