"""Many signatures at once, from where we say: for tables that need crowds."""

from datetime import datetime
from typing import Any

from mobilise import db
from mobilise.db import Database


async def signed(
    database: Database,
    petition: Any,
    at: datetime,
    *,
    language: str = "nl",
    **places: int,
) -> None:
    """`BE2060=12, FR59000=3`: so many from there, confirmed at that moment."""
    for place, n in places.items():
        await db.run(
            database,
            """
            with signer as (
              insert into signatures (petition_id, seat, state, name, name_key, email, email_key,
                postcode, country, language, version, consents, created_at, confirmed_at,
                confirmed_by, confirmed_after)
              select :petition_id, 1, 'confirmed', 'Suzie', 'suzie', x || '@post.example',
                x || '@post.example', :postcode, :country, :language, 1, '{}', :at, :at, 'demo', 60
              from (select gen_random_uuid()::text as x from generate_series(1, :n::int)) mailbox
              returning petition_id, id
            ), event as (
              insert into count_events (petition_id, signature_id, at, what, method)
              select petition_id, id, :at, 'confirmed', 'email' from signer
            )
            update tallies set online = online + :n::int
            where petition_id = :petition_id and part = 1
            """,
            petition_id=petition.id,
            country=place[:2],
            postcode=place[2:],
            language=language,
            at=at,
            n=n,
        )


async def withdrew(database: Database, petition: Any, at: datetime, n: int, place: str) -> None:
    """So many from there took it back."""
    await db.run(
        database,
        """
        with leaver as (
          update signatures set state = 'withdrawn'
          where petition_id = :petition_id and id in (
            select id from signatures where petition_id = :petition_id and state = 'confirmed'
              and country || postcode = :place order by id limit :n)
          returning petition_id, id
        )
        insert into count_events (petition_id, signature_id, at, what, method)
        select petition_id, id, :at, 'withdrawn', 'email' from leaver
        """,
        petition_id=petition.id,
        place=place,
        at=at,
        n=n,
    )
