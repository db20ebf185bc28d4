"""Petitions and their texts, as SQL."""

from mobilise import db

# What `reading.Petition` is made of. `:language` is the reader's; a petition that has no text
# in it is shown in the first of its own languages.
COLUMNS = """
    petitions.id, petitions.slug, petitions.code, petitions.state, petitions.group_id,
    petitions.person_id, petitions.goal, petitions.languages, petitions.version,
    petitions.frozen_at, petitions.opened_at, petitions.closes_on, petitions.closed_at,
    petitions.picture, petitions.demo,
    groups.name as group_name, groups.slug as group_slug, groups.about as group_about,
    coalesce(people.name, groups.name) as organiser,
    texts.language, texts.title, texts.addressee, texts.body as text, texts.picture_alt,
    texts.at as version_at
"""
SOURCE = """
    petitions
    join groups on groups.id = petitions.group_id
    left join people on people.id = petitions.person_id
    join lateral (
        select * from petition_texts
        where petition_id = petitions.id and version <= petitions.version
        order by language = :language desc,
                 array_position(petitions.languages, language), version desc
        limit 1
    ) texts on true
"""
# Folded by our own function, because servers differ in collations; every word must occur.
FOUND = """
    (:patterns::text[] = '{}' or exists (
        select from petition_texts said
        where said.petition_id = petitions.id
          and folded(said.title || ' ' || said.addressee || ' ' || groups.name)
              like all (:patterns::text[])))
"""


async def by_slug(database: db.Database, slug: str, language: str) -> db.Record | None:
    return await db.row(
        database,
        f"select {COLUMNS} from {SOURCE} where petitions.slug = :slug",
        slug=slug,
        language=language,
    )


async def by_id(database: db.Database, petition_id: int, language: str) -> db.Record | None:
    return await db.row(
        database,
        f"select {COLUMNS} from {SOURCE} where petitions.id = :petition_id",
        petition_id=petition_id,
        language=language,
    )


async def open_petitions(
    database: db.Database, language: str, patterns: list[str], limit: int
) -> list[db.Record]:
    """Open petitions, newest first."""
    return await db.rows(
        database,
        f"""
        select {COLUMNS} from {SOURCE}
        where petitions.state = 'open' and {FOUND}
        order by petitions.opened_at desc nulls last, petitions.id desc
        limit :most
        """,
        language=language,
        patterns=patterns,
        most=limit,
    )
