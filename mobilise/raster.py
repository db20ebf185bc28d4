"""A drawing as dots: for a newspaper's system, a slide, a chat that shows no SVG.

Typst draws it, with Noto Sans, which comes along: the same dots on every machine.
"""

from functools import lru_cache
from importlib import resources
from pathlib import Path
from threading import Lock

import typst
from PIL import ImageFont

WIDTH = 1600  # px
_KEPT = 64  # pictures of some 60 kB: a crowd that asks for one has it drawn once
_PAGE = """#set page(width: 100pt, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100pt, alt: "")
"""
_one_at_a_time = Lock()  # drawing takes a processor; readers of pages come first


@lru_cache(maxsize=_KEPT)
def png(svg: str) -> bytes:
    """The SVG as PNG, 1600 px wide, on white: without what it says about dark screens."""
    drawn = "".join(sign for sign in svg if sign < "\u0250" or _has(sign))
    with _one_at_a_time:
        made = typst.compile(
            _PAGE.encode(),
            format="png",
            ppi=72 * WIDTH / 100,
            sys_inputs={"svg": drawn},
            font_paths=_known(),
        )
    assert isinstance(made, bytes), "one page is one picture"
    return made


def _fonts() -> Path:
    return Path(str(resources.files("fontpkg_noto_sans") / "files"))


@lru_cache(maxsize=1)
def _known() -> typst.Fonts:
    """None of this machine: each has others."""
    return typst.Fonts(include_system_fonts=False, font_paths=[_fonts()])


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_fonts() / "NotoSans[wdth,wght].ttf"), 40)


@lru_cache(maxsize=4096)
def _has(sign: str) -> bool:
    """Whether the font has a shape for it; else typst would draw an empty box, and say nothing."""
    return _shape(sign) != _shape("\U0010fffe")


def _shape(sign: str) -> tuple[tuple[int, int], bytes]:
    mask = _font().getmask(sign)
    return mask.size, bytes(mask)
