"""What the keeper sees at a glance, read at once. Nothing is written here."""

from mobilise import db


async def glance(database: db.Database) -> db.Record:
    """Counts and moments of the whole instance; absent moments are null."""
    return await db.one(
        database,
        """
        select
          (select count(*) from petitions where state = 'open') as open,
          failed.total as failed, waiting.total as waiting, waiting.oldest as waiting_since,
          (select count(*) from recounts where drift <> 0) as drifting,
          (select max(last_run) from pgqueuer_schedules) as last_job,
          (select at from audit_log where deed = 'instance.backup'
           order by id desc limit 1) as last_backup,
          now() as now
        from
          (select count(*) as total from letters
           where state = 'failed' and created_at > now() - interval '30 days') failed,
          (select count(*) as total, min(created_at) as oldest from letters
           where state = 'waiting') waiting
        """,
    )


async def jobs(database: db.Database) -> list[db.Record]:
    """Each job with its last and its next time, the one that ran longest ago first."""
    return await db.rows(
        database,
        """
        select entrypoint as name, last_run, next_run from pgqueuer_schedules
        order by last_run nulls first, entrypoint
        """,
    )
