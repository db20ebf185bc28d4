"""Reads the words of docx, odt and txt, in parts of some pages' length. Runs as a child process
with limits, and tells one part after the other as `{"page": 1, "text": "…"}`.

Office files are read as they stream by: a paragraph at a time, whatever their length.
"""

import codecs
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from mobilise.confined import one_more, tell, within_limits

LONGEST_PART = 4000
"""Signs: more than that, and a new part begins with the next paragraph."""
MOST_PARTS = 2000
PIECE = 64 * 1024
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def parts(path: Path, kind: str) -> Iterator[str]:
    """Paragraphs together, up to about LONGEST_PART signs; they are parted by an empty line."""
    read = {"docx": _docx, "odt": _odt, "txt": _txt}[kind]
    gathered: list[str] = []
    length = 0
    for paragraph in read(path):
        for piece in _pieces(paragraph):
            if gathered and length + len(piece) > LONGEST_PART:
                yield "\n\n".join(gathered)
                gathered, length = [], 0
            gathered.append(piece)
            length += len(piece)
    if gathered:
        yield "\n\n".join(gathered)


def _pieces(paragraph: str) -> Iterator[str]:
    """Printable, and never longer than a part."""
    shown = "".join(c if c == "\n" or c.isprintable() else " " for c in paragraph).strip()
    for start in range(0, len(shown), LONGEST_PART):
        yield shown[start : start + LONGEST_PART]


def _docx(path: Path) -> Iterator[str]:
    for element in _streamed(path, _main_part(path), f"{_WORD}p"):
        words: list[str] = []
        for each in element.iter():
            if each.tag == f"{_WORD}t":
                words.append(each.text or "")
            elif each.tag in (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr"):
                words.append(" ")
        yield "".join(words)


def _main_part(path: Path) -> str:
    """Most programs call it word/document.xml; the list of contents knows."""
    with zipfile.ZipFile(path) as archive:
        listed = ElementTree.fromstring(archive.read("[Content_Types].xml"))
    for each in listed.iter():
        if each.get("ContentType", "").endswith("wordprocessingml.document.main+xml"):
            return each.get("PartName", "").lstrip("/") or "word/document.xml"
    return "word/document.xml"


def _odt(path: Path) -> Iterator[str]:
    for element in _streamed(path, "content.xml", f"{_OASIS}p", f"{_OASIS}h"):
        yield "".join(_spoken(element))


def _spoken(element: Any) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        if each.tag in (f"{_OASIS}tab", f"{_OASIS}s", f"{_OASIS}line-break"):
            yield " "
        else:
            yield from _spoken(each)
        yield each.tail or ""


def _streamed(path: Path, member: str, *wanted: str) -> Iterator[Any]:
    """Elements of one part of the file as they end; what was told is let go of."""
    with zipfile.ZipFile(path) as archive, archive.open(member) as source:
        depth = 0
        for event, element in ElementTree.iterparse(source, ("start", "end")):
            if element.tag in wanted:
                depth += 1 if event == "start" else -1
                if event == "end" and depth == 0:  # a paragraph in a paragraph is told with it
                    yield element
                    element.clear()
            elif event == "end" and depth == 0:
                element.clear()


def _txt(path: Path) -> Iterator[str]:
    """Paragraphs between empty lines; a line is a line."""
    lines: list[str] = []
    for line in lines_of(path):
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield "\n".join(lines)
            lines = []
        if sum(map(len, lines)) > LONGEST_PART:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def lines_of(path: Path) -> Iterator[str]:
    """Lines of a text in UTF-8, or in the Windows code page that older programs write."""
    with path.open(encoding=encoding_of(path), newline=None, errors="replace") as file:
        while line := file.readline(PIECE):
            yield line


def encoding_of(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def main(path: str, kind: str, first: str, last: str) -> None:
    """`first` and `last`: which parts to tell."""
    within_limits(one_after_the_other=True)
    for number, text in enumerate(parts(Path(path), kind), start=1):
        if number > min(int(last), MOST_PARTS):
            break
        if number >= int(first):
            one_more()
            tell({"page": number, "text": text})
