-- All petitions as they stood when a month began: codes, days and numbers, no words.
create table snapshots (
  month date primary key check (extract(day from month) = 1),
  made_at timestamptz not null default now()
);
create table snapshot_files (
  month date not null references snapshots,
  name text not null,
  media_type text not null,
  size bigint not null check (size > 0),
  sha256 text not null,
  primary key (month, name)
);
create index snapshot_files_sha256 on snapshot_files (sha256);
revoke update, delete, truncate on snapshots, snapshot_files from mobilise_app;
