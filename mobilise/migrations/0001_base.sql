-- People who organise, their groups, petitions, signatures, letters, documents.
-- Every table that grows with signers has (petition_id, id) as its key, so that it can be
-- distributed by petition. Times are timestamptz, states are text with a CHECK.

-- Are two names one person's? Equal after folding, or two typing slips apart at most.
-- Here and not in the application, because the statement that signs decides it.
create function names_alike(a text, b text) returns boolean
language plpgsql immutable parallel safe as $$
declare
  rows_before int[];
  row_now int[];
  longest int := greatest(length(a), length(b));
begin
  if a = b then return true; end if;
  if abs(length(a) - length(b)) > 2 or longest > 120 or longest < 4 then return false; end if;
  rows_before := array(select generate_series(0, length(b)));
  for i in 1..length(a) loop
    row_now := array[i];
    for j in 1..length(b) loop
      row_now := row_now || least(
        row_now[j] + 1,
        rows_before[j + 1] + 1,
        rows_before[j] + case when substr(a, i, 1) = substr(b, j, 1) then 0 else 1 end);
    end loop;
    if (select min(x) from unnest(row_now) x) > 2 then return false; end if;
    rows_before := row_now;
  end loop;
  return rows_before[length(b) + 1] <= 2;
end $$;

-- Words for comparing and finding: case, accents and joining signs folded, as `prose.folded`
-- does it. Our own, because collations and `unaccent` differ between servers.
create function folded(words text) returns text
language sql immutable parallel safe as $$
  select trim(regexp_replace(lower(regexp_replace(normalize(
    translate(
      replace(replace(replace(replace(replace(words, 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'ae'),
        'œ', 'oe'), 'Œ', 'oe'),
      'øØłŁđĐı’‘`´-.', 'oollddi''''''''  '),
    nfkd), '[\u0300-\u036f]', '', 'g')), '\s+', ' ', 'g'))
$$;

-- accounts ------------------------------------------------------------------------------

create table people (
  id bigint generated always as identity primary key,
  name text not null,
  email text not null,
  email_key text not null unique,
  language text not null,
  created_at timestamptz not null default now()
);

create table groups (
  id bigint generated always as identity primary key,
  slug text not null unique,
  name text not null,
  about text not null default '',
  created_at timestamptz not null default now()
);

create table memberships (
  group_id bigint not null references groups on delete cascade,
  person_id bigint not null references people on delete cascade,
  role text not null check (role in ('owner', 'editor', 'clerk')),
  since timestamptz not null default now(),
  primary key (group_id, person_id)
);
create index memberships_person on memberships (person_id);

create table sessions (
  id bytea primary key,                    -- sha256 of what the cookie carries
  person_id bigint not null references people on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  fresh_at timestamptz not null default now()   -- when the mailbox was last proven
);
create index sessions_person on sessions (person_id);

create table login_tokens (
  id bigint generated always as identity primary key,
  purpose text not null check (purpose in ('login', 'start')),
  email text not null,
  email_key text not null,
  language text not null,
  nonce bytea not null,                    -- token and code are derived from it with the secret key
  browser bytea not null,                  -- sha256 of the cookie of the browser that asked
  draft jsonb,                             -- what was typed: the petition, or where to go next
  tries smallint not null default 0,
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index login_tokens_email on login_tokens (email_key, created_at);
create index login_tokens_browser on login_tokens (browser);

-- petitions -----------------------------------------------------------------------------

create table petitions (
  id bigint generated always as identity primary key,
  slug text not null unique,
  code text not null unique,               -- short, for /p/{code}
  group_id bigint not null references groups,
  person_id bigint references people on delete set null,
  state text not null default 'draft' check (state in
    ('draft', 'submitted', 'open', 'closed', 'delivered', 'answered',
     'rejected', 'suspended', 'removed')),
  goal int check (goal > 0),
  languages text[] not null,
  version int not null default 1,
  frozen_at timestamptz,                   -- first submitted signature
  opened_at timestamptz,
  closes_on date,
  closed_at timestamptz,
  picture text,                            -- sha256 of the hero picture in the store
  demo boolean not null default false,
  created_at timestamptz not null default now()
);
create index petitions_group on petitions (group_id);

create table petition_texts (
  petition_id bigint not null references petitions on delete cascade,
  language text not null,
  version int not null,
  title text not null,
  addressee text not null,
  body text not null,                      -- Markdown
  picture_alt text not null default '',
  note text not null default '',           -- what this version changed
  at timestamptz not null default now(),
  primary key (petition_id, language, version)
);

-- signatures ----------------------------------------------------------------------------

create sequence signature_ids;

create table signatures (
  petition_id bigint not null references petitions,
  id bigint not null default nextval('signature_ids'),
  seat smallint not null check (seat in (1, 2)),
  state text not null check (state in
    ('pending', 'held', 'confirmed', 'withdrawn', 'disowned', 'invalidated')),
  name text not null,
  name_key text not null,                  -- folded: case, accents, spaces
  email text not null,                     -- as sent
  email_key text not null,                 -- canonical, one mailbox one key
  postcode text not null,
  country text not null,
  area text,
  comment text not null default '',
  language text not null,
  version int not null,                    -- of the text that was read
  public_name boolean not null default false,
  updates boolean not null default false,
  consents jsonb not null,                 -- the wording and the time of each consent
  token_version int not null default 1,
  letter_attempt bigint,                   -- the attempt that last asked for a letter
  letter_at timestamptz,
  letter_kind text,
  letters_total smallint not null default 0,
  code_tries smallint not null default 0,
  marked boolean not null default false,   -- held by a person: not released by time
  created_at timestamptz not null default now(),
  confirmed_at timestamptz,
  confirmed_by text check (confirmed_by in ('button', 'same_browser', 'code', 'demo')),
  confirmed_after int,                     -- seconds since the letter was sent
  primary key (petition_id, id),
  unique (petition_id, email_key, seat)
) with (fillfactor = 80);
-- No index names `state`: a partial one made no update HOT. BRIN serves the expiry.
create index signatures_created on signatures using brin (created_at) with (pages_per_range = 32);

create sequence attempt_ids;

create table attempts (
  petition_id bigint not null,
  id bigint not null default nextval('attempt_ids'),
  signature_id bigint,                     -- null: nothing may be confirmed through this attempt
  outcome text not null,
  network bytea,                           -- keyed daily hash of the network prefix
  typed jsonb not null,                    -- the form, so that an address can be corrected
  tries smallint not null default 0,
  at timestamptz not null default now(),
  primary key (petition_id, id)
) with (fillfactor = 80);
create index attempts_at on attempts using brin (at) with (pages_per_range = 32);

create table count_events (
  petition_id bigint not null,
  id bigint generated always as identity,
  signature_id bigint not null,
  at timestamptz not null default now(),
  what text not null check (what in ('confirmed', 'withdrawn', 'invalidated', 'restored')),
  method text not null check (method in ('email', 'paper')),
  reason text,
  primary key (petition_id, id)
);
create index count_events_at on count_events (petition_id, at);

create table tallies (
  petition_id bigint not null,
  part smallint not null check (part between 0 and 15),
  online bigint not null default 0,
  paper bigint not null default 0,
  withdrawn bigint not null default 0,     -- taken back, ever; no part of the sum
  invalidated bigint not null default 0,
  primary key (petition_id, part)
) with (fillfactor = 50);

-- Every petition has its sixteen parts and its recount from the start.
create function petition_gets_its_tallies() returns trigger language plpgsql as $$
begin
  insert into tallies (petition_id, part) select new.id, part from generate_series(0, 15) part;
  insert into recounts (petition_id) values (new.id);
  return null;
end $$;
create trigger petition_gets_its_tallies after insert on petitions
  for each row execute function petition_gets_its_tallies();

create table days (
  petition_id bigint not null,
  day date not null,
  method text not null check (method in ('email', 'paper')),
  confirmed int not null default 0,
  withdrawn int not null default 0,
  invalidated int not null default 0,
  restored int not null default 0,
  primary key (petition_id, day, method)
);

create table recounts (
  petition_id bigint primary key,
  at timestamptz not null default now(),
  drift bigint not null default 0,         -- tallies minus events; published, and 0
  folded_until date,                       -- days before this one stand in `days`
  pending int not null default 0,          -- of the last full hour
  pending_at timestamptz
);

-- mail ----------------------------------------------------------------------------------

create table letters (
  petition_id bigint not null default 0,   -- 0: a letter that belongs to no petition
  id bigint generated always as identity,
  kind text not null,
  signature_id bigint,
  attempt_id bigint,
  login_id bigint,
  note_id bigint,
  recipient bytea not null,                -- keyed hash of the canonical address
  priority smallint not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'dropped', 'failed')),
  due_at timestamptz not null default now(),
  claimed_until timestamptz,
  tries smallint not null default 0,
  sent_at timestamptz,
  last_code int,
  last_error text,
  created_at timestamptz not null default now(),
  primary key (petition_id, id)
) with (fillfactor = 70);
create index letters_waiting on letters (priority, due_at) where state = 'waiting';
-- No second letter of a kind while one is unsent.
create unique index letters_once on letters (petition_id, signature_id, kind)
  where state = 'waiting' and signature_id is not null;
create index letters_recipient on letters (recipient, created_at);

create table notes (                       -- what visitors wrote in the contact form
  id bigint generated always as identity primary key,
  name text not null,
  email text not null,
  message text not null,
  language text not null,
  at timestamptz not null default now()
);

create table subscriptions (
  petition_id bigint not null,
  email_key text not null,
  email text not null,
  language text not null,
  since timestamptz not null default now(),
  ended_at timestamptz,
  primary key (petition_id, email_key)
);

create table suppressions (
  recipient bytea primary key,             -- keyed hash of the canonical address
  reason text not null check (reason in ('bounced', 'disowned', 'asked', 'complaint')),
  at timestamptz not null default now()
);

create table streams (                     -- mail as a whole: paused when the relay refuses us
  name text primary key,
  paused_until timestamptz,
  last_code int,
  last_error text,
  at timestamptz not null default now()
);

-- documents -----------------------------------------------------------------------------

create table documents (
  petition_id bigint not null references petitions,
  id bigint generated always as identity,
  title text not null,
  note text not null default '',
  source text not null default '',
  dated date,
  name text not null,                      -- file name as offered for download
  kind text not null,                      -- pdf, png, jpg, webp, csv, xlsx, ods, docx, odt, geojson, txt
  size bigint not null,
  sha256 text not null,
  pages int,
  position int not null default 0,
  added_by bigint references people on delete set null,
  added_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  primary key (petition_id, id)
);
create index documents_sha256 on documents (sha256);

-- audit ---------------------------------------------------------------------------------

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  person_id bigint,                        -- null: the software itself
  petition_id bigint,
  deed text not null,
  details jsonb not null default '{}',
  previous bytea not null,
  hash bytea not null
);

-- limits --------------------------------------------------------------------------------

create unlogged table buckets (
  key bytea primary key,
  tokens double precision not null,
  at timestamptz not null default now()
) with (fillfactor = 50);
