"""Who may open which address, and do what there: a table, and every route tried against it.

For each route there is one line: what an owner, an editor and a clerk of Alice's group, the
keeper of the site, Charlie (logged in, a stranger) and a visitor get, when the address names
something of Alice's. A new route without a line fails here; so does a line without a route.

    in    it answers: a page, a file, a form with mistakes, on to the next page
    no    403: she is in the group, but this is not hers to do
    none  404: he must not even know that it is there
    door  to the log-in, and back
    dead  404 or 410: a link that opens nothing, or nothing any more

A line of two rules is for a draft and for an open petition. GET and POST of one name share a
line; where they differ, the key begins with the method.
"""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from mobilise.accounts import sessions
from mobilise.app import ROUTES
from mobilise.db import Database, Record, one, run, value
from mobilise.opendata.package import EVERY
from mobilise.petitions import reading, start_queries
from mobilise.settings import Settings
from mobilise.store import Store, opened
from mobilise.tokens import Tokens
from tests import cluster, conftest, make
from tests.house import letter_keys
from tests.house import world as worlds

ROLES = ("owner", "editor", "clerk", "keeper", "stranger", "visitor")
Rules = str | tuple[str, str]

#            owner editor clerk keeper stranger visitor
EVERYBODY = "in    in     in    in     in       in"
SOMEBODY = " in    in     in    in     in       door"
MEMBERS = "  in    in     in    none   none     door"
WRITERS = "  in    in     no    none   none     door"
CHECKERS = " in    no     in    none   none     door"
OWNERS = "   in    no     no    none   none     door"
KEEPERS = "  none  none   none  in     none     door"
# A draft is nobody's but the group's.
READ_BY_KEEPERS = ("none none none none none door", KEEPERS)
NOBODY = "   none  none   none  none   none     none"
PUBLIC = (NOBODY, EVERYBODY)  # as soon as it is published
SHOWN = ("in in in in none none", EVERYBODY)  # a draft to whoever decides about it
NO_SUCH_FOR_WRITERS = "none none no none none door"
# Whoever holds the link of a letter; who else is in makes no difference. With a link that
# somebody made up it is `dead` for all of them.
KEY = EVERYBODY
DEAD = "     dead  dead   dead  dead   dead     dead"

