"""Pictures in the store, and who shows them, as SQL."""

from datetime import timedelta

from mobilise import db


async def note(database: db.Database, pictures: list[str]) -> None:
    """These were put in the store just now."""
    await db.run(
        database,
        """
        insert into pictures (sha256) select distinct unnest(:pictures::text[])
        on conflict (sha256) do update set at = now()
        """,
        pictures=pictures,
    )


async def forget_unseen(database: db.Database, unseen: timedelta) -> list[str]:
    """Those of some time ago that nothing shows; they are ours no more."""
    found = await db.rows(
        database,
        """
        delete from pictures
        where at < now() - :unseen::interval
          and not exists (select from petitions
            where pictures.sha256 in (petitions.picture, petitions.picture_narrow))
          and not exists (select from starts
            where pictures.sha256 in (words ->> 'picture', words ->> 'picture_narrow'))
        returning sha256
        """,
        unseen=unseen,
    )
    return [row["sha256"] for row in found]


async def forget_notes(database: db.Database, pictures: list[str], since: timedelta) -> None:
    """Their notes go, but for younger ones: somebody else may be about to show the same."""
    await db.run(
        database,
        """
        delete from pictures
        where sha256 = any(:pictures::text[]) and at < now() - :since::interval
        """,
        pictures=pictures,
        since=since,
    )


async def change(
    database: db.Database,
    *,
    petition_id: int,
    picture: str | None,
    narrow: str | None,
    focus: list[int],
    alt: str,
) -> None:
    """Another picture, or none, with its words in the petition's own language. Before it opens
    this is a change of the text: whoever read it looks once more."""
    await db.run(
        database,
        """
        with changed as (
          update petitions
          set picture = :picture, picture_narrow = :narrow, picture_focus = :focus::smallint[]
          where id = :petition_id
          returning id, languages[1] as language, version, state)
        update petition_texts text set picture_alt = :alt,
          at = case when changed.state in ('draft', 'submitted') then now() else text.at end
        from changed
        where text.petition_id = changed.id and text.language = changed.language
          and text.version = (select max(version) from petition_texts newest
            where newest.petition_id = changed.id and newest.language = changed.language
              and newest.version <= changed.version)
        """,
        petition_id=petition_id,
        picture=picture,
        narrow=narrow,
        focus=focus,
        alt=alt,
    )
