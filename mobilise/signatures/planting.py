"""Signatures put in place all at once, with their events and their count: for a demonstration
alone. They go through the tables of every other signature, so that a recount finds nothing amiss.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mobilise import addresses, db, i18n, prose
from mobilise.mail.outbox import SUBSCRIBE, SUBSCRIBE_AGAIN
from mobilise.signatures.counting import PARTS
from mobilise.signatures.signing import consents

_PLANT = f"""
with row as (
  select * from jsonb_to_recordset(:rows::jsonb) as row
    (id bigint, state text, name text, name_key text, email text, email_key text, postcode text,
     language text, comment text, public_name boolean, updates boolean, consents jsonb,
     begins timestamptz, confirmed timestamptz, ends timestamptz, part int, part_again int)
), signature as (
  insert into signatures (petition_id, id, seat, state, name, name_key, email, email_key,
    postcode, country, language, comment, version, public_name, updates, consents, token_version,
    letter_at, letter_kind, letters_total, created_at, confirmed_at, confirmed_by,
    confirmed_after, comment_shown_at)
  select :petition_id, id, 1, state, name, name_key, email, email_key,
    postcode, 'BE', language, comment, 1, public_name, updates, consents,
    case when ends is null then 1 else 2 end,
    begins, 'confirm', 1, begins, confirmed, case when confirmed is not null then 'demo' end,
    extract(epoch from confirmed - begins)::int,
    -- The group reads what people write once a day.
    case when comment <> '' and confirmed < now() - interval '1 day'
         then confirmed + interval '1 day' end
  from row
), event as (
  insert into count_events (petition_id, signature_id, at, what, method)
  select :petition_id, id, at, what, 'email'
  from (select id, confirmed as at, 'confirmed' as what from row where confirmed is not null
        union all
        select id, ends, 'withdrawn' from row where ends is not null) happened
  order by at
), part as (
  select part, sum(online) as online, sum(withdrawn) as withdrawn
  from (select part, 1 as online, 0 as withdrawn from row where confirmed is not null
        union all
        select part_again, -1, 1 from row where ends is not null) counted
  group by part
), tally as (
  update tallies t set online = t.online + part.online, withdrawn = t.withdrawn + part.withdrawn
  from part where t.petition_id = :petition_id and t.part = part.part
), subscription as (
  {SUBSCRIBE}
  select :petition_id, email_key, email, language from row where updates and confirmed is not null
  {SUBSCRIBE_AGAIN}
)
select count(*) from row
"""


@dataclass(frozen=True)
class Signer:
    """Who signed what is only shown. `confirmed`: None while the letter waits for an answer;
    `ends`: when it was withdrawn again, if it was."""

    name: str
    email: str
    postcode: str
    language: str
    comment: str
    public_name: bool
    updates: bool
    begins: datetime
    confirmed: datetime | None
    ends: datetime | None


async def plant(
    database: db.Database, petition_id: int, signers: Sequence[Signer], chance: random.Random
) -> int:
    """One statement, inside the caller's transaction; tells how many rows it stored."""
    ids = await db.rows(
        database,
        "select nextval('signature_ids') as id from generate_series(1, :total)",
        total=len(signers),
    )
    numbered = zip((row["id"] for row in ids), signers, strict=True)
    rows = [_row(number, signer, chance) for number, signer in numbered]
    return int(await db.value(database, _PLANT, petition_id=petition_id, rows=rows))


def _row(number: int, signer: Signer, chance: random.Random) -> dict[str, Any]:
    state = "pending" if signer.confirmed is None else "confirmed"
    address = addresses.parse(signer.email)
    return vars(signer) | {
        "id": number,
        "state": "withdrawn" if signer.ends else state,
        "name_key": prose.folded(signer.name),
        "email": address.sent,
        "email_key": address.key,
        "consents": _consents(signer),
        "part": chance.randrange(PARTS),
        "part_again": chance.randrange(PARTS),
    }


def _consents(signer: Signer) -> dict[str, Any]:
    """In the words of the signer's language, given when the form was sent."""
    with i18n.using(signer.language):
        words = consents(signer.public_name, signer.updates)
    at = signer.begins.isoformat(timespec="seconds")
    return {what: {**given, "at": at} for what, given in words.items()}
