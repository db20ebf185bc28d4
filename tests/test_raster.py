"""The dots themselves: every sign has its shape, light is light, two machines draw the same."""

import hashlib
import io

import pytest
from PIL import Image, ImageChops

from mobilise import charts, raster
from mobilise.plate import LIGHT, Plate
from tests.test_charts import series
from tests.test_plate import caption


def svg(title: str = "A park", **more: object) -> str:
    sheet = Plate(376, caption(title=title, **more))
    return str(charts.growth_on(sheet, series(10, 20, 30, paper={1: 40}), 120, "growth"))


def dots(drawn: str) -> Image.Image:
    return Image.open(io.BytesIO(raster.png(drawn))).convert("RGB")


def colour(name: str) -> tuple[int, ...]:
    return tuple(int(LIGHT[name][i : i + 2], 16) for i in (1, 3, 5))


def test_it_is_a_png_1600_wide_with_the_ground_and_the_colour_of_the_light_page() -> None:
    picture = dots(svg())
    assert raster.png(svg()).startswith(b"\x89PNG\r\n\x1a\n")
    assert picture.width == 1600
    assert picture.getpixel((3, 3)) == colour("paper")
    found = dict((value, n) for n, value in picture.getcolors(1 << 24) or [])
    assert found.get(colour("chart"), 0) > 10_000, "the area"
    assert found.get(colour("ink"), 0) > 1_000, "the words"


def test_half_of_it_is_the_height_that_the_svg_says() -> None:
    drawn = svg()
    height = int(drawn.split('height="')[1].split('"')[0])
    assert dots(drawn).height == 2 * height


@pytest.mark.parametrize("sign", list("éèüöäßĳœçñŁşăĐệλЖ€’„“”–…×−µ"))
def test_a_sign_of_our_languages_has_a_shape_of_its_own(sign: str) -> None:
    """No empty boxes: what is drawn is neither that of a missing sign nor nothing."""
    none, box = dots(svg("")), dots(svg("\ue000"))
    assert ImageChops.difference(none, box).getbbox() is None, "what has no shape is left out"
    shape = ImageChops.difference(dots(svg(sign)), dots(svg("o")))
    assert shape.getbbox() is not None
    letters = {hashlib.sha256(dots(svg(each)).tobytes()).digest() for each in (sign, "", "o", "l")}
    assert len(letters) == 4


def test_this_would_find_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "_has", lambda sign: True)
    raster.png.cache_clear()
    try:
        box = dots(svg("\ue000"))
    finally:
        raster.png.cache_clear()
    monkeypatch.undo()
    assert ImageChops.difference(box, dots(svg("\ue000"))).getbbox() is not None


def test_bold_is_bold() -> None:
    """A font of one weight would draw the title as thin as the rest."""
    title = "A park for all of us"
    thin = svg(title).replace('class="p-title"', 'class="p-none"')
    thin = thin.replace(".p-title{font-size:24px;font-weight:700}", ".p-none{font-size:24px}")
    ink = [sum(n for n, c in dots(each).getcolors(1 << 24) or [] if sum(c) < 200)
           for each in (svg(title), thin)]  # fmt: skip
    assert ink[0] > ink[1] + 1_000


def test_the_same_drawing_gives_the_same_file() -> None:
    first = raster.png(svg())
    raster.png.cache_clear()
    assert raster.png(svg()) == first, "else no reader could keep it"


def test_what_a_title_says_is_no_order_to_the_program_that_draws() -> None:
    """The drawing goes in as data, not as part of a page of typst."""
    for title in ('")#read("/etc/passwd")', "#import", "]]>", '"; #panic("x")'):
        assert dots(svg(title)).width == 1600
