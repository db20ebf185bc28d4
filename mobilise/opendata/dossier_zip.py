"""dossier.zip: every document of a petition in the folders of its sections, with a list of them,
written while it is sent. Memory does not know how large it is."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Any

from stream_zip import ZIP_64, MemberFile, stream_zip

from mobilise import db, prose
from mobilise.documents.sections import Section
from mobilise.opendata import readme
from mobilise.opendata.bundle import MODE
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES
from mobilise.store import Store

NAME = "dossier.zip"
LIST = "documents.csv"
PATIENCE = 60
"""Seconds that a piece of a document may take to come out of the store."""
_PACKERS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="dossier-zip")


async def pieces(edition: Edition, sections: list[Section], store: Store) -> AsyncIterator[bytes]:
    """The archive in pieces, one document after the other, none held as a whole.

    It is packed in threads of its own: the store reads its files in the loop's, and who waits for
    a thread in one of the same few would wait for ever.
    """
    loop = asyncio.get_running_loop()
    members = _members(edition, sections, store, loop)
    packed = iter(stream_zip(members, get_compressobj=_lightly))
    try:
        while piece := await loop.run_in_executor(_PACKERS, _following, packed):
            yield piece
    finally:
        _PACKERS.submit(_let_go, packed)


def _following(packed: Iterator[bytes]) -> bytes:
    return next(packed, b"")


def _let_go(packed: Any) -> None:
    with suppress(ValueError):  # it still packs a last piece, and is let go of with that
        packed.close()


def _lightly() -> Any:
    """Most documents are as small as they can be: to pack them hard is work for nothing."""
    return zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS)


def _members(
    edition: Edition, sections: list[Section], store: Store, loop: asyncio.AbstractEventLoop
) -> Iterator[MemberFile]:
    at = edition.closed_at
    yield "README.md", at, MODE, ZIP_64, readme.dossier(edition)
    yield LIST, at, MODE, ZIP_64, _list(edition)
    for place, document in places(edition, sections):
        yield place, _added(document), MODE, ZIP_64, _read(store, document["sha256"], loop)


def _read(store: Store, sha256: str, loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
    """What the store reads in the loop, for a thread that packs."""
    source = store.read(sha256)

    async def following() -> bytes:
        return await anext(source, b"")

    while piece := asyncio.run_coroutine_threadsafe(following(), loop).result(PATIENCE):
        yield piece


def _list(edition: Edition) -> Iterator[bytes]:
    (found,) = (file for file in FILES if file.name == LIST)
    return found.pieces(edition)


def places(edition: Edition, sections: list[Section]) -> Iterator[tuple[str, db.Record]]:
    """Where each document stands in the archive: `2-studies/12-soil-and-water.pdf`. The number is
    that of the document, as in the list."""
    shelves = {
        each.id: f"{number}-{prose.slug(each.title) or 'section'}"
        for number, each in enumerate(sections, start=1)
    }
    for document in edition.documents:
        name = f"{document['id']}-{prose.slug(document['title']) or 'document'}.{document['kind']}"
        shelf = shelves.get(document["section_id"])
        yield (f"{shelf}/{name}" if shelf else name), document


def file_name(edition: Edition) -> str:
    """a-park-dossier-2026-05-11.zip"""
    return f"{edition.petition.slug}-dossier-{edition.day.isoformat()}.zip"


def _added(document: db.Record) -> datetime:
    added: datetime = document["version_at"]
    return added
