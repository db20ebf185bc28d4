"""The outbox: letters wait here as ids, without text or token, until the postman takes them.

Other rooms add a letter with `add`, or inside a statement of their own with the words of
`ADD_LETTER`, so that the letter and its reason are stored together or not at all.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from mobilise import db

# Lower goes first: whoever waits at a screen before whoever reads tomorrow.
PRIORITIES = {
    "login": 0,
    "start": 0,
    "resume": 0,
    "confirm": 1,
    "new_address": 1,
    "question_confirm": 1,
    "my_signatures": 2,
    "already_signed": 3,
    "question_asked": 4,
    "question_answered": 4,
    "note": 5,
    # About an account, and who is in a group.
    **dict.fromkeys(("account_new_address", "account_old_address"), 1),
    "invitation": 2,
    **dict.fromkeys(("handed_over", "account_erased"), 4),
    "account_unused": 5,
    # To a group, about what happened to its petition; to the keeper; to who reported something.
    **dict.fromkeys(("opened", "cleared", "closed", "sent_back", "rejected"), 4),
    **dict.fromkeys(("suspended", "resumed", "removed"), 4),
    **dict.fromkeys(("closes_soon", "keeper_waits", "report_answered"), 5),
}
CLAIM = timedelta(minutes=5)

# For statements of other rooms: `insert into letters (…) select … on conflict do nothing`.
ADD_LETTER = """insert into letters (petition_id, kind, signature_id, attempt_id, recipient,
    priority, due_at)"""

# Who confirms and ticked "news" is subscribed; who asked again is let in again.
SUBSCRIBE = "insert into subscriptions as sub (petition_id, email_key, email, language)"
SUBSCRIBE_AGAIN = """on conflict (petition_id, email_key) do update
    set ended_at = null, since = now(), email = excluded.email, language = excluded.language"""
UNSUBSCRIBE = "update subscriptions set ended_at = now()"


async def add(
    database: db.Database,
    kind: str,
    *,
    recipient: bytes,
    login_id: int | None = None,
    note_id: int | None = None,
    person_id: int | None = None,
    about: int | None = None,
    petition_id: int = 0,
) -> None:
    """Puts a letter in the outbox, within the caller's transaction.

    `person_id`: the account it goes to. `about`: number of the row that it tells of; its kind
    says in which table. `petition_id`: 0 for a letter that belongs to no petition.
    """
    await db.run(
        database,
        """
        insert into letters
          (petition_id, kind, login_id, note_id, person_id, about, recipient, priority)
        values (:petition_id, :kind, :login_id, :note_id, :person_id, :about, :recipient, :priority)
        """,
        petition_id=petition_id,
        kind=kind,
        login_id=login_id,
        note_id=note_id,
        person_id=person_id,
        about=about,
        recipient=recipient,
        priority=PRIORITIES[kind],
    )


async def add_to_group(
    database: db.Database,
    kind: str,
    recipient: Callable[[str], bytes],
    *,
    petition_id: int,
    roles: Sequence[str] = ("owner", "editor"),
    about: int | None = None,
    but_not: int | None = None,
) -> None:
    """A letter to each member of a petition's group with one of these roles, within the caller's
    transaction. `recipient`: `Tokens.recipient`, which scrambles a canonical address. `but_not`:
    whoever did it, and knows."""
    members = await db.rows(
        database,
        """
        select people.id, people.email_key from petitions
        join memberships on memberships.group_id = petitions.group_id
        join people on people.id = memberships.person_id
        where petitions.id = :petition_id and memberships.role = any(:roles::text[])
          and people.id is distinct from :but_not
        order by people.id
        """,
        petition_id=petition_id,
        roles=list(roles),
        but_not=but_not,
    )
    for member in members:
        await add(
            database,
            kind,
            recipient=recipient(member["email_key"]),
            person_id=member["id"],
            about=about,
            petition_id=petition_id,
        )


async def add_note(
    database: db.Database, name: str, email: str, message: str, language: str, recipient: bytes
) -> None:
    """What a visitor wrote to the keeper: kept, and sent on as a letter."""
    async with db.tx(database):
        note_id = await db.value(
            database,
            """
            insert into notes (name, email, message, language)
            values (:name, :email, :message, :language) returning id
            """,
            name=name,
            email=email,
            message=message,
            language=language,
        )
        await add(database, "note", recipient=recipient, note_id=note_id)


async def claim(database: db.Database, limit: int) -> list[db.Record]:
    """Takes letters that are due, most urgent first; another postman cannot take them too.

    A claim ends by itself after five minutes: a postman that died loses no letter.
    """
    return await db.rows(
        database,
        """
        with due as materialized (  -- once: a plan that looked again would claim other ones too
          select petition_id, id from letters
          where state = 'waiting' and due_at <= now()
            and (claimed_until is null or claimed_until < now())
          order by priority, due_at
          limit :limit
          for update skip locked
        )
        update letters set claimed_until = now() + :claim, tries = tries + 1
        from due where letters.petition_id = due.petition_id and letters.id = due.id
        returning letters.petition_id, letters.id, kind, tries, priority
        """,
        claim=CLAIM,
        limit=limit,
    )


async def settle(
    database: db.Database,
    letters: list[db.Record],
    state: str,
    code: int | None = None,
    error: str | None = None,
) -> None:
    """Their end: `sent`, `dropped` (no longer wanted) or `failed` (the address refuses)."""
    await db.run(
        database,
        """
        update letters set state = :state::text, claimed_until = null, last_code = :code,
          last_error = :error, sent_at = case when :state::text = 'sent' then now() end
        from unnest(:petitions::bigint[], :ids::bigint[]) as settled (petition_id, id)
        where letters.petition_id = settled.petition_id and letters.id = settled.id
          and letters.state = 'waiting'
        """,
        state=state,
        code=code,
        error=error,
        **_keys(letters),
    )


async def postpone(
    database: db.Database,
    letters: list[db.Record],
    wait: timedelta,
    code: int | None,
    error: str,
) -> None:
    """Back into the outbox, to be tried again after `wait`."""
    await db.run(
        database,
        """
        update letters set claimed_until = null, due_at = now() + :wait, last_code = :code,
          last_error = :error
        from unnest(:petitions::bigint[], :ids::bigint[]) as later (petition_id, id)
        where letters.petition_id = later.petition_id and letters.id = later.id
          and letters.state = 'waiting'
        """,
        wait=wait,
        code=code,
        error=error[:300],
        **_keys(letters),
    )


async def put_back(database: db.Database, letters: list[db.Record]) -> None:
    """Ends the claim on letters that were not tried, as if it had never been."""
    if letters:
        await db.run(
            database,
            """
            update letters set claimed_until = null, tries = tries - 1
            from unnest(:petitions::bigint[], :ids::bigint[]) as untried (petition_id, id)
            where letters.petition_id = untried.petition_id and letters.id = untried.id
              and letters.state = 'waiting'
            """,
            **_keys(letters),
        )


async def mark_undeliverable(database: db.Database, recipient: bytes) -> None:
    """The address does not exist: nothing more is sent to it."""
    await db.run(
        database,
        "insert into suppressions (recipient, reason) values (:recipient, 'bounced') "
        "on conflict do nothing",
        recipient=recipient,
    )


async def forget_petition(database: db.Database, petition_id: int) -> None:
    """A draft that is thrown away takes its letters with it."""
    await db.run(
        database, "delete from letters where petition_id = :petition_id", petition_id=petition_id
    )


async def forget_settled(database: db.Database, kept: timedelta) -> None:
    """Log-in letters and notes that are done with; letters of a petition go with its signers."""
    await db.run(
        database,
        """
        with gone as (
          delete from letters
          where petition_id = 0 and state <> 'waiting' and created_at < now() - :kept::interval
        )
        delete from notes n
        where n.at < now() - :kept::interval
          and not exists (select from letters l
            where l.petition_id = 0 and l.note_id = n.id and l.state = 'waiting')
        """,
        kept=kept,
    )


def _keys(letters: list[db.Record]) -> dict[str, Any]:
    return {
        "petitions": [letter["petition_id"] for letter in letters],
        "ids": [letter["id"] for letter in letters],
    }
