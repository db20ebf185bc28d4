"""What letters are written from: read at the last moment, so that nothing stale is sent."""

from mobilise import db


async def contents(database: db.Database, letters: list[db.Record]) -> list[db.Record]:
    """Each claimed letter with everything it may say; absent things are null.

    A text is read in the language of the signer, else in the first language of the petition.
    """
    return await db.rows(
        database,
        """
        select l.petition_id, l.id, l.kind, l.tries, l.recipient,
          l.signature_id, s.state, s.name, s.email, s.token_version, s.confirmed_at,
          coalesce(s.language, n.language, g.language) as language,
          p.slug, p.state as petition_state, p.version, text.title, text.addressee,
          groups.name as group_name,
          n.id as login_id, n.email as login_email, n.nonce, n.purpose, n.used_at,
          exists (select from people where people.email_key = n.email_key) as has_account, n.draft,
          g.name as writer, g.email as writer_email, g.message,
          l.created_at < now() - interval '48 hours' as too_old,
          (select x.reason from suppressions x where x.recipient = l.recipient) as suppressed
        from unnest(:petitions::bigint[], :ids::bigint[]) as claimed (petition_id, id)
        join letters l on l.petition_id = claimed.petition_id and l.id = claimed.id
        left join signatures s on s.petition_id = l.petition_id and s.id = l.signature_id
        left join petitions p on p.id = l.petition_id
        left join groups on groups.id = p.group_id
        left join lateral (
          select title, addressee from petition_texts t where t.petition_id = p.id
          order by t.language = s.language desc, array_position(p.languages, t.language),
            t.version desc limit 1) text on true
        left join login_tokens n on n.id = l.login_id
        left join notes g on g.id = l.note_id
        order by l.priority, l.due_at
        """,
        petitions=[letter["petition_id"] for letter in letters],
        ids=[letter["id"] for letter in letters],
    )


async def unsubscribe(database: db.Database, petition_id: int, recipient_key: str) -> bool:
    """Ends the news of one petition for one mailbox; True when there was any."""
    return bool(
        await db.run(
            database,
            """
            update subscriptions set ended_at = now()
            where petition_id = :petition_id and email_key = :email_key and ended_at is null
            """,
            petition_id=petition_id,
            email_key=recipient_key,
        )
    )


async def stop_all(database: db.Database, recipient: bytes) -> None:
    """No letter of this site goes to this mailbox any more."""
    await db.run(
        database,
        """
        insert into suppressions (recipient, reason) values (:recipient, 'asked')
        on conflict (recipient) do update set reason = 'asked', at = now()
        """,
        recipient=recipient,
    )


async def let_in_again(database: db.Database, recipient: bytes) -> None:
    """Whoever asked for silence may end it; a bounced address stays closed."""
    await db.run(
        database,
        "delete from suppressions where recipient = :recipient and reason = 'asked'",
        recipient=recipient,
    )


async def title(database: db.Database, petition_id: int, language: str) -> str | None:
    """The title of a petition for a page that knows only its number."""
    found = await db.value(
        database,
        """
        select t.title from petition_texts t join petitions p on p.id = t.petition_id
        where p.id = :petition_id
        order by t.language = :language desc, t.version desc limit 1
        """,
        petition_id=petition_id,
        language=language,
    )
    return None if found is None else str(found)
