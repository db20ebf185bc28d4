-- With the signers go the addresses that news went to. And an event counts as written into `days`
-- only where that is so in every time zone: midnight comes up to fourteen hours before UTC's.
create or replace function forget_signers() returns setof bigint
language plpgsql security definer set search_path = public as $$
begin
  return query
  with over as materialized (
    select p.id from petitions p join recounts r on r.petition_id = p.id
    where r.erased_at is null and p.state not in ('draft', 'submitted', 'open')
      and least(p.closed_at + interval '6 months', p.opened_at + interval '21 months') < now()
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
