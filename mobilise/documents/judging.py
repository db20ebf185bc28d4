"""Decides whether a file that arrived may stay. The looking itself happens in a child process."""

from dataclasses import dataclass
from pathlib import Path

from mobilise import confined
from mobilise.documents import kinds
from mobilise.errors import Refusal
from mobilise.uploads import Upload


@dataclass(frozen=True)
class Found:
    """What a file turned out to be. `pages` only of a PDF."""

    name: str
    kind: str
    pages: int | None


class FileRefused(Refusal):
    """The file may not stay; the sentence belongs at its field."""

    def __init__(self, why: str) -> None:
        self.status, sentence = kinds.REFUSED[why]
        super().__init__(sentence)
        self.why = why


async def judge(upload: Upload) -> Found:
    """What was uploaded, or FileRefused with a sentence that says what to do."""
    name, extension = kinds.clean_name(upload.name)
    if upload.too_large:
        raise FileRefused("too_large")
    if not name:
        raise FileRefused("missing")
    if upload.draft is None:
        raise FileRefused("empty")
    if extension in kinds.BY_EXTENSION:
        raise FileRefused(kinds.BY_EXTENSION[extension])
    async with confined.place():
        answer = await look_into(upload.draft.path, extension)
    if "refused" in answer:
        raise FileRefused(str(answer["refused"]))
    pages = answer.get("pages")
    return Found(name, str(answer["kind"]), pages if isinstance(pages, int) else None)


async def look_into(path: Path, extension: str) -> dict[str, object]:
    """What the child says; a child that dies of the file has said enough."""
    return await confined.answered_by("mobilise.documents.inspecting", str(path), extension)
