-- A petition while it is written, kept from its first page on; finding petitions alike; pictures.

create table starts (
  id bigint generated always as identity primary key,
  person_id bigint references people on delete cascade,  -- once its writer is logged in
  language text not null,                  -- of the page on which title and text were written
  words jsonb not null,                    -- what was typed, by field, as it was typed
  email text,                              -- where a letter to go on was last asked for
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create index starts_person on starts (person_id);
create index starts_changed on starts (changed_at);

-- Word for word, so that a search for petitions alike reads no text that shares none.
create index petition_texts_words on petition_texts
  using gin (to_tsvector('simple'::regconfig, folded(title)));

-- Every picture that was put in the store; who shows it says so in a row of its own.
create table pictures (
  sha256 text primary key,
  at timestamptz not null default now()
);
