"""What letters to people with an account are written from, read at the last moment."""

from mobilise import db


async def contents(database: db.Database, letters: list[db.Record]) -> list[db.Record]:
    """Each claimed letter with its person, petition and group; absent things are null.

    `details`: what the letter is about, as its kind has it: the row that `letters.about` numbers.
    """
    return await db.rows(
        database,
        """
        select l.petition_id, l.id, l.kind, l.tries, l.recipient, l.about,
          coalesce(people.email, details.said ->> 'email') as email,
          coalesce(people.name, details.said ->> 'name') as name,
          coalesce(people.language, details.said ->> 'language') as language,
          petitions.slug, petitions.state as petition_state, text.title, text.addressee,
          coalesce(groups.name, details.said ->> 'group_name') as group_name,
          details.said as details,
          l.created_at < now() - interval '14 days' as too_old,
          (select x.reason from suppressions x where x.recipient = l.recipient) as suppressed
        from unnest(:petitions::bigint[], :ids::bigint[]) as claimed (petition_id, id)
        join letters l on l.petition_id = claimed.petition_id and l.id = claimed.id
        left join people on people.id = l.person_id
        left join petitions on petitions.id = l.petition_id
        left join groups on groups.id = petitions.group_id
        left join lateral (
          select case l.kind
            when 'invitation' then (
              select jsonb_build_object('email', coalesce(account.email, i.email),
                'name', coalesce(account.name, ''),
                'language', coalesce(account.language, i.language), 'group_name', g.name,
                'role', i.role, 'greeting', i.greeting, 'inviter', coalesce(inviter.name, ''))
              from invitations i join groups g on g.id = i.group_id
              left join people inviter on inviter.id = i.invited_by
              left join people account on account.email_key = i.email_key
              where i.id = l.about and i.ended_at is null)
            when 'handed_over' then (
              select jsonb_build_object('group_name', g.name, 'group_slug', g.slug)
              from groups g where g.id = l.about)
            when 'account_new_address' then (
              select jsonb_build_object('email', c.email, 'name', p.name, 'language', p.language)
              from mailbox_changes c join people p on p.id = c.person_id
              where c.id = l.about and c.ended_at is null and not exists (
                select from people other
                where other.email_key = c.email_key and other.id <> c.person_id))
            when 'account_old_address' then (
              select jsonb_build_object('new_email', c.email)
              from mailbox_changes c where c.id = l.about and c.ended_at is null)
            when 'account_erased' then (
              select jsonb_build_object('email', f.email, 'name', f.name, 'language', f.language)
              from farewells f where f.id = l.about)
            when 'resume' then (
              select jsonb_build_object('email', starts.email, 'language', starts.language,
                'title', coalesce(starts.words ->> 'title', ''))
              from starts where starts.id = l.about)
            when 'my_signatures' then (
              select jsonb_build_object(
                'language', (array_agg(s.language order by s.id desc))[1],
                'signatures', jsonb_agg(jsonb_build_object('petition_id', s.petition_id,
                  'id', s.id, 'token_version', s.token_version, 'state', s.state, 'name', s.name,
                  'email', s.email, 'email_key', s.email_key, 'title', its.title) order by s.id))
              from (select distinct sent.petition_id, sent.signature_id from letters sent
                where sent.recipient = l.recipient and sent.signature_id is not null
                union
                select c.petition_id, c.signature_id from letters sent
                join address_changes c on c.petition_id = sent.petition_id and c.id = sent.about
                where sent.recipient = l.recipient and sent.kind = 'new_address') known
              join signatures s on s.petition_id = known.petition_id and s.id = known.signature_id
                and s.state in ('pending', 'confirmed') and s.email <> ''
              join petitions its_own on its_own.id = s.petition_id
              cross join lateral (
                select title from petition_texts t where t.petition_id = s.petition_id
                order by t.language = s.language desc,
                  array_position(its_own.languages, t.language), t.version desc limit 1) its)
            when 'new_address' then (
              select jsonb_build_object('email', c.email, 'name', s.name, 'language', s.language)
              from address_changes c
              join signatures s on s.petition_id = c.petition_id and s.id = c.signature_id
                and s.token_version = c.token_version and s.state = 'confirmed'
              where c.petition_id = l.petition_id and c.id = l.about)
            when 'question_confirm' then (
              select jsonb_build_object('email', q.email, 'name', q.name, 'language', q.language)
              from questions q where q.petition_id = l.petition_id and q.id = l.about
                and q.state = 'unproven')
            when 'question_asked' then (
              select jsonb_build_object('asker', q.name, 'question', q.question)
              from questions q where q.petition_id = l.petition_id and q.id = l.about
                and q.state = 'waiting')
            when 'question_answered' then (
              select jsonb_build_object('email', q.email, 'name', q.name, 'language', q.language,
                'question', q.question, 'answer', q.answer)
              from questions q where q.petition_id = l.petition_id and q.id = l.about
                and q.state = 'answered')
            when 'keeper_waits' then (
              select jsonb_build_object('language', (select language from people where keeper
                  order by id limit 1),
                'queue', (select count(*) from petitions p where p.state = 'submitted'
                  and (p.cleared_at is null or exists (select from petition_texts t
                    where t.petition_id = p.id and t.at > p.cleared_at))),
                'reports', (select count(*) from reports where decided_at is null)))
            when 'report_answered' then (
              select jsonb_build_object('email', r.email, 'language', r.language,
                'decision', r.decision)
              from reports r where r.petition_id = l.petition_id and r.id = l.about
                and r.email <> '')
            when 'cleared' then jsonb_build_object('day', petitions.opens_on)
            when 'closes_soon' then jsonb_build_object('day', petitions.closes_on)
            else (
              select jsonb_build_object('reason', d.reason, 'words', d.words, 'same_as', d.same_as)
              from decisions d where d.petition_id = l.petition_id and d.id = l.about
                and l.kind in ('sent_back', 'rejected', 'suspended', 'resumed', 'removed'))
          end as said
        ) details on true
        left join lateral (
          select title, addressee from petition_texts t where t.petition_id = petitions.id
          order by t.language = coalesce(people.language, details.said ->> 'language') desc,
            array_position(petitions.languages, t.language), t.version desc limit 1) text on true
        order by l.priority, l.due_at
        """,
        petitions=[letter["petition_id"] for letter in letters],
        ids=[letter["id"] for letter in letters],
    )
