"""A petition with signers from before, and signatures that wait to be confirmed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from benchmarks.instance import Instance
from mobilise.signatures import counts

ZONE = "Europe/Brussels"
SLUG = "yard"
BODY = "\n\n".join(
    [
        "A railway yard has stood empty for fifteen years. We ask for trees, grass and a path.",
        "## What we ask",
        "- Keep the sheds, and open one of them.\n- Plant trees before the first house is built.\n"
        "- Make a path to the station that is **safe at night**.",
        *(
            f"## Why, {number}\n\nThe yard is as large as twenty football fields. Six thousand "
            "people live within five minutes of it and have no garden. The permit of "
            "[2011](https://city.example/permit) names a park, the plan of 2013 names houses. "
            "We read both, and put them here for everybody to read."
            for number in ("first", "second", "third", "fourth")
        ),
    ]
)

_PETITION = """
with owner as (
  insert into people (name, email, email_key, language)
  values ('Alice', 'alice@post.example', 'alice@post.example', 'en') returning id
), ours as (
  insert into groups (slug, name, about)
  values ('friends', 'Friends of the Yard', 'We live around the old railway yard.') returning id
), petition as (
  insert into petitions (slug, code, group_id, person_id, state, goal, languages, frozen_at,
                         opened_at)
  select $1, 'bcdfgh', ours.id, owner.id, 'open', 2000000, '{en}', now(),
         now() - interval '90 days'
  from owner, ours returning id
), texts as (
  insert into petition_texts (petition_id, language, version, title, addressee, body)
  select id, 'en', 1, 'Make the railway yard a park', 'The city council', $2 from petition
), documents as (
  insert into documents (petition_id, title, source, dated)
  select id, 'Document ' || n, 'City', '2026-01-02' from petition, generate_series(1, 5) n
  returning petition_id, id
), versions as (
  insert into document_versions (petition_id, document_id, number, name, kind, size, sha256,
                                 published, published_size, pages, state)
  select petition_id, id, 1, 'document-' || id || '.pdf', 'pdf', 2400000, md5('sent ' || id),
         md5('copy ' || id), 2400000, 40, 'ready'
  from documents
)
select id from petition
"""

# Confirmed over the ninety days before, each with its event.
_SIGNERS = """
with made as (
  insert into signatures (petition_id, seat, state, name, name_key, email, email_key, postcode,
    country, language, version, consents, letters_total, created_at, confirmed_at, confirmed_by,
    confirmed_after)
  select $1, 1, 'confirmed', 'Suzie ' || n, 'suzie ' || n, address, address, '2060', 'BE', 'en',
    1, '{"sign": {"given": true, "words": "Sign the petition"}}', 1, moment, moment, 'button', 60
  from (select n, 'suzie' || n || '@post.example' as address,
          now() - interval '90 days' * (1 - n::float8 / ($2 + 1)) as moment
        from generate_series(1, $2::int) n) signer
  returning id, confirmed_at
), events as (
  insert into count_events (petition_id, signature_id, at, what, method)
  select $1, id, confirmed_at, 'confirmed', 'email' from made
), letters as (
  insert into letters (petition_id, kind, signature_id, recipient, priority, state, due_at,
    created_at, sent_at, tries)
  select $1, 'confirm', id, sha256(id::text::bytea), 1, 'sent', confirmed_at, confirmed_at,
    confirmed_at, 1
  from made
)
update tallies set online = (select count(*) from made) where petition_id = $1 and part = 0
"""

_PENDING = """
insert into signatures (petition_id, seat, state, name, name_key, email, email_key, postcode,
  country, language, version, consents, letter_at, letters_total)
select $1, 1, 'pending', 'Jo ' || n, 'jo ' || n, address, address, '2060', 'BE', 'en', 1,
  '{"sign": {"given": true, "words": "Sign the petition"}}', now(), 1
from (select n, $3 || n || '@post.example' as address from generate_series(1, $2::int) n) waiting
returning id
"""

_WAITING_LETTERS = """
insert into letters (petition_id, kind, signature_id, attempt_id, recipient, priority)
select $1, 'confirm', id, id, sha256(id::text::bytea), 1 from unnest($2::bigint[]) id
"""


@dataclass(frozen=True)
class Petition:
    id: int
    slug: str = SLUG

    @property
    def path(self) -> str:
        return f"/en/petitions/{self.slug}"


def petition(instance: Instance, rows: int) -> Petition:
    """One open petition that `rows` people signed over ninety days; its closed days are folded."""
    made = Petition(instance.query(_PETITION, SLUG, BODY)[0]["id"])
    for begun in range(0, rows, 1_000_000):
        _signers(instance, made, min(1_000_000, rows - begun), begun)
    today = datetime.now(ZoneInfo(ZONE)).date()
    instance.through(lambda database: counts.fold_days(database, ZONE, today))
    instance.settle()
    return made


def _signers(instance: Instance, petition: Petition, rows: int, begun: int) -> None:
    statement = _SIGNERS.replace("'suzie' || n", f"'suzie' || n + {begun}")
    statement = statement.replace("set online =", "set online = online +")
    instance.query(statement, petition.id, rows)


def pending(instance: Instance, petition: Petition, total: int, name: str) -> list[int]:
    """Signatures whose letter was sent and whose button nobody pressed yet."""
    return [row["id"] for row in instance.query(_PENDING, petition.id, total, name)]


def waiting_letters(instance: Instance, petition: Petition, signatures: list[int]) -> None:
    instance.query(_WAITING_LETTERS, petition.id, signatures)
