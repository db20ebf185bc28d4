"""The dossier of a petition: what is added, said about, put in order and taken away."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Self
from urllib.parse import quote

from mobilise import db
from mobilise.audit import trail
from mobilise.documents import page_queries, preparing, queries, version_queries
from mobilise.documents.judging import Found
from mobilise.errors import N_, NotFound, NotNow
from mobilise.petitions import releasing
from mobilise.store import Draft, Store

UP, DOWN = -1, 1
MOST = 300
HEAVIEST = 2 * 1024 * 1024 * 1024
"""Documents of one petition, and the bytes of all their versions together: one group cannot fill
the disk of all."""


class Full(NotNow):
    message = N_("This dossier is full. Take a document away first, or join small ones in one PDF.")


@dataclass(frozen=True)
class Caption:
    """What the group says about a document."""

    title: str
    source: str = ""
    dated: date | None = None
    note: str = ""
    section_id: int | None = None
    language: str = "simple"  # of its words; simple: of none that we can search in
    rights: str = "unknown"  # a word of `rights.RIGHTS`
    address: str = ""
    archived: str = ""
    received_on: date | None = None
    consult: str = ""
    checked: str = ""


@dataclass(frozen=True)
class Document:
    """A document as pages show it, with the version that everybody reads.

    `entry`: file, link or elsewhere. `sha256` and `size` are of the copy for everybody, None until
    it is made; `original` is the checksum of what was sent. A link has neither.
    """

    id: int
    entry: str
    title: str
    note: str
    source: str
    dated: date | None
    section_id: int | None
    language: str
    rights: str
    address: str
    archived: str
    received_on: date | None
    consult: str
    checked: str
    added_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str
    version: int | None
    name: str | None
    kind: str | None
    size: int | None
    sha256: str | None
    original: str | None
    original_size: int | None
    pages: int | None
    pages_done: int
    stage: str | None
    versions_total: int
    cover: str | None

    @classmethod
    def of(cls, row: db.Record) -> Self:
        return cls(**{field.name: row[field.name] for field in fields(cls)})

    @property
    def href(self) -> str | None:
        """Where the copy can be downloaded: a public address, which outlives the page."""
        if self.sha256 is None or self.name is None:
            return None
        return f"/files/{self.sha256}/{quote(self.name, safe='')}"

    @property
    def is_at_work(self) -> bool:
        """Are its copy or its pages still being made?"""
        return self.stage == "waiting"


async def documents(database: db.Database, petition_id: int) -> list[Document]:
    """The documents of a petition in the group's order, without withdrawn ones."""
    return [Document.of(row) for row in await queries.of_petition(database, petition_id)]


async def withdrawn(database: db.Database, petition_id: int) -> list[Document]:
    """What was taken away, newest first."""
    return [Document.of(row) for row in await queries.withdrawn(database, petition_id)]


async def document(database: db.Database, petition_id: int, document_id: int) -> Document:
    """A document that is in the dossier; NotFound when it is not, or was taken away."""
    found = await with_tombstone(database, petition_id, document_id)
    if found.withdrawn_at is not None:
        raise NotFound()
    return found


async def with_tombstone(database: db.Database, petition_id: int, document_id: int) -> Document:
    """The same, and what was taken away as well."""
    found = await queries.one(database, petition_id, document_id)
    if found is None:
        raise NotFound()
    return Document.of(found)


async def add(
    database: db.Database,
    store: Store,
    draft: Draft,
    found: Found,
    caption: Caption,
    *,
    petition_id: int,
    person_id: int | None,
    added_at: datetime | None = None,
) -> int:
    """Stores the bytes and the rows, both or neither, and has the copy made. `added_at`: now,
    unless told. Of a plan that may be viewed and not copied only facts are kept."""
    only_facts = caption.rights == "view_only"
    content = [] if only_facts else [draft.sha256]
    if content:
        await store.keep(draft)
    async with releasing.claimed(database, store, content):
        await look_for_room(database, petition_id, 0 if only_facts else draft.size)
        number = await queries.add(
            database,
            petition_id,
            entry="elsewhere" if only_facts else "file",
            **vars(caption),
            added_by=person_id,
            added_at=added_at,
        )
        version = await version_queries.add(
            database,
            petition_id,
            number,
            found=found,
            draft=draft,
            added_by=person_id,
            added_at=added_at,
            is_kept=not only_facts,
        )
        if content:
            await preparing.queue(database, preparing.Version(petition_id, number, version))
        await _note(database, "documents.add", petition_id, person_id, number, draft.sha256)
    return number


async def mention(
    database: db.Database,
    entry: str,
    caption: Caption,
    *,
    petition_id: int,
    person_id: int,
    added_at: datetime | None = None,
) -> int:
    """Adds what is not here: a `link` to what others wrote, or a plan to consult `elsewhere`."""
    async with db.tx(database):
        await look_for_room(database, petition_id, 0)
        number = await queries.add(
            database,
            petition_id,
            entry=entry,
            **vars(caption),
            added_by=person_id,
            added_at=added_at,
        )
        await _note(database, "documents.add", petition_id, person_id, number)
    return number


async def look_for_room(
    database: db.Database, petition_id: int, size: int, *, is_new: bool = True
) -> None:
    """Within a transaction: nobody else adds to this dossier until it ends. Raises Full.

    `is_new`: one document more, not another version of one.
    """
    await queries.lock_dossier(database, petition_id)
    held = await queries.weight(database, petition_id)
    if (is_new and held["total"] >= MOST) or held["bytes"] + size > HEAVIEST:
        raise Full()


async def change(
    database: db.Database, caption: Caption, *, petition_id: int, document_id: int, person_id: int
) -> None:
    """Says something else about a document; who reads it in another language finds it by that."""
    async with db.tx(database):
        if not await queries.change(database, petition_id, document_id, **vars(caption)):
            raise NotFound()
        await page_queries.read_in(database, petition_id, document_id, caption.language)
        await _note(database, "documents.change", petition_id, person_id, document_id)


async def move(
    database: db.Database, step: int, *, petition_id: int, document_id: int, person_id: int
) -> None:
    """One place up or down in its section; at the end of the row nothing happens."""
    async with db.tx(database):
        await queries.lock_dossier(database, petition_id)
        await document(database, petition_id, document_id)  # NotFound for what is no part of it
        if await queries.move(database, petition_id, document_id, step):
            await _note(database, "documents.move", petition_id, person_id, document_id)


async def withdraw(
    database: db.Database,
    store: Store,
    because: str,
    *,
    petition_id: int,
    document_id: int,
    person_id: int,
) -> None:
    """Takes a document away for good: its rows stay and say so, with the reason; its bytes go,
    unless something else here shows the same ones."""
    async with db.tx(database):
        await queries.lock_dossier(database, petition_id)
        await queries.hold(database, petition_id, document_id)
        content = await queries.content(database, petition_id, document_id)
        if not await queries.withdraw(database, petition_id, document_id, because):
            raise NotFound()
        await _note(database, "documents.withdraw", petition_id, person_id, document_id)
    await releasing.release(database, store, content)


async def _note(
    database: db.Database,
    deed: str,
    petition_id: int,
    person_id: int | None,
    document_id: int,
    sha256: str | None = None,
) -> None:
    more = {"sha256": sha256} if sha256 else {}
    await trail.write(
        database,
        deed,
        person_id=person_id,
        petition_id=petition_id,
        document=document_id,
        **more,
    )
