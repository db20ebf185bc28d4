"""What the keeper reads about petitions and groups, and what visitors report, as SQL."""

from typing import Any, cast

from mobilise import db
from mobilise.petitions.life_queries import WAITS_FOR_A_KEEPER
from mobilise.petitions.queries import FOUND

PAGE = 50
# The title in the reader's language, else in the first of the petition's own.
_TITLE = """
  join lateral (
    select title from petition_texts t where t.petition_id = p.id
    order by t.language = :language desc, array_position(p.languages, t.language),
      t.version desc limit 1
  ) text on true"""


async def waiting(database: db.Database) -> db.Record:
    """How much waits for the keeper: petitions to read, reports to decide."""
    return await db.one(
        database,
        f"""
        select (select count(*) from petitions p where {WAITS_FOR_A_KEEPER}) as queue,
          (select count(*) from reports where decided_at is null) as reports
        """,
    )


async def queue(database: db.Database, language: str) -> list[db.Record]:
    """Petitions that wait to be read, those that wait longest first."""
    return await db.rows(
        database,
        f"""
        select p.slug, p.submitted_at, p.opens_on, p.cleared_at is not null as was_cleared,
          text.title, groups.name as group_name,
          greatest(0, extract(epoch from now() - p.submitted_at) / 86400)::int as days,
          not exists (select from petitions o
            where o.group_id = p.group_id and o.opened_at is not null) as is_first
        from petitions p join groups on groups.id = p.group_id {_TITLE}
        where {WAITS_FOR_A_KEEPER}
        order by p.submitted_at, p.id
        """,
        language=language,
    )


async def texts(database: db.Database, petition_id: int) -> list[db.Record]:
    """The newest text in each language, the petition's first one first."""
    return await db.rows(
        database,
        """
        select * from (
          select distinct on (t.language) t.*, array_position(p.languages, t.language) as place
          from petition_texts t join petitions p on p.id = t.petition_id
          where t.petition_id = :petition_id
          order by t.language, t.version desc
        ) newest order by place nulls last, language
        """,
        petition_id=petition_id,
    )


async def group(database: db.Database, group_id: int) -> db.Record:
    """A group as its keeper sees it: since when, how many, what it did before."""
    return await db.one(
        database,
        """
        select g.name, g.slug, g.created_at,
          (select count(*) from memberships where group_id = g.id) as members,
          (select count(*) from petitions where group_id = g.id) as petitions,
          (select count(*) from petitions where group_id = g.id and state = 'rejected')
            as rejected,
          (select count(*) from petitions where group_id = g.id and state = 'removed') as removed
        from groups g where g.id = :group_id
        """,
        group_id=group_id,
    )


async def owners(database: db.Database, group_id: int) -> list[db.Record]:
    """Who answers for a group, and where they are reached."""
    return await db.rows(
        database,
        """
        select people.name, people.email from memberships
        join people on people.id = memberships.person_id
        where memberships.group_id = :group_id and memberships.role = 'owner'
        order by memberships.since, people.id
        """,
        group_id=group_id,
    )


async def decisions(database: db.Database, petition_id: int) -> list[db.Record]:
    """What was decided about it before, newest first."""
    return await db.rows(
        database,
        """
        select move, reason, words, language, at from decisions
        where petition_id = :petition_id order by at desc, id desc
        """,
        petition_id=petition_id,
    )


# --- lists --------------------------------------------------------------------------------


async def states(database: db.Database, language: str, patterns: list[str]) -> dict[str, int]:
    """How many petitions that hold these words are in each state."""
    found = await db.rows(
        database,
        f"""
        select petitions.state, count(*) as total
        from petitions join groups on groups.id = petitions.group_id
        where petitions.state <> 'draft' and {FOUND} group by 1
        """,
        language=language,
        patterns=patterns,
    )
    return {row["state"]: row["total"] for row in found}


async def petitions(
    database: db.Database, language: str, patterns: list[str], state: str | None, page: int
) -> list[db.Record]:
    """Those that hold these words, newest first; one more than a page, to tell whether there is
    another. Drafts are their groups' own."""
    return await db.rows(
        database,
        f"""
        select petitions.slug, petitions.state, petitions.opened_at, petitions.created_at,
          text.title, groups.name as group_name,
          (select coalesce(sum(online + paper), 0)::bigint from tallies
           where petition_id = petitions.id) as confirmed,
          (select count(*) from reports where petition_id = petitions.id
             and decided_at is null) as reports
        from petitions join groups on groups.id = petitions.group_id
        {_TITLE.replace("p.", "petitions.")}
        where petitions.state <> 'draft' and {FOUND}
          and (:state::text is null or petitions.state = :state)
        order by petitions.created_at desc, petitions.id desc
        limit {PAGE + 1} offset :skipped
        """,
        language=language,
        patterns=patterns,
        state=state,
        skipped=(page - 1) * PAGE,
    )


