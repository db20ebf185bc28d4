-- Names of those who asked for it, by alphabet: in C order, the same on every server. The
-- predicate names no column that confirming changes, so no index notices a confirmation.
create index signatures_names on signatures (petition_id, name_key collate "C", id)
  where public_name;
