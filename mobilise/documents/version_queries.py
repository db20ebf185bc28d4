"""Versions of a document and their pages, as SQL."""

from datetime import datetime

from mobilise import db
from mobilise.documents.judging import Found
from mobilise.store import Draft


async def of_document(database: db.Database, petition_id: int, document_id: int) -> list[db.Record]:
    """All versions of a document, the newest first."""
    return await db.rows(
        database,
        """
        select * from document_versions
        where petition_id = :petition_id and document_id = :document_id
        order by number desc
        """,
        petition_id=petition_id,
        document_id=document_id,
    )


async def one(
    database: db.Database, petition_id: int, document_id: int, number: int
) -> db.Record | None:
    return await db.row(
        database,
        """
        select v.*, d.language, d.entry from document_versions v
        join documents d on d.petition_id = v.petition_id and d.id = v.document_id
        where v.petition_id = :petition_id and v.document_id = :document_id and v.number = :number
        """,
        petition_id=petition_id,
        document_id=document_id,
        number=number,
    )


async def add(
    database: db.Database,
    petition_id: int,
    document_id: int,
    *,
    found: Found,
    draft: Draft,
    added_by: int | None,
    added_at: datetime | None = None,
    because: str = "",
    redacted: bool = False,
    texts: dict[str, str] | None = None,
    is_kept: bool = True,
) -> int:
    """The next version, which waits for its copy; tells its number. Not `is_kept`: the facts of a
    file that stays elsewhere, with which nothing is left to do."""
    return int(
        await db.value(
            database,
            """
            insert into document_versions (petition_id, document_id, number, name, kind, size,
              sha256, pages, because, redacted, texts, added_by, added_at, original_is_kept, state)
            select :petition_id, :document_id, coalesce(max(number), 0) + 1, :name, :kind, :size,
              :sha256, :pages, :because, :redacted, :texts, :added_by, coalesce(:added_at, now()),
              :is_kept, case when :is_kept then 'waiting' else 'ready' end
            from document_versions
            where petition_id = :petition_id and document_id = :document_id
            returning number
            """,
            petition_id=petition_id,
            document_id=document_id,
            name=found.name,
            kind=found.kind,
            size=draft.size,
            sha256=draft.sha256,
            pages=found.pages,
            because=because,
            redacted=redacted,
            texts=texts,
            added_by=added_by,
            added_at=added_at,
            is_kept=is_kept,
        )
    )


async def waiting(database: db.Database, limit: int = 100) -> list[db.Record]:
    """Versions whose copy or pages are still to be made, the oldest first."""
    return await db.rows(
        database,
        """
        select petition_id, document_id, number from document_versions
        where state = 'waiting' and closed_at is null order by added_at limit :limit
        """,
        limit=limit,
    )


async def publish(
    database: db.Database,
    petition_id: int,
    document_id: int,
    number: int,
    *,
    sha256: str,
    size: int,
    pages: int | None,
) -> bool:
    """The copy for everybody is there. From now on this version is read and searched. False: it
    was taken away meanwhile."""
    return bool(
        await db.run(
            database,
            """
            with older as (
              update document_pages set words = null
              where petition_id = :petition_id and document_id = :document_id
                and version < :number and words is not null)
            update document_versions
            set published = :sha256, published_size = :size, pages = coalesce(:pages, pages)
            where petition_id = :petition_id and document_id = :document_id and number = :number
              and closed_at is null
            """,
            petition_id=petition_id,
            document_id=document_id,
            number=number,
            sha256=sha256,
            size=size,
            pages=pages,
        )
    )


async def settle(
    database: db.Database,
    petition_id: int,
    document_id: int,
    number: int,
    state: str,
    failure: str = "",
) -> None:
    """`ready`, or `failed` with why, a word of `kinds.REFUSED`."""
    await db.run(
        database,
        """
        update document_versions set state = :state, failure = :failure
        where petition_id = :petition_id and document_id = :document_id and number = :number
          and state = 'waiting'
        """,
        petition_id=petition_id,
        document_id=document_id,
        number=number,
        state=state,
        failure=failure,
    )


async def close(
    database: db.Database, petition_id: int, document_id: int, before: int, because: str
) -> None:
    """Versions older than `before` are listed and read no more: their copies and pages go."""
    await db.run(
        database,
        """
        with pages as (
          delete from document_pages
          where petition_id = :petition_id and document_id = :document_id and version < :before)
        update document_versions
        set closed_at = now(), closed_because = :because,
          state = case state when 'waiting' then 'ready' else state end
        where petition_id = :petition_id and document_id = :document_id and number < :before
          and closed_at is null
        """,
        petition_id=petition_id,
        document_id=document_id,
        before=before,
        because=because,
    )


async def forget_original(
    database: db.Database, petition_id: int, document_id: int, number: int
) -> str | None:
    """What was sent is kept no more; tells its checksum. None: it was not kept, or the copy for
    everybody is not made yet."""
    found: str | None = await db.value(
        database,
        """
        update document_versions set original_is_kept = false
        where petition_id = :petition_id and document_id = :document_id and number = :number
          and original_is_kept and state <> 'waiting'
        returning sha256
        """,
        petition_id=petition_id,
        document_id=document_id,
        number=number,
    )
    return found
