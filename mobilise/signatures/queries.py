"""The statements of confirming, taking back and changing one's mind. One function, one statement.

The counter changes in the same statement as the state, and the event that explains it.
"""

from typing import Any

from mobilise import db
from mobilise.mail.outbox import SUBSCRIBE, SUBSCRIBE_AGAIN, UNSUBSCRIBE
from mobilise.petitions.reading import GRACE, OPENED
from mobilise.tokens import ATTEMPT_HOURS, CODE_MINUTES

TRIES_A_LETTER = 5
TRIES_A_SIGNATURE = 15

# Who filled in the form in time may confirm, also when it was handed over meanwhile.
_GRACE = f"interval '{GRACE.total_seconds():.0f} seconds'"
_TAKES_THEM_STILL = f"""(p.state = 'open'
    or (p.state in {OPENED} and p.closed_at > now() - {_GRACE}))"""

# Where two share an address both rows are locked, always in one order: the second of two who
# confirm in the same instant sees what the first one became.
_CONFIRM = f"""
with house as materialized (
  select h.id, h.state, h.postcode, h.name_key
  from signatures s
  join signatures h on h.petition_id = s.petition_id and h.email_key = s.email_key
  where s.petition_id = :petition_id and s.id = :signature_id
    and exists (select from signatures other where other.petition_id = s.petition_id
      and other.email_key = s.email_key and other.seat <> s.seat)
  order by h.seat
  for update of h
), signature as (
  update signatures s set state = 'confirmed', confirmed_at = now(), confirmed_by = :method,
    confirmed_after = :seconds
  from petitions p
  where s.petition_id = :petition_id and s.id = :signature_id and s.token_version = :version
    and s.state in ('pending', 'held', 'disowned')
    and p.id = s.petition_id and {_TAKES_THEM_STILL}
    and not exists (
      select from house other
      where other.id <> s.id and other.state = 'confirmed'
        and (other.postcode <> s.postcode or names_alike(other.name_key, s.name_key)))
  returning s.petition_id, s.id, s.email, s.email_key, s.language, s.updates
), event as (
  insert into count_events (petition_id, signature_id, what, method)
  select petition_id, id, 'confirmed', 'email' from signature
), tally as (
  update tallies t set online = t.online + 1
  from signature where t.petition_id = signature.petition_id and t.part = :part
), subscription as (
  {SUBSCRIBE}
  select petition_id, email_key, email, language from signature where updates
  {SUBSCRIBE_AGAIN}
)
select id from signature
"""


async def confirm(database: db.Database, **values: Any) -> bool:
    """Counts the signature, once. False: it was no longer to be counted; look why."""
    return await db.row(database, _CONFIRM, **values) is not None


_TAKE_BACK = f"""
with before as materialized (
  select petition_id, id, state, email_key from signatures
  where petition_id = :petition_id and id = :signature_id and token_version = :version
    and state in ('pending', 'held', 'confirmed')
  for update
), signature as (
  update signatures s set state = :state::text, updates = false, public_name = false,
    token_version = s.token_version + case when :state::text = 'withdrawn' then 1 else 0 end
  from before where s.petition_id = before.petition_id and s.id = before.id
), event as (
  insert into count_events (petition_id, signature_id, what, method, reason)
  select petition_id, id, 'withdrawn', 'email', :reason from before where state = 'confirmed'
), tally as (
  update tallies t set online = t.online - 1, withdrawn = t.withdrawn + 1
  from before
  where before.state = 'confirmed' and t.petition_id = before.petition_id and t.part = :part
), subscription as (
  {UNSUBSCRIBE}
  from before where subscriptions.petition_id = before.petition_id
    and subscriptions.email_key = before.email_key and ended_at is null
    and not exists (select from signatures other
      where other.petition_id = before.petition_id and other.email_key = before.email_key
        and other.id <> before.id and other.state = 'confirmed' and other.updates)
)
select state as was from before
"""


async def take_back(database: db.Database, **values: Any) -> str | None:
    """Withdraws or disowns; tells the state it was in. None: there was nothing to take back."""
    was: str | None = await db.value(database, _TAKE_BACK, **values)
    return was


async def still_open(database: db.Database, petition_id: int) -> bool:
    """Does the petition take confirmations, now or within its days of grace?"""
    return bool(
        await db.value(
            database,
            f"select {_TAKES_THEM_STILL} from petitions p where p.id = :petition_id",
            petition_id=petition_id,
        )
    )


