"""A petition put in place as if it had been open for a while: for a demonstration alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mobilise import db


@dataclass(frozen=True)
class Text:
    title: str
    addressee: str
    body: str  # Markdown
    picture_alt: str


async def plant(
    database: db.Database,
    *,
    slug: str,
    code: str,
    group_id: int,
    person_id: int,
    goal: int,
    texts: Mapping[str, Text],
    picture: str,
    picture_narrow: str,
    opened_at: datetime,
    closes_on: date,
) -> int:
    """An open, frozen petition that is marked as a demonstration; returns its number.

    `texts`: language → text; the first one is the petition's own language.
    """
    return int(
        await db.value(
            database,
            """
            with petition as (
              insert into petitions (slug, code, group_id, person_id, state, goal, languages,
                                     frozen_at, opened_at, closes_on, picture, picture_narrow, demo,
                                     created_at)
              values (:slug, :code, :group_id, :person_id, 'open', :goal, :languages,
                      :opened_at, :opened_at, :closes_on, :picture, :picture_narrow, true,
                      :opened_at)
              returning id, opened_at
            ), texts as (
              insert into petition_texts
                (petition_id, language, version, title, addressee, body, picture_alt, at)
              select petition.id, text.language, 1, text.title, text.addressee, text.body,
                     text.picture_alt, petition.opened_at
              from petition, jsonb_to_recordset(:texts::jsonb) as text
                (language text, title text, addressee text, body text, picture_alt text)
            )
            select id from petition
            """,
            slug=slug,
            code=code,
            group_id=group_id,
            person_id=person_id,
            goal=goal,
            languages=list(texts),
            texts=[{"language": language, **vars(text)} for language, text in texts.items()],
            picture=picture,
            picture_narrow=picture_narrow,
            opened_at=opened_at,
            closes_on=closes_on,
        )
    )


async def planted(database: db.Database) -> db.Record | None:
    """The demonstration of this instance and the mailbox of its organiser, if there is one."""
    return await db.row(
        database,
        """
        select petitions.slug, people.email, people.language
        from petitions join people on people.id = petitions.person_id
        where petitions.demo
        order by petitions.id limit 1
        """,
    )
