-- The whole life of a petition: when it opens by itself, what a keeper decided and why, the
-- hand-over and the answer, and what visitors report.

alter table petitions
  add column submitted_at timestamptz,     -- handed in: to be read, or to wait for its day
  add column cleared_at timestamptz,       -- texts until then may open; infinity: nobody reads them
  add column warned_at timestamptz,        -- the group was told that it closes soon
  add column delivered_on date,            -- the day of the hand-over, as the group says
  add column delivered_at timestamptz,     -- when the group said so: retention runs from here
  add column answered_on date;

create table decisions (                   -- of a keeper, for the group and in part for everybody
  petition_id bigint not null references petitions on delete cascade,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  move text not null,
  reason text not null default '',         -- a code; its sentence stands in the code, translated
  same_as text not null default '',        -- slug of the petition that asks the same
  words text not null default '',          -- the keeper's own
  language text not null,                  -- of these words
  primary key (petition_id, id)
);

create table reports (                     -- what visitors think is wrong with a petition
  petition_id bigint not null references petitions on delete cascade,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  reason text not null,
  words text not null default '',
  email text not null default '',          -- erased a month after the decision
  language text not null,
  decided_at timestamptz,
  decision text check (decision in ('nothing', 'suspend', 'remove')),
  primary key (petition_id, id)
);
create index reports_undecided on reports (at) where decided_at is null;

-- A petition takes its counters with it, as it brought them; only a draft is ever deleted.
create function petition_takes_its_tallies() returns trigger language plpgsql as $$
begin
  delete from tallies where petition_id = old.id;
  delete from recounts where petition_id = old.id;
  return null;
end $$;
create trigger petition_takes_its_tallies after delete on petitions
  for each row execute function petition_takes_its_tallies();
alter table documents drop constraint documents_petition_id_fkey;
alter table documents add constraint documents_petition_id_fkey
  foreign key (petition_id) references petitions on delete cascade;

-- Thirty days after the hand-over the people go, where that comes first.
create or replace function forget_signers() returns setof bigint
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query
  with over as materialized (
    select p.id from petitions p join recounts r on r.petition_id = p.id
    where r.erased_at is null and p.state not in ('draft', 'submitted', 'open')
      and least(p.closed_at + interval '6 months', p.opened_at + interval '21 months',
                p.delivered_at + interval '30 days') < now()
      and not exists (select from count_events e
        where e.petition_id = p.id
          and e.at >= coalesce(r.folded_until, '-infinity'::date)::timestamp at time zone 'UTC'
                      - interval '14 hours')
    for update of r
  ), attempts_gone as (
    delete from attempts using over where attempts.petition_id = over.id
  ), letters_gone as (
    delete from letters using over where letters.petition_id = over.id
  ), subscriptions_gone as (
    delete from subscriptions using over where subscriptions.petition_id = over.id
  ), events_gone as (
    delete from count_events using over where count_events.petition_id = over.id
  ), signatures_gone as (
    delete from signatures using over where signatures.petition_id = over.id
  )
  update recounts set erased_at = now() from over
  where recounts.petition_id = over.id
  returning recounts.petition_id;
end $$;