async def groups(database: db.Database, patterns: list[str], page: int) -> list[db.Record]:
    """Groups whose name holds these words, the most active first; one more than a page."""
    return await db.rows(
        database,
        f"""
        select g.name, g.slug, g.created_at, g.place,
          (select count(*) from memberships where group_id = g.id) as members,
          counted.petitions, counted.running, counted.slug as newest,
          (select max(sessions.seen_at) from sessions
           join memberships m on m.person_id = sessions.person_id
           where m.group_id = g.id) as seen_at,
          greatest(g.created_at, counted.at) as active_at
        from groups g
        cross join lateral (
          select count(*) as petitions, count(*) filter (where state = 'open') as running,
            max(greatest(created_at, opened_at, closed_at)) as at,
            (array_agg(slug order by id desc) filter (where state <> 'draft'))[1] as slug
          from petitions where group_id = g.id
        ) counted
        where :patterns::text[] = '{{}}' or folded(g.name) like all (:patterns::text[])
        order by active_at desc, g.id desc
        limit {PAGE + 1} offset :skipped
        """,
        patterns=patterns,
        skipped=(page - 1) * PAGE,
    )


# --- reports ------------------------------------------------------------------------------


async def add_report(database: db.Database, **values: Any) -> None:
    await db.run(
        database,
        """
        insert into reports (petition_id, reason, words, email, language)
        values (:petition_id, :reason, :words, :email, :language)
        """,
        **values,
    )


async def reported(database: db.Database, language: str) -> list[db.Record]:
    """Petitions with undecided reports, those that wait longest first, with all of them."""
    return await db.rows(
        database,
        f"""
        select p.slug, p.state, text.title, groups.name as group_name, said.*
        from (
          select petition_id, count(*) as total, min(at) as since,
            greatest(0, extract(epoch from now() - min(at)) / 86400)::int as days,
            jsonb_agg(jsonb_build_object('reason', reason, 'words', words, 'language', language,
              'at', at, 'answers', email <> '') order by at desc) as reports
          from reports where decided_at is null group by petition_id
        ) said
        join petitions p on p.id = said.petition_id
        join groups on groups.id = p.group_id {_TITLE}
        order by said.since
        """,
        language=language,
    )


async def settle(database: db.Database, petition_id: int, decision: str) -> list[db.Record]:
    """Every undecided report about it is decided; those of who wants an answer."""
    found = await db.rows(
        database,
        """
        update reports set decided_at = now(), decision = :decision
        where petition_id = :petition_id and decided_at is null
        returning id, email
        """,
        petition_id=petition_id,
        decision=decision,
    )
    return found


async def forget_reporters(database: db.Database, days: int) -> int:
    """A while after the decision nobody needs to know any more who said it, nor how."""
    return await db.run(
        database,
        """
        update reports set email = '', words = ''
        where decided_at < now() - make_interval(days => :days) and (email <> '' or words <> '')
        """,
        days=days,
    )


async def has_news(database: db.Database, minutes: int) -> bool:
    """Did something come for the keeper since the last letter about it, and is that long ago?"""
    return cast(
        bool,
        await db.value(
            database,
            f"""
            with told as (
              select coalesce(max(created_at), '-infinity') as at from letters
              where petition_id = 0 and kind = 'keeper_waits'
            )
            select told.at < now() - make_interval(mins => :minutes) and (
              exists (select from reports where decided_at is null and reports.at > told.at)
              or exists (select from petitions p where {WAITS_FOR_A_KEEPER}
                and greatest(p.submitted_at, (select max(t.at) from petition_texts t
                  where t.petition_id = p.id)) > told.at))
            from told
            """,
            minutes=minutes,
        ),
    )


async def slug_of_public(database: db.Database, slug: str) -> str | None:
    found = await db.value(
        database,
        """
        select slug from petitions
        where slug = :slug and state in ('open', 'closed', 'delivered', 'answered')
        """,
        slug=slug,
    )
    return cast("str | None", found)
