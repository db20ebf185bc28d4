"""Where a word is told to stand is where its ink is, however the file turns, cuts or writes it."""

import io
from typing import Any

import pikepdf
import pypdfium2
import pytest

from mobilise.documents import leafing, redacting
from mobilise.documents.leafing import UNIT

SLACK = 6
"""Dots of the picture: an edge is soft, and a letter stands out of its line."""
NAME = "Jansen"
PLAIN = b"BT /F1 20 Tf 150 500 Td (Jansen) Tj ET"
OTHERS = b" BT /F1 20 Tf 150 300 Td (woont hier) Tj ET"
A4 = [0, 0, 595, 842]
Box = tuple[int, int, int, int]


def paper(content: bytes, codes: bytes = b"", **facts: Any) -> bytes:
    """One page in Helvetica; `codes` say which letters its glyphs are."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        if codes:
            font.ToUnicode = pdf.make_stream(codes)
        resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page = pikepdf.Dictionary(
            {"/Type": pikepdf.Name.Page, "/MediaBox": A4, "/Resources": resources}
            | {f"/{name}": fact for name, fact in facts.items()}
        )
        page.Contents = pdf.make_stream(content)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        pdf.save(out)
    return out.getvalue()


def ink(content: bytes, **facts: Any) -> Box:
    """What is dark on the picture of a page where nothing else stands."""
    page = pypdfium2.PdfDocument(paper(content, **facts))[0]
    picture = leafing._drawn(page).convert("L")
    dark = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    across, down = UNIT / picture.width, UNIT / picture.height
    left, top, right, bottom = dark
    return round(left * across), round(top * down), round(right * across), round(bottom * down)


def stands_where_its_ink_is(
    word: str, alone: bytes, whole: bytes, codes: bytes = b"", **facts: Any
) -> None:
    """`alone` draws the word and nothing else, `whole` all of the page."""
    page = pypdfium2.PdfDocument(paper(whole, codes, **facts))[0]
    text, places = leafing._read(page)
    dark = ink(alone, **facts)
    (told,) = redacting.places_of(word, text, places)
    slack = SLACK * UNIT // 1100
    assert told[0] - slack <= dark[0] and dark[2] <= told[2] + slack, "beside it"
    assert told[1] - slack <= dark[1] and dark[3] <= told[3] + slack, "above or below it"
    # And not so large that it would hold half of the page.
    room = UNIT // 40
    assert all(abs(a - b) < room for a, b in zip(told, dark, strict=True))
    kept = redacting.readable(text, places, [dark])
    assert word in text and word not in kept and "woont" in kept and "hier" in kept


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_page_may_be_turned(turned: int) -> None:
    stands_where_its_ink_is(NAME, PLAIN, PLAIN + OTHERS, Rotate=turned)


@pytest.mark.parametrize("turned", [0, 90])
@pytest.mark.parametrize(
    "cut",
    [
        {"MediaBox": [100, 200, 500, 700]},
        {"MediaBox": [-300, -100, 400, 600]},
        {"CropBox": [120, 250, 480, 560]},
        {"MediaBox": [50, 60, 550, 760], "CropBox": [120, 250, 480, 560]},
    ],
)
def test_a_page_need_not_begin_at_its_corner(cut: dict[str, list[int]], turned: int) -> None:
    stands_where_its_ink_is(NAME, PLAIN, PLAIN + OTHERS, Rotate=turned, **cut)


@pytest.mark.parametrize("turned", [0, 90])
@pytest.mark.parametrize(
    "pieces", [b"(Ja) Tj (nsen) Tj", b"(J) Tj (a) Tj (n) Tj (s) Tj (e) Tj (n) Tj"]
)
def test_a_word_in_pieces_is_one_word(pieces: bytes, turned: int) -> None:
    word = b"BT /F1 20 Tf 150 500 Td " + pieces + b" ET"
    stands_where_its_ink_is(NAME, word, word + OTHERS, Rotate=turned)


SILENT = b"BT /F1 20 Tf 150 600 Td (" + rb"\001\002\003\004\005" * 4 + b") Tj ET "


def test_glyphs_without_text_move_no_place() -> None:
    page = pypdfium2.PdfDocument(paper(SILENT + PLAIN + OTHERS))[0]
    words = page.get_textpage()
    assert len(words.get_text_range()) < words.count_chars(), "the file says what it is for"
    stands_where_its_ink_is(NAME, PLAIN, SILENT + PLAIN + OTHERS)


def codes(*pairs: tuple[str, str]) -> bytes:
    """Which letters the glyphs are: those of Helvetica, but for these."""
    lines = "\n".join(f"<{glyph}> <{letters}>" for glyph, letters in pairs)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(pairs)} beginbfchar\n{lines}\nendbfchar\n"
        "1 beginbfrange <61> <7A> <0061> endbfrange\n"
        "1 beginbfrange <41> <5A> <0041> endbfrange\n"
        "1 beginbfrange <20> <20> <0020> endbfrange\nendcmap end end"
    ).encode()


@pytest.mark.parametrize(
    "letters",
    ["0001", "D83CDF33", "D83C", "DF33", "006600660069", "FFFE", "0000"],
    ids=["control", "tree", "half a sign", "other half", "ligature", "no sign", "nothing"],
)
def test_glyphs_of_none_or_several_signs_move_no_place(letters: str) -> None:
    before = b"BT /F1 20 Tf 150 600 Td (x##### ####) Tj ET "
    told = codes(("23", letters))
    stands_where_its_ink_is(NAME, PLAIN, before + PLAIN + OTHERS, told)
