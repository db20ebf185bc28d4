"""What happened to the documents of a petition, as SQL."""

from mobilise import db


async def events(database: db.Database, petition_id: int, limit: int) -> list[db.Record]:
    """what (added, replaced, redacted, withdrawn), at, document_id, title, note, version, because;
    newest first."""
    return await db.rows(
        database,
        """
        select * from (
          select 'added' as what, d.added_at as at, d.id as document_id, d.title, d.note,
            null::int as version, '' as because
          from documents d where d.petition_id = :petition_id
          union all
          select case when v.redacted then 'redacted' else 'replaced' end, v.added_at,
            v.document_id, d.title, d.note, v.number, v.because
          from document_versions v
          join documents d on d.petition_id = v.petition_id and d.id = v.document_id
          where v.petition_id = :petition_id and v.number > 1 and v.published is not null
          union all
          select 'withdrawn', d.withdrawn_at, d.id, d.title, '', null, d.withdrawn_because
          from documents d where d.petition_id = :petition_id and d.withdrawn_at is not null
        ) happened
        order by at desc, document_id desc limit :limit
        """,
        petition_id=petition_id,
        limit=limit,
    )
