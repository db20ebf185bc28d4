"""Marks on the pages of a document, as SQL."""

from collections.abc import Sequence

from mobilise import db


async def of_document(
    database: db.Database, petition_id: int, document_id: int, version: int
) -> list[db.Record]:
    return await db.rows(
        database,
        """
        select * from redaction_marks
        where petition_id = :petition_id and document_id = :document_id and version = :version
        order by page, id
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
    )


async def total(database: db.Database, petition_id: int, document_id: int, version: int) -> int:
    return int(
        await db.value(
            database,
            """
            select count(*) from redaction_marks
            where petition_id = :petition_id and document_id = :document_id and version = :version
            """,
            petition_id=petition_id,
            document_id=document_id,
            version=version,
        )
    )


async def begun(
    database: db.Database, petition_id: int, document_id: int, version: int, page: int
) -> db.Record | None:
    """A place on this page of which only one corner is known; it waits for the other one."""
    return await db.row(
        database,
        """
        select * from redaction_marks
        where petition_id = :petition_id and document_id = :document_id and version = :version
          and page = :page and opposite is null
        order by id limit 1 for update
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
        page=page,
    )


async def add(
    database: db.Database,
    petition_id: int,
    document_id: int,
    version: int,
    page: int,
    corner: Sequence[int],
    opposite: Sequence[int] | None,
) -> None:
    await db.run(
        database,
        """
        insert into redaction_marks (petition_id, document_id, version, page, corner, opposite)
        values (:petition_id, :document_id, :version, :page, :corner::int[], :opposite::int[])
        """,
        petition_id=petition_id,
        document_id=document_id,
        version=version,
        page=page,
        corner=list(corner),
        opposite=None if opposite is None else list(opposite),
    )


async def complete(
    database: db.Database,
    petition_id: int,
    document_id: int,
    mark_id: int,
    opposite: Sequence[int],
) -> None:
    await db.run(
        database,
        """
        update redaction_marks set opposite = :opposite::int[]
        where petition_id = :petition_id and document_id = :document_id and id = :mark_id
        """,
        petition_id=petition_id,
        document_id=document_id,
        mark_id=mark_id,
        opposite=list(opposite),
    )


async def remove(database: db.Database, petition_id: int, document_id: int, mark_id: int) -> None:
    await db.run(
        database,
        """
        delete from redaction_marks
        where petition_id = :petition_id and document_id = :document_id and id = :mark_id
        """,
        petition_id=petition_id,
        document_id=document_id,
        mark_id=mark_id,
    )
