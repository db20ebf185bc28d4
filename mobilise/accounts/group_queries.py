"""Groups and who is in them, as SQL. The last owner is guarded by the statements themselves."""

from typing import cast

from mobilise import db

# The owners of a group, locked in one order: of two who would leave it without one at the same
# moment, the second sees what the first has done. For statements that begin `with owners as (…)`.
_OWNERS = """
    owners as materialized (
      select person_id from memberships
      where group_id = :group_id and role = 'owner'
      order by person_id for update)
"""


async def of_person(database: db.Database, person_id: int) -> list[db.Record]:
    """The groups that this person is in, each with how many people and petitions it has."""
    return await db.rows(
        database,
        """
        select groups.id, groups.slug, groups.name, mine.role,
          (select count(*) from memberships m where m.group_id = groups.id) as people,
          (select count(*) from petitions p where p.group_id = groups.id) as petitions
        from memberships mine
        join groups on groups.id = mine.group_id
        where mine.person_id = :person_id
        order by folded(groups.name), groups.id
        """,
        person_id=person_id,
    )


async def group(database: db.Database, slug: str, person_id: int) -> db.Record | None:
    """A group with the role of this person in it; `role` is None for a stranger."""
    return await db.row(
        database,
        """
        select groups.id, groups.slug, groups.name, groups.about, groups.language, groups.place,
          mine.role
        from groups
        left join memberships mine on mine.group_id = groups.id and mine.person_id = :person_id
        where groups.slug = :slug
        """,
        slug=slug,
        person_id=person_id,
    )


async def members(database: db.Database, group_id: int) -> list[db.Record]:
    """Owners first, then by name."""
    return await db.rows(
        database,
        """
        select people.id, people.name, people.email, memberships.role, memberships.since
        from memberships join people on people.id = memberships.person_id
        where memberships.group_id = :group_id
        order by array_position(array['owner', 'editor', 'clerk'], memberships.role),
          folded(people.name), people.id
        """,
        group_id=group_id,
    )


async def member(database: db.Database, group_id: int, person_id: int) -> db.Record | None:
    return await db.row(
        database,
        """
        select people.id, people.name, people.email, memberships.role
        from memberships join people on people.id = memberships.person_id
        where memberships.group_id = :group_id and memberships.person_id = :person_id
        """,
        group_id=group_id,
        person_id=person_id,
    )


async def describe(
    database: db.Database, group_id: int, *, name: str, about: str, place: str, language: str
) -> None:
    """Who the group says it is. Its slug stays: it stands in addresses that people keep."""
    await db.run(
        database,
        """
        update groups set name = :name, about = :about, place = :place, language = :language
        where id = :group_id
        """,
        group_id=group_id,
        name=name,
        about=about,
        place=place,
        language=language,
    )


async def description(database: db.Database, group_id: int) -> db.Record:
    """What the group says about itself, held until the transaction ends."""
    return await db.one(
        database,
        "select name, about, place, language from groups where id = :group_id for update",
        group_id=group_id,
    )


async def change_role(database: db.Database, group_id: int, person_id: int, role: str) -> bool:
    """False when nobody of that number is in, or when it would leave the group without an owner."""
    return bool(
        await db.run(
            database,
            f"""
            with {_OWNERS}
            update memberships set role = :role::text
            where group_id = :group_id and person_id = :person_id
              and (role <> 'owner' or :role::text = 'owner' or (select count(*) from owners) > 1)
            """,
            group_id=group_id,
            person_id=person_id,
            role=role,
        )
    )


async def remove(database: db.Database, group_id: int, person_id: int) -> bool:
    """False when nobody of that number is in, or when it would leave the group without an owner."""
    return bool(
        await db.run(
            database,
            f"""
            with {_OWNERS}
            delete from memberships
            where group_id = :group_id and person_id = :person_id
              and (role <> 'owner' or (select count(*) from owners) > 1)
            """,
            group_id=group_id,
            person_id=person_id,
        )
    )


async def hand_over(database: db.Database, group_id: int, owner: int, to: int) -> bool:
    """The owner becomes an editor and the other one an owner, in one statement.

    False unless one of the two is an owner and the other is in the group: of two who hand over
    at once, the second is no owner any more.
    """
    return bool(
        await db.run(
            database,
            f"""
            with {_OWNERS},
            given as (
              update memberships set role = 'owner'
              where group_id = :group_id and person_id = :to
                and exists (select from owners where person_id = :owner)
              returning person_id)
            update memberships set role = 'editor'
            where group_id = :group_id and person_id = :owner and role = 'owner'
              and exists (select from given)
            """,
            group_id=group_id,
            owner=owner,
            to=to,
        )
    )


async def lock_owners(database: db.Database, person_id: int) -> None:
    """Until the transaction ends, the owners of this person's groups stay who they are."""
    await db.rows(
        database,
        """
        select person_id from memberships
        where role = 'owner' and group_id in (
          select group_id from memberships where person_id = :person_id and role = 'owner')
        order by group_id, person_id for update
        """,
        person_id=person_id,
    )


async def owned_alone(database: db.Database, person_id: int) -> list[db.Record]:
    """Groups whose last owner this person is: who else is in, and what runs."""
    return await db.rows(
        database,
        """
        select groups.id, groups.slug, groups.name,
          (select count(*) from memberships m
           where m.group_id = groups.id and m.person_id <> :person_id) as others,
          (select count(*) from petitions p where p.group_id = groups.id
             and p.state in ('submitted', 'open', 'suspended')) as running,
          (select count(*) from petitions p where p.group_id = groups.id
             and p.state = 'draft') as drafts,
          (select count(*) from petitions p where p.group_id = groups.id
             and p.state not in ('draft', 'submitted', 'open', 'suspended')) as ended
        from memberships mine join groups on groups.id = mine.group_id
        where mine.person_id = :person_id and mine.role = 'owner'
          and not exists (
            select from memberships other where other.group_id = groups.id
              and other.role = 'owner' and other.person_id <> :person_id)
        order by folded(groups.name), groups.id
        """,
        person_id=person_id,
    )


async def forget_deserted(database: db.Database) -> int:
    """Groups in which nobody is left, and that have no petition."""
    return await db.run(
        database,
        """
        delete from groups
        where not exists (select from memberships m where m.group_id = groups.id)
          and not exists (select from petitions p where p.group_id = groups.id)
        """,
    )


async def slug_of(database: db.Database, group_id: int) -> str | None:
    found = await db.value(
        database, "select slug from groups where id = :group_id", group_id=group_id
    )
    return cast("str | None", found)


async def deserted_drafts(database: db.Database) -> list[int]:
    """Drafts of groups in which nobody is left."""
    found = await db.rows(
        database,
        """
        select id from petitions p where p.state = 'draft'
          and not exists (select from memberships m where m.group_id = p.group_id)
        order by id
        """,
    )
    return [row["id"] for row in found]
