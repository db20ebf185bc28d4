"""The statements of a signer's own page: correct, move to another address, see all, erase."""

from typing import Any

from mobilise import db
from mobilise.tokens import CONFIRM_DAYS

MOST_CORRECTIONS = 10


# What was corrected, and when; never what stood there before.
_NOTED = """s.consents || jsonb_build_object('corrected',
    coalesce(s.consents -> 'corrected', '[]') || :noted::jsonb)"""

# A comment that changes, or that gets another name above it, waits for the group once more.
_STILL_READ = "s.comment = :comment and (s.name = :name or not s.public_name)"


async def correct(database: db.Database, **values: Any) -> bool:
    """A counted signature, within the rules of its seat. False: look why."""
    return (
        await db.value(
            database,
            f"""
            with house as materialized (
              select h.id, h.state, h.postcode, h.name_key
              from signatures s
              join signatures h on h.petition_id = s.petition_id and h.email_key = s.email_key
              where s.petition_id = :petition_id and s.id = :signature_id
              order by h.seat for update of h
            )
            update signatures s set name = :name, name_key = :name_key, postcode = :postcode,
              country = :country, comment = :comment, consents = {_NOTED},
              area = case when s.postcode = :postcode and s.country = :country then s.area end,
              comment_shown_at = case when {_STILL_READ} then s.comment_shown_at end,
              comment_aside_at = case when {_STILL_READ} then s.comment_aside_at end
            where s.petition_id = :petition_id and s.id = :signature_id
              and s.token_version = :version and s.state = 'confirmed'
              and names_alike(s.name_key, :name_key)
              and jsonb_array_length(coalesce(s.consents -> 'corrected', '[]')) < {MOST_CORRECTIONS}
              and not exists (select from house other
                where other.id <> s.id and other.state = 'confirmed'
                  and (other.postcode <> :postcode or names_alike(other.name_key, :name_key)))
            returning s.id
            """,
            **values,
        )
        is not None
    )


