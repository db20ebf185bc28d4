"""Letters that did not go: why, and what the keeper may do about them.

Addresses leave this module masked: whoever mends the mail needs to recognise, not to read.
"""

import re
from typing import Any, cast

from mobilise import addresses, db
from mobilise.audit import trail

SHOWN = 100
_LATE = "state = 'waiting' and (tries > 0 or due_at < now() - interval '10 minutes')"
_FAILED = "state = 'failed' and created_at > now() - interval '30 days'"
_LOGIN = (530, 534, 535, 538)
_MAILBOX = (550, 551, 553)


def reason(code: int | None, words: str | None) -> str:
    """silent, login, later, full, unwanted, unknown or other: what a mail server's answer means."""
    status = re.match(r"\s*([245]\.\d+\.\d+)", words or "")
    enhanced = status.group(1) if status else ""
    if code is None:
        return "silent" if words else "waits"
    if code in _LOGIN:
        return "login"
    if code in (452, 552) or enhanced in ("4.2.2", "5.2.2"):
        return "full"
    if 400 <= code < 500:
        return "later"
    if enhanced.startswith("5.7.") or code == 554:
        return "unwanted"
    if enhanced.startswith("5.1.") or enhanced == "5.2.1" or code in _MAILBOX:
        return "unknown"
    return "other"


async def reasons(database: db.Database) -> dict[str, int]:
    """How many letters failed or are late, by reason, most first."""
    found = await db.rows(
        database,
        f"""
        select last_code, substring(last_error for 10) as words, count(*) as total
        from letters where ({_FAILED}) or ({_LATE})
        group by 1, 2
        """,
    )
    totals: dict[str, int] = {}
    for row in found:
        why = reason(row["last_code"], row["words"])
        totals[why] = totals.get(why, 0) + row["total"]
    return dict(sorted(totals.items(), key=lambda each: -each[1]))


async def letters(database: db.Database) -> list[dict[str, Any]]:
    """The newest that failed or are late, each with its reason and a masked address."""
    found = await db.rows(
        database,
        f"""
        select l.petition_id, l.id, l.kind, l.state, l.tries, l.created_at, l.due_at,
          l.last_code, l.last_error, coalesce(people.email, s.email, n.email) as email,
          l.state = 'failed' and l.created_at > now() - interval '48 hours' as may_go,
          exists (select from suppressions x
            where x.recipient = l.recipient and x.reason = 'bounced') as silenced
        from (select * from letters where ({_FAILED}) or ({_LATE})
              order by created_at desc limit :most) l
        left join people on people.id = l.person_id
        left join signatures s on s.petition_id = l.petition_id and s.id = l.signature_id
        left join login_tokens n on n.id = l.login_id
        order by l.created_at desc, l.id desc
        """,
        most=SHOWN,
    )
    return [
        dict(row)
        | {
            "email": addresses.masked(row["email"]) if row["email"] else "",
            "reason": reason(row["last_code"], row["last_error"]),
        }
        for row in found
    ]


async def send_again(
    database: db.Database, person_id: int, which: tuple[int, int] | None = None
) -> int:
    """Puts a failed letter back in the outbox, or all but those to mailboxes that do not exist.

    One that is asked for by itself also ends the silence that its refusal brought. Letters of
    more than two days are not sent any more; one of a kind is enough. Tells how many go again.
    """
    petition_id, letter_id = which or (None, None)
    async with db.tx(database):
        again = await db.run(
            database,
            """
            with chosen as (
              select distinct on (petition_id, kind, coalesce(signature_id, -id))
                petition_id, id, recipient
              from letters l
              where state = 'failed' and created_at > now() - interval '48 hours'
                and (:letter_id::bigint is null
                  or (petition_id = :petition_id::bigint and id = :letter_id::bigint))
                and (:letter_id::bigint is not null or not exists (
                  select from suppressions x
                  where x.recipient = l.recipient and x.reason = 'bounced'))
                and not exists (select from letters w
                  where w.petition_id = l.petition_id and w.signature_id = l.signature_id
                    and w.kind = l.kind and w.state = 'waiting')
              order by petition_id, kind, coalesce(signature_id, -id), id desc
            ), lifted as (
              delete from suppressions x using chosen
              where x.recipient = chosen.recipient and x.reason = 'bounced'
            )
            update letters set state = 'waiting', tries = 0, due_at = now(), claimed_until = null
            from chosen
            where letters.petition_id = chosen.petition_id and letters.id = chosen.id
            """,
            petition_id=petition_id,
            letter_id=letter_id,
        )
        if again:
            await trail.write(database, "letters.again", person_id=person_id, total=again)
    return again


async def lift_silence(database: db.Database, person_id: int, recipient: bytes) -> str:
    """Lets a mailbox be written to again that refused once. Tells why it was silent: `bounced`,
    or a reason that only its owner may end; empty when it was not."""
    async with db.tx(database):
        found = await db.value(
            database,
            "select reason from suppressions where recipient = :recipient for update",
            recipient=recipient,
        )
        if found == "bounced":
            await db.run(database, "delete from suppressions where recipient = :key", key=recipient)
            await trail.write(database, "letters.silence_lifted", person_id=person_id)
    return cast(str, found or "")
