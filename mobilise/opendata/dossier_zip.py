"""dossier.zip: every document of a petition in the folders of its sections, with a list of them,
written while it is sent. Memory does not know how large it is."""

import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from datetime import datetime
from typing import Any

from stream_zip import ZIP_64, AsyncMemberFile, async_stream_zip

from mobilise import db, prose
from mobilise.documents.sections import Section
from mobilise.opendata import readme
from mobilise.opendata.bundle import MODE
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES
from mobilise.store import Store

NAME = "dossier.zip"
LIST = "documents.csv"


def pieces(edition: Edition, sections: list[Section], store: Store) -> AsyncIterable[bytes]:
    """The archive in pieces, one document after the other, none held as a whole."""
    return async_stream_zip(_members(edition, sections, store), get_compressobj=_lightly)


def _lightly() -> Any:
    """Most documents are as small as they can be: to pack them hard is work for nothing."""
    return zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS)


async def _members(
    edition: Edition, sections: list[Section], store: Store
) -> AsyncIterator[AsyncMemberFile]:
    at = edition.closed_at
    yield "README.md", at, MODE, ZIP_64, _told(readme.dossier(edition))
    yield LIST, at, MODE, ZIP_64, _told(_list(edition))
    for place, document in places(edition, sections):
        yield place, _added(document), MODE, ZIP_64, store.read(document["sha256"])


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


async def _told(words: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in words:
        yield piece
