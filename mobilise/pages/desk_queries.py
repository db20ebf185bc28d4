"""What the desk shows, one statement a noun. Nothing is written here."""

from dataclasses import dataclass
from datetime import datetime

from mobilise import db
from mobilise.pages.queries import CONFIRMED, Listed
from mobilise.petitions.queries import COLUMNS, SOURCE, WAITS
from mobilise.signatures.counting import rounded_down

LONG_AGO = "3 days"  # a letter that left today was made since then: the last try comes before


@dataclass(frozen=True)
class Mine(Listed):
    """A petition of my group, with what its desk tells first. `pending` is the last full hour's.
    `comments` and `questions` wait for the group, letters for the postman."""

    today: int
    pending: int
    role: str
    comments: int
    questions: int
    letters_waiting: int
    letters_failed: int


async def mine(
    database: db.Database, person_id: int, language: str, midnight: datetime
) -> list[Mine]:
    """The petitions of my groups: what is not out yet first, then what is open, then by age."""
    found = await db.rows(
        database,
        f"""
        select {COLUMNS}, counted.confirmed, memberships.role,
               coalesce(recounts.pending, 0) as pending, since.added as today, {WAITS},
               (select count(*) from letters where letters.petition_id = petitions.id
                  and letters.state = 'waiting' and signature_id is not null) as letters_waiting,
               (select count(*) from letters where letters.petition_id = petitions.id
                  and letters.state = 'failed') as letters_failed
        from {SOURCE} {CONFIRMED}
        join memberships on memberships.group_id = petitions.group_id
                        and memberships.person_id = :person_id
        left join recounts on recounts.petition_id = petitions.id
        cross join lateral (
            select count(*) filter (where what in ('confirmed', 'restored'))
                 - count(*) filter (where what in ('withdrawn', 'invalidated')) as added
            from count_events
            where count_events.petition_id = petitions.id and at >= :midnight
        ) since
        order by array_position(array['draft', 'submitted', 'open'], petitions.state),
                 petitions.state = 'removed', petitions.created_at desc, petitions.id desc
        """,
        person_id=person_id,
        language=language,
        midnight=midnight,
    )
    own = [name for name in Mine.__dataclass_fields__ if name in Mine.__annotations__]
    return [
        Mine.of(
            row,
            confirmed=row["confirmed"],
            **{name: row[name] for name in own if name != "pending"},
            pending=rounded_down(row["pending"]),
        )
        for row in found
    ]


async def letters(database: db.Database, petition_id: int, midnight: datetime) -> list[db.Record]:
    """How the letters of a petition fare, by kind: `ready` to leave, `leaving` now, `sent` today,
    `answered` of those, `failed` ever."""
    return await db.rows(
        database,
        f"""
        select case kind when 'confirm' then 'confirm' when 'already_signed' then 'already_signed'
                    else 'group' end as kind,
          count(*) filter (where l.state = 'waiting'
            and (claimed_until is null or claimed_until < now())) as ready,
          count(*) filter (where l.state = 'waiting' and claimed_until >= now()) as leaving,
          count(*) filter (where l.state = 'sent') as sent,
          count(*) filter (where l.state = 'sent' and s.state = 'confirmed') as answered,
          count(*) filter (where l.state = 'failed') as failed
        from (
          select * from letters
          where petition_id = :petition_id and state = 'waiting'
          union all
          select * from letters
          where petition_id = :petition_id and state = 'failed'
          union all
          select * from letters
          where petition_id = :petition_id and state = 'sent' and sent_at >= :midnight
            and created_at >= :midnight - interval '{LONG_AGO}'
        ) l
        left join signatures s on s.petition_id = l.petition_id and s.id = l.signature_id
          and l.kind = 'confirm'
        group by 1 order by 1
        """,
        petition_id=petition_id,
        midnight=midnight,
    )


async def deeds(
    database: db.Database, petition_id: int, known: list[str], before: int | None, limit: int
) -> list[db.Record]:
    """The last lines of the trail about a petition, newest first, of deeds that have words.

    `who`: the name of a member of its group; null for everybody else. `by`: whether a person did
    it at all.
    """
    return await db.rows(
        database,
        """
        select audit_log.id, audit_log.at, audit_log.deed, audit_log.details,
          audit_log.person_id is not null as by,
          case when memberships.role is not null then people.name end as who
        from audit_log
        left join petitions on petitions.id = audit_log.petition_id
        left join people on people.id = audit_log.person_id
        left join memberships on memberships.group_id = petitions.group_id
                             and memberships.person_id = people.id
        where audit_log.petition_id = :petition_id and audit_log.deed = any(:known::text[])
          and (:before::bigint is null or audit_log.id < :before)
        order by audit_log.id desc limit :most
        """,
        petition_id=petition_id,
        known=known,
        before=before,
        most=limit,
    )


async def languages_behind(database: db.Database, petition_id: int) -> list[str]:
    """Languages whose text is older than the last correction of another one."""
    found = await db.rows(
        database,
        """
        with newest as (
          select language, max(version) as version from petition_texts
          where petition_id = :petition_id group by language)
        select newest.language from newest
        join petitions on petitions.id = :petition_id
                      and newest.language = any(petitions.languages)
        where newest.version < (
          select max(version) from petition_texts
          where petition_id = :petition_id and kind = 'correction')
        order by array_position(petitions.languages, newest.language)
        """,
        petition_id=petition_id,
    )
    return [row["language"] for row in found]
