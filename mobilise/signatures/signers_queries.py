"""The list of signers, as SQL. The e-mail address is in none of these statements."""

from mobilise import db

_ROW = """
    id, name, postcode, country, coalesce(confirmed_at, created_at) as at, confirmed_by, public_name
"""


async def newest(
    database: db.Database,
    petition_id: int,
    *,
    states: tuple[str, ...],
    patterns: list[str],
    before: int,
    limit: int,
) -> list[db.Record]:
    """Signers in these states, newest first, from below a number on.

    `patterns`: what `like all` takes, over the folded name.
    """
    return await db.rows(
        database,
        f"""
        select {_ROW} from signatures
        where petition_id = :petition_id and id < :before and state = any(:states::text[])
          and name_key like all (:patterns::text[])
        order by id desc limit :most
        """,
        petition_id=petition_id,
        states=list(states),
        patterns=patterns,
        before=before,
        most=limit,
    )


async def confirmed_after(
    database: db.Database, petition_id: int, after: int, limit: int
) -> list[db.Record]:
    """The confirmed ones in the order of their numbers: a part of the whole list."""
    return await db.rows(
        database,
        f"""
        select {_ROW} from signatures
        where petition_id = :petition_id and id > :after and state = 'confirmed'
        order by id limit :most
        """,
        petition_id=petition_id,
        after=after,
        most=limit,
    )


async def written(
    database: db.Database,
    petition_id: int,
    line: str,
    between: str,
    zone: str,
    after: int,
    limit: int,
) -> db.Record:
    """A part of the whole list as one `text`, each row written by the expression `line`; `last`
    is the number to go on from, None when nobody follows. The database writes several times as
    fast as we could row by row."""
    return await db.one(
        database,
        f"""
        select max(id) as last, count(*)::int as rows,
          string_agg({line}, :between order by id) as text
        from (
          select {_ROW}, (coalesce(confirmed_at, created_at) at time zone :zone)::date as day
          from signatures
          where petition_id = :petition_id and id > :after and state = 'confirmed'
          order by id limit :most
        ) part
        """,
        petition_id=petition_id,
        between=between,
        zone=zone,
        after=after,
        most=limit,
    )


async def erased_at(database: db.Database, petition_id: int) -> db.Record | None:
    """When the rows of the signers went, if they did."""
    return await db.row(
        database,
        "select erased_at from recounts where petition_id = :petition_id and erased_at is not null",
        petition_id=petition_id,
    )
