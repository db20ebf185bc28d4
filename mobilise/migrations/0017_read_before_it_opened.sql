-- Whether a keeper read this very petition before it opened: what he read stays as it was. How
-- petitions are read by now says nothing about one that opened before, or as a group's second.

alter table petitions
  add column read_at timestamptz;          -- a keeper had read it as it opened

update petitions p set read_at = p.opened_at
where p.opened_at is not null and (
  exists (select from audit_log
    where audit_log.petition_id = p.id and audit_log.deed = 'petition.let_open'
      and audit_log.details ->> 'by' = 'keeper')
  or (p.cleared_at < 'infinity' and not exists (select from petition_texts t
    where t.petition_id = p.id and t.at > p.cleared_at and t.at <= p.opened_at)));
