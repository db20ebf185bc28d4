"""Documents of a petition, as SQL. A withdrawn one keeps its row and leaves every list but one."""

from typing import Any

from mobilise import db
from mobilise.petitions.content_queries import is_pointed_at as is_pointed_at
from mobilise.petitions.content_queries import pointed_at as pointed_at

# A document beside the version that everybody reads. A link, or a plan elsewhere, has none.
_SHOWN = """
    select d.*, v.number as version, v.name, v.kind, v.published as sha256,
      v.published_size as size, v.sha256 as original, v.size as original_size, v.pages, v.redacted,
      v.state as stage, v.failure, v.added_at as version_at, v.because, cover.small as cover,
      (select count(*) from document_versions x
        where x.petition_id = d.petition_id and x.document_id = d.id) as versions_total,
      (select count(*) from document_pages x
        where x.petition_id = d.petition_id and x.document_id = d.id and x.version = v.number)
        as pages_done
    from documents d
    left join current_versions v on v.petition_id = d.petition_id and v.document_id = d.id
    left join document_pages cover on cover.petition_id = d.petition_id
      and cover.document_id = d.id and cover.version = v.number and cover.page = 1
"""


async def of_petition(database: db.Database, petition_id: int) -> list[db.Record]:
    """The dossier in the group's own order: sections first, then what stands in none."""
    return await db.rows(
        database,
        f"""
        select shown.* from ({_SHOWN}) shown
        left join sections s on s.petition_id = shown.petition_id and s.id = shown.section_id
        where shown.petition_id = :petition_id and shown.withdrawn_at is null
        order by s.position nulls last, s.id, shown.position, shown.id
        """,
        petition_id=petition_id,
    )


async def withdrawn(database: db.Database, petition_id: int) -> list[db.Record]:
    """What was taken away, newest first: the dossier says so, with the reason."""
    return await db.rows(
        database,
        f"""
        select shown.* from ({_SHOWN}) shown
        where shown.petition_id = :petition_id and shown.withdrawn_at is not null
        order by shown.withdrawn_at desc, shown.id desc
        """,
        petition_id=petition_id,
    )


async def one(database: db.Database, petition_id: int, document_id: int) -> db.Record | None:
    """A document of this petition, be it withdrawn."""
    return await db.row(
        database,
        f"""
        select shown.* from ({_SHOWN}) shown
        where shown.petition_id = :petition_id and shown.id = :document_id
        """,
        petition_id=petition_id,
        document_id=document_id,
    )


async def weight(database: db.Database, petition_id: int) -> db.Record:
    """How many documents a dossier holds, and how many bytes all their versions have together."""
    return await db.one(
        database,
        """
        select count(distinct d.id) as total,
          coalesce(sum(case when v.closed_at is null then coalesce(v.published_size, 0) else 0 end
                       + case when v.original_is_kept then v.size else 0 end), 0)::bigint as bytes
        from documents d left join document_versions v
          on v.petition_id = d.petition_id and v.document_id = d.id
        where d.petition_id = :petition_id and d.withdrawn_at is null
        """,
        petition_id=petition_id,
    )


async def lock_dossier(database: db.Database, petition_id: int) -> None:
    """Who adds, moves or replaces in one dossier goes one after the other."""
    await db.value(
        database,
        "select pg_advisory_xact_lock(hashtextextended('dossier ' || :petition_id::text, 0))",
        petition_id=str(petition_id),
    )


async def add(database: db.Database, petition_id: int, **values: Any) -> int:
    """Adds a document at the end of the dossier; returns its number.

    `values`: the caption and `entry`, `added_by`, `added_at` (None: now).
    """
    return int(
        await db.value(
            database,
            """
            insert into documents (petition_id, entry, title, note, source, dated, section_id,
                                   language, rights, address, archived, received_on, consult,
                                   checked, added_by, added_at, position)
            select :petition_id, :entry, :title, :note, :source, :dated, :section_id,
                   :language, :rights, :address, :archived, :received_on, :consult,
                   :checked, :added_by, coalesce(:added_at, now()),
                   coalesce(max(position), 0) + 1
            from documents where petition_id = :petition_id
            returning id
            """,
            petition_id=petition_id,
            **values,
        )
    )