TABLE: dict[str, Rules] = {
    # accounts
    "accounts.login": EVERYBODY,
    "accounts.check": EVERYBODY,
    "accounts.code": EVERYBODY,
    "accounts.enter": KEY,
    "accounts.logout": EVERYBODY,
    "accounts.account": SOMEBODY,
    "accounts.language": SOMEBODY,
    "accounts.end_session": "none none none none in door",  # one of Charlie's
    "accounts.end_others": SOMEBODY,
    "accounts.move": SOMEBODY,
    "accounts.address": KEY,
    "accounts.stop_address": KEY,
    "accounts.erase": SOMEBODY,
    "accounts.farewell": EVERYBODY,
    "accounts.groups": SOMEBODY,
    "accounts.group": MEMBERS,
    "accounts.addresses": OWNERS,
    "accounts.describe": OWNERS,
    "accounts.leave": MEMBERS,
    "accounts.member": OWNERS,
    "accounts.remove": OWNERS,
    "accounts.hand_over": OWNERS,
    "accounts.invite": OWNERS,
    "accounts.invite_again": OWNERS,
    "accounts.uninvite": OWNERS,
    "accounts.invitation": KEY,
    "accounts.decline": KEY,
    "accounts.join": "none none none none none door",  # an invitation of somebody else
    "accounts.refuse": "none none none none none door",
    # petitions
    "petitions.start": EVERYBODY,
    "petitions.step": EVERYBODY,
    "petitions.alike": EVERYBODY,
    "petitions.alike_beneath": EVERYBODY,
    "petitions.later": EVERYBODY,
    "petitions.kept": EVERYBODY,
    "petitions.go_on": "none none none none in none",  # what Charlie has begun
    "petitions.throw_away": "none none none none in none",
    "petitions.picture": EVERYBODY,
    "petitions.draft_picture": NOBODY,  # for the browser that put it there
    "petitions.edit_picture": WRITERS,
    "petitions.resume": KEY,
    "petitions.check_list": EVERYBODY,
    "petitions.check": EVERYBODY,
    "petitions.code": EVERYBODY,
    "petitions.begin": KEY,
    "petitions.again": KEY,
    "petitions.markdown": EVERYBODY,
    "petitions.edit": WRITERS,
    "petitions.edit_step": WRITERS,
    "petitions.languages": WRITERS,
    "petitions.language": WRITERS,
    "petitions.remove_language": WRITERS,
    "petitions.history": PUBLIC,
    "petitions.who": WRITERS,
    "petitions.publish": OWNERS,
    "petitions.take_back": OWNERS,
    "petitions.close": OWNERS,
    "petitions.reopen": OWNERS,
    "petitions.deliver": OWNERS,
    "petitions.answer": OWNERS,
    "petitions.delete": OWNERS,
    "petitions.again_from": OWNERS,
    # documents
    "documents.dossier": PUBLIC,
    "documents.document": PUBLIC,
    "documents.version": PUBLIC,
    "documents.enlarge": PUBLIC,
    "documents.feed": PUBLIC,
    "opendata.dossier": PUBLIC,
    "documents.page": SHOWN,
    "documents.square": SHOWN,
    "documents.file": EVERYBODY,
    "documents.picture": EVERYBODY,
    "documents.manage": WRITERS,
    "documents.upload": WRITERS,
    "documents.edit": WRITERS,
    "documents.move": WRITERS,
    "documents.withdraw": WRITERS,
    "documents.link": WRITERS,
    "documents.progress": WRITERS,
    "documents.how_far": WRITERS,
    "documents.sections": WRITERS,
    "documents.section": WRITERS,
    "documents.section_move": WRITERS,
    "documents.section_remove": WRITERS,
    "documents.versions": WRITERS,
    "documents.replace": WRITERS,
    "documents.receive": WRITERS,
    "documents.original": WRITERS,
    "documents.forget": WRITERS,
    "documents.redact": WRITERS,
    "documents.press": WRITERS,
    "documents.mark_words": WRITERS,
    "documents.unmark": WRITERS,
    "documents.redact_publish": WRITERS,
    "documents.redact_page": WRITERS,
    # signatures
    "signatures.sign": PUBLIC,
    "signatures.form": PUBLIC,
    "signatures.names": PUBLIC,
    "signatures.check": PUBLIC,
    "signatures.code": PUBLIC,
    "signatures.letter": PUBLIC,
    "signatures.confirm": KEY,
    "signatures.press": KEY,
    "signatures.new_letter": KEY,
    "signatures.disown": KEY,
    "signatures.signed": KEY,
    "signatures.consents": KEY,
    "signatures.correct": KEY,
    "signatures.address": KEY,
    "signatures.withdraw": KEY,
    "signatures.erase": KEY,
    "signatures.receipt": KEY,
    "signatures.everything": KEY,
    "signatures.new_address": KEY,
    "signatures.move": KEY,
    "signatures.find": EVERYBODY,
    "signatures.found": EVERYBODY,
    "signatures.reasons": PUBLIC,
    "signatures.comments": WRITERS,
    "signatures.judge": WRITERS,
    "signatures.signers": CHECKERS,
    "signatures.signers_print": CHECKERS,
    "signatures.signers_file": CHECKERS,
    # questions
    "questions.ask": PUBLIC,
    "questions.asked": PUBLIC,
    "questions.answers": PUBLIC,
    "questions.mine": KEY,
    "questions.take_back": KEY,
    "questions.manage": WRITERS,
    "questions.question": (NO_SUCH_FOR_WRITERS, WRITERS),
    "questions.aside": (NO_SUCH_FOR_WRITERS, WRITERS),
    # figures for everybody
    "opendata.count": PUBLIC,
    "opendata.data": PUBLIC,
    "opendata.one": PUBLIC,
    "opendata.many": EVERYBODY,
    "opendata.days": PUBLIC,
    "opendata.areas": PUBLIC,
    "opendata.documents": PUBLIC,
    "opendata.openapi": EVERYBODY,
    "opendata.api": EVERYBODY,
    "opendata.everything": EVERYBODY,
    "opendata.all_csv": EVERYBODY,
    "opendata.all_json": EVERYBODY,
    "opendata.all_described": EVERYBODY,
    "pages.bare_everything": EVERYBODY,
    "opendata.feed_atom": EVERYBODY,
    "opendata.feed_json": EVERYBODY,
    "opendata.feed_group_atom": EVERYBODY,
    "opendata.feed_group_json": EVERYBODY,
    "opendata.feed_petition_atom": PUBLIC,
    "opendata.feed_petition_json": PUBLIC,
    "opendata.deadlines": PUBLIC,
    "opendata.agenda_group": EVERYBODY,
    "opendata.agenda": EVERYBODY,
    "opendata.catalogue_ttl": EVERYBODY,
    "opendata.catalogue_jsonld": EVERYBODY,
    **{f"opendata.{file.route}": PUBLIC for file in EVERY},
    "opendata.all_xlsx": EVERYBODY,
    "opendata.all_sqlite": EVERYBODY,
    "opendata.snapshots": EVERYBODY,
    "opendata.snapshot_file": EVERYBODY,
    "opendata.editions": PUBLIC,
    "opendata.editions_page": PUBLIC,
    "opendata.edition": PUBLIC,
    "opendata.edition_file": PUBLIC,
    "opendata.bundle": PUBLIC,
    "opendata.map_svg": PUBLIC,
    "opendata.map_svg_in": PUBLIC,
    "opendata.map_png": PUBLIC,
    "opendata.map_png_in": PUBLIC,
    "opendata.embed_map": PUBLIC,
    "opendata.embed_map_in": PUBLIC,
    "opendata.areas_geojson": PUBLIC,
    "opendata.areas_svg": PUBLIC,
    "opendata.areas_svg_in": PUBLIC,
    "opendata.areas_png": PUBLIC,
    "opendata.areas_png_in": PUBLIC,
    "opendata.embed_areas": PUBLIC,
    "opendata.embed_areas_in": PUBLIC,
    "opendata.growth_svg": PUBLIC,
    "opendata.growth_svg_in": PUBLIC,
    "opendata.growth_png": PUBLIC,
    "opendata.growth_png_in": PUBLIC,
    "opendata.days_svg": PUBLIC,
    "opendata.days_svg_in": PUBLIC,
    "opendata.days_png": PUBLIC,
    "opendata.days_png_in": PUBLIC,
    "opendata.embed_growth": PUBLIC,
    "opendata.embed_growth_in": PUBLIC,
    "opendata.embed_days": PUBLIC,
    "opendata.embed_days_in": PUBLIC,
    # pages
    "pages.home": EVERYBODY,
    "pages.about": EVERYBODY,
    "pages.privacy": EVERYBODY,
    "pages.contact": EVERYBODY,
    "pages.contacted": EVERYBODY,
    "pages.help": EVERYBODY,
    "pages.help_signers": EVERYBODY,
    "pages.accessibility": EVERYBODY,
    "pages.petition": PUBLIC,
    "pages.count": PUBLIC,
    "pages.desk": SOMEBODY,
    "pages.manage": MEMBERS,
    "pages.preview": MEMBERS,
    "pages.trail": MEMBERS,
    "pages.short": EVERYBODY,
    "pages.robots": EVERYBODY,
    "pages.sitemap": EVERYBODY,
    "pages.sitemap_part": "none none none none none none",
    "pages.root": EVERYBODY,
    "pages.bare_api": EVERYBODY,
    "pages.bare_start": EVERYBODY,
    "pages.bare_login": EVERYBODY,
    "pages.bare_about": EVERYBODY,
    "pages.bare_privacy": EVERYBODY,
    "pages.bare_contact": EVERYBODY,
    "pages.bare_find": EVERYBODY,
    "pages.bare_help": EVERYBODY,
    "pages.bare_help_signers": EVERYBODY,
    "pages.bare_accessibility": EVERYBODY,
    "pages.bare_petition": EVERYBODY,  # to the reader's language, whatever is there
    "pages.bare_sign": EVERYBODY,
    "pages.bare_dossier": EVERYBODY,
    "pages.bare_data": EVERYBODY,
    # the keeper's
    "pages.group": EVERYBODY,
    "pages.bare_group": EVERYBODY,
    "pages.keep": KEEPERS,
    "pages.keep_settings": KEEPERS,
    "pages.keep_letters": KEEPERS,
    "pages.keep_again": KEEPERS,
    "pages.keep_now": KEEPERS,
    "pages.keep_lift": KEEPERS,
    "trust.report": PUBLIC,
    "trust.reported": PUBLIC,
    "trust.queue": KEEPERS,
    "trust.reports": KEEPERS,
    "trust.petitions": KEEPERS,
    "trust.groups": KEEPERS,
    "trust.petition": READ_BY_KEEPERS,
    "trust.let_open": READ_BY_KEEPERS,
    "trust.dismiss": READ_BY_KEEPERS,
    "trust.decide": READ_BY_KEEPERS,
    # machines
    "static": EVERYBODY,
    "alive": EVERYBODY,
    "ready": EVERYBODY,
    "mail.unsubscribe": KEY,
    "mail.dev": NOBODY,  # this site has a mail server
    "mail.dev_letter": NOBODY,
    "mail.dev_html": NOBODY,
}


