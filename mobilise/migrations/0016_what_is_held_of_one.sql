-- Whoever signed may download what is held, and have it erased: found without reading what
-- everybody did. Numbers are given out in the order of time, so a range of pages holds few of them;
-- a tree would cost each confirmation an entry at a place of its own.
create index count_events_signature on count_events
  using brin (signature_id int8_minmax_multi_ops) with (pages_per_range = 32);
create index attempts_signature on attempts
  using brin (signature_id int8_minmax_multi_ops) with (pages_per_range = 32);
create index letters_signature on letters
  using brin (signature_id int8_minmax_multi_ops) with (pages_per_range = 32);
