"""The statements of an accepted form: who signs, at which seat, and with which letter.

The deed is decided by the statement that carries it out. What a person sees afterwards is the
same for every outcome, and so is the way there: one statement, whatever it finds.
"""

from typing import Any

from mobilise import db
from mobilise.mail.outbox import ADD_LETTER, PRIORITIES

LETTERS_A_SIGNATURE = 5
UNANSWERED_A_DAY = 3  # letters to one address over all petitions, not yet answered

# A stranger can use up the day of somebody's mailbox. Nothing is lost by that: what she signs
# herself is held meanwhile, and its letter goes by itself as soon as one of the three is answered
# or a day old. A share of her own for her network was weighed and left out: whoever sends from
# two networks takes that too, and whoever asks again from one place would get less than three.
# What was sent counts also when its signature was erased since, else whoever corrects an address
# to and fro could fill a mailbox. A letter that found nobody never left.
HAS_ENOUGH = f"""((select count(*) from letters l
    left join signatures u on u.petition_id = l.petition_id and u.id = l.signature_id
    where l.recipient = :recipient and l.kind = 'confirm' and l.state <> 'dropped'
      and l.created_at > now() - interval '1 day'
      and (u.id is null or u.state in ('pending', 'disowned'))) >= {UNANSWERED_A_DAY})"""


def said_not_me(petition: str) -> str:
    """SQL: did somebody at this mailbox disown a signature of this petition? Also once its row is
    erased: then a scrambled form of the address stands there."""
    return f"""exists (select from signatures d
      where d.petition_id = {petition} and d.state = 'disowned'
        and d.email_key in (:email_key, 'disowned ' || encode(:recipient::bytea, 'hex')))"""


# No second letter while one is unsent or younger than two minutes.
_A_DAY_AGO = "(s.letter_at is null or s.letter_at < now() - interval '1 day')"
_MAY_WRITE_AGAIN = f"""(s.letters_total < {LETTERS_A_SIGNATURE}
       and (s.letters_total = 0 or s.letter_at < now() - interval '2 minutes')
       and not exists (select from letters l where l.petition_id = s.petition_id
         and l.signature_id = s.id and l.kind = 'confirm' and l.state = 'waiting'))"""
_BEGINS_ANEW = f"""(s.state = 'withdrawn'
       and (s.letters_total < {LETTERS_A_SIGNATURE} or {_A_DAY_AGO}))"""

# A letter is out, so somebody may be about to confirm. What waits is changed by the browser that
# wrote it, or together with a new letter: else a stranger who knows name and address could put
# words and consents under another person's signature while her letter is under way.
_SAME_WORDS = """(s.name = excluded.name and s.email = excluded.email
       and s.postcode = excluded.postcode and s.country = excluded.country
       and s.comment = excluded.comment and s.public_name = excluded.public_name
       and s.updates = excluded.updates)"""
_WITH_A_LETTER = f"(excluded.letters_total = 1 and {_MAY_WRITE_AGAIN})"
_MAY_CHANGE = f"""(s.state = 'held' or s.letters_total = 0 or s.letter_attempt = :before::bigint
       or {_SAME_WORDS} or {_WITH_A_LETTER})"""