@dataclass
class World:
    """Alice's group with everybody in it, beside Charlie's own."""

    people: dict[str, make.Person]
    places: dict[str, dict[str, str]]  # of a draft, of an open petition: what stands in addresses
    theirs: dict[str, str]  # the same of Charlie's
    keys: dict[str, dict[str, str]]  # the links of letters, by who tries them and by their word


async def _world(db: Database, store: Store, tokens: Tokens) -> World:
    filled = await worlds.filled(db, store, tokens)
    names = {"owner": "Alice", "editor": "Bob", "clerk": "Karim", "keeper": "Mo"}
    people = {role: await make.person(db, name) for role, name in names.items()}
    people["stranger"] = charlie = await make.person(db, "Charlie")
    await run(db, "update people set keeper = true where id = :id", id=people["keeper"].id)
    slug = filled.examples["group"][0]
    group_id = await value(db, "select id from groups where slug = :slug", slug=slug)
    group = make.Group(group_id, slug, "")
    await make.member(db, group, people["clerk"], "clerk")
    other = await make.group(db, charlie, "Charlie's own")
    draft = await make.petition(db, "draft", group=other, organiser=charlie)
    document = await make.document(db, store, draft)
    places = {
        state: {
            **{name: given[0] for name, given in filled.examples.items()},
            "slug": f"park-{state}",
            "id": str(await _document(db, f"park-{state}")),
            "token": "made.up-by.somebody",
            "static": "style.css",
            "picture": filled.examples["sha256"][2],
            "version": "1",
            "copy": (copy := await _copy(db, f"park-{state}"))["published"],
            "leaf": copy["small"],
            "section": str(await _section(db, f"park-{state}")),
            "number": str(await _invitation(db, group, people["owner"])),
            "session": str(await _session(db, charlie)),
            "begun": str(await _begun(db, charlie)),
            "comment": "999",  # a draft has none
            "question": "999",
        }
        for state in ("draft", "open")
    }
    theirs = {
        "slug": draft.slug,
        "group": other.slug,
        "id": str(document.id),
        "number": str(await _invitation(db, other, charlie)),
        "member": str(charlie.id),
        "section": str(await _section(db, draft.slug)),
    }
    for place in places.values():
        place["member"] = str(people["editor"].id)
    park = await reading.petition(db, "park-open", "en")
    comment = await make.signature(db, park, comment="For the trees.")
    places["open"]["comment"] = str(comment["id"])
    places["open"]["question"] = str(await _question(db, park.id))
    yard = await make.petition(db, "open", group=other, organiser=charlie)
    theirs["comment"] = str((await make.signature(db, yard, comment="For the sheds."))["id"])
    theirs["question"] = str(await _question(db, yard.id))
    keys = {
        role: await letter_keys.minted(db, tokens, park, group.id, f"Holder-{role}")
        for role in ROLES
    }
    return World(people, places, theirs, keys)