async def why_not(
    database: db.Database, petition_id: int, signature_id: int, name_key: str, postcode: str
) -> db.Record | None:
    """Which rule a correction breaks."""
    return await db.row(
        database,
        """
        select names_alike(s.name_key, :name_key) as alike,
          exists (select from signatures other where other.petition_id = s.petition_id
            and other.email_key = s.email_key and other.id <> s.id and other.state = 'confirmed'
            and names_alike(other.name_key, :name_key)) as is_the_other,
          exists (select from signatures other where other.petition_id = s.petition_id
            and other.email_key = s.email_key and other.id <> s.id and other.state = 'confirmed'
            and other.postcode <> :postcode) as moves_out
        from signatures s where s.petition_id = :petition_id and s.id = :signature_id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
        name_key=name_key,
        postcode=postcode,
    )


async def add_address_change(database: db.Database, **values: Any) -> int | None:
    """Where a counted signature is to go; None when there is no such signature."""
    found = await db.value(
        database,
        """
        insert into address_changes (petition_id, signature_id, token_version, email, email_key)
        select petition_id, id, token_version, :email, :email_key from signatures
        where petition_id = :petition_id and id = :signature_id
          and token_version = :version and state = 'confirmed'
        returning id
        """,
        **values,
    )
    return None if found is None else int(found)


async def address_change(
    database: db.Database, petition_id: int, change_id: int
) -> db.Record | None:
    """The change with its signature, both held until the transaction ends. `waits`: its button
    was not pressed yet; `done`: it was, and the signature is where it led."""
    return await db.row(
        database,
        f"""
        select c.id, c.signature_id, c.email, c.email_key, s.name, s.name_key, s.postcode,
          s.email as was, s.email_key as was_key, s.token_version, s.language,
          s.updates and exists (select from subscriptions sub
            where sub.petition_id = s.petition_id and sub.email_key = s.email_key
              and sub.ended_at is null) as gets_news,
          c.email <> '' and s.token_version = c.token_version
            and c.at > now() - interval '{CONFIRM_DAYS} days' as waits,
          c.email = '' and s.token_version = c.token_version + 1 as done
        from address_changes c
        join signatures s on s.petition_id = c.petition_id and s.id = c.signature_id
        where c.petition_id = :petition_id and c.id = :change_id and s.state = 'confirmed'
        for update of c, s
        """,
        petition_id=petition_id,
        change_id=change_id,
    )


async def at_address(
    database: db.Database, petition_id: int, signature_id: int, email_key: str, name_key: str
) -> list[db.Record]:
    """Who else has a seat at this address, held until the transaction ends."""
    return await db.rows(
        database,
        """
        select id, seat, state, postcode, names_alike(name_key, :name_key) as alike
        from signatures
        where petition_id = :petition_id and email_key = :email_key and id <> :signature_id
        order by seat for update
        """,
        petition_id=petition_id,
        signature_id=signature_id,
        email_key=email_key,
        name_key=name_key,
    )


async def give_way(database: db.Database, petition_id: int, signature_id: int) -> None:
    """What was taken back keeps no seat: its key is now its own number."""
    await db.run(
        database,
        """
        update signatures set email_key = 'withdrawn ' || id
        where petition_id = :petition_id and id = :signature_id and state = 'withdrawn'
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def drop_unconfirmed(database: db.Database, petition_id: int, signature_id: int) -> None:
    await db.run(
        database,
        """
        delete from signatures where petition_id = :petition_id and id = :signature_id
          and state in ('pending', 'held')
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def move(database: db.Database, **values: Any) -> int:
    """To its new address and seat; links in the old mailbox die. Tells the new version."""
    return int(
        await db.value(
            database,
            f"""
            with used as (
              update address_changes set email = '', email_key = ''
              where petition_id = :petition_id and id = :change_id
            )
            update signatures s set email = :email, email_key = :email_key, seat = :seat,
              token_version = s.token_version + 1, consents = {_NOTED}
            where s.petition_id = :petition_id and s.id = :signature_id
            returning s.token_version
            """,
            **values,
        )
    )


async def somebody_wants_news(database: db.Database, petition_id: int, email_key: str) -> bool:
    """Does a counted signature of this address still ask for news?"""
    return bool(
        await db.value(
            database,
            """
            select exists (select from signatures where petition_id = :petition_id
              and email_key = :email_key and state = 'confirmed' and updates)
            """,
            petition_id=petition_id,
            email_key=email_key,
        )
    )


async def events(database: db.Database, petition_id: int, signature_id: int) -> list[db.Record]:
    return await db.rows(
        database,
        """
        select at, what, method from count_events
        where petition_id = :petition_id and signature_id = :signature_id order by id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def attempts(database: db.Database, petition_id: int, signature_id: int) -> list[db.Record]:
    """What was typed in a form within the last hours, with the scrambled network."""
    return await db.rows(
        database,
        """
        select at, outcome, encode(network, 'hex') as network, typed from attempts
        where petition_id = :petition_id and signature_id = :signature_id order by id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def address_changes(
    database: db.Database, petition_id: int, signature_id: int
) -> list[db.Record]:
    """Where it is to move, or was moved (then without the address, which is its own now)."""
    return await db.rows(
        database,
        """
        select id, email, at from address_changes
        where petition_id = :petition_id and signature_id = :signature_id order by id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def forget_traces(database: db.Database, petition_id: int, signature_id: int) -> None:
    """What was typed for it, and where it was to move."""
    await db.run(
        database,
        """
        with moved as (
          delete from address_changes
          where petition_id = :petition_id and signature_id = :signature_id
        )
        delete from attempts where petition_id = :petition_id and signature_id = :signature_id
        """,
        petition_id=petition_id,
        signature_id=signature_id,
    )


async def forget_address_changes(database: db.Database) -> int:
    """Those that nobody pressed a button for, and those whose signature is gone."""
    return await db.run(
        database,
        f"""
        delete from address_changes c
        where c.email <> '' and c.at < now() - interval '{CONFIRM_DAYS} days'
          or not exists (select from signatures s
            where s.petition_id = c.petition_id and s.id = c.signature_id)
        """,
    )