# One person's seat is the one whose name is alike; else the first free one. The second is for
# somebody else at the same address, who shares the postcode of a confirmed first.
_SIGN = f"""
with petition as materialized (
  select id,
    greatest(1, least(coalesce(:read_version::int, version), version)) as version,
    :consents::jsonb || case when minimum_age is null then '{{}}'::jsonb
      else jsonb_build_object('of_age', jsonb_build_object('given', true,
        'words', replace(:of_age_words::text, '{{age}}', minimum_age::text),
        'at', :consents::jsonb->'sign'->'at')) end as consents
  from petitions
  where slug = :slug and state = 'open' and frozen_at is not null
    and (closes_on is null or closes_on >= :today)
    and (postcodes = '{{}}' or lives_within(postcodes, :country, :postcode))
    and (minimum_age is null or :of_age::boolean)
), ids as materialized (
  -- Both numbers are used up whatever comes of it: a gap would tell who has signed.
  select nextval('attempt_ids') as attempt_id, nextval('signature_ids') as signature_id
  from petition
), seats as materialized (
  select s.id, s.seat, s.state, s.postcode, names_alike(s.name_key, :name_key) as mine
  from signatures s join petition p on p.id = s.petition_id
  where s.email_key = :email_key
), place as materialized (
  select coalesce(
    (select seat from seats where mine order by seat limit 1),
    case
      when not exists (select from seats where seat = 1) then 1
      when exists (select from seats where seat = 1
                   and (state <> 'confirmed' or postcode = :postcode))
       and not exists (select from seats where seat = 2
                       and state not in ('pending', 'held', 'withdrawn')) then 2
    end)::smallint as seat
), address as materialized (
  select
    not exists (select from suppressions where recipient = :recipient)
      and not {said_not_me("(select id from petition)")} as welcomes_letters,
    {HAS_ENOUGH} as has_enough
), signature as (
  insert into signatures as s
    (petition_id, id, seat, state, name, name_key, email, email_key, postcode, country, comment,
     language, version, public_name, updates, consents,
     letter_attempt, letter_at, letter_kind, letters_total)
  select petition.id, ids.signature_id, place.seat,
    case when :held or address.has_enough then 'held' else 'pending' end,
    :name, :name_key, :email, :email_key, :postcode, :country, :comment,
    :language, petition.version, :public_name, :updates, petition.consents,
    ids.attempt_id, now(), 'confirm',
    case when :held or address.has_enough or not address.welcomes_letters then 0 else 1 end
  from petition, ids, place, address
  where place.seat is not null
  on conflict (petition_id, email_key, seat) do update set
    name = excluded.name, name_key = excluded.name_key, email = excluded.email,
    postcode = excluded.postcode, country = excluded.country, comment = excluded.comment,
    language = excluded.language, version = excluded.version,
    public_name = excluded.public_name, updates = excluded.updates,
    consents = excluded.consents, created_at = now(),
    -- The group lets words through, and the name above them.
    comment_shown_at = case when s.comment = excluded.comment and s.name = excluded.name
                            then s.comment_shown_at end,
    comment_aside_at = case when s.comment = excluded.comment and s.name = excluded.name
                            then s.comment_aside_at end,
    state = case when s.marked then 'held' when s.state = 'pending' then 'pending'
                 else excluded.state end,
    -- Old links die when the row begins anew, or when it becomes somebody else's.
    token_version = s.token_version + case
      when s.state = 'withdrawn' or not names_alike(s.name_key, excluded.name_key) then 1
      else 0 end,
    code_tries = case when s.state = 'withdrawn' then 0 else s.code_tries end,
    letters_total = case
      when s.state = 'withdrawn' and {_A_DAY_AGO} then excluded.letters_total
      when s.state = 'withdrawn' or {_WITH_A_LETTER}
      then s.letters_total + excluded.letters_total
      else s.letters_total end,
    letter_attempt = case
      when s.state = 'pending' and {_SAME_WORDS} and not {_WITH_A_LETTER}
      then s.letter_attempt else excluded.letter_attempt end,
    letter_at = case
      when s.state = 'withdrawn' or s.letters_total = 0 or {_WITH_A_LETTER}
      then excluded.letter_at else s.letter_at end,
    letter_kind = 'confirm'
  where (s.state in ('pending', 'held') and {_MAY_CHANGE} or {_BEGINS_ANEW})
    and (s.seat = 2 or names_alike(s.name_key, excluded.name_key))
  returning s.petition_id, s.id, s.state, s.letter_at
), letter as (
  {ADD_LETTER}
  select signature.petition_id, 'confirm', signature.id, ids.attempt_id, :recipient,
    {PRIORITIES["confirm"]}, now()
  from signature, ids, address
  where signature.state = 'pending' and signature.letter_at = now()
    and address.welcomes_letters and not address.has_enough and not :held
  on conflict do nothing
), reminded as (
  -- Nothing to confirm: whoever holds the mailbox is told that it has signed.
  update signatures s set letter_at = now(), letter_kind = 'already_signed',
    letters_total = s.letters_total + 1
  from petition, address
  where s.petition_id = petition.id and s.email_key = :email_key and s.state = 'confirmed'
    and s.seat = coalesce((select seat from seats where mine and state = 'confirmed' limit 1),
                          (select min(seat) from seats where state = 'confirmed'))
    and not exists (select from signature)
    and not exists (select from seats join place using (seat)
                    where seats.state in ('pending', 'held'))
    and address.welcomes_letters
    and (s.letter_kind is distinct from 'already_signed'
         or s.letter_at < now() - interval '2 minutes')
    and s.letters_total < {LETTERS_A_SIGNATURE} and not :held
  returning s.petition_id, s.id
), reminder as (
  {ADD_LETTER}
  select reminded.petition_id, 'already_signed', reminded.id, ids.attempt_id, :recipient,
    {PRIORITIES["already_signed"]}, now()
  from reminded, ids
  on conflict do nothing
), settled as materialized (
  -- False when somebody took the seat between our look and our insert: then look again.
  select exists (select from signature) or place.seat is null
      or exists (select from seats where seats.seat = place.seat) as done
  from place
), attempt as (
  insert into attempts (petition_id, id, signature_id, outcome, network, typed)
  select petition.id, ids.attempt_id, (select id from signature),
    coalesce((select case when signature.id = ids.signature_id then 'new' else signature.state end
              from signature), 'nothing new'), :network, :typed
  from petition, ids, settled where settled.done
)
select petition.id as petition_id, ids.attempt_id, settled.done,
  (select id from signature) as signature_id, (select state from signature) as state
from petition, ids, settled
"""


