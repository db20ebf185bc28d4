"""Pictures that leave the site: legible in light, in dark, and to who sees no red or green."""

import re
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilise import charts, drawing, plate
from mobilise.plate import DARK, LIGHT, Caption, Plate
from tests.test_charts import series

SPACE = "{http://www.w3.org/2000/svg}"
STYLES = (Path(plate.__file__).parent / "static" / "style.css").read_text("utf-8")
# How each kind of dichromat sees linear red, green and blue (Machado, Oliveira, Fernandes 2009).
EYES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                   (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                   (0.004733, 0.691367, 0.303900)),
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}  # fmt: skip


def caption(**more: object) -> Caption:
    told: dict[str, object] = {
        "language": "en",
        "title": "A park",
        "what": "How the count grew",
        "source": ["Source: neighbours.", "https://sign.example/en/petitions/a-park/data"],
    }
    return Caption(**(told | more))  # type: ignore[arg-type]


def drawn(**more: object) -> ElementTree.Element:
    sheet = Plate(376, caption(**more))
    svg = charts.growth_on(sheet, series(10, 20, 30, paper={1: 40}), 120, "growth")
    return ElementTree.fromstring(str(svg))


def light(colour: str, eyes: str = "all colours") -> float:
    """Relative luminance, as those eyes see the colour."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    seen = [
        min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1) for row in EYES[eyes]
    ]
    return 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]


def contrast(one: str, other: str, eyes: str = "all colours") -> float:
    high, low = sorted((light(one, eyes), light(other, eyes)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# --- it works -----------------------------------------------------------------------------


def test_it_is_a_whole_file_that_says_what_it_shows() -> None:
    svg = drawn()
    assert svg.tag == f"{SPACE}svg" and svg.attrib["role"] == "img"
    assert svg.attrib["lang"] == "en"
    ids = {each.attrib.get("id"): each for each in svg.iter()}
    title, words = (ids[name] for name in svg.attrib["aria-labelledby"].split())
    assert title.text == "A park: How the count grew"
    assert words.text and "the count grew to 100 signatures" in words.text
    said = [each.text for each in svg.iter(f"{SPACE}text")]
    assert "Source: neighbours." in said
    assert "https://sign.example/en/petitions/a-park/data" in said


def test_it_needs_nothing_from_elsewhere() -> None:
    """No file is fetched, nothing runs: it works in a mail, a PDF and offline."""
    text = ElementTree.tostring(drawn(), encoding="unicode")
    assert not re.search(r"<(?:\w+:)?(script|image|use|foreignObject|a)\b|\son\w+=", text)
    assert "@import" not in text and "@font-face" not in text
    assert set(re.findall(r"url\((.*?)\)", text)) == {"#growth"}


def test_a_demonstration_says_so_on_the_picture_itself() -> None:
    warning = "Demonstration: names and figures are invented"
    said = [each.text for each in drawn(warning=warning).iter(f"{SPACE}text")]
    assert warning in said
    assert warning not in [each.text for each in drawn().iter(f"{SPACE}text")]


def test_light_and_dark_are_those_of_the_site() -> None:
    root, dark = (
        re.search(r":root \{(.*?)\n\}", STYLES, re.S),
        re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", STYLES, re.S),
    )
    assert root and dark
    for colours, block in ((LIGHT, root[1]), (DARK, dark[1])):
        for name, colour in colours.items():
            if name != "marker":  # one for both
                assert f"--{name}: {colour};" in block, name
    assert f"--marker: {LIGHT['marker']};" in root[1] and DARK["marker"] == LIGHT["marker"]


def test_every_class_that_is_drawn_has_a_colour_in_both() -> None:
    text = ElementTree.tostring(drawn(warning="Demonstration"), encoding="unicode")
    used = set(re.findall(r'class="([^"]+)"', text))
    text += str(charts.days_on(Plate(340, caption()), series(1, 2, paper={1: 9}), "days"))
    used |= set(re.findall(r'class="([^"]+)"', text))
    for scheme in plate.STYLE.split("@media"):
        missing = {name for name in used if f".{name}" not in scheme} - {"p-title", "p-marked"}
        assert missing <= {"g-said", "g-total"}, "text takes the colour of all text"


# --- for every eye ------------------------------------------------------------------------


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_what_lies_side_by_side_can_be_told_apart(colours: dict[str, str], eyes: str) -> None:
    """E-mail lies on the ground and beside the white of the hatch; the hatch on that white."""
    assert contrast(colours["chart"], colours["paper"], eyes) >= 3
    assert contrast(colours["ink-2"], colours["paper"], eyes) >= 4.5
    assert contrast(colours["ink"], colours["paper"], eyes) >= 7


@pytest.mark.parametrize("eyes", ["protanopia", "deuteranopia"])
def test_the_measure_would_find_red_beside_green(eyes: str) -> None:
    assert contrast("#C0392B", "#3F7D20", eyes) < 3


def test_paper_is_told_by_its_pattern_and_not_by_its_colour() -> None:
    svg = drawn()
    patterns = [each.attrib["id"] for each in svg.iter(f"{SPACE}pattern")]
    strips = [p for p in svg.iter(f"{SPACE}path") if p.attrib["class"] == "g-strip"]
    assert patterns == ["growth"] and [p.attrib["fill"] for p in strips] == ["url(#growth)"]


# --- whatever people write ----------------------------------------------------------------

WORDS = st.text(max_size=300)


@settings(max_examples=60, deadline=None)
@given(title=WORDS, group=WORDS, language=st.sampled_from(["nl", "en"]))
def test_no_words_break_the_file_or_leave_the_sheet(title: str, group: str, language: str) -> None:
    svg = drawn(title=title, source=[group], warning=group[:40], language=language)
    width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
    for each in svg.findall(f"{SPACE}text"):  # its own; those of the drawing lie in a group
        x, y = float(each.attrib["x"]), float(each.attrib["y"])
        size = 24 if each.attrib["class"] == "p-title" else 15
        assert x + drawing.wide(each.text or "", size) <= width + 16 and y <= height


def test_markup_in_a_title_stays_words() -> None:
    svg = drawn(title="<script>alert(1)</script> & more", source=["a\x00b\x1b"])
    assert not list(svg.iter(f"{SPACE}script")) and not list(svg.iter("script"))
    assert any("<script>" in (each.text or "") for each in svg.iter(f"{SPACE}text"))


def test_a_long_title_is_broken_and_at_last_cut() -> None:
    lines = plate.broken("a very long title that goes on " * 9, 736, 24)
    assert len(lines) == 2 and lines[-1].endswith("…") and not lines[0].endswith("…")
    assert plate.broken("x" * 500, 736, 24)[0].endswith("…"), "a word alone is cut too"
    assert plate.broken("", 736) == []


def test_a_year_of_days_stays_small() -> None:
    """A chat, a mail and a phone take it."""
    year = [*series(*([7] * 365))]
    assert year[-1].day - year[0].day == timedelta(days=364) and year[0].day > date(2000, 1, 1)
    for svg in (
        charts.growth_on(Plate(376, caption()), year, 9000, "g"),
        charts.days_on(Plate(340, caption()), year, "d"),
    ):
        assert len(str(svg)) < 40_000