async def _session(db: Database, person: make.Person) -> int:
    """Of another browser of theirs."""
    await sessions.begin(db, person.id)
    return int(
        await value(
            db, "select max(number) from sessions where person_id = :person", person=person.id
        )
    )


async def _begun(db: Database, person: make.Person) -> int:
    """A petition that they write."""
    return await start_queries.add(db, person.id, "en", {"title": "Sheds for everybody"})


async def _document(db: Database, slug: str) -> int:
    return int(
        await value(
            db,
            """select min(d.id) from documents d join petitions p on p.id = d.petition_id
               where p.slug = :slug""",
            slug=slug,
        )
    )


async def _copy(db: Database, slug: str) -> Record:
    """The copy of a petition's document, and the small picture of its first page."""
    return await one(
        db,
        """select v.published, p.small from document_versions v
           join document_pages p on p.petition_id = v.petition_id and p.document_id = v.document_id
           join petitions on petitions.id = v.petition_id
           where petitions.slug = :slug and p.page = 1 order by v.document_id limit 1""",
        slug=slug,
    )


async def _section(db: Database, slug: str) -> int:
    return int(
        await value(
            db,
            """insert into sections (petition_id, title)
               select id, 'Permits' from petitions where slug = :slug returning id""",
            slug=slug,
        )
    )