async def signature(database: db.Database, petition_id: int, signature_id: int) -> db.Record | None:
    """One signature with what its own pages show."""
    return await db.row(
        database,
        """
        select s.*, exists (select from subscriptions sub
          where sub.petition_id = s.petition_id and sub.email_key = s.email_key
            and sub.ended_at is null) as gets_news
        from signatures s where s.petition_id = :petition_id and s.id = :signature_id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def corrections_since(
    database: db.Database, petition_id: int, signature_id: int
) -> list[db.Record]:
    """What was corrected in the text, in whatever language, after this person read it."""
    return await db.rows(
        database,
        """
        select t.version, t.at, t.note
        from petition_texts t
        join signatures s on s.petition_id = t.petition_id and s.id = :signature_id
        where t.petition_id = :petition_id and t.version > s.version and t.kind <> 'translation'
        order by t.version
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def attempt(database: db.Database, petition_id: int, attempt_id: int) -> db.Record | None:
    """What was typed in this browser, for two hours. `stands`: that is what waits to be counted,
    and nobody wrote something else there since."""
    return await db.row(
        database,
        f"""
        select a.id, a.signature_id, a.typed, a.tries,
          coalesce(s.name = a.typed->>'name' and s.email = a.typed->>'email'
            and s.postcode = a.typed->>'postcode' and s.country = a.typed->>'country'
            and s.comment = a.typed->>'comment'
            and s.public_name = (a.typed->>'public_name')::boolean
            and s.updates = (a.typed->>'updates')::boolean, false) as stands
        from attempts a
        left join signatures s on s.petition_id = a.petition_id and s.id = a.signature_id
        where a.petition_id = :petition_id and a.id = :attempt_id
          and a.at > now() - interval '{ATTEMPT_HOURS} hours'
        """,
        petition_id=petition_id,
        attempt_id=attempt_id,
    )


async def claim_code_try(
    database: db.Database, petition_id: int, attempt_id: int, recipient: bytes
) -> db.Record | None:
    """Uses up one try before the code is looked at. None: no tries are left.

    Answers with the signature and its letters of the last half hour, whose codes still work:
    a quick reader types the code before the postman has noted that the letter went.
    """
    return await db.row(
        database,
        f"""
        with attempt as (
          update attempts set tries = tries + 1
          where petition_id = :petition_id and id = :attempt_id
            and tries < {TRIES_A_LETTER}
            and at > now() - interval '{ATTEMPT_HOURS} hours'
          returning signature_id, tries
        ), signature as (
          update signatures s set code_tries = s.code_tries + 1
          from attempt where s.petition_id = :petition_id and s.id = attempt.signature_id
            and s.code_tries < {TRIES_A_SIGNATURE}
          returning s.id, s.token_version
        )
        select attempt.tries, signature.id, signature.token_version,
          array(select l.id from letters l
            where l.recipient = :recipient and l.petition_id = :petition_id
              and l.signature_id = signature.id and l.kind = 'confirm'
              and (l.state = 'waiting'
                   or l.sent_at > now() - interval '{CODE_MINUTES} minutes')) as letter_ids,
          (select extract(epoch from now() - max(l.sent_at))::int from letters l
            where l.recipient = :recipient and l.petition_id = :petition_id
              and l.signature_id = signature.id and l.kind = 'confirm') as seconds
        from attempt left join signature on true
        """,
        petition_id=petition_id,
        attempt_id=attempt_id,
        recipient=recipient,
    )


async def change_consents(database: db.Database, **values: Any) -> None:
    """Name on the page, and news by mail: as the signer wants them now, with their wording.

    News goes on for as long as somebody else at that address wants it.
    """
    await db.run(
        database,
        f"""
        with signature as (
          update signatures set public_name = :public_name, updates = :updates,
            consents = consents || :consents
          where petition_id = :petition_id and id = :signature_id and state = 'confirmed'
          returning petition_id, id, email_key, email, language
        ), subscribed as (
          {SUBSCRIBE}
          select petition_id, email_key, email, language from signature where :updates::boolean
          {SUBSCRIBE_AGAIN}
        )
        {UNSUBSCRIBE}
        from signature where not :updates::boolean and ended_at is null
          and subscriptions.petition_id = signature.petition_id
          and subscriptions.email_key = signature.email_key
          and not exists (select from signatures other
            where other.petition_id = signature.petition_id
              and other.email_key = signature.email_key and other.id <> signature.id
              and other.state = 'confirmed' and other.updates)
        """,
        **values,
    )
