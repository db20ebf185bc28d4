-- What a signer can do afterwards, comments that the group lets through, questions to the group.

-- A comment waits while both are null. Neither index names a column that confirming changes.
alter table signatures
  add column comment_shown_at timestamptz,  -- the group let it through
  add column comment_aside_at timestamptz;  -- the group put it aside
create index signatures_comments_shown on signatures (petition_id, comment_shown_at)
  where comment_shown_at is not null;
create index signatures_comments_aside on signatures (petition_id, comment_aside_at)
  where comment_aside_at is not null;
create index signatures_comments_waiting on signatures (petition_id, id)
  where comment <> '' and comment_shown_at is null and comment_aside_at is null;

create table address_changes (             -- where a signature is to go, until its button is pressed
  petition_id bigint not null,
  id bigint generated always as identity,
  signature_id bigint not null,
  token_version int not null,              -- of the signature, when it was asked
  email text not null,
  email_key text not null,
  at timestamptz not null default now(),
  primary key (petition_id, id)
);

create table questions (
  petition_id bigint not null references petitions on delete cascade,
  id bigint generated always as identity,
  state text not null default 'unproven' check (state in
    ('unproven', 'waiting', 'answered', 'aside')),  -- unproven: the mailbox has not said yes yet
  name text not null,
  email text not null,
  email_key text not null,
  language text not null,
  question text not null,
  may_show boolean not null default false, -- the asker agrees that it is shown, with a first name
  shown boolean not null default false,    -- and the group wishes it
  answer text not null default '',
  at timestamptz not null default now(),
  proven_at timestamptz,
  answered_at timestamptz,
  primary key (petition_id, id)
);
create index questions_state on questions (petition_id, state, id);
