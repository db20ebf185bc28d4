"""Petitions and their texts, as SQL."""

from typing import Any, cast

from mobilise import db
from mobilise.reasons import HIDES_THE_TEXT

# While nobody signed it, its words, picture, goal, days and who may sign may be changed. What a
# keeper read before it opened stays: else it would be changed behind his back.
EDITABLE = """
    (petitions.frozen_at is null and (petitions.state in ('draft', 'submitted')
       or petitions.state = 'open' and petitions.read_at is null))
"""
# What `reading.Petition` is made of. `:language` is the reader's; a petition that has no text
# in it is shown in the first of its own languages.
COLUMNS = f"""
    petitions.id, petitions.slug, petitions.code, petitions.state, petitions.group_id,
    petitions.person_id, petitions.goal, petitions.languages, petitions.version,
    petitions.frozen_at, petitions.opens_on, petitions.opened_at, petitions.closes_on,
    petitions.closed_at,
    petitions.state = 'submitted' and petitions.cleared_at is not null as is_planned,
    {EDITABLE} as is_editable,
    petitions.delivered_on, petitions.answered_on, petitions.postcodes, petitions.minimum_age,
    petitions.picture, petitions.picture_narrow, petitions.picture_focus, petitions.demo,
    groups.name as group_name, groups.slug as group_slug, groups.about as group_about,
    groups.language as group_language, groups.place as group_place,
    coalesce(people.name, groups.name) as organiser,
    texts.language, texts.title, texts.addressee, texts.body as text, texts.picture_alt,
    texts.at as version_at, texts.kind as version_kind,
    case when petitions.state in ('rejected', 'suspended', 'removed') then (
        select decided.reason from decisions decided where decided.petition_id = petitions.id
        order by decided.at desc, decided.id desc limit 1) end as reason
"""
SOURCE = """
    petitions
    join groups on groups.id = petitions.group_id
    left join people on people.id = petitions.person_id
    join lateral (
        select * from petition_texts
        where petition_id = petitions.id and version <= petitions.version
          and language = any(petitions.languages)
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
# Turned down because its own words do harm: to be read by its group and the keeper alone.
HIDDEN = f"""
    (petitions.state = 'rejected' and exists (
        select from decisions turned_down
        where turned_down.petition_id = petitions.id and turned_down.move = 'reject'
          and turned_down.reason in {HIDES_THE_TEXT!r}))
"""

# What waits for the group, beside `petitions`; from a hundred on it is "many".
WAITS = """
    (select count(*) from (
       select from signatures said
       where said.petition_id = petitions.id and said.comment <> ''
         and said.comment_shown_at is null and said.comment_aside_at is null
         and said.state = 'confirmed' limit 100) said) as comments,
    (select count(*) from (
       select from questions asked
       where asked.petition_id = petitions.id and asked.state = 'waiting' limit 100) asked)
      as questions
"""


async def waits(database: db.Database, petition_id: int) -> db.Record:
    """How many comments and questions wait for the group of a petition."""
    return await db.one(
        database,
        f"select {WAITS} from petitions where petitions.id = :petition_id",
        petition_id=petition_id,
    )


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


async def id_of(database: db.Database, slug: str) -> int | None:
    found = await db.value(database, "select id from petitions where slug = :slug", slug=slug)
    return cast("int | None", found)


async def slug_of(database: db.Database, code: str, states: tuple[str, ...]) -> str | None:
    """The petition behind a short link, if it is in one of these states."""
    found = await db.value(
        database,
        "select slug from petitions where code = :code and state = any(:states::text[])",
        code=code,
        states=list(states),
    )
    return cast("str | None", found)


async def add_petition(database: db.Database, **values: Any) -> db.Record | None:
    """A draft with its first text, under the first free slug; None when it was just taken."""
    return await db.row(
        database,
        """
        with made as (
          insert into petitions
            (slug, code, group_id, person_id, goal, opens_on, closes_on, languages,
             picture, picture_narrow, picture_focus)
          select free.slug, :code, :group_id, :person_id, :goal, :opens_on::date,
                 :closes_on::date, array[:language::text], :picture::text, :narrow::text,
                 :focus::smallint[]
          -- Behind many of one name stand letters that nobody else has: a place is always free.
          from (select :slug || case n when 1 then '' when 100 then '-' || :code::text
                                else '-' || n end as slug, n
                from generate_series(1, 100) n) free
          where not exists (select from petitions where petitions.slug = free.slug)
          order by n limit 1
          on conflict do nothing
          returning id, slug),
        written as (
          insert into petition_texts
            (petition_id, language, version, title, addressee, body, picture_alt)
          select id, :language, 1, :title, :addressee, :body, :alt from made)
        select id, slug from made
        """,
        **values,
    )


async def has_opened(database: db.Database, group_id: int) -> bool:
    """Did this group open a petition before, that nobody had to take off?"""
    return bool(
        await db.value(
            database,
            """
            select exists (
              select from petitions where group_id = :group_id and opened_at is not null
                and state not in ('suspended', 'removed'))
            """,
            group_id=group_id,
        )
    )


async def freeze(database: db.Database, petition_id: int) -> None:
    """From its first submitted signature on, the text stays as it was signed."""
    await db.run(
        database,
        "update petitions set frozen_at = now() where id = :petition_id and frozen_at is null",
        petition_id=petition_id,
    )
