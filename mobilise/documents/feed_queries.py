"""What happened to the documents of petitions, as SQL."""

from mobilise import db


async def events(database: db.Database, petition_ids: list[int], limit: int) -> list[db.Record]:
    """petition_id, what (added, replaced, redacted, withdrawn), at, document_id, title, note,
    version, because; newest first."""
    return await db.rows(
        database,
        """
        select * from (
          select d.petition_id, 'added' as what, d.added_at as at, d.id as document_id, d.title,
            case when d.withdrawn_at is null then d.note else '' end as note,
            null::int as version, '' as because
          from documents d where d.petition_id = any(:petition_ids::bigint[])
          union all
          select v.petition_id, case when v.redacted then 'redacted' else 'replaced' end,
            v.added_at, v.document_id, d.title,
            case when d.withdrawn_at is null then d.note else '' end, v.number, v.because
          from document_versions v
          join documents d on d.petition_id = v.petition_id and d.id = v.document_id
          where v.petition_id = any(:petition_ids::bigint[]) and v.number > 1
            and v.published is not null
          union all
          select d.petition_id, 'withdrawn', d.withdrawn_at, d.id, d.title, '', null,
            d.withdrawn_because
          from documents d where d.petition_id = any(:petition_ids::bigint[])
            and d.withdrawn_at is not null
        ) happened
        order by at desc, document_id desc limit :limit
        """,
        petition_ids=petition_ids,
        limit=limit,
    )
