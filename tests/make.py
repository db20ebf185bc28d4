"""Makes people, groups, petitions and signatures as they stand after the real deeds.

The cast: Alice organises, Bob is in her group, Charlie is a stranger, Suzie signs.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from mobilise import addresses, db, prose
from mobilise.accounts import sessions
from mobilise.db import Database, Record
from mobilise.petitions import reading
from mobilise.petitions.reading import Petition
from mobilise.store import Store
from mobilise.tokens import Tokens

if TYPE_CHECKING:  # rooms are imported where they are used: one that breaks fails its own tests
    from mobilise.documents.dossier import Document
    from mobilise.signatures.signing import Attempt

_numbers = itertools.count(1)
TEXT = """A railway yard has stood empty for fifteen years.

We ask for trees, grass and a path to the station.

## What we ask

- Keep the sheds.
- Plant trees before the first house is built."""


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    email: str


@dataclass(frozen=True)
class Group:
    id: int
    slug: str
    name: str


async def person(database: Database, name: str = "Alice", email: str | None = None) -> Person:
    """One person a name: Alice is alice@post.example, and stays so when asked for again."""
    address = addresses.parse(email or f"{prose.slug(name)}@post.example")
    found = await db.one(
        database,
        """insert into people (name, email, email_key, language) values (:name, :sent, :key, 'en')
           on conflict (email_key) do update set name = excluded.name returning *""",
        name=name,
        sent=address.sent,
        key=address.key,
    )
    return Person(found["id"], found["name"], found["email"])


async def group(
    database: Database,
    owner: Person | None = None,
    name: str = "Friends of the Yard",
    about: str = "We live around the old railway yard.",
) -> Group:
    """A group with its owner (Alice, unless told)."""
    owner = owner or await person(database)
    found = await db.one(
        database,
        "insert into groups (slug, name, about) values (:slug, :name, :about) returning *",
        slug=f"{prose.slug(name)}-{next(_numbers)}",
        name=name,
        about=about,
    )
    await member(database, Group(found["id"], found["slug"], found["name"]), owner, "owner")
    return Group(found["id"], found["slug"], found["name"])


async def member(database: Database, group: Group, person: Person, role: str = "editor") -> None:
    await db.run(
        database,
        "insert into memberships (group_id, person_id, role) values (:group, :person, :role)",
        group=group.id,
        person=person.id,
        role=role,
    )


async def petition(
    database: Database,
    state: str = "open",
    *,
    group: Group | None = None,
    organiser: Person | None = None,
    slug: str | None = None,
    goal: int | None = 4000,
    language: str = "en",
    opens_on: Any = None,
    closes_on: Any = None,
    picture: str | None = None,
    read: bool = False,
    **texts: Any,
) -> Petition:
    """A petition of Alice's group, as `reading.by_id` gives it. `texts` are columns of its text:
    title, addressee, body, picture_alt; or a dict of them per language: `nl={"title": …}`.
    `read`: a keeper read it before it opened."""
    organiser = organiser or await person(database)
    group = group or await globals()["group"](database, organiser)
    translations = {code: texts.pop(code) for code in ("nl", "fr", "de") if code in texts}
    number = next(_numbers)
    opened = datetime.now(UTC) - timedelta(days=10) if state not in ("draft", "submitted") else None
    found = await db.one(
        database,
        """insert into petitions (slug, code, group_id, person_id, state, goal, languages,
                                  opened_at, opens_on, closes_on, closed_at, picture, read_at)
           values (:slug, :code, :group_id, :person_id, :state, :goal, :languages, :opened_at,
                   :opens_on, :closes_on, :closed_at, :picture, :read_at) returning *""",
        slug=slug or f"a-park-{number}",
        code=f"c{number:05d}",
        group_id=group.id,
        person_id=organiser.id,
        state=state,
        goal=goal,
        languages=[language, *translations],
        opened_at=opened,
        opens_on=opens_on,
        closes_on=closes_on,
        closed_at=datetime.now(UTC) if state in ("closed", "delivered", "answered") else None,
        picture=picture,
        read_at=opened if read else None,
    )
    for code, text in ({language: texts} | translations).items():
        await _text(database, found["id"], code, text)
    return await reading.by_id(database, found["id"], language)


async def _text(database: Database, petition_id: int, language: str, text: Any) -> None:
    whole = {
        "title": "Make a park of the railway yard",
        "addressee": "The city council of Antwerp",
        "body": TEXT,
        "picture_alt": "",
    } | text
    await db.run(
        database,
        """insert into petition_texts
             (petition_id, language, version, title, addressee, body, picture_alt)
           values (:petition_id, :language, 1, :title, :addressee, :body, :picture_alt)""",
        petition_id=petition_id,
        language=language,
        **whole,
    )


async def signature(
    database: Database,
    petition: Petition,
    state: str = "confirmed",
    *,
    name: str = "Suzie Peeters",
    email: str | None = None,
    seat: int = 1,
    at: datetime | None = None,
    **columns: Any,
) -> Record:
    """A signature as it stands after that deed: a confirmed one is counted, a withdrawn one
    was counted and taken back. `at`: when it was confirmed. The row is the answer."""
    address = addresses.parse(email or f"signer{next(_numbers)}@post.example")
    at = at or datetime.now(UTC)
    counted = state in ("confirmed", "withdrawn", "invalidated")
    values: dict[str, Any] = {
        "petition_id": petition.id,
        "seat": seat,
        "state": state,
        "name": name,
        "name_key": prose.folded(name),
        "email": address.sent,
        "email_key": address.key,
        "postcode": "2060",
        "country": "BE",
        "language": "en",
        "version": 1,
        "consents": {"sign": {"text": "I sign this petition.", "at": at.isoformat()}},
        "created_at": at - timedelta(minutes=5),
        "confirmed_at": at if counted else None,
        "confirmed_by": "button" if counted else None,
        "confirmed_after": 240 if counted else None,
    } | columns
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    found = await db.one(
        database, f"insert into signatures ({names}) values ({places}) returning *", **values
    )
    await db.run(
        database,
        "update petitions set frozen_at = coalesce(frozen_at, :at) where id = :id",
        id=petition.id,
        at=values["created_at"],
    )
    if counted:
        await _count(database, found, "confirmed", at)
    if state in ("withdrawn", "invalidated"):
        await _count(database, found, state, at)
    return found


async def _count(database: Database, signature: Record, what: str, at: datetime) -> None:
    await db.run(
        database,
        """insert into count_events (petition_id, signature_id, at, what, method)
           values (:petition, :signature, :at, :what, 'email')""",
        petition=signature["petition_id"],
        signature=signature["id"],
        at=at,
        what=what,
    )
    await db.run(
        database,
        """update tallies set online = online + :by,
             withdrawn = withdrawn + (:what::text = 'withdrawn')::int,
             invalidated = invalidated + (:what::text = 'invalidated')::int
           where petition_id = :petition and part = :part""",
        petition=signature["petition_id"],
        part=signature["id"] % 16,
        by=1 if what == "confirmed" else -1,
        what=what,
    )


async def login(client: httpx.AsyncClient, database: Database, person: Person) -> None:
    """The browser of `client` holds a fresh session of this person."""
    secret = await sessions.begin(database, person.id)
    client.cookies.set("session", secret, domain="127.0.0.1", path="/")


async def attempt(
    database: Database,
    tokens: Tokens,
    petition: Petition,
    *,
    name: str = "Suzie Peeters",
    email: str = "suzie@post.example",
    network: str = "192.0.2.0/24",
    **wishes: Any,
) -> "Attempt":
    """What an accepted form leaves behind: the real deed, with its letter waiting."""
    from mobilise.signatures import signing

    address = addresses.parse(email)
    values: dict[str, Any] = {
        "name": name,
        "email": address.sent,
        "email_key": address.key,
        "postcode": "2060",
        "country": "BE",
        "comment": "",
        "public_name": False,
        "updates": False,
        "language": "en",
    }
    wish = signing.Wish(**values | wishes)
    today = datetime.now(UTC).date()
    return await signing.sign(database, tokens, petition.slug, wish, network=network, today=today)


async def document(
    database: Database,
    store: Store,
    petition: Petition,
    *,
    title: str = "Soil and water",
    name: str = "soil-and-water.txt",
    content: bytes = b"The soil is dry.\n",
    kind: str = "txt",
) -> "Document":
    """A document as it stands when its copy is made, without its pages: the bytes are both."""
    from mobilise.documents import dossier

    sha256, size = await store.put(content), len(content)
    number = await db.value(
        database,
        """insert into documents (petition_id, title, source)
           values (:petition, :title, 'Our own group') returning id""",
        petition=petition.id,
        title=title,
    )
    await db.run(
        database,
        """insert into document_versions (petition_id, document_id, number, name, kind, size,
                                          sha256, published, published_size, state)
           values (:petition, :number, 1, :name, :kind, :size, :sha256, :sha256, :size, 'ready')""",
        petition=petition.id,
        number=number,
        name=name,
        kind=kind,
        size=size,
        sha256=sha256,
    )
    return await dossier.document(database, petition.id, number)


async def paper(database: Database, store: Store, petition: Petition, words: str) -> "Document":
    """A PDF of one page, as it stands after an upload and the work of a worker."""
    from mobilise.documents import dossier, judging
    from tests.documents import papers

    draft = store.draft()
    draft.write(papers.pdf(words))
    draft.finish()
    number = await dossier.add(
        database,
        store,
        draft,
        judging.Found("paper.pdf", "pdf", 1),
        dossier.Caption("Soil and water", "Our own group"),
        petition_id=petition.id,
        person_id=petition.person_id,
    )
    await prepared(database, store)
    return await dossier.document(database, petition.id, number)


async def prepared(database: Database, store: Store) -> None:
    """What a worker does: the copy and the pages of every version that waits."""
    from mobilise.documents import preparing, version_queries

    for row in await version_queries.waiting(database):
        version = preparing.Version(row["petition_id"], row["document_id"], row["number"])
        await preparing.prepare(database, store, version)
