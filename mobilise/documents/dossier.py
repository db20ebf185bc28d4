"""The dossier of a petition: what is added, said about, put in order and taken away."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Self
from urllib.parse import quote

from mobilise import db, store
from mobilise.audit import trail
from mobilise.documents import queries
from mobilise.documents.judging import Found
from mobilise.errors import N_, NotFound, NotNow

UP, DOWN = -1, 1
MOST = 300
HEAVIEST = 2 * 1024 * 1024 * 1024
"""Documents of one petition, and their bytes together: one group cannot fill the disk of all."""


class Full(NotNow):
    message = N_("This dossier is full. Take a document away first, or join small ones in one PDF.")


@dataclass(frozen=True)
class Caption:
    """What the group says about a document."""

    title: str
    source: str
    dated: date | None
    note: str


@dataclass(frozen=True)
class Document:
    """A document as pages show it. `href` is a public address: it outlives the page."""

    id: int
    title: str
    note: str
    source: str
    dated: date | None
    name: str
    kind: str
    size: int
    sha256: str
    pages: int | None
    added_at: datetime

    @classmethod
    def of(cls, row: db.Record) -> Self:
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})

    @property
    def href(self) -> str:
        return f"/files/{self.sha256}/{quote(self.name, safe='')}"


async def documents(database: db.Database, petition_id: int) -> list[Document]:
    """The documents of a petition in the group's order, without withdrawn ones."""
    return [Document.of(row) for row in await queries.of_petition(database, petition_id)]


async def document(database: db.Database, petition_id: int, document_id: int) -> Document:
    found = await queries.one(database, petition_id, document_id)
    if found is None:
        raise NotFound()
    return Document.of(found)


async def add(
    database: db.Database,
    root: Path,
    draft: store.Draft,
    found: Found,
    caption: Caption,
    *,
    petition_id: int,
    person_id: int | None,
    added_at: datetime | None = None,
) -> int:
    """Stores the bytes and the row, both or neither. `added_at`: now, unless told."""
    async with db.tx(database):
        await queries.lock_content(database, draft.sha256)
        held = await queries.weight(database, petition_id)
        if held["total"] >= MOST or held["bytes"] + draft.size > HEAVIEST:
            raise Full()
        is_new = await asyncio.to_thread(store.keep, root, draft)
        try:
            number = await queries.add(
                database,
                petition_id,
                **vars(caption),
                name=found.name,
                kind=found.kind,
                pages=found.pages,
                size=draft.size,
                sha256=draft.sha256,
                added_by=person_id,
                added_at=added_at,
            )
            await trail.write(
                database,
                "documents.add",
                person_id=person_id,
                petition_id=petition_id,
                document=number,
                sha256=draft.sha256,
            )
        except BaseException:
            if is_new:  # the lock is still ours: nobody else counts on these bytes
                store.forget(root, draft.sha256)
            raise
    return number


async def change(
    database: db.Database, caption: Caption, *, petition_id: int, document_id: int, person_id: int
) -> None:
    async with db.tx(database):
        if not await queries.change(database, petition_id, document_id, **vars(caption)):
            raise NotFound()
        await trail.write(
            database,
            "documents.change",
            person_id=person_id,
            petition_id=petition_id,
            document=document_id,
        )


async def move(
    database: db.Database, step: int, *, petition_id: int, document_id: int, person_id: int
) -> None:
    """One place up or down; at the end of the row nothing happens."""
    async with db.tx(database):
        await document(database, petition_id, document_id)  # NotFound for what is no part of it
        if await queries.move(database, petition_id, document_id, step):
            await trail.write(
                database,
                "documents.move",
                person_id=person_id,
                petition_id=petition_id,
                document=document_id,
                step=step,
            )


async def withdraw(
    database: db.Database, root: Path, *, petition_id: int, document_id: int, person_id: int
) -> None:
    """Takes a document away for good: the row stays and says so, the bytes are removed,
    unless another petition shows the same ones."""
    sha256 = (await document(database, petition_id, document_id)).sha256
    is_aside = False
    try:
        async with db.tx(database):
            await queries.lock_content(database, sha256)
            if not await queries.withdraw(database, petition_id, document_id):
                raise NotFound()
            await trail.write(
                database,
                "documents.withdraw",
                person_id=person_id,
                petition_id=petition_id,
                document=document_id,
                sha256=sha256,
            )
            if not await queries.is_shown(database, sha256):
                store.set_aside(root, sha256)
                is_aside = True
    except BaseException:
        if is_aside:  # the commit failed: the document is still in the dossier
            store.bring_back(root, sha256)
        raise
    store.forget_aside(root, sha256)
