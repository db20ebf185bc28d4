-- The dossier: sections, versions of a document, and the pages that people read and search.

create table sections (
  petition_id bigint not null references petitions on delete cascade,
  id bigint generated always as identity,
  title text not null,
  about text not null default '',          -- one line under the title
  position int not null default 0,
  primary key (petition_id, id)
);

alter table documents
  add column section_id bigint,            -- none: it stands with the others at the end
  add column entry text not null default 'file'
    check (entry in ('file', 'link', 'elsewhere')),  -- a link elsewhere; a plan to consult elsewhere
  add column language text not null default 'simple'
    check (language in ('nl', 'fr', 'de', 'en', 'simple')),
  add column rights text not null default 'unknown'
    check (rights in ('own', 'official', 'permission', 'study', 'view_only', 'unknown')),
  add column address text not null default '',   -- where it was found; of a link, where it leads
  add column archived text not null default '',  -- the same, kept by an archive
  add column received_on date,
  add column consult text not null default '',   -- where one may look at what is not here
  add column checked text not null default '',   -- what was looked through for data about people
  add column withdrawn_because text not null default '',
  add foreign key (petition_id, section_id) references sections (petition_id, id)
    on delete set null (section_id);

create table document_versions (
  petition_id bigint not null,
  document_id bigint not null,
  number int not null check (number > 0),
  name text not null,                      -- file name as offered for download
  kind text not null,                      -- pdf, png, jpg, webp, csv, xlsx, ods, docx, odt, geojson, txt
  size bigint not null,                    -- of the original, in bytes
  sha256 text not null,                    -- of the original; where it is kept, nobody but the group gets it
  original_is_kept boolean not null default true,
  published text,                          -- checksum of the copy for everybody; null until it is made
  published_size bigint,
  pages int,                               -- null where there are none, or nobody counted yet
  state text not null default 'waiting' check (state in ('waiting', 'ready', 'failed')),
  failure text not null default '',        -- a word of `kinds.REFUSED`
  because text not null default '',        -- why it came in the place of the one before
  redacted boolean not null default false,
  texts jsonb,                             -- page → its words, where they were made unreadable in part
  added_by bigint references people on delete set null,
  added_at timestamptz not null default now(),
  closed_at timestamptz,                   -- its bytes are gone: redacted, or withdrawn
  closed_because text not null default '',
  primary key (petition_id, document_id, number),
  foreign key (petition_id, document_id) references documents (petition_id, id) on delete cascade
);
create index document_versions_published on document_versions (published);
create index document_versions_sha256 on document_versions (sha256);
create index document_versions_waiting on document_versions (added_at) where state = 'waiting';

create table document_pages (
  petition_id bigint not null,
  document_id bigint not null,
  version int not null,
  page int not null check (page > 0),
  title text not null default '',          -- of a sheet or a chapter
  width int,                               -- of the picture, in dots
  height int,
  points int,                              -- longer side of the page itself, 72 to an inch
  picture text,                            -- checksum of the JPEG
  small text,                              -- and of the one for lists
  text text not null default '',
  boxes bytea,                             -- where the words of `text` stand on the picture
  cells jsonb,                             -- the first rows of a table
  total int,                               -- all of its rows
  words tsvector,                          -- null: not searched, because there is a newer version
  primary key (petition_id, document_id, version, page),
  foreign key (petition_id, document_id, version)
    references document_versions (petition_id, document_id, number) on delete cascade
);
create index document_pages_words on document_pages using gin (words) with (fastupdate = off);
create index document_pages_picture on document_pages (picture);
create index document_pages_small on document_pages (small);

-- What stood here so far is the first version of each; its copy and its pages are made anew.
insert into document_versions (petition_id, document_id, number, name, kind, size, sha256,
  original_is_kept, pages, added_by, added_at, closed_at)
select petition_id, id, 1, name, kind, size, sha256, withdrawn_at is null, pages, added_by,
  added_at, withdrawn_at
from documents;
update document_versions set state = 'ready', published = sha256, published_size = size
where closed_at is not null;
alter table documents
  drop column name, drop column kind, drop column size, drop column sha256, drop column pages;

create table redaction_marks (             -- what a group is about to make unreadable
  petition_id bigint not null,
  document_id bigint not null,
  id bigint generated always as identity,
  version int not null,
  page int not null,
  corner int[] not null,                   -- left and top, in 65,535ths of width and height
  opposite int[],                          -- right and bottom; null until the second corner is shown
  primary key (petition_id, document_id, id),
  foreign key (petition_id, document_id, version)
    references document_versions (petition_id, document_id, number) on delete cascade
);

create table uploads_under_way (           -- how far an upload is, for the screen of who sends it
  person_id bigint not null references people on delete cascade,
  ticket text not null,
  received bigint not null default 0,
  whole bigint,                            -- bytes of the body, where the browser said so
  at timestamptz not null default now(),
  primary key (person_id, ticket)
);

-- What everybody reads of a document: its newest version with a copy, else the newest one.
create view current_versions as
select distinct on (petition_id, document_id) * from document_versions
where closed_at is null
order by petition_id, document_id, (published is not null) desc, number desc;
