"""What letters to people with an account are written from, read at the last moment."""

from mobilise import db


async def contents(database: db.Database, letters: list[db.Record]) -> list[db.Record]:
    """Each claimed letter with its person, petition and group; absent things are null.

    `details`: what the letter is about, as its kind has it: the row that `letters.about` numbers.
    """
    return await db.rows(
        database,
        """
        select l.petition_id, l.id, l.kind, l.tries, l.recipient, l.about,
          coalesce(people.email, details.said ->> 'email') as email,
          coalesce(people.name, details.said ->> 'name') as name,
          coalesce(people.language, details.said ->> 'language') as language,
          petitions.slug, petitions.state as petition_state, text.title, text.addressee,
          coalesce(groups.name, details.said ->> 'group_name') as group_name,
          details.said as details,
          l.created_at < now() - interval '14 days' as too_old,
          (select x.reason from suppressions x where x.recipient = l.recipient) as suppressed
        from unnest(:petitions::bigint[], :ids::bigint[]) as claimed (petition_id, id)
        join letters l on l.petition_id = claimed.petition_id and l.id = claimed.id
        left join people on people.id = l.person_id
        left join petitions on petitions.id = l.petition_id
        left join groups on groups.id = petitions.group_id
        left join lateral (
          select title, addressee from petition_texts t where t.petition_id = petitions.id
          order by t.language = people.language desc,
            array_position(petitions.languages, t.language), t.version desc limit 1) text on true
        left join lateral (
          select null::jsonb as said
        ) details on true
        order by l.priority, l.due_at
        """,
        petitions=[letter["petition_id"] for letter in letters],
        ids=[letter["id"] for letter in letters],
    )
