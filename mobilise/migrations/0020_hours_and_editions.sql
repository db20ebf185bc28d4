-- Hours of days that are over, as they are published: neighbours taken together until there are ten
-- signatures, never over midnight, because days are exact. What stands here was published.
alter table recounts add column hours_until date;  -- hours of days before this one stand in `hours`

create table hours (
  petition_id bigint not null,
  day date not null,
  from_hour smallint not null check (from_hour between 0 and 23),
  until_hour smallint not null check (until_hour between 1 and 24),
  confirmed int not null check (confirmed >= 0),
  primary key (petition_id, day, from_hour),
  check (from_hour < until_hour)
);
revoke update, delete, truncate on hours from mobilise_app;

-- By the clock on the wall: the hour that comes twice in autumn is one hour with both in it.
create function merged_hours(petition bigint, zone text, since date, until date)
returns table (day date, from_hour int, until_hour int, confirmed int)
language sql stable set search_path = public, pg_temp as $$
  with recursive counted as materialized (
    select (e.at at time zone zone)::date as day,
      extract(hour from e.at at time zone zone)::int as hour, count(*)::int as confirmed
    from count_events e
    where e.petition_id = petition and e.what = 'confirmed'
      and e.at >= since::timestamp at time zone zone and e.at < until::timestamp at time zone zone
    group by 1, 2
  ), walked as (
    select days.day, 0 as hour, 0 as block, coalesce(c.confirmed, 0) as together
    from (select distinct counted.day from counted) days
    left join counted c on c.day = days.day and c.hour = 0
    union all
    select w.day, w.hour + 1, w.block + (w.together >= 10)::int,
      case when w.together >= 10 then 0 else w.together end + coalesce(c.confirmed, 0)
    from walked w left join counted c on c.day = w.day and c.hour = w.hour + 1
    where w.hour < 23
  ), blocks as (
    select w.day, w.block, min(w.hour) as first, max(w.hour) + 1 as last,
      max(w.together) as confirmed
    from walked w group by w.day, w.block
  )
  -- The last of a day may hold fewer than ten: it goes with the one before it.
  select b.day, min(b.first), max(b.last), sum(b.confirmed)::int
  from blocks b
  group by b.day, b.block - (b.confirmed < 10 and b.block > 0)::int
  order by 1, 2
$$;

-- Editions that stay: what was published of a petition until the end of a day, as it was then.
create table editions (
  petition_id bigint not null references petitions on delete cascade,
  day date not null,
  version int not null check (version > 0),  -- 2 and up: made again, because something was wrong
  because text not null default '',
  made_at timestamptz not null default now(),
  primary key (petition_id, day, version),
  check ((version = 1) = (because = ''))
);
create table edition_files (
  petition_id bigint not null,
  day date not null,
  version int not null,
  name text not null,
  media_type text not null,
  licenses text[] not null,
  size bigint not null,
  sha256 text not null,                    -- its bytes are in the store
  primary key (petition_id, day, version, name),
  foreign key (petition_id, day, version) references editions on delete cascade
);
create index edition_files_sha256 on edition_files (sha256);
revoke update, delete, truncate on editions, edition_files from mobilise_app;
