"""The statements that count, recount and keep house. One function, one statement."""

from datetime import date, timedelta

from mobilise import db
from mobilise.limits import SIGN
from mobilise.mail.outbox import ADD_LETTER, PRIORITIES
from mobilise.petitions import lifecycle
from mobilise.signatures.submitting import HAS_ENOUGH, LETTERS_A_SIGNATURE, said_not_me

UNCONFIRMED_KEPT = timedelta(days=14)
ATTEMPTS_KEPT = timedelta(hours=3)
# As `forget_signers` has it; a test holds the two together.
MONTHS_AFTER_CLOSING = lifecycle.MONTHS_CLOSED
MONTHS_AFTER_OPENING = lifecycle.MONTHS_OPEN
DAYS_AFTER_HAND_OVER = lifecycle.DAYS_DELIVERED


async def tally(database: db.Database, petition_id: int) -> db.Record:
    """The parts added up, with what does not count beside it."""
    return await db.one(
        database,
        """
        select coalesce(sum(t.online), 0)::bigint as online,
          coalesce(sum(t.paper), 0)::bigint as paper,
          coalesce(max(r.pending), 0) as pending, coalesce(max(r.drift), 0)::bigint as drift,
          coalesce(sum(t.withdrawn), 0)::bigint as withdrawn,
          coalesce(sum(t.invalidated), 0)::bigint as invalidated,
          now() as as_of
        from tallies t
        left join recounts r on r.petition_id = t.petition_id
        where t.petition_id = :petition_id
        """,
        petition_id=petition_id,
    )


async def closed_days(
    database: db.Database, petition_id: int, zone: str, today: date
) -> list[db.Record]:
    """What each day before `today` added and took away, folded or not."""
    return await db.rows(
        database,
        """
        select day,
          coalesce(sum(confirmed) filter (where method = 'email'), 0)::int as confirmed,
          sum(withdrawn)::int as withdrawn, sum(invalidated)::int as invalidated,
          sum(restored)::int as restored,
          coalesce(sum(confirmed) filter (where method = 'paper'), 0)::int as paper
        from (
          select day, method, confirmed, withdrawn, invalidated, restored
          from days where petition_id = :petition_id and day < :today
          union all
          select (e.at at time zone :zone)::date, e.method,
            count(*) filter (where what = 'confirmed'), count(*) filter (where what = 'withdrawn'),
            count(*) filter (where what = 'invalidated'), count(*) filter (where what = 'restored')
          from count_events e
          where e.petition_id = :petition_id
            and e.at >= coalesce((select folded_until from recounts
              where petition_id = :petition_id), date '1970-01-01')::timestamp at time zone :zone
            and e.at < :today::timestamp at time zone :zone
          group by 1, 2
        ) part
        group by day order by day
        """,
        petition_id=petition_id,
        zone=zone,
        today=today,
    )


async def held_networks(database: db.Database, limit: int) -> list[db.Record]:
    """Who waits because too many came at once, with the network they came from.

    The oldest of each network first, then the second of each: a flood from one does not hold
    up the others. No more of each than its bucket ever holds.
    """
    return await db.rows(
        database,
        """
        with held as (
          select s.petition_id, s.id, s.email_key, s.created_at, a.network,
            row_number() over (partition by a.network order by s.created_at, s.id) as turn
          from signatures s
          left join attempts a on a.petition_id = s.petition_id and a.id = s.letter_attempt
          where s.state = 'held' and not s.marked and s.created_at > now() - :kept::interval
        )
        select petition_id, id, email_key, coalesce(network, ''::bytea) as network
        from held where turn <= :room
        order by turn, created_at limit :limit
        """,
        kept=UNCONFIRMED_KEPT,
        room=SIGN.capacity,
        limit=limit,
    )


async def is_welcome(
    database: db.Database, petition_id: int, email_key: str, recipient: bytes
) -> bool:
    """May a letter about this petition go to this mailbox now?"""
    return bool(
        await db.value(
            database,
            f"""
            select not exists (select from suppressions where recipient = :recipient)
              and not {said_not_me(":petition_id")}
              and not {HAS_ENOUGH}
            """,
            petition_id=petition_id,
            email_key=email_key,
            recipient=recipient,
        )
    )


async def release(
    database: db.Database, petition_id: int, signature_id: int, recipient: bytes
) -> bool:
    """Lets a held signature go on: its letter is written now. False: its mailbox has enough."""
    return (
        await db.value(
            database,
            f"""
        with released as (
          update signatures s set state = 'pending', letter_at = now(), letter_kind = 'confirm',
            letters_total = s.letters_total + 1
          where s.petition_id = :petition_id and s.id = :signature_id
            and s.state = 'held' and not s.marked and s.letters_total < {LETTERS_A_SIGNATURE}
            and not exists (select from suppressions where recipient = :recipient)
            and not {HAS_ENOUGH}
          returning s.petition_id, s.id, s.letter_attempt
        ), letter as (
          {ADD_LETTER}
          select petition_id, 'confirm', id, letter_attempt, :recipient,
            {PRIORITIES["confirm"]}, now()
          from released
          on conflict do nothing
        )
        select id from released
        """,
            petition_id=petition_id,
            signature_id=signature_id,
            recipient=recipient,
        )
        is not None
    )


