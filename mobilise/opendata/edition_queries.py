"""Editions that are kept, as SQL. They are added to, never changed."""

from collections.abc import Sequence
from datetime import date

from mobilise import db
from mobilise.petitions.reading import OPENED

SHOWN = str(OPENED)


async def due(database: db.Database, day: date, zone: str) -> list[str]:
    """Petitions of which something moved until the end of a day since their last edition: the
    count, the text, the dossier, the state. Only those whose day is written already."""
    return await _slugs(
        database,
        f"""
        select p.slug
        from petitions p
        join recounts r on r.petition_id = p.id
        cross join lateral (
          select max(day) as day, (max(day) + 1)::timestamp at time zone :zone as ended
          from editions where petition_id = p.id) last
        cross join (select (:day::date + 1)::timestamp at time zone :zone as ended) this
        where p.state in {SHOWN} and p.opened_at < this.ended
          and r.folded_until > :day and r.hours_until > :day
          and (last.day is null or last.day < :day and (
            exists (select from days
              where petition_id = p.id and day > last.day and day <= :day)
            or exists (select from petition_texts
              where petition_id = p.id and at >= last.ended and at < this.ended)
            or (p.closed_at >= last.ended and p.closed_at < this.ended)
            or (p.delivered_at >= last.ended and p.delivered_at < this.ended)
            or (p.answered_on > last.day and p.answered_on <= :day)
            or exists (select from area_releases
              where petition_id = p.id and day > last.day and day <= :day)
            or exists (select from documents
              where petition_id = p.id
                and greatest(added_at, withdrawn_at) between last.ended and this.ended)
            or exists (select from document_versions
              where petition_id = p.id
                and greatest(added_at, closed_at) between last.ended and this.ended)))
        order by p.id
        """,
        day=day,
        zone=zone,
    )


async def _slugs(database: db.Database, sql: str, **values: object) -> list[str]:
    return [row["slug"] for row in await db.rows(database, sql, **values)]


async def add(
    database: db.Database, petition_id: int, day: date, version: int, because: str
) -> bool:
    """False when it is there already."""
    return (
        await db.run(
            database,
            """
            insert into editions (petition_id, day, version, because)
            values (:petition_id, :day, :version, :because) on conflict do nothing
            """,
            petition_id=petition_id,
            day=day,
            version=version,
            because=because,
        )
        == 1
    )


async def add_files(
    database: db.Database,
    petition_id: int,
    day: date,
    version: int,
    files: Sequence[tuple[str, str, list[str], int, str]],
) -> None:
    """`files`: name, media type, licences, size and checksum of each."""
    await db.run(
        database,
        """
        insert into edition_files
          (petition_id, day, version, name, media_type, licenses, size, sha256)
        select :petition_id, :day, :version, name, media_type, string_to_array(licenses, ' '), size,
          sha256
        from unnest(:names::text[], :types::text[], :licenses::text[], :sizes::bigint[],
          :checksums::text[]) as file (name, media_type, licenses, size, sha256)
        """,
        petition_id=petition_id,
        day=day,
        version=version,
        names=[file[0] for file in files],
        types=[file[1] for file in files],
        licenses=[" ".join(file[2]) for file in files],
        sizes=[file[3] for file in files],
        checksums=[file[4] for file in files],
    )


async def of_petition(database: db.Database, petition_id: int) -> list[db.Record]:
    """Every edition with how many versions its day has, the newest day first."""
    return await db.rows(
        database,
        """
        select day, version, because, made_at,
          max(version) over (partition by day) as newest
        from editions where petition_id = :petition_id
        order by day desc, version desc
        """,
        petition_id=petition_id,
    )


async def files(
    database: db.Database, petition_id: int, day: date, version: int
) -> list[db.Record]:
    """Every file of an edition, by name, each with the edition's own facts."""
    return await db.rows(
        database,
        """
        select f.name, f.media_type, f.licenses, f.size, f.sha256, e.day, e.version, e.because,
          e.made_at,
          (select max(version) from editions
           where petition_id = e.petition_id and day = e.day) as newest
        from editions e join edition_files f
          on f.petition_id = e.petition_id and f.day = e.day and f.version = e.version
        where e.petition_id = :petition_id and e.day = :day and e.version = :version
        order by f.name
        """,
        petition_id=petition_id,
        day=day,
        version=version,
    )


async def newest(database: db.Database, petition_id: int, day: date) -> int | None:
    """The number of its last version."""
    found: int | None = await db.value(
        database,
        "select max(version) from editions where petition_id = :petition_id and day = :day",
        petition_id=petition_id,
        day=day,
    )
    return found
