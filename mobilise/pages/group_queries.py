"""What the page of a group shows, one statement a noun. Nothing is written here."""

from mobilise import db
from mobilise.pages.queries import CONFIRMED, Listed
from mobilise.petitions.queries import COLUMNS, SOURCE

# What a group stands for in public. A rejected petition is to be read on its own page alone.
SHOWN = ("open", "closed", "delivered", "answered")


async def group(database: db.Database, slug: str) -> db.Record | None:
    """A group by its address, if it has something that everybody may read."""
    return await db.row(
        database,
        """
        select groups.id, groups.slug, groups.name, groups.about, groups.language, groups.place
        from groups
        where groups.slug = :slug and exists (
          select from petitions
          where petitions.group_id = groups.id and petitions.state = any(:shown::text[]))
        """,
        slug=slug,
        shown=list(SHOWN),
    )


async def petitions(database: db.Database, group_id: int, language: str) -> list[Listed]:
    """The public petitions of a group with their counts: open ones first, then the newest."""
    found = await db.rows(
        database,
        f"""
        select {COLUMNS}, counted.confirmed
        from {SOURCE} {CONFIRMED}
        where petitions.group_id = :group_id and petitions.state = any(:shown::text[])
        order by petitions.state <> 'open', petitions.opened_at desc nulls last, petitions.id desc
        """,
        group_id=group_id,
        language=language,
        shown=list(SHOWN),
    )
    return [Listed.of(row, confirmed=row["confirmed"]) for row in found]


async def newest_documents(database: db.Database, group_id: int, limit: int) -> list[db.Record]:
    """The last documents that the group put into its public dossiers, with their petition."""
    return await db.rows(
        database,
        """
        select documents.id, documents.entry, documents.title, documents.source, documents.dated,
          v.pages, v.kind, v.published_size as size, documents.added_at, cover.small as cover,
          petitions.slug, petitions.languages
        from documents join petitions on petitions.id = documents.petition_id
        left join current_versions v
          on v.petition_id = documents.petition_id and v.document_id = documents.id
        left join document_pages cover on cover.petition_id = documents.petition_id
          and cover.document_id = documents.id and cover.version = v.number and cover.page = 1
        where petitions.group_id = :group_id and petitions.state = any(:shown::text[])
          and documents.withdrawn_at is null
        order by documents.added_at desc, documents.id desc limit :most
        """,
        group_id=group_id,
        shown=list(SHOWN),
        most=limit,
    )
