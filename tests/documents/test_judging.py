"""What is taken and what is refused, decided by what is in the file."""

import asyncio
import os
from pathlib import Path

import psutil
import pytest

from mobilise import confined
from mobilise.documents import judging, kinds
from mobilise.store import Draft
from mobilise.uploads import Upload
from tests.documents import samples

KINDS = {"jpeg": "jpg"}


def uploaded(root: Path, name: str, content: bytes) -> Upload:
    draft = None
    if content:
        draft = Draft(root)
        draft.write(content)
        draft.finish()
    return Upload(name=name, draft=draft)


@pytest.mark.parametrize("name", samples.GOOD)
async def test_a_document_of_each_kind_is_taken(name: str, tmp_path: Path) -> None:
    found = await judging.judge(uploaded(tmp_path, name, samples.GOOD[name]))
    extension = name.rsplit(".", 1)[1].lower()
    assert found.kind == KINDS.get(extension, extension)
    assert found.pages == (2 if found.kind == "pdf" else None)


@pytest.mark.parametrize("what", samples.BAD)
async def test_what_is_no_document_is_refused_with_a_sentence(what: str, tmp_path: Path) -> None:
    name, content = samples.BAD[what]
    with pytest.raises(judging.FileRefused) as refused:
        await judging.judge(uploaded(tmp_path, name, content))
    assert refused.value.status in (415, 422)
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("a PDF with a password", "locked"),
        ("a PDF that may not be copied", "locked"),
        ("a web page called text", "markup"),
        ("a web page that is also a PDF", "markup"),
        ("a PDF that is also a web page", "markup"),
        ("a picture of 900 million dots", "too_many_pixels"),
        ("a table that unpacks to a gigabyte", "too_heavy"),
        ("a table of ten thousand parts", "too_heavy"),
        ("half a PDF", "broken"),
        ("a table with Visual Basic", "macros"),
        ("an archive called a table", "archive"),
        ("a locked office file", "old_office"),
        ("letters of two bytes", "utf16"),
        ("an empty file", "empty"),
        ("a png called jpg", "disagrees"),
    ],
)
async def test_the_sentence_says_what_is_wrong(what: str, why: str, tmp_path: Path) -> None:
    name, content = samples.BAD[what]
    with pytest.raises(judging.FileRefused) as refused:
        await judging.judge(uploaded(tmp_path, name, content))
    assert refused.value.why == why


async def test_a_file_that_asks_for_too_much_memory_costs_the_child_and_nothing_else(
    tmp_path: Path,
) -> None:
    heavy = tmp_path / "heavy.geojson"
    heavy.write_bytes(samples.memory_bomb())
    assert await judging.look_into(heavy, "geojson") == {"refused": "too_heavy"}
    assert (await judging.judge(uploaded(tmp_path, "a.pdf", samples.pdf()))).kind == "pdf"


async def test_the_child_does_not_read_what_it_is_not_given(tmp_path: Path) -> None:
    """Its answer is the whole of what it says; a missing file is our fault, and a refusal."""
    assert await judging.look_into(tmp_path / "missing", "pdf") == {"refused": "broken"}


async def test_a_file_without_a_name_was_not_chosen(tmp_path: Path) -> None:
    for name in ("", "  ", "/", "..", ".pdf"):
        with pytest.raises(judging.FileRefused) as refused:
            await judging.judge(uploaded(tmp_path, name, samples.pdf()))
        assert refused.value.why in ("missing", "unknown")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("plan.pdf", "plan.pdf"),
        ("Plan  Ontwerp.PDF", "Plan Ontwerp.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Alice\\plan.pdf", "plan.pdf"),
        ("/var/www/plan.pdf", "plan.pdf"),
        ("plan\x00.pdf", "plan.pdf"),
        ("plan\r\nX-Evil: 1.pdf", "plan X-Evil 1.pdf"),
        ("Étude de l’eau – été.pdf", "Étude de l’eau – été.pdf"),
        ("E\u0301tude.pdf", "Étude.pdf"),
        ("公园.pdf", "公园.pdf"),
        ("fdp\u202eexe.pdf", "fdpexe.pdf"),
        ("a.tar.pdf", "a.tar.pdf"),
        ('"<plan>?*.pdf', "plan.pdf"),
        ("..pdf", "pdf"),
        ("", ""),
    ],
)
def test_a_name_is_cleaned_and_stays_readable(sent: str, name: str) -> None:
    assert kinds.clean_name(sent)[0] == name


def test_a_name_of_any_length_becomes_a_short_one() -> None:
    name, extension = kinds.clean_name("a" * 5000 + ".pdf")
    assert (len(name), extension) == (kinds.LONGEST_NAME, "pdf")
    assert len(kinds.clean_name("a." + "b" * 5000)[0]) < kinds.LONGEST_NAME
    assert os.sep not in kinds.clean_name("a/b\\c.pdf")[0]


async def test_many_uploads_at_once_are_looked_into_two_by_two(tmp_path: Path) -> None:
    """Each look may take a gigabyte: ten at once would take the site down."""
    most, over = 0, asyncio.Event()

    async def count() -> None:
        nonlocal most
        while not over.is_set():
            children = psutil.Process().children()
            most = max(most, sum("inspecting" in " ".join(_said(each)) for each in children))
            await asyncio.sleep(0.005)

    counting = asyncio.create_task(count())
    name = "plan.pdf"
    await asyncio.gather(
        *(judging.judge(uploaded(tmp_path, name, samples.GOOD[name])) for _ in range(6))
    )
    over.set()
    await counting
    assert 1 <= most <= confined.AT_ONCE


def _said(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
