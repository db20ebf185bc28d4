"""A database with something of everything, and an example of each address over it."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
from starlette.routing import Route

from mobilise import db as database_module
from mobilise import limits, web
from mobilise.accounts import sessions
from mobilise.db import Database
from mobilise.documents.dossier import Document
from mobilise.opendata import edition_queries, snapshot_queries
from mobilise.petitions.reading import Petition
from mobilise.signatures import counts, hour_queries
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.house import letter_keys

ZONE = ZoneInfo("Europe/Brussels")


@dataclass
class World:
    """Examples of what may stand in an address, by the name of its parameter."""

    examples: dict[str, list[str]] = field(default_factory=dict)
    session: str = ""
    attempt: str = ""

    def addresses(self, route: Route) -> list[str]:
        """Each address that a route can have with our examples; `{lang}` is one of four."""
        path = re.sub(r"\{(\w+)(?::\w+)?\}", r"{\1}", route.path)
        names = re.findall(r"\{(\w+)\}", path)
        unknown = [name for name in names if name not in self.examples]
        assert not unknown, f"{route.path}: give an example of {unknown} in tests/house/world.py"
        choices = itertools.product(*(self.examples[name] for name in names))
        return [path.format(**dict(zip(names, chosen, strict=True))) for chosen in choices]


async def filled(db: Database, store: Store, tokens: Tokens) -> World:
    """Petitions, signatures, letters and log-ins in every state, and the keys to all of them."""
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await make.member(db, group, bob, "editor")
    states = ("open", "draft", "closed", "removed", "submitted", "suspended", "rejected")
    petitions = [
        await make.petition(db, state, group=group, organiser=alice, slug=f"park-{state}")
        for state in states
    ]
    park = petitions[0]
    signatures = [
        await make.signature(db, park, state, name=f"Signer {state}", public_name=True)
        for state in ("pending", "held", "confirmed", "withdrawn", "disowned", "invalidated")
    ]
    signatures += [await make.signature(db, petitions[2], state) for state in ("pending",)]
    attempt = await make.attempt(db, tokens, park, email="suzie@post.example", updates=True)
    signatures.append(await _of_attempt(db, attempt.petition_id, attempt.id))
    found = await make.paper(db, store, park, "Rain water")
    hidden = await make.paper(db, store, petitions[1], "Of a draft")
    picture = await store.put((web.STATIC.parent / "demo" / "hero-780.webp").read_bytes())
    await database_module.run(
        db, "update petitions set picture = :picture where id = :id", picture=picture, id=park.id
    )
    section = await database_module.value(
        db,
        "insert into sections (petition_id, title) values (:id, 'Permits') returning id",
        id=park.id,
    )
    login = await _login(db, tokens)
    world = World()
    world.attempt = tokens.attempt(attempt.petition_id, attempt.id)
    keys = [
        key(row["petition_id"], row["id"], row["token_version"])
        for row in signatures
        for key in (tokens.confirm, tokens.signature)
    ]
    recipient = tokens.recipient("suzie@post.example").hex()
    keys += [tokens.unsubscribe(park.id, recipient), login, "made.up-by.somebody"]
    keys += await _of_signers(db, tokens, signatures[2])
    keys += (await letter_keys.minted(db, tokens, park, group.id, "Keyholder")).values()
    await _behind_the_pages(db, tokens, petitions, picture)
    await _kept(db, store, park)
    await _inside(db, park, found)
    world.examples = {
        "lang": ["en"],
        "language": ["en", "nl"],
        "slug": [petition.slug for petition in petitions] + ["nobody-knows"],
        "group": [group.slug, "nobody-knows"],
        "token": keys,
        "code": [park.code],
        "sha256": [found.sha256, hidden.sha256, picture, found.cover],
        "name": [found.name, "style.css"],
        "digest": [web.asset("style.css").split("/")[2]],
        "id": [str(found.id), "999"],
        "key": ["1", "made-up"],
        "number": ["1", "999"],
        "step": ["what", "goal", "you"],
        "letter_id": ["1", "999"],
        "page": ["about", "1"],
        "level": ["1", "9"],
        "row": ["0"],
        "column": ["0"],
        "section": [str(section)],
        "mark": ["1"],
        "ticket": ["0" * 32],
        "month": ["2026-05", "1999-01"],
        "edition": ["2026-05-11", "1999-01-01", "made-up"],
        "file": ["petition.json", "nothing.csv"],
        "table": ["petitions.csv", "nothing.csv"],
        "decision": ["reject", "suspend", "resume", "made-up"],
    }
    return world


async def _of_signers(db: Database, tokens: Tokens, signature: database_module.Record) -> list[str]:
    """A signature that is to move, a comment that is shown, and a question in each state."""
    petition_id = signature["petition_id"]
    await database_module.run(
        db,
        """update signatures set comment = 'For the trees.', comment_shown_at = now()
           where petition_id = :petition_id and id = :id""",
        petition_id=petition_id,
        id=signature["id"],
    )
    change_id = await database_module.value(
        db,
        """insert into address_changes (petition_id, signature_id, token_version, email, email_key)
           values (:petition_id, :id, 1, 'new@post.example', 'new@post.example') returning id""",
        petition_id=petition_id,
        id=signature["id"],
    )
    questions = await database_module.rows(
        db,
        """insert into questions (petition_id, state, name, email, email_key, language, question,
             may_show, shown, answer, proven_at, answered_at)
           select :petition_id, state, 'Suzie', 'suzie@post.example', 'suzie@post.example', 'en',
             'When?', true, state = 'answered', 'Soon.', now(), now()
           from unnest(array['unproven', 'waiting', 'answered', 'aside']) state returning id""",
        petition_id=petition_id,
    )
    return [
        tokens.new_address(petition_id, change_id),
        *(tokens.question(petition_id, each["id"]) for each in questions),
    ]


async def _behind_the_pages(
    db: Database, tokens: Tokens, petitions: list[Petition], picture: str
) -> None:
    """What a site that is used holds beside all that: nothing of it has a page of its own."""
    park, closed, removed = petitions[0], petitions[2], petitions[3]
    await sessions.begin(db, park.person_id or 0)
    day = datetime.now(ZONE).date()
    before = datetime.now(UTC) - timedelta(days=3)
    for state in ("confirmed", "withdrawn"):
        await make.signature(db, closed, state=state, at=before)
    await counts.fold_days(db, str(ZONE), day)
    await hour_queries.fold_hours(db, str(ZONE), day)
    for statement in (
        "insert into area_editions (digest, pairs) values ('x', '{}')",
        """insert into area_releases (petition_id, number, edition_id, day)
           select p.id, 1, e.id, current_date - 1 from petitions p, area_editions e
           where p.slug = 'park-open'""",
        """insert into area_release_rows (petition_id, number, level, code, confirmed)
           select petition_id, 1, level, code, 10 from area_releases,
             (values ('municipality', '11002'), ('municipality', 'OTHER'), ('country', 'FR'),
                     ('language', 'nl')) told (level, code)""",
        """insert into area_states (petition_id, number, edition_id, exact)
           select petition_id, 1, edition_id, '{}' from area_releases""",
        "insert into area_pairs values ('NL-1011', 'GM0363')",
        "insert into area_figures values ('GM0363', 'NL', 'Amsterdam', 931298, 2024)",
        """insert into area_shapes values ('GM0363', '{"type": "Polygon", "coordinates": []}')""",
        "insert into streams (name, last_code, last_error) values ('mail', 421, 'Later.')",
        """insert into notes (name, email, message, language)
           values ('Jo', 'jo@post.example', 'Who runs this?', 'en')""",
        "insert into farewells (email, name, language) values ('jo@post.example', 'Jo', 'en')",
    ):
        await database_module.run(db, statement)
    await database_module.run(
        db, "insert into pictures (sha256) values (:picture)", picture=picture
    )
    await database_module.run(
        db,
        "insert into suppressions (recipient, reason) values (:recipient, 'bounced')",
        recipient=tokens.recipient("bounced@post.example"),
    )
    await database_module.run(
        db,
        """insert into subscriptions (petition_id, email_key, email, language)
           values (:id, 'suzie@post.example', 'suzie@post.example', 'en')""",
        id=park.id,
    )
    await database_module.run(
        db,
        """insert into decisions (petition_id, move, reason, words, language)
           values (:id, 'remove', 'spam', 'It sells bicycles.', 'en')""",
        id=removed.id,
    )
    await database_module.run(
        db,
        """insert into reports (petition_id, reason, words, email, language)
           values (:id, 'private', 'My son is named.', 'charlie@post.example', 'en')""",
        id=park.id,
    )
    await limits.take(db, limits.NEW_ADDRESS, b"somebody")


async def _kept(db: Database, store: Store, park: Petition) -> None:
    """An edition of a day with a file."""
    day, sha256 = date(2026, 5, 11), await store.put(b"{}\n")
    await edition_queries.add(db, park.id, day, 1, "")
    files = [
        ("petition.json", "application/json", ["CC-BY-4.0"], 3, sha256),
        ("bundle.zip", "application/zip", ["CC-BY-4.0", "CC0-1.0"], 3, sha256),
    ]
    await edition_queries.add_files(db, park.id, day, 1, files)
    month = [("petitions.csv", "text/csv", 3, sha256)]
    await snapshot_queries.add(db, date(2026, 5, 1), month)


async def _inside(db: Database, park: Petition, found: Document) -> None:
    """A mark on a page, and an upload that is on its way."""
    await database_module.run(
        db,
        """insert into redaction_marks (petition_id, document_id, version, page, corner)
           values (:petition, :document, 1, 1, '{1,2}')""",
        petition=park.id,
        document=found.id,
    )
    await database_module.run(
        db,
        """insert into uploads_under_way (person_id, ticket, received, whole)
           values (:person, :ticket, 1, 2)""",
        person=park.person_id,
        ticket="0" * 32,
    )


async def _of_attempt(db: Database, petition_id: int, attempt_id: int) -> database_module.Record:
    return await database_module.one(
        db,
        """select s.* from signatures s join attempts a on a.signature_id = s.id
           where a.petition_id = :petition_id and a.id = :attempt_id""",
        petition_id=petition_id,
        attempt_id=attempt_id,
    )


async def _login(db: Database, tokens: Tokens) -> str:
    nonce = b"n" * 16
    login_id = await database_module.value(
        db,
        """insert into login_tokens (purpose, email, email_key, language, nonce, browser)
           values ('login', 'alice@post.example', 'alice@post.example', 'en', :nonce, ''::bytea)
           returning id""",
        nonce=nonce,
    )
    return tokens.login(login_id, nonce)


async def checksum(owner: "asyncpg.Connection[asyncpg.Record]") -> dict[str, str]:
    """A fingerprint of every table."""
    tables = await owner.fetch(
        "select tablename from pg_tables where schemaname = 'public' order by 1"
    )
    statement = "select md5(coalesce(string_agg(t::text, '~' order by t::text), '')) from {} t"
    return {name: await owner.fetchval(statement.format(name)) for (name,) in tables}


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
