-- Since when no letter leaves, whatever the reason; empty again with the first one that is taken.
alter table streams add column wrong_since timestamptz;

-- The keeper's desk looks for the letters that did not go, and for the last backup.
create index letters_failed on letters (created_at desc) where state = 'failed';
create index audit_backups on audit_log (id desc) where deed = 'instance.backup';
