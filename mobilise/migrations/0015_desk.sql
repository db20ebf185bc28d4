-- What the desk of a petition asks: who did what, which letters left today.
create index audit_log_petition on audit_log (petition_id, id) where petition_id is not null;
-- Letters are made in the order of time: a page range a day is found without a tree.
create index letters_created on letters using brin (created_at) with (pages_per_range = 32);