async def _question(db: Database, petition_id: int) -> int:
    return int(
        await value(
            db,
            """insert into questions
                 (petition_id, state, name, email, email_key, language, question)
               values (:petition, 'waiting', 'Jo', 'jo@post.example', 'jo@post.example', 'en',
                 'How many trees?') returning id""",
            petition=petition_id,
        )
    )


async def _invitation(db: Database, group: make.Group, by: make.Person) -> int:
    """To somebody who has no account."""
    return int(
        await value(
            db,
            """insert into invitations (group_id, invited_by, email, email_key, role, language)
               values (:group, :by, 'jo@post.example', 'jo@post.example', 'editor', 'en')
               on conflict (group_id, email_key) where ended_at is null
               do update set sent_at = now() returning id""",
            group=group.id,
            by=by.id,
        )
    )


# What `{number}` stands for where it is no invitation.
NUMBERS = {
    "accounts.member": "member",
    "accounts.remove": "member",
    "accounts.end_session": "session",
    "petitions.go_on": "begun",
    "petitions.throw_away": "begun",
    "signatures.judge": "comment",
    "questions.question": "question",
    "questions.aside": "question",
    "documents.original": "version",
    "documents.forget": "version",
}

# Other examples than the first one.
OWN = {
    "static": {"name": "static"},
    "documents.picture": {"sha256": "picture"},
    "documents.redact_page": {"page": "version"},
    "documents.version": {"number": "version"},
    "documents.enlarge": {"page": "version"},
    "documents.page": {"sha256": "leaf"},
    "documents.square": {"sha256": "copy", "page": "version"},
}

