"""What is published, read as SQL. This room writes nothing."""

from mobilise import db


async def texts(database: db.Database, petition_id: int) -> list[db.Record]:
    """Every public version of the text in every language, oldest first."""
    return await db.rows(
        database,
        """
        select t.language, t.version, t.kind, t.title, t.addressee, t.body, t.note, t.at
        from petition_texts t join petitions p on p.id = t.petition_id
        where t.petition_id = :petition_id and t.version <= p.version
        order by t.version, array_position(p.languages, t.language)
        """,
        petition_id=petition_id,
    )


async def count_facts(database: db.Database, petition_id: int) -> db.Record:
    """What the hourly and nightly work noted, and when the dossier last changed."""
    return await db.one(
        database,
        """
        select coalesce(max(r.pending), 0) as pending, coalesce(max(r.drift), 0)::bigint as drift,
          (select max(at) from (
             select greatest(added_at, withdrawn_at) as at from documents
             where petition_id = :petition_id
             union all select greatest(added_at, closed_at) from document_versions
             where petition_id = :petition_id) changed) as dossier_changed_at
        from (select) as nobody left join recounts r on r.petition_id = :petition_id
        """,
        petition_id=petition_id,
    )
