"""Documents that others made are taken, shown and redacted; what is broken gets its sentence."""

import io
import json
import random
import re
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from mobilise import confined, uploads
from mobilise.db import Database, rows
from mobilise.documents import judging, leafing
from mobilise.store import Store
from tests.documents import malformed, real_files
from tests.documents.real_files import File, Outcome

SEED = 4
FLIPPED, CUT = 100, 20
SMALL = 40_000
"""Bytes of what is broken on purpose, so that many can be tried."""
OF_EVERY_PDF = ("filter", "length", "parent", "contents", "catalog", "resources", "subtype")
"""Words that each file is made of, whatever stands on its pages."""
OFFICE, PICTURES = ("docx", "odt", "xlsx", "ods"), ("png", "jpg", "jpeg")


@pytest.fixture(scope="module")
def real() -> list[File]:
    return real_files.found()


async def test_real_documents_are_accepted_and_shown(
    db: Database, store: Store, real: list[File]
) -> None:
    outcomes = await real_files.tried(db, store, real, called="real files")
    refused = [each for each in outcomes if each.what != "accepted"]
    unexplained = [str(each) for each in refused if not _is_locked(each)]
    assert not unexplained, "these are sound: a fault of ours"
    accepted = Counter(each.file.extension for each in outcomes if each.what == "accepted")
    assert accepted["pdf"] >= 15, accepted
    assert sum(accepted[kind] for kind in OFFICE) >= 12, accepted
    assert sum(accepted[kind] for kind in PICTURES) >= 12, accepted
    shown = {row[0] for row in await rows(db, "select petition_id from document_pages")}
    nothing = [
        each for each in outcomes if each.version and each.version["petition_id"] not in shown
    ]
    bare = [str(each) for each in nothing if not _is_a_blank_sheet(each.file)]
    assert not bare, "each has something to look at or to read"


def _is_a_blank_sheet(file: File) -> bool:
    """Some are templates without a word."""
    if file.extension != "docx":
        return False
    with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        return re.search(rb"<w:t[ >]", archive.read("word/document.xml")) is None


def _is_locked(outcome: Outcome) -> bool:
    """Some are locked so that programs like ours can be tried with them."""
    if (outcome.what, outcome.why, outcome.file.extension) != ("refused", "locked", "pdf"):
        return False
    try:
        with pikepdf.open(io.BytesIO(outcome.file.read())) as pdf:
            return pdf.is_encrypted
    except pikepdf.PasswordError:
        return True


async def test_what_is_flipped_or_cut_gets_its_sentence(
    db: Database, store: Store, real: list[File]
) -> None:
    dice = random.Random(SEED)
    small = [file for file in real if len(file.read()) < SMALL]
    wrong = [real_files.flipped(dice.choice(small), dice) for _ in range(FLIPPED)]
    wrong += [real_files.cut(dice.choice(small), dice) for _ in range(CUT)]
    outcomes = await real_files.tried(db, store, wrong, called="flipped and cut files")
    said = Counter(each.what for each in outcomes)
    assert said.total() == FLIPPED + CUT
    assert said["accepted"] >= 20 and said["refused"] >= 30, said


async def test_each_trick_gets_its_own_sentence(
    db: Database, store: Store, real: list[File], tmp_path: Path
) -> None:
    pdf = next(f.read() for f in real if f.extension == "pdf" and _is_plain(f.read()))
    jpeg = next(f.read() for f in real if f.extension in ("jpg", "jpeg"))
    tricks = list(malformed.made(tmp_path, pdf, jpeg))
    files = [file for _, file, _ in tricks]
    outcomes = await real_files.tried(db, store, files, called="tricks")
    wrong = [
        f"{what} should be {expected}: {outcome}"
        for (what, _, expected), outcome in zip(tricks, outcomes, strict=True)
        if expected not in (outcome.what, outcome.why)
    ]
    assert not wrong, "\n".join(wrong)


def _is_plain(content: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return not pdf.is_encrypted
    except pikepdf.PdfError:
        return False


async def test_a_line_of_300_megabytes_is_read_and_thrown_away(store: Store) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="line.csv"\r\n'
            b"Content-Type: text/csv\r\n\r\n"
        )
        for _ in range(300):
            yield b"1,2," * (256 * 1024)
        yield b"\r\n--x--\r\n"

    async with uploads.receiving(body(), "multipart/form-data; boundary=x", store) as upload:
        with pytest.raises(judging.FileRefused) as refused:
            await judging.judge(upload)
    assert refused.value.why == "too_large"
    assert [each async for each in store.kept()] == []


# --- redacting --------------------------------------------------------------------------------


async def test_nothing_is_left_under_a_mark_on_a_real_page(
    db: Database, store: Store, real: list[File], tmp_path: Path
) -> None:
    pdfs = [file for file in real if file.extension == "pdf" and _is_plain(file.read())]
    pdfs = [file for file in pdfs if len(pypdfium2.PdfDocument(file.read())) > 1][:8]
    outcomes = await real_files.tried(db, store, pdfs, called="redacted files")
    redacted = 0
    for number, outcome in enumerate(outcomes):
        assert outcome.version is not None
        marked = _words_that_stand_once(await _pages(db, outcome.version))
        if marked:
            folder = tmp_path / str(number)
            folder.mkdir()
            async with store.at_hand(outcome.version["published"]) as copy:
                await _redact(copy, marked, folder)
            redacted += len(marked)
    assert redacted >= 5, "words that were blackened"


