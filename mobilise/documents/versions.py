"""Versions of a document: replaced with a reason, listed for ever, closed when they must be."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self
from urllib.parse import quote

from mobilise import db, prose
from mobilise.audit import trail
from mobilise.documents import preparing, queries, version_queries
from mobilise.documents.dossier import Document, look_for_room
from mobilise.documents.judging import Found
from mobilise.errors import N_, Gone, NotFound, NotNow
from mobilise.petitions import releasing
from mobilise.store import Draft, Store

MOST = 100
ANOTHER_CAME = N_("Another version came meanwhile. Look at it, and mark what must go there.")
ANOTHER_KIND = N_("Only a file of a document can be replaced. Add this as a document of its own.")


@dataclass(frozen=True)
class Version:
    """`sha256` and `size` are of the original; `published` and `published_size` of the copy for
    everybody, None until it is made. `closed_at`: its bytes are gone since."""

    number: int
    name: str
    kind: str
    size: int
    sha256: str
    original_is_kept: bool
    published: str | None
    published_size: int | None
    pages: int | None
    state: str
    failure: str
    because: str
    redacted: bool
    added_at: datetime
    closed_at: datetime | None
    closed_because: str

    @classmethod
    def of(cls, row: db.Record) -> Self:
        return cls(**{field.name: row[field.name] for field in fields(cls)})

    @property
    def href(self) -> str | None:
        if self.published is None or self.closed_at is not None:
            return None
        return f"/files/{self.published}/{quote(self.name, safe='')}"


async def versions(database: db.Database, petition_id: int, document_id: int) -> list[Version]:
    """All of them, the newest first."""
    rows = await version_queries.of_document(database, petition_id, document_id)
    return [Version.of(row) for row in rows]


async def version(
    database: db.Database, petition_id: int, document_id: int, number: int
) -> Version:
    """One that can be read: NotFound, or Gone when its bytes are."""
    row = await version_queries.one(database, petition_id, document_id, number)
    if row is None:
        raise NotFound()
    if row["closed_at"] is not None:
        raise Gone()
    return Version.of(row)


async def replace(
    database: db.Database,
    store: Store,
    draft: Draft,
    found: Found,
    because: str,
    document: Document,
    *,
    petition_id: int,
    person_id: int,
) -> int:
    """A newer file in the place of this one, with the reason; tells the number of the version.

    The older ones stay listed, and can be read. The same file again is told to be just that.
    """
    await store.keep(draft)
    async with releasing.claimed(database, store, [draft.sha256]):
        await look_for_room(database, petition_id, draft.size, is_new=False)
        if not await queries.hold(database, petition_id, document.id):
            raise NotFound()  # somebody took it away while the file was on its way
        number = await _next(database, document, draft, found, because, petition_id, person_id)
        await _note(database, "documents.replace", document, petition_id, person_id, number)
    return number


async def redact(
    database: db.Database,
    store: Store,
    draft: Draft,
    because: str,
    document: Document,
    texts: dict[str, str],
    *,
    petition_id: int,
    person_id: int,
) -> int:
    """A copy in which words are really gone takes the place of all versions before it, whose
    copies and pages go; what was sent first stays with the group until it removes that too.

    `texts`: page → the words that can still be read on it. NotNow when another version came
    while this one was made: it would be closed without anybody having looked at it."""
    kind = document.kind or "pdf"
    # The name of the file goes too: it may hold just what must not be read.
    found = Found(f"{prose.slug(document.title) or 'document'}.{kind}", kind, document.pages)
    await store.keep(draft)
    async with releasing.claimed(database, store, [draft.sha256]):
        await look_for_room(database, petition_id, draft.size, is_new=False)
        if not await queries.hold(database, petition_id, document.id):
            raise NotFound()
        content = await queries.content(database, petition_id, document.id)
        newest = await version_queries.of_document(database, petition_id, document.id)
        if newest[0]["number"] != document.version:
            raise NotNow(ANOTHER_CAME)
        number = await _next(
            database, document, draft, found, because, petition_id, person_id, texts
        )
        await version_queries.close(database, petition_id, document.id, number, because)
        await _note(database, "documents.redact", document, petition_id, person_id, number)
    await releasing.release(database, store, content)
    return number


async def _next(
    database: db.Database,
    document: Document,
    draft: Draft,
    found: Found,
    because: str,
    petition_id: int,
    person_id: int,
    texts: dict[str, str] | None = None,
) -> int:
    if document.entry != "file":
        raise NotNow(ANOTHER_KIND)
    before = await version_queries.of_document(database, petition_id, document.id)
    if len(before) >= MOST:
        raise NotNow(N_("This document has a hundred versions. Add it as a new document."))
    is_there = before[0]["closed_at"] is None and before[0]["state"] != "failed"
    if before[0]["sha256"] == draft.sha256 and is_there:
        raise NotNow(N_("This is the file that stands there already. Choose the newer one."))
    number = await version_queries.add(
        database,
        petition_id,
        document.id,
        found=found,
        draft=draft,
        added_by=person_id,
        because=because,
        redacted=texts is not None,
        texts=texts,
    )
    await preparing.queue(database, preparing.Version(petition_id, document.id, number))
    return number


async def forget_original(
    database: db.Database,
    store: Store,
    *,
    petition_id: int,
    document_id: int,
    number: int,
    person_id: int,
) -> None:
    """Removes what was sent, of which everybody has the copy. NotNow while that is being made."""
    async with db.tx(database):
        sha256 = await version_queries.forget_original(database, petition_id, document_id, number)
        if sha256 is None:
            raise NotNow(N_("The original is not kept any more, or its copy is still being made."))
        await trail.write(
            database,
            "documents.forget_original",
            person_id=person_id,
            petition_id=petition_id,
            document=document_id,
            version=number,
            sha256=sha256,
        )
    await releasing.release(database, store, [sha256])


async def _note(
    database: db.Database,
    deed: str,
    document: Document,
    petition_id: int,
    person_id: int,
    number: int,
) -> None:
    await trail.write(
        database,
        deed,
        person_id=person_id,
        petition_id=petition_id,
        document=document.id,
        version=number,
    )
