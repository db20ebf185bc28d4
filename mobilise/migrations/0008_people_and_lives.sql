-- Keepers, fresh log-ins, what a petition needs for its whole life, letters to groups.

alter table people add column keeper boolean not null default false;

-- In which language the group writes about itself, and where it lives.
alter table groups
  add column language text not null default 'nl',
  add column place text not null default '';

alter table petitions
  add column opens_on date,                -- publish on that day, from midnight in our zone
  add column postcodes text[] not null default '{}',  -- who may sign; none: everybody
  add column minimum_age smallint check (minimum_age between 1 and 120),
  add column picture_narrow text,          -- the same picture for a phone, sha256 in the store
  add column picture_focus smallint[] not null default '{50,50}'
    check (array_length(picture_focus, 1) = 2),  -- per cent from the left and from the top
  add column suspended_from text;          -- the state to go back to

-- `about`: number of the row that a letter tells of; its kind says in which table.
alter table letters
  add column person_id bigint,
  add column about bigint;

-- Somebody proves a mailbox for more than coming in and starting.
alter table login_tokens drop constraint login_tokens_purpose_check;
