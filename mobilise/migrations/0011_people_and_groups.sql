-- Invitations, sessions that say what they are, addresses that change, accounts that end.

alter table people
  add column seen_at timestamptz not null default now(),  -- when the account was last used
  add column warned_at timestamptz;        -- when it was told that unused accounts go

alter table sessions
  add column number bigint generated always as identity unique,  -- to name one on a page
  add column agent text not null default '';                     -- browser/system, in short

create table invitations (
  id bigint generated always as identity primary key,
  group_id bigint not null references groups on delete cascade,
  invited_by bigint references people on delete set null,
  email text not null,
  email_key text not null,
  role text not null check (role in ('owner', 'editor', 'clerk')),
  greeting text not null default '',
  language text not null,
  sent_at timestamptz not null default now(),
  ended_at timestamptz,
  how text check (how in ('accepted', 'declined', 'taken_back')),
  created_at timestamptz not null default now()
);
create unique index invitations_once on invitations (group_id, email_key) where ended_at is null;
create index invitations_email on invitations (email_key);

create table mailbox_changes (             -- both mailboxes agree before anything changes
  id bigint generated always as identity primary key,
  person_id bigint not null references people on delete cascade,
  session bytea not null,                  -- the one that goes on; all others end
  email text not null,
  email_key text not null,
  asked_at timestamptz not null default now(),
  new_agreed_at timestamptz,
  old_agreed_at timestamptz,
  ended_at timestamptz
);
create index mailbox_changes_person on mailbox_changes (person_id);

create table farewells (                   -- to whom one last letter goes
  id bigint generated always as identity primary key,
  email text not null,
  name text not null,
  language text not null,
  at timestamptz not null default now()
);
