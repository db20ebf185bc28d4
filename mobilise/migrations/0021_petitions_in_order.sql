-- Lists of all petitions are read newest first, a part at a time.
create index petitions_opened on petitions (opened_at desc, id desc) where opened_at is not null;
