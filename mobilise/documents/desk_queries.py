"""What the desk of a dossier asks beside what everybody reads, as SQL."""

from mobilise import db


async def unfinished(database: db.Database, petition_id: int) -> list[db.Record]:
    """The newest version of each document whose copy or pages are not ready, and how far it is."""
    return await db.rows(
        database,
        """
        select v.document_id, v.number, v.state, v.failure, v.pages,
          (select count(*) from document_pages p
            where p.petition_id = v.petition_id and p.document_id = v.document_id
              and p.version = v.number) as pages_done
        from document_versions v
        join documents d on d.petition_id = v.petition_id and d.id = v.document_id
        where v.petition_id = :petition_id and d.withdrawn_at is null and v.closed_at is null
          and v.state <> 'ready' and not exists (
            select from document_versions newer
            where newer.petition_id = v.petition_id and newer.document_id = v.document_id
              and newer.number > v.number)
        """,
        petition_id=petition_id,
    )


async def original(
    database: db.Database, petition_id: int, document_id: int, number: int
) -> db.Record | None:
    """What was sent, where it is kept and its document was not taken away."""
    return await db.row(
        database,
        """
        select v.sha256, v.name, v.kind, v.size from document_versions v
        join documents d on d.petition_id = v.petition_id and d.id = v.document_id
        where v.petition_id = :petition_id and v.document_id = :document_id
          and v.number = :number and v.original_is_kept and d.withdrawn_at is null
        """,
        petition_id=petition_id,
        document_id=document_id,
        number=number,
    )
