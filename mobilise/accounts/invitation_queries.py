"""Invitations, as SQL: one open at a time for a mailbox and a group, taken up once."""

from datetime import timedelta
from typing import cast

from mobilise import db


async def invite(
    database: db.Database,
    *,
    group_id: int,
    by: int,
    typed: str,
    email_key: str,
    role: str,
    greeting: str,
    language: str,
) -> int:
    """An invitation, or the open one with new words. The letter goes to the account's own spelling
    of the address where there is an account: another spelling may be somebody else's mailbox."""
    return cast(
        int,
        await db.value(
            database,
            """
            insert into invitations
              (group_id, invited_by, email, email_key, role, greeting, language)
            values (:group_id, :by,
              coalesce((select email from people where email_key = :email_key), :typed),
              :email_key, :role, :greeting, :language)
            on conflict (group_id, email_key) where ended_at is null do update
            set invited_by = excluded.invited_by, email = excluded.email, role = excluded.role,
                greeting = excluded.greeting, sent_at = now()
            returning id
            """,
            group_id=group_id,
            by=by,
            typed=typed,
            email_key=email_key,
            role=role,
            greeting=greeting,
            language=language,
        ),
    )


async def waiting(database: db.Database, group_id: int) -> list[db.Record]:
    """What nobody took up yet, newest first."""
    return await db.rows(
        database,
        """
        select id, email, role, sent_at from invitations
        where group_id = :group_id and ended_at is null
        order by sent_at desc, id desc
        """,
        group_id=group_id,
    )


async def of_person(database: db.Database, person_id: int, valid: timedelta) -> list[db.Record]:
    """The invitations that wait for whoever is in."""
    return await db.rows(
        database,
        """
        select i.id, i.role, i.greeting, groups.name as group_name, inviter.name as inviter
        from people
        join invitations i on i.email_key = people.email_key
          and lower(i.email) = lower(people.email)
        join groups on groups.id = i.group_id
        left join people inviter on inviter.id = i.invited_by
        where people.id = :person_id and i.ended_at is null and i.sent_at > now() - :valid::interval
        order by i.id
        """,
        person_id=person_id,
        valid=valid,
    )


async def invitation(database: db.Database, invitation_id: int) -> db.Record | None:
    """What a link in a letter stands for, with the account that it would go to."""
    return await db.row(
        database,
        """
        select i.id, i.group_id, i.email, i.role, i.greeting, i.how, i.sent_at,
          now() - i.sent_at as age, groups.name as group_name, groups.slug as group_slug,
          coalesce(inviter.name, '') as inviter, account.id as person_id
        from invitations i
        join groups on groups.id = i.group_id
        left join people inviter on inviter.id = i.invited_by
        left join people account on account.email_key = i.email_key
        where i.id = :invitation_id
        """,
        invitation_id=invitation_id,
    )


async def send_again(database: db.Database, invitation_id: int, group_id: int) -> db.Record | None:
    """Another fourteen days; None when it is no open one of this group."""
    return await db.row(
        database,
        """
        update invitations set sent_at = now(),
          email = coalesce((select email from people p where p.email_key = invitations.email_key),
                           email)
        where id = :invitation_id and group_id = :group_id and ended_at is null
        returning id, email_key
        """,
        invitation_id=invitation_id,
        group_id=group_id,
    )


async def take_back(database: db.Database, invitation_id: int, group_id: int) -> bool:
    return bool(
        await db.run(
            database,
            """
            update invitations set ended_at = now(), how = 'taken_back'
            where id = :invitation_id and group_id = :group_id and ended_at is null
            """,
            invitation_id=invitation_id,
            group_id=group_id,
        )
    )


async def end_those_by(database: db.Database, group_id: int, person_id: int) -> None:
    """Whom somebody invited who has no say any more."""
    await db.run(
        database,
        """
        update invitations set ended_at = now(), how = 'taken_back'
        where group_id = :group_id and invited_by = :person_id and ended_at is null
        """,
        group_id=group_id,
        person_id=person_id,
    )


async def claim(
    database: db.Database, invitation_id: int, how: str, valid: timedelta
) -> db.Record | None:
    """Of all who take it up at once, one gets the row."""
    return await db.row(
        database,
        """
        update invitations set ended_at = now(), how = :how
        where id = :invitation_id and ended_at is null and sent_at > now() - :valid::interval
        returning group_id, email, email_key, role, language
        """,
        invitation_id=invitation_id,
        how=how,
        valid=valid,
    )


async def is_for(database: db.Database, invitation_id: int, person_id: int) -> bool:
    """Is it written to the mailbox of this account?"""
    return bool(
        await db.value(
            database,
            """
            select exists (
              select from invitations i join people on people.email_key = i.email_key
                and lower(people.email) = lower(i.email)
              where i.id = :invitation_id and people.id = :person_id)
            """,
            invitation_id=invitation_id,
            person_id=person_id,
        )
    )


async def person_of(database: db.Database, email: str, email_key: str) -> int | None:
    """The account of a mailbox under this very spelling, case aside."""
    found = await db.value(
        database,
        "select id from people where email_key = :email_key and lower(email) = lower(:email)",
        email=email,
        email_key=email_key,
    )
    return cast("int | None", found)


async def join(database: db.Database, group_id: int, person_id: int, role: str) -> bool:
    """False for who is in already: the role stays what it is."""
    return bool(
        await db.run(
            database,
            """
            insert into memberships (group_id, person_id, role)
            values (:group_id, :person_id, :role)
            on conflict do nothing
            """,
            group_id=group_id,
            person_id=person_id,
            role=role,
        )
    )


async def forget(database: db.Database, valid: timedelta) -> int:
    """What nobody took up in time, and what was taken up so long ago."""
    return await db.run(
        database,
        "delete from invitations where sent_at < now() - :valid::interval",
        valid=valid,
    )