async def sign(database: db.Database, **values: Any) -> db.Record | None:
    """Everything that an accepted form does. None: no such petition, or it takes none now."""
    return await db.row(database, _SIGN, **values)


_ASK_AGAIN = f"""
with asked as (
  update signatures s set letter_at = now(), letters_total = s.letters_total + 1,
    letter_kind = case when s.state = 'confirmed' then 'already_signed' else 'confirm' end
  where s.petition_id = :petition_id and s.email_key = :email_key
    and (:signature_id::bigint is null or s.id = :signature_id)
    and s.state in ('pending', 'confirmed')
    and s.letters_total < {LETTERS_A_SIGNATURE}
    and (s.letter_at is null or s.letter_at < now() - interval '2 minutes'
         or (s.state = 'confirmed' and s.letter_kind is distinct from 'already_signed'))
    and not exists (select from suppressions where recipient = :recipient)
    and not {said_not_me("s.petition_id")}
    and not exists (select from letters l
      where l.petition_id = s.petition_id and l.signature_id = s.id and l.state = 'waiting')
    and (s.state = 'confirmed' or not {HAS_ENOUGH})
  returning s.petition_id, s.id, s.letter_kind
), letter as (
  {ADD_LETTER}
  select petition_id, letter_kind, id, :attempt_id, :recipient,
    case when letter_kind = 'confirm' then {PRIORITIES["confirm"]}
         else {PRIORITIES["already_signed"]} end, now()
  from asked
  on conflict do nothing
)
update attempts set tries = 0
where petition_id = :petition_id and id = :attempt_id and exists (select from asked)
"""


async def ask_again(database: db.Database, **values: Any) -> None:
    """One more letter to this address, within its limits. The answer is always the same."""
    await db.run(database, _ASK_AGAIN, **values)


async def forget_mistyped(database: db.Database, petition_id: int, attempt_id: int) -> None:
    """The address was wrong: what waited for it goes, its letter finds nobody and is dropped.

    Only what this attempt itself began, and what nobody else wrote since.
    """
    await db.run(
        database,
        """
        delete from signatures
        where petition_id = :petition_id and state in ('pending', 'held')
          and id = (select signature_id from attempts
                    where petition_id = :petition_id and id = :attempt_id and outcome = 'new')
          and letter_attempt = :attempt_id
        """,
        petition_id=petition_id,
        attempt_id=attempt_id,
    )
