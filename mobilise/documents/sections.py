"""Sections of a dossier, which the group names and puts in order."""

from dataclasses import dataclass

from mobilise import db
from mobilise.audit import trail
from mobilise.documents import queries, section_queries
from mobilise.errors import N_, NotFound, NotNow

MOST = 20


class TooManySections(NotNow):
    message = N_("A dossier has at most 20 sections. Join two of them first.")


@dataclass(frozen=True)
class Section:
    """`total`: how many documents stand in it."""

    id: int
    title: str
    about: str
    total: int


async def sections(database: db.Database, petition_id: int) -> list[Section]:
    """In the group's own order, empty ones too."""
    rows = await section_queries.of_petition(database, petition_id)
    return [Section(**dict(row)) for row in rows]


async def section(database: db.Database, petition_id: int, section_id: int) -> Section:
    for each in await sections(database, petition_id):
        if each.id == section_id:
            return each
    raise NotFound()


async def holding(
    database: db.Database, petition_id: int, section_id: int | None
) -> Section | None:
    """The section in which something stands, if it stands in one."""
    found = await sections(database, petition_id) if section_id else []
    return next((each for each in found if each.id == section_id), None)


async def add(
    database: db.Database, title: str, about: str, *, petition_id: int, person_id: int
) -> int:
    """At the end; tells its number."""
    async with db.tx(database):
        await queries.lock_dossier(database, petition_id)
        number = await section_queries.add(database, petition_id, title, about, MOST)
        if number is None:
            raise TooManySections()
        await _note(database, "documents.section_add", petition_id, person_id, number)
    return number


async def change(
    database: db.Database,
    title: str,
    about: str,
    *,
    petition_id: int,
    section_id: int,
    person_id: int,
) -> None:
    async with db.tx(database):
        if not await section_queries.change(database, petition_id, section_id, title, about):
            raise NotFound()
        await _note(database, "documents.section_change", petition_id, person_id, section_id)


async def move(
    database: db.Database, step: int, *, petition_id: int, section_id: int, person_id: int
) -> None:
    """One place up (-1) or down (1); at the end of the row nothing happens."""
    async with db.tx(database):
        await queries.lock_dossier(database, petition_id)
        if await section_queries.move(database, petition_id, section_id, step):
            await _note(database, "documents.section_move", petition_id, person_id, section_id)


async def remove(
    database: db.Database, *, petition_id: int, section_id: int, person_id: int
) -> None:
    """Its documents stay, and stand in no section."""
    async with db.tx(database):
        if not await section_queries.remove(database, petition_id, section_id):
            raise NotFound()
        await _note(database, "documents.section_remove", petition_id, person_id, section_id)


async def _note(
    database: db.Database, deed: str, petition_id: int, person_id: int, section_id: int
) -> None:
    await trail.write(
        database, deed, person_id=person_id, petition_id=petition_id, section=section_id
    )
