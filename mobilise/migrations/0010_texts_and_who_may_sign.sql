-- What kind of version each text is, and postcodes that decide who may sign.

alter table petition_texts
  add column kind text not null default 'first'
    check (kind in ('first', 'change', 'correction', 'translation'));
update petition_texts set kind = 'change' where version > 1;

-- `places`: 'BE 2060' or 'BE 2140-2180', as petitions.eligibility writes them; none is everywhere.
-- Here and not in the application alone, because the statement that signs decides it.
create function lives_within(places text[], country text, postcode text) returns boolean
language sql immutable parallel safe as $$
  select places = '{}' or exists (
    select from unnest(places) place
    where left(place, 2) = country
      and length(postcode) = length(split_part(substr(place, 4), '-', 1))
      and postcode collate "C" >= split_part(substr(place, 4), '-', 1)
      and postcode collate "C" <= split_part(place || '-' || substr(place, 4), '-', 2))
$$;