async def _pages(db: Database, version: Any) -> list[Any]:
    return await rows(
        db,
        """select page, text, boxes from document_pages
           where petition_id = :petition and document_id = :document order by page""",
        petition=version["petition_id"],
        document=version["document_id"],
    )


Marked = dict[int, tuple[str, tuple[int, ...]]]


def _words_that_stand_once(pages: list[Any]) -> Marked:
    """One word of every second page, that nothing else in the document contains; its place."""
    everything = "\n".join(page["text"] for page in pages).lower()
    marked: Marked = {}
    for page in pages[::2][:4]:
        for word in re.finditer(r"(?<!\S)[A-Za-z]{6,}(?!\S)", page["text"]):
            place = _place(page["boxes"] or b"", word.start())
            lone = everything.count(word[0].lower()) == 1
            if lone and place and word[0].lower() not in OF_EVERY_PDF:
                marked[page["page"]] = (word[0], place)
                break
    return marked if len(marked) < len(pages) else {}


def _place(boxes: bytes, start: int) -> tuple[int, ...] | None:
    return next((tuple(b) for at, *b in leafing.WORD.iter_unpack(boxes) if at == start), None)


async def _redact(copy: Path, marked: Marked, folder: Path) -> None:
    asked, target = folder / "places", folder / "target"
    asked.write_text(json.dumps({page: [place] for page, (_, place) in marked.items()}))
    answer = await confined.answered_by(
        "mobilise.documents.blackening", str(copy), "pdf", str(asked), str(target)
    )
    assert answer == {}
    before, after = pypdfium2.PdfDocument(copy), pypdfium2.PdfDocument(target)
    assert len(before) == len(after)
    for number in range(1, len(before) + 1):
        words = after[number - 1].get_textpage().get_text_range()
        if number in marked:
            assert words == "", "a page with a mark is a picture"
            _is_black(after[number - 1], marked[number][1])
        else:
            assert words == before[number - 1].get_textpage().get_text_range()
        assert not any(word.lower() in words.lower() for word, _ in marked.values())
    _holds_nothing_of(copy, target, marked)


def _is_black(page: Any, place: tuple[int, ...]) -> None:
    picture = page.render(scale=2).to_pil().convert("L")
    left, top, right, bottom = (
        round(part / leafing.UNIT * side)
        for part, side in zip(place, picture.size * 2, strict=True)
    )
    under = picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    assert under.getextrema()[1] < 40, "something shows through"


def _holds_nothing_of(copy: Path, target: Path, marked: Marked) -> None:
    """No object, unpacked, has a word or what drew it; nothing is wrong with the file."""
    with pikepdf.open(target) as pdf:
        assert pdf.check_pdf_syntax() == [] and pdf.get_warnings() == []
        out = io.BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            normalize_content=False,
            compress_streams=False,
        )
        for number in marked:
            page = pdf.pages[number - 1]
            assert set(page.obj.Resources.keys()) == {"/XObject"}
            assert list(page.obj.Resources.XObject.keys()) == ["/Page"]
    inside = out.getvalue() + target.read_bytes()
    for word, _ in marked.values():
        for form in (word.encode(), word.encode("utf-16-be"), word.encode().hex().encode()):
            assert form.lower() not in inside.lower(), word
    with pikepdf.open(copy) as old:
        kept = {_drawn_by(old, n) for n in range(1, len(old.pages) + 1) if n not in marked}
        for number in marked:
            drawing = _drawn_by(old, number)
            assert drawing and (drawing in kept or drawing not in inside)


def _drawn_by(pdf: pikepdf.Pdf, number: int) -> bytes:
    """What the page is drawn by; the part that two pages hardly share."""
    page = pdf.pages[number - 1]
    contents = page.obj.Contents
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return max((part.read_bytes() for part in parts), key=len)


# --- memory -----------------------------------------------------------------------------------


async def test_memory_does_not_know_how_many_pages_there_are(db: Database, store: Store) -> None:
    peaks = {}
    for pages in (10, 20, 400):  # the first one also pays for what is loaded once
        name = File(f"{pages}.pdf", _strips(pages))
        tracemalloc.start()
        try:
            (outcome,) = await real_files.tried(db, store, [name], called="long files")
            peaks[pages] = tracemalloc.get_traced_memory()[1] - len(name.read())
        finally:
            tracemalloc.stop()
        assert outcome.what == "accepted" and outcome.version is not None
        assert len(await _pages(db, outcome.version)) == pages
    assert peaks[400] < peaks[20] + 4 * 1024 * 1024, peaks


def _strips(pages: int) -> bytes:
    """Low pages, quickly drawn, with some words on each."""
    leaf = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 30] /Contents %d 0 R /Resources"
        b" << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
    )
    said = b"BT /F 9 Tf 5 10 Td (Rain water of chapter %d runs to the river) Tj ET"
    return malformed.raw_pages(
        *(leaf % (3 + pages + number) for number in range(pages)),
        more=tuple(malformed.stream(b"", said % number) for number in range(pages)),
    )
