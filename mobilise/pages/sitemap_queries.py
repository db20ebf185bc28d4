"""The pages that search engines may find, as SQL. Nothing is written here."""

from typing import cast

from mobilise import db
from mobilise.petitions.reading import OPENED

_SHOWN = f"petitions.state in {OPENED!r}"
# A row a page, in all of its languages; those of a petition beside each other, newest first.
_PAGES = f"""
    select 0 as rank, groups.id as id, 0 as part, 'group' as what, groups.slug,
      null::bigint as document_id, null::text[] as languages, null::timestamptz as changed_at
    from groups where exists (
      select from petitions where petitions.group_id = groups.id and {_SHOWN})
    union all
    select 1, petitions.id, part.number, part.what, petitions.slug, null, petitions.languages,
      case part.what when 'data' then coalesce(petitions.closed_at, :midnight::timestamptz)
      else greatest(petitions.opened_at, petitions.closed_at, petitions.delivered_at,
        (select max(at) from petition_texts
         where petition_id = petitions.id and version <= petitions.version)) end
    from petitions cross join (values (0, 'petition'), (1, 'data')) part (number, what)
    where {_SHOWN}
    union all
    select 1, petitions.id, 2, 'dossier', petitions.slug, null, petitions.languages,
      max(coalesce(documents.withdrawn_at, documents.added_at))
    from petitions join documents on documents.petition_id = petitions.id
    where {_SHOWN} group by petitions.id
    union all
    select 1, petitions.id, 3, 'document', petitions.slug, documents.id, petitions.languages,
      documents.added_at
    from petitions join documents on documents.petition_id = petitions.id
    where {_SHOWN} and documents.withdrawn_at is null and documents.entry = 'file'
"""


async def pages(database: db.Database, midnight: object, first: int, limit: int) -> list[db.Record]:
    """what (group, petition, data, dossier, document), slug, document_id, languages (null: all),
    changed_at; from the `first`-th on, counted from 0."""
    return await db.rows(
        database,
        f"""
        select * from ({_PAGES}) page
        order by rank, id desc, part, document_id
        offset :first limit :most
        """,
        midnight=midnight,
        first=first,
        most=limit,
    )


async def total(database: db.Database, midnight: object) -> int:
    found = await db.value(database, f"select count(*) from ({_PAGES}) page", midnight=midnight)
    return cast(int, found)