# What a form sends where nothing would name nothing.
SENT = {
    "POST signatures.judge": {"verdict": "shown"},
    "POST documents.move": {"way": "down"},
    "POST accounts.invitation": {"name": "Jo"},
    "POST signatures.address": {"email": "elsewhere@post.example"},
    "POST signatures.correct": {"name": "Jo", "postcode": "2060", "country": "BE"},
}


def _address(route: Route, place: dict[str, str]) -> str:
    """The address with these words in it."""
    path = re.sub(r"\{(\w+)(?::\w+)?\}", r"{\1}", route.path)
    needed = re.findall(r"\{(\w+)\}", path)
    missing = [name for name in needed if name not in place]
    assert not missing, f"{route.path}: give an example of {missing} in tests/house/world.py"
    place = place | {name: place[own] for name, own in OWN.get(route.name, {}).items()}
    number = place[NUMBERS.get(route.name, "number")]
    return path.format(**{**place, "number": number})


BY_KEY = {
    f"{method} {route.name}": route
    for route in ROUTES
    for method in sorted((route.methods or {"GET"}) & {"GET", "POST"})
}


def _rules(key: str) -> Rules | None:
    return TABLE.get(key) or TABLE.get(key.split()[1])


def test_every_route_has_its_line() -> None:
    missing = sorted({key for key in BY_KEY if _rules(key) is None})
    assert not missing, (
        "say in TABLE of tests/house/test_who_may.py who may do this, as\n"
        + "\n".join(f'    "{key.split()[1]}": OWNERS,  # {BY_KEY[key].path}' for key in missing)
    )


def test_every_line_has_its_route() -> None:
    names = {route.name for route in ROUTES}
    unknown = [key for key in TABLE if key not in BY_KEY and key not in names]
    assert not unknown, "these lines of TABLE speak of routes that are gone"


def _is(answer: httpx.Response) -> str:
    """The word for an answer."""
    if answer.status_code == 303 and re.match(r"/\w\w/login\?", answer.headers["location"]):
        return "door"
    known = {403: "no", 404: "none", 405: "?", 410: "dead", 500: "?", 503: "?"}
    return known.get(answer.status_code, "in")


Clients = dict[str, httpx.AsyncClient]


@asynccontextmanager
async def _everybody(app: Starlette, db: Database, world: World) -> AsyncIterator[Clients]:
    """A browser for each role; those who can be in are in."""
    async with AsyncExitStack() as open_now:
        clients = {
            role: await open_now.enter_async_context(conftest.browser(app)) for role in ROLES
        }
        for role, person in world.people.items():
            await make.login(clients[role], db, person)
        yield clients


@dataclass(frozen=True)
class Case:
    """One line of the table, for one place and one role."""

    key: str
    place: str
    role: str
    expected: str

    def differs(self, answer: httpx.Response) -> str | None:
        got = _is(answer)
        if got == self.expected or (self.expected == "dead" and got == "none"):
            return None
        where = BY_KEY[self.key].path
        return (
            f"{self.key} ({where}), {self.place}, as {self.role}: {answer.status_code}, "
            f"which is {got!r}; the table says {self.expected!r}"
        )


def _cases(room: str | None = None) -> list[Case]:
    found = []
    for key in BY_KEY:
        rules = _rules(key)
        if rules is None or (room is not None and key.split()[1].split(".")[0] != room):
            continue
        both = (rules, rules) if isinstance(rules, str) else rules
        places = ("draft", "open")
        if "{token}" in BY_KEY[key].path:
            both, places = (DEAD, KEY), ("made up", "real link")
        for place, rule in zip(places, both, strict=True):
            found += [
                Case(key, place, role, expected)
                for role, expected in zip(ROLES, rule.split(), strict=True)
            ]
    return found


