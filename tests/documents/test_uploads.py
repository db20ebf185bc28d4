"""An upload as it arrives: piece by piece, broken off, too large, in odd shapes."""

import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mobilise import arriving, uploads
from mobilise.errors import TooLarge, WrongType
from mobilise.store import Folder

KIND = "multipart/form-data; boundary=xyz"


def part(name: str, content: bytes, filename: str | None = None) -> bytes:
    head = f'--xyz\r\nContent-Disposition: form-data; name="{name}"'.encode()
    if filename is not None:
        head += f'; filename="{filename}"\r\nContent-Type: application/pdf'.encode()
    return head + b"\r\n\r\n" + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--xyz--\r\n"


async def pieces(content: bytes, size: int = 7) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [1, 7, 100_000])
async def test_fields_and_file_arrive_whole_however_they_are_cut(size: int, tmp_path: Path) -> None:
    content = b"%PDF\r\n--xy\r\n--xyzz not the end\r\n" * 20
    sent = body(part("title", "Étude".encode()), part("file", content, "plan.pdf"))
    async with uploads.receiving(pieces(sent, size), KIND, Folder(tmp_path)) as upload:
        assert upload.fields == [("title", "Étude")]
        assert upload.name == "plan.pdf"
        assert upload.draft is not None
        assert upload.draft.path.read_bytes() == content
        assert upload.draft.size == len(content)
    assert files(tmp_path) == []


async def test_a_body_that_breaks_off_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    sent = body(part("title", b"Plan"), part("file", b"%PDF" * 400, "plan.pdf"))
    for end in (10, 60, 200, 900, len(sent) - 6):
        with pytest.raises(uploads.BrokenOff):
            async with uploads.receiving(pieces(sent[:end]), KIND, Folder(tmp_path)):
                raise AssertionError("half a file is no file")
        assert files(tmp_path) == []


async def test_a_disk_that_fills_up_meanwhile_ends_it_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow() -> AsyncIterator[bytes]:
        sent = body(part("file", b"x" * 3_000_000, "plan.pdf"))
        yield sent[:2_000_000]
        monkeypatch.setattr(arriving, "KEPT_FREE", 2**62)
        yield sent[2_000_000:]

    with pytest.raises(arriving.NoRoom):
        async with uploads.receiving(slow(), KIND, Folder(tmp_path)):
            raise AssertionError("there was no room")
    assert files(tmp_path) == []


async def test_a_connection_that_drops_leaves_nothing(tmp_path: Path) -> None:
    async def dropped() -> AsyncIterator[bytes]:
        yield part("file", b"x" * 3_000_000, "plan.pdf")[:2_500_000]
        assert len(files(tmp_path)) == 1
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        async with uploads.receiving(dropped(), KIND, Folder(tmp_path)):
            pass
    assert files(tmp_path) == []


async def test_what_is_too_large_is_thrown_away_and_the_fields_stay(tmp_path: Path) -> None:
    sent = body(part("file", b"x" * 5_000_000, "plan.pdf"), part("title", b"Plan"))
    reader = pieces(sent, 100_000)
    async with uploads.receiving(reader, KIND, Folder(tmp_path), largest=2_000_000) as upload:
        assert upload.too_large
        assert upload.draft is None
        assert upload.fields == [("title", "Plan")]
        assert files(tmp_path) == []


async def test_memory_does_not_know_how_large_the_file_is(tmp_path: Path) -> None:
    async def long() -> AsyncIterator[bytes]:
        yield part("file", b"", "plan.pdf")[:-2]
        for _ in range(400):
            yield bytes(100_000)
        yield b"\r\n--xyz--\r\n"

    tracemalloc.start()
    try:
        async with uploads.receiving(long(), KIND, Folder(tmp_path)) as upload:
            assert upload.draft is not None
            assert upload.draft.size == 40_000_000
            _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8_000_000


@pytest.mark.parametrize(
    "kind", ["", "application/pdf", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_what_is_no_form_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(WrongType):
        async with uploads.receiving(pieces(b"x"), kind, Folder(tmp_path)):
            pass


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"not a form at all",
        body(*[part(f"field{number}", b"x") for number in range(50)]),
        body(part("file", b"a", "a.pdf"), part("file", b"b", "b.pdf")),
        b"--xyz\r\n" + b"X" * 100_000,
    ],
    ids=["nothing", "no form", "fifty fields", "two files", "an endless header"],
)
async def test_an_odd_form_is_refused(sent: bytes, tmp_path: Path) -> None:
    with pytest.raises(uploads.BrokenOff):
        async with uploads.receiving(pieces(sent, 5000), KIND, Folder(tmp_path)):
            pass
    assert files(tmp_path) == []


async def test_a_boundary_without_end_is_refused(tmp_path: Path) -> None:
    kind = "multipart/form-data; boundary=" + "x" * 5000
    with pytest.raises(uploads.BrokenOff):
        async with uploads.receiving(pieces(b"x"), kind, Folder(tmp_path)):
            pass


async def test_a_field_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        async with uploads.receiving(
            pieces(part("note", b"x" * 900_000), 9000), KIND, Folder(tmp_path)
        ):
            pass


async def test_a_file_in_another_field_is_not_kept(tmp_path: Path) -> None:
    sent = body(part("picture", b"x" * 100, "a.png"), part("title", b"Plan"))
    async with uploads.receiving(pieces(sent), KIND, Folder(tmp_path)) as upload:
        assert (upload.draft, upload.name) == (None, "")
        assert files(tmp_path) == []


async def test_no_file_chosen_is_seen(tmp_path: Path) -> None:
    sent = body(part("title", b"Plan"), part("file", b"", ""))
    async with uploads.receiving(pieces(sent), KIND, Folder(tmp_path)) as upload:
        assert (upload.draft, upload.name) == (None, "")
