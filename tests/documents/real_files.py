"""Documents that others made, as Debian's packages carry them, and what becomes of one here.

They lie where MOBILISE_TEST_REAL_FILES points, a folder a package; `.ci/real-files` puts them
there. None of them is part of this project.
"""

import asyncio
import gzip
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from mobilise import confined
from mobilise.db import Database, Record, rows
from mobilise.documents import cleaning, dossier, judging, kinds, preparing
from mobilise.store import Store
from mobilise.uploads import Upload
from tests import make

KINDS = (".pdf", ".docx", ".odt", ".xlsx", ".ods", ".png", ".jpg", ".jpeg")
LARGEST = 300_000
"""Bytes: a book of 200 pages tells no more than a chapter, and takes longer."""
AT_MOST = 4
"""Of one kind from one package."""
PATIENCE = 240
"""Seconds in which everything about one file is over, however busy the machine is."""
PIECE = 1024 * 1024
COUNTS: dict[str, Counter[str]] = defaultdict(Counter)
"""What was tried → how often accepted, refused, failed; shown at the end of the run."""


@dataclass(frozen=True)
class File:
    """`content`: its bytes, or where they lie when they are many."""

    name: str
    content: bytes | Path

    @property
    def extension(self) -> str:
        return self.name.rsplit(".", 1)[-1].lower()

    def read(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()


@dataclass(frozen=True)
class Outcome:
    """`what`: accepted, refused or failed. `why`: a word that has a sentence."""

    file: File
    what: str
    why: str = ""
    version: Record | None = None

    def __str__(self) -> str:
        return f"{self.file.name}: {self.what} {self.why}".strip()


def found() -> list[File]:
    """All but the longest, unpacked where the package packed them."""
    place = os.environ.get("MOBILISE_TEST_REAL_FILES", "")
    if not place or not Path(place).is_dir():
        missing = "MOBILISE_TEST_REAL_FILES names no folder: real documents were not tried"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    files: list[File] = []
    taken: Counter[tuple[str, str]] = Counter()
    for path in sorted(Path(place).rglob("*")):
        name = path.name.removesuffix(".gz")
        if path.is_symlink() or not path.is_file() or not name.lower().endswith(KINDS):
            continue
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        file = File(name, content)
        group = (path.relative_to(place).parts[0], file.extension)
        if len(content) <= LARGEST and taken[group] < AT_MOST:
            taken[group] += 1
            files.append(file)
    return files


def flipped(file: File, dice: random.Random) -> File:
    """The same with a few bits the other way round."""
    content = bytearray(file.read())
    for _ in range(dice.choice((1, 3, 20))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    return File(file.name, bytes(content))


def cut(file: File, dice: random.Random) -> File:
    content = file.read()
    return File(file.name, content[: dice.randrange(1, len(content))])


# --- what becomes of them ---------------------------------------------------------------------


async def tried(db: Database, store: Store, files: Iterable[File], *, called: str) -> list[Outcome]:
    """Each is uploaded and prepared, two at once. An exception here is a fault of ours."""
    places = asyncio.Semaphore(confined.AT_ONCE)

    async def one(file: File) -> Outcome:
        async with places, asyncio.timeout(PATIENCE):
            outcome = await _tried(db, store, file)
        COUNTS[called][outcome.what] += 1
        return outcome

    return list(await asyncio.gather(*map(one, files)))


async def _tried(db: Database, store: Store, file: File) -> Outcome:
    upload = Upload(name=file.name, draft=store.draft())
    assert upload.draft is not None
    try:
        await asyncio.to_thread(_arrive, upload, file)
        size = upload.draft.size
        try:
            known = await judging.judge(upload)
        except judging.FileRefused as refused:
            assert refused.message.endswith(".")
            return Outcome(file, "refused", refused.why)
        version = await _prepared(db, store, upload, known)
    finally:
        upload.draft.discard()
    assert version["state"] in ("ready", "failed"), f"{file.name} waits for ever"
    if version["published_size"] is not None:
        assert version["published_size"] <= 2 * size + cleaning.ROOM
    if version["state"] == "ready":
        return Outcome(file, "accepted", version=version)
    assert version["failure"] in kinds.REFUSED, version["failure"]
    return Outcome(file, "failed", version["failure"], version)


def _arrive(upload: Upload, file: File) -> None:
    assert upload.draft is not None
    if isinstance(file.content, bytes):
        upload.draft.write(file.content)
    else:
        with file.content.open("rb") as source:
            while piece := source.read(PIECE):
                upload.draft.write(piece)
    upload.draft.finish()


async def _prepared(db: Database, store: Store, upload: Upload, known: judging.Found) -> Record:
    assert upload.draft is not None
    petition = await make.petition(db)
    caption = dossier.Caption("Study", "City of Antwerp", date(2026, 3, 18), "")
    number = await dossier.add(
        db, store, upload.draft, known, caption,
        petition_id=petition.id, person_id=petition.person_id,
    )  # fmt: skip
    await preparing.prepare(db, store, preparing.Version(petition.id, number, 1))
    (version,) = await rows(
        db,
        "select * from document_versions where petition_id = :petition and document_id = :number",
        petition=petition.id,
        number=number,
    )
    return version