async def _try(clients: Clients, world: World, case: Case) -> httpx.Response:
    """Cookies are as before: who was let in by a link is not let in by it to the next address."""
    client, route = clients[case.role], BY_KEY[case.key]
    place = world.places.get(case.place) or world.places["open"]
    if case.place == "real link":
        place = place | {"token": world.keys[case.role][_word_before_token(route)]}
    before = httpx.Cookies(client.cookies)
    answer = await client.request(
        case.key.split()[0], _address(route, place), data=SENT.get(case.key)
    )
    client.cookies = before
    return answer


def _word_before_token(route: Route) -> str:
    found = re.search(r"/([\w-]+)/\{token\}", route.path)
    assert found, route.path
    return found[1]


def test_no_case_has_dropped_out() -> None:
    """What a pattern or a list of names leaves out, it leaves out without a word."""
    cases = _cases()
    assert len(cases) == len(BY_KEY) * 2 * len(ROLES)
    assert sum(case.expected == "dead" for case in cases) == 38 * len(ROLES)
    assert len(MIXED) == 32, MIXED


async def test_nobody_gets_further_than_the_table_says(
    app: Starlette, db: Database, owner: Any, settings: Settings, tokens: Tokens
) -> None:
    """Whoever is refused also changes nothing."""
    world, wrong = await _world(db, opened(settings), tokens), []
    async with _everybody(app, db, world) as clients:
        before = await worlds.checksum(owner)
        for key, cases in groupby(_cases(), key=lambda case: case.key):
            for case in cases:
                if case.expected != "in":
                    differs = case.differs(await _try(clients, world, case))
                    wrong += [differs] if differs else []
            after = await worlds.checksum(owner)
            changed = [name for name in before if before[name] != after[name]]
            if changed:
                wrong.append(f"{key} was refused, and changed {changed}")
                before = after
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", sorted({route.name.split(".")[0] for route in ROUTES}))
async def test_everybody_gets_as_far_as_the_table_says(
    room: str, app: Starlette, db: Database, owner: Any, settings: Settings, tokens: Tokens
) -> None:
    """What one did may have taken away what the next one tries: then once more, all as it was."""
    wrong: list[str] = []
    waiting = [case for case in _cases(room) if case.expected == "in"]
    while waiting:
        await cluster.empty(owner)
        world = await _world(db, opened(settings), tokens)
        async with _everybody(app, db, world) as clients:
            untouched = True
            while waiting:
                differs = waiting[0].differs(await _try(clients, world, waiting[0]))
                if differs and not untouched:
                    break
                wrong += [differs] if differs else []
                untouched = untouched and waiting[0].key.startswith("GET")
                waiting.pop(0)
    assert not wrong, "\n".join(wrong)


# Addresses with a name and a number in them.
MIXED = [
    key
    for key, route in BY_KEY.items()
    if re.search(r"\{(slug|group)\}.*\{(id|number)(:\w+)?\}", route.path)
]


@pytest.mark.parametrize("key", MIXED)
async def test_a_number_of_somebody_elses_opens_nothing_under_ones_own_name(
    key: str, app: Starlette, db: Database, owner: Any, settings: Settings, tokens: Tokens
) -> None:
    """Alice's own petition or group in the address, and in it a number that is Charlie's."""
    world = await _world(db, opened(settings), tokens)
    mixed = {**world.places["draft"], **world.theirs}
    for name in ("slug", "group"):
        mixed[name] = world.places["draft"][name]
    async with conftest.browser(app) as client:
        await make.login(client, db, world.people["owner"])
        before = await worlds.checksum(owner)
        address = _address(BY_KEY[key], mixed)
        answer = await client.request(key.split()[0], address, data=SENT.get(key))
        after = await worlds.checksum(owner)
    changed = [name for name in before if name != "buckets" and before[name] != after[name]]
    assert not changed, f"{key} changed {changed}"
    assert answer.status_code in (404, 409), f"{key}: {answer.status_code}"
