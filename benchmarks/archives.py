"""Dossiers of many pages: one that is searched, and others of as many pages that share its index.

A page has some 240 words of a language that bends them. Most of it is drawn from a stock, so that
two hundred thousand pages are written in a minute or two.
"""

from benchmarks.instance import Instance
from benchmarks.seeding import Petition
from mobilise.documents.page_queries import WORDS

COMMON, OFTEN, RARE, NOWHERE = "regenwater", "bomen", "reiger", "walvis"
"""Words that stand on every page, on every third page, on RARE_PAGES pages and on none."""
RARE_PAGES = 10
LANGUAGE = "nl"
OTHERS, DOCUMENTS = 20, 20
"""Petitions that have the other pages between them; documents of each petition."""

_DOSSIERS = """
with ours as (
  insert into petitions (slug, code, group_id, person_id, state, languages)
  select 'archive-' || n, 'archive' || n, group_id, person_id, 'draft', '{nl}'
  from petitions, generate_series(0, $2::int) n where petitions.id = $1
  returning id
), added as (
  insert into documents (petition_id, title, language)
  select ours.id, 'Studie ' || n, $4 from ours, generate_series(1, $3::int) n
  returning petition_id, id
), versions as (
  insert into document_versions (petition_id, document_id, number, name, kind, size, sha256,
    published, state)
  select petition_id, id, 1, 'studie.pdf', 'pdf', 1000, md5(id::text), md5(id::text), 'ready'
  from added
)
select id from ours order by id
"""

# Few words are often used and most of them seldom, as in a language. What the two parts of a page
# are searched by, joined, is what the page as a whole would be searched by.
_PAGES = f"""
with stock as materialized (
  select n, text, {WORDS.format("text", "$4::text", "''")} as words from (
    select n, 'De studie. {COMMON.title()} ' || string_agg(
      translate(to_hex((random() ^ 3 * 40000)::int), '0123456789abcdef', 'aeioubdgklmnprst')
        || (array['en', 'e', '', 's', 'ing'])[1 + m % 5], ' ') || '. ' as text
    from generate_series(0, 1999) n, generate_series(1, 240) m group by n) made
), theirs as (
  select petition_id, id, row_number() over (order by id) - 1 as n, count(*) over () as total
  from documents where petition_id = any($1::bigint[])
), pages as (
  select petition_id, id, 1 + page.n / total as page, stock.text, stock.words,
    case when page.n % 3 = 0 then '{OFTEN} ' else '' end
      || case when page.n < $3 then '{RARE} ' else '' end as more
  from generate_series(0, $2::bigint - 1) page (n)
  join theirs on theirs.n = page.n % total
  join stock on stock.n = page.n * 7919 / 13 % 2000
)
insert into document_pages (petition_id, document_id, version, page, text, words)
select petition_id, id, 1, page, text || more,
  ts_delete(words, '#') || {WORDS.format("more", "$4::text", "petition_id::text")}
from pages
"""


def archive(instance: Instance, petition: Petition, pages: int) -> int:
    """Tells which petition has `pages` pages; as many stand in the dossiers of others."""
    made = instance.query(_DOSSIERS, petition.id, OTHERS, DOCUMENTS, LANGUAGE)
    ours, *others = (row["id"] for row in made)
    # Filling the index page by page takes ten times as long as making it of them all.
    (index,) = instance.query("select pg_get_indexdef('document_pages_words'::regclass) as made")
    instance.query("drop index document_pages_words")
    for whose in ([ours], others):
        instance.query(_PAGES, whose, pages, RARE_PAGES, LANGUAGE)
    instance.query(index["made"])
    instance.settle()
    return int(ours)