async def forget_unconfirmed(database: db.Database) -> int:
    """Whoever did nothing for fourteen days wanted nothing: all is erased."""
    return await db.run(
        database,
        """
        delete from signatures
        where created_at < now() - :kept::interval and state in ('pending', 'held')
        """,
        kept=UNCONFIRMED_KEPT,
    )


async def taken_back(database: db.Database) -> list[db.Record]:
    """Withdrawn or disowned, and too old for its button to undo that."""
    return await db.rows(
        database,
        """
        select petition_id, id, state, email_key from signatures
        where state in ('withdrawn', 'disowned') and email <> ''
          and greatest(created_at, letter_at) < now() - :kept::interval
        """,
        kept=UNCONFIRMED_KEPT,
    )


async def erase(database: db.Database, rows: list[tuple[int, int, str]]) -> int:
    """What was filled in goes; that somebody signed and took it back stays, as the count has it.

    `rows`: petition, signature, and what stands for the address from now on.
    """
    return await db.run(
        database,
        """
        update signatures s set name = '', name_key = '', email = '', email_key = gone.key,
          postcode = '', country = '', area = null, comment = '', consents = '{}',
          public_name = false, updates = false,
          comment_shown_at = null, comment_aside_at = null
        from unnest(:petitions::bigint[], :ids::bigint[], :keys::text[]) as gone (petition, id, key)
        where s.petition_id = gone.petition and s.id = gone.id
          and s.state in ('withdrawn', 'disowned', 'invalidated') and s.email <> ''
        """,
        petitions=[row[0] for row in rows],
        ids=[row[1] for row in rows],
        keys=[row[2] for row in rows],
    )


async def forget_attempts(database: db.Database) -> int:
    """What was typed, and from which network; but for who is held, who goes on by network."""
    return await db.run(
        database,
        """
        delete from attempts a
        where a.at < now() - :kept::interval
          and not exists (select from signatures s
            where s.petition_id = a.petition_id and s.id = a.signature_id and s.state = 'held')
        """,
        kept=ATTEMPTS_KEPT,
    )


async def forget_signers(database: db.Database) -> list[int]:
    """Erases all rows about people of petitions whose time is over; tells which petitions."""
    found = await db.rows(database, "select forget_signers() as petition_id")
    return [row["petition_id"] for row in found]


async def fold_days(database: db.Database, zone: str, today: date) -> int:
    """Writes what each closed day added and took away, and why; what stands never changes."""
    return await db.run(
        database,
        """
        with unfolded as (
          select petition_id, coalesce(folded_until, date '1970-01-01') as since from recounts
          where folded_until is null or folded_until < :today
          for update
        ), folded as (
          insert into days
            (petition_id, day, method, confirmed, withdrawn, invalidated, restored)
          select e.petition_id, (e.at at time zone :zone)::date, e.method,
            count(*) filter (where what = 'confirmed'), count(*) filter (where what = 'withdrawn'),
            count(*) filter (where what = 'invalidated'), count(*) filter (where what = 'restored')
          from count_events e join unfolded on unfolded.petition_id = e.petition_id
          where e.at >= unfolded.since::timestamp at time zone :zone
            and e.at < :today::timestamp at time zone :zone
          group by 1, 2, 3
          on conflict do nothing
        ), reasons as (
          insert into off_by_reason (petition_id, day, what, reason, number)
          select e.petition_id, (e.at at time zone :zone)::date, e.what, coalesce(e.reason, ''),
            count(*)
          from count_events e join unfolded on unfolded.petition_id = e.petition_id
          where e.what in ('withdrawn', 'invalidated')
            and e.at >= unfolded.since::timestamp at time zone :zone
            and e.at < :today::timestamp at time zone :zone
          group by 1, 2, 3, 4
          on conflict do nothing
        )
        update recounts set folded_until = :today
        from unfolded where recounts.petition_id = unfolded.petition_id
        """,
        zone=zone,
        today=today,
    )


async def recount(database: db.Database) -> list[db.Record]:
    """Counts all events again and keeps what the counter differs from them; tells where it does."""
    return await db.rows(
        database,
        """
        with counter as (
          select petition_id, sum(online + paper) as total from tallies
          where petition_id not in (select petition_id from recounts where erased_at is not null)
          group by 1
        ), events as (
          select petition_id,
            count(*) filter (where what in ('confirmed', 'restored'))
            - count(*) filter (where what in ('withdrawn', 'invalidated')) as total
          from count_events group by 1
        ), recounted as (
          update recounts r set at = now(), drift = counter.total - coalesce(events.total, 0)
          from counter left join events using (petition_id)
          where r.petition_id = counter.petition_id
          returning r.petition_id, r.drift
        )
        select * from recounted where drift <> 0
        """,
    )


async def note_pending(database: db.Database) -> int:
    """How many waited at the last full hour; what is published is this, rounded down."""
    return await db.run(
        database,
        """
        with waiting as (
          select petition_id, count(*) as total from signatures
          where state = 'pending' and created_at > now() - :kept::interval
            and created_at < date_trunc('hour', now())
          group by 1
        )
        update recounts r set pending = coalesce(waiting.total, 0),
          pending_at = date_trunc('hour', now())
        from recounts every left join waiting using (petition_id)
        where r.petition_id = every.petition_id
          and r.pending_at is distinct from date_trunc('hour', now())
        """,
        kept=UNCONFIRMED_KEPT,
    )
