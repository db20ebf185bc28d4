"""Every table as PostgreSQL's own COPY gives and takes it, whatever its version.

Tables themselves are made by migrations, with their rights; only rows travel.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING, Any

from mobilise import db
from mobilise.errors import Refusal

if TYPE_CHECKING:
    import asyncpg

    Connection = asyncpg.Connection[asyncpg.Record]

PIECE = 4 * 1024 * 1024
Table = dict[str, Any]  # columns: their names; rows: how many
# What a running instance writes without anybody having done anything.
BY_ITSELF = (
    "migrations", "buckets", "streams", "recounts",
    "pgqueuer", "pgqueuer_log", "pgqueuer_schedules", "pgqueuer_statistics",
)  # fmt: skip


class Newer(Refusal):
    """The backup knows tables that this mobilise does not."""


# --- out ----------------------------------------------------------------------------------


async def size(connection: "Connection") -> int:
    """About how many bytes the tables are."""
    return int(
        await connection.fetchval(
            "select coalesce(sum(pg_table_size(oid)), 0) from pg_class"
            " where relnamespace = 'public'::regnamespace and relkind = 'r'"
        )
    )


async def columns(connection: "Connection") -> dict[str, list[str]]:
    """Each table with the columns that are stored, not computed."""
    found = await connection.fetch(
        """
        select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        group by c.relname order by c.relname
        """
    )
    return {row["name"]: list(row["columns"]) for row in found}


async def copy_out(
    connection: "Connection", table: str, names: list[str], take: Callable[[bytes], None]
) -> int:
    """Hands the rows of a table to `take`, a few megabytes at a time; tells how many they were."""
    waiting = bytearray()

    async def gather(piece: bytes) -> None:
        waiting.extend(piece)
        if len(waiting) >= PIECE:
            take(bytes(waiting))
            waiting.clear()

    status = await connection.copy_from_table(table, columns=names, output=gather)
    if waiting:
        take(bytes(waiting))
    return int(status.rsplit(" ", 1)[-1])


async def sequences(connection: "Connection") -> dict[str, int]:
    """How far each sequence has come; one that never gave a number is left out."""
    found = await connection.fetch(
        "select sequencename::text as name, last_value from pg_sequences"
        " where schemaname = 'public' and last_value is not null order by 1"
    )
    return {row["name"]: row["last_value"] for row in found}


# --- in -----------------------------------------------------------------------------------


async def contents(connection: "Connection") -> dict[str, int]:
    """How many rows people made, by table; empty in an instance that nobody used."""
    totals: dict[str, int] = {}
    for table in await columns(connection):
        if table not in BY_ITSELF:
            total = await connection.fetchval(f'select count(*) from "{table}"')
            totals |= {table: total} if total else {}
    return totals


def look_whether_known(migrations: dict[str, str], version: str) -> None:
    """Raises Newer when these tables were made by migrations that we do not have."""
    ours = {name: db.checksum(sql) for name, sql in db.migrations()}
    strange = sorted(name for name in migrations if ours.get(name) != migrations[name])
    if strange:
        raise Newer(
            f"The backup was made by mobilise {version}, which knows {strange[0]};"
            " this one does not. Restore it with that version or a newer one."
        )


async def rebuild(connection: "Connection", migrations: Iterable[str]) -> None:
    """Throws away all that is ours, and makes the tables as they were then."""
    await connection.execute(_DROP)
    await db.bring_up(connection, only=list(migrations))
    await connection.execute(db.FORGET_MIGRATIONS)  # these rows come back with the others


_DROP = """
do $$ declare each record; begin
  for each in
    select format('drop %s if exists public.%I cascade',
      case relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'S' then 'sequence' else 'table' end, relname) as statement
    from pg_class c
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by relkind <> 'v', relkind <> 'r'
  loop execute each.statement; end loop;
  for each in
    select format('drop routine if exists %s cascade', p.oid::regprocedure) as statement
    from pg_proc p
    where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  loop execute each.statement; end loop;
  for each in
    select format('drop type if exists public.%I cascade', typname) as statement
    from pg_type t
    where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
      and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
  loop execute each.statement; end loop;
end $$
"""


class AsTheyCome:
    """Tables take their rows in any order: what refers to others is put back at the end, and
    triggers, which made rows that come along, stay silent meanwhile."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._references: list[tuple[str, str, str]] = []

    async def __aenter__(self) -> None:
        self._references = [
            (row["on_table"], row["name"], row["definition"])
            for row in await self._connection.fetch(
                """
                select conrelid::regclass::text as on_table, conname::text as name,
                  pg_get_constraintdef(oid) as definition
                from pg_constraint
                where contype = 'f' and connamespace = 'public'::regnamespace
                order by 1, 2
                """
            )
        ]
        for table, name, _ in self._references:
            await self._connection.execute(f'alter table {table} drop constraint "{name}"')
        await self._triggers("disable")

    async def __aexit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            return  # the transaction is over, and all of this with it
        await self._triggers("enable")
        for table, name, definition in self._references:
            await self._connection.execute(
                f'alter table {table} add constraint "{name}" {definition}'
            )

    async def _triggers(self, what: str) -> None:
        for table in await columns(self._connection):
            await self._connection.execute(f'alter table "{table}" {what} trigger user')


async def copy_in(
    connection: "Connection", table: str, names: list[str], pieces: AsyncIterator[bytes]
) -> int:
    """Fills a table; tells how many rows came."""
    status = await connection.copy_to_table(table, columns=names, source=pieces)
    return int(status.rsplit(" ", 1)[-1])


async def set_sequences(connection: "Connection", reached: dict[str, int]) -> None:
    for name, value in reached.items():
        await connection.execute("select setval(format('public.%I', $1::text), $2)", name, value)
