-- Signatures by place and by language: weekly tables that never change, and what decides them.

create table area_editions (               -- postcodes with their municipalities, as a table used them
  id bigint generated always as identity primary key,
  digest text not null unique,
  pairs jsonb not null,                    -- {"BE-2060": ["11002"], …}
  at timestamptz not null default now()
);

create table area_releases (
  petition_id bigint not null,
  number int not null check (number > 0),
  edition_id bigint not null references area_editions,
  day date not null,                       -- counted to its end
  at timestamptz not null default now(),
  primary key (petition_id, number)
);

-- What may be seen, rounded. No number below ten can stand here, whoever writes it.
create table area_release_rows (
  petition_id bigint not null,
  number int not null,
  level text not null check (level in ('municipality', 'postcode', 'country', 'language')),
  parent text not null default '',
  code text not null,
  confirmed int not null check (confirmed >= 10 and confirmed % 5 = 0),
  primary key (petition_id, number, level, parent, code),
  foreign key (petition_id, number) references area_releases (petition_id, number)
);
revoke update, delete, truncate on area_releases, area_release_rows from mobilise_app;

-- The exact counts behind the newest table, which the next one is checked against; private, and
-- gone when no next one will come.
create table area_states (
  petition_id bigint primary key references petitions on delete cascade,
  number int not null,
  edition_id bigint not null references area_editions,
  exact jsonb not null
);

create table area_pairs (                  -- loaded by the keeper: Dutch postcodes
  postcode text not null,                  -- NL-1011
  municipality text not null,              -- GM0363
  primary key (postcode, municipality)
);

create table area_figures (                -- loaded by the keeper: names and inhabitants
  code text primary key,
  country text not null,
  name text not null default '',
  population int check (population >= 0),
  population_year int
);

create table area_shapes (                 -- loaded by the keeper: outlines, GeoJSON
  code text primary key,
  geometry jsonb not null
);

-- What everybody may read: the tables of what can be read itself. One is the last when the exact
-- counts are gone.
create view public_areas as
select r.petition_id, r.number, r.day,
  not exists (select from area_states s where s.petition_id = r.petition_id)
    and not exists (select from area_releases newer
      where newer.petition_id = r.petition_id and newer.number > r.number) as is_last,
  w.level, w.parent, w.code, w.confirmed
from area_releases r
join petitions p on p.id = r.petition_id and p.state in ('open', 'closed', 'delivered', 'answered')
left join area_release_rows w using (petition_id, number);
revoke insert, update, delete on public_areas from mobilise_app;
grant select on public_areas to mobilise_app;