async def change(database: db.Database, petition_id: int, document_id: int, **caption: Any) -> bool:
    """What is said about a document; its bytes never change. False: it is not there."""
    return bool(
        await db.run(
            database,
            """
            update documents
            set title = :title, note = :note, source = :source, dated = :dated,
                section_id = :section_id, language = :language, rights = :rights,
                address = :address, archived = :archived, received_on = :received_on,
                consult = :consult, checked = :checked
            where petition_id = :petition_id and id = :document_id and withdrawn_at is null
            """,
            petition_id=petition_id,
            document_id=document_id,
            **caption,
        )
    )


async def move(database: db.Database, petition_id: int, document_id: int, step: int) -> bool:
    """Changes places with a neighbour in its section: `step` is -1 for up, 1 for down. False: no
    neighbour."""
    return bool(
        await db.run(
            database,
            """
            with asked as (
              select section_id from documents
              where petition_id = :petition_id and id = :document_id and withdrawn_at is null),
            places as (
              select id, row_number() over (order by position, id) as place
              from documents, asked
              where petition_id = :petition_id and withdrawn_at is null
                and documents.section_id is not distinct from asked.section_id),
            moving as (select place from places where id = :document_id)
            update documents set position = case places.place
                when moving.place then moving.place + :step
                when moving.place + :step then moving.place
                else places.place end
            from places, moving
            where documents.petition_id = :petition_id and documents.id = places.id
              and exists (select from places where place = moving.place + :step)
            """,
            petition_id=petition_id,
            document_id=document_id,
            step=step,
        )
    )


async def hold(database: db.Database, petition_id: int, document_id: int) -> bool:
    """Until the transaction ends nobody adds a page or a version to this document; a statement of
    its own, so that the next ones see what came before. False: it is not in the dossier."""
    await db.rows(
        database,
        """
        select number from document_versions
        where petition_id = :petition_id and document_id = :document_id for update
        """,
        petition_id=petition_id,
        document_id=document_id,
    )
    return bool(
        await db.value(
            database,
            """
            select true from documents
            where petition_id = :petition_id and id = :document_id and withdrawn_at is null
            for update
            """,
            petition_id=petition_id,
            document_id=document_id,
        )
    )


async def withdraw(database: db.Database, petition_id: int, document_id: int, because: str) -> bool:
    """Takes a document out of the dossier, with all its versions; the rows stay and say so.
    False: it was not there."""
    return bool(
        await db.run(
            database,
            """
            with versions as (
              update document_versions
              set closed_at = coalesce(closed_at, now()), original_is_kept = false
              where petition_id = :petition_id and document_id = :document_id),
            pages as (
              delete from document_pages
              where petition_id = :petition_id and document_id = :document_id)
            update documents set withdrawn_at = now(), withdrawn_because = :because
            where petition_id = :petition_id and id = :document_id and withdrawn_at is null
            """,
            petition_id=petition_id,
            document_id=document_id,
            because=because,
        )
    )


# --- content of the store -------------------------------------------------------------------


async def content(database: db.Database, petition_id: int, document_id: int) -> list[str]:
    """Checksums of all that a document keeps in the store, in one order for everybody."""
    found = await db.rows(
        database,
        """
        select sha256 from document_versions
        where petition_id = :petition_id and document_id = :document_id and original_is_kept
        union select published from document_versions
        where petition_id = :petition_id and document_id = :document_id and published is not null
        union select unnest(array[picture, small]) from document_pages
        where petition_id = :petition_id and document_id = :document_id
        order by 1
        """,
        petition_id=petition_id,
        document_id=document_id,
    )
    return [row["sha256"] for row in found if row["sha256"]]


async def shown_in(database: db.Database, sha256: str) -> list[str]:
    """Where readers miss it: the short name of each petition, and the name of the document."""
    found = await db.rows(
        database,
        """
        select p.slug || ': ' || v.name as place
        from document_versions v join petitions p on p.id = v.petition_id
        where (v.sha256 = :sha256 and v.original_is_kept)
           or (v.published = :sha256 and v.closed_at is null)
        union
        select p.slug || ': ' || v.name || ', ' || l.page
        from document_pages l
        join document_versions v on v.petition_id = l.petition_id
          and v.document_id = l.document_id and v.number = l.version
        join petitions p on p.id = v.petition_id
        where l.picture = :sha256 or l.small = :sha256
        union
        select slug || ': picture' from petitions where :sha256 in (picture, picture_narrow)
        union
        select p.slug || ': data/' || f.day || '/' || f.name
        from edition_files f join petitions p on p.id = f.petition_id where f.sha256 = :sha256
        order by 1
        """,
        sha256=sha256,
    )
    return [row["place"] for row in found]
