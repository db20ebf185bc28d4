"""People, and the groups that they own, as SQL."""

from typing import cast

from mobilise import db


async def role(database: db.Database, person_id: int, group_id: int) -> str | None:
    """The role of a person in a group; None for a stranger."""
    found = await db.value(
        database,
        """
        select role from memberships where group_id = :group_id and person_id = :person_id
        """,
        group_id=group_id,
        person_id=person_id,
    )
    return cast("str | None", found)


async def greet(database: db.Database, email: str, email_key: str, language: str) -> int | None:
    """The account of a mailbox under this very spelling, case aside.

    It takes over the language of its latest log-in.
    """
    found = await db.value(
        database,
        """
        update people set language = :language
        where email_key = :email_key and lower(email) = lower(:email)
        returning id
        """,
        language=language,
        email=email,
        email_key=email_key,
    )
    return cast("int | None", found)


async def add_person(
    database: db.Database, name: str, email: str, email_key: str, language: str
) -> None:
    """A new account, unless the mailbox has one."""
    await db.run(
        database,
        """
        insert into people (name, email, email_key, language)
        values (:name, :email, :email_key, :language)
        on conflict (email_key) do nothing
        """,
        name=name,
        email=email,
        email_key=email_key,
        language=language,
    )


async def key_of(database: db.Database, person_id: int) -> str:
    """The mailbox of an account, as it is compared."""
    return str(
        await db.value(
            database, "select email_key from people where id = :person_id", person_id=person_id
        )
    )


async def describe(database: db.Database, person_id: int, name: str, language: str) -> None:
    await db.run(
        database,
        "update people set name = :name, language = :language where id = :person_id",
        person_id=person_id,
        name=name,
        language=language,
    )


async def speak(database: db.Database, person_id: int, language: str) -> None:
    """In which language the desk and the letters are."""
    await db.run(
        database,
        "update people set language = :language where id = :person_id",
        person_id=person_id,
        language=language,
    )


async def lock_person(database: db.Database, person_id: int) -> None:
    """Until the transaction ends, this person does one thing at a time."""
    await db.value(
        database, "select id from people where id = :person_id for update", person_id=person_id
    )


async def owned_group(database: db.Database, person_id: int, name: str) -> int | None:
    found = await db.value(
        database,
        """
        select groups.id from groups
        join memberships on memberships.group_id = groups.id
        where memberships.person_id = :person_id and memberships.role = 'owner'
          and folded(groups.name) = folded(:name)
        order by groups.id limit 1
        """,
        person_id=person_id,
        name=name,
    )
    return cast("int | None", found)


async def owned_groups(database: db.Database, person_id: int) -> list[db.Record]:
    """The groups that this person owns, oldest first."""
    return await db.rows(
        database,
        """
        select groups.id, groups.name, groups.slug from groups
        join memberships on memberships.group_id = groups.id
        where memberships.person_id = :person_id and memberships.role = 'owner'
        order by groups.id
        """,
        person_id=person_id,
    )


async def hold_ownership(database: db.Database, person_id: int, group_id: int) -> bool:
    """Does this person own the group? If so, she does until the transaction ends."""
    found = await db.value(
        database,
        """
        select role from memberships
        where group_id = :group_id and person_id = :person_id and role = 'owner' for share
        """,
        group_id=group_id,
        person_id=person_id,
    )
    return found is not None


async def add_group(
    database: db.Database, slug: str, code: str, name: str, language: str
) -> int | None:
    """A group under the first free slug: name, name-2, name-3; None when just taken.

    `code`: letters by chance, that stand behind the hundredth of one name.
    """
    found = await db.value(
        database,
        """
        insert into groups (slug, name, language)
        select free.slug, :name, :language
        from (select :slug || case n when 1 then '' when 100 then '-' || :code
                              else '-' || n end as slug, n
              from generate_series(1, 100) n) free
        where not exists (select from groups where groups.slug = free.slug)
        order by n limit 1
        on conflict (slug) do nothing
        returning id
        """,
        slug=slug,
        code=code,
        name=name,
        language=language,
    )
    return cast("int | None", found)


async def describe_group(database: db.Database, group_id: int, about: str) -> None:
    """What a group says about itself."""
    await db.run(
        database,
        "update groups set about = :about where id = :group_id",
        about=about,
        group_id=group_id,
    )


async def add_member(database: db.Database, group_id: int, person_id: int, role: str) -> None:
    await db.run(
        database,
        """
        insert into memberships (group_id, person_id, role)
        values (:group_id, :person_id, :role)
        """,
        group_id=group_id,
        person_id=person_id,
        role=role,
    )
