"""One demonstration for an empty instance: a petition as it stands after ninety days."""

import os
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from importlib import resources
from typing import Any

from mobilise import addresses, db, i18n, prose
from mobilise.accounts import entering, groups
from mobilise.accounts import queries as accounts
from mobilise.audit import trail
from mobilise.demo import crowd, papers
from mobilise.documents import dossier, sections
from mobilise.opendata import disclosing
from mobilise.petitions import planting as petitions
from mobilise.settings import Settings
from mobilise.signatures import counts
from mobilise.signatures import planting as signatures
from mobilise.store import Store
from mobilise.tokens import Tokens

FOLDER = resources.files("mobilise.demo")
GOAL = 4000
CODE = "wsslpk"
RUNS_FOR = timedelta(days=crowd.DAYS + 38)
_LOCK = 7075


@dataclass(frozen=True)
class Demo:
    """What stands here now. `slug` is None on an instance that others use already."""

    slug: str | None
    made: bool
    language: str = "nl"
    token: str = ""

    def lines(self, settings: Settings) -> Iterator[str]:
        """What the command line tells about it."""
        if self.slug is None:
            yield "This instance is in use, so it gets no demonstration. Nothing was changed."
            return
        if not self.made:
            yield "The demonstration stands here already. It stays as it is."
        yield f"The demo     {settings.base_url}/{self.language}/petitions/{self.slug}"
        yield f"Log in       {settings.base_url}/{self.language}/login/{self.token}"
        yield "             as its organiser; the link works once, within ten minutes"


async def make(database: db.Database, store: Store, settings: Settings) -> Demo:
    """Makes the demonstration on an empty instance, whole or not at all.

    A used instance is left as it is, but for a new log-in where the demonstration stands.
    """
    made = await _is_empty(database) and await _plant(database, store, settings)
    found = await petitions.planted(database)
    if found is None:
        return Demo(slug=None, made=False)
    # Whoever tries it out reads the desk in the language of the terminal.
    language = os.environ.get("LANG", "")[:2].lower()
    language = language if language in i18n.LANGUAGES else i18n.FALLBACK
    address = addresses.parse(found["email"])
    login_id, nonce = await entering.invite(database, address, language)
    token = Tokens(settings.signing_keys).login(login_id, nonce)
    return Demo(found["slug"], made, language, token)


async def _plant(database: db.Database, store: Store, settings: Settings) -> bool:
    """False: somebody else was first."""
    now, opened = datetime.now(UTC), crowd.opening(datetime.now(UTC), settings.zone)
    told = tomllib.loads((FOLDER / "petition.toml").read_text(encoding="utf-8"))
    signers = crowd.crowd(now, settings.zone)
    wide, narrow = [
        await store.put((FOLDER / name).read_bytes()) for name in ("hero.webp", "hero-780.webp")
    ]
    async with (
        papers.ready(store, told["documents"], opened) as documents,
        db.tx(database),
    ):
        await db.value(database, "select pg_advisory_xact_lock(:lock)", lock=_LOCK)
        if not await _is_empty(database):
            return False
        person_id, group_id = await _people(database, told)
        petition_id = await petitions.plant(
            database,
            slug=prose.slug(told["nl"]["title"]),
            code=CODE,
            group_id=group_id,
            person_id=person_id,
            goal=GOAL,
            texts={code: petitions.Text(**told[code]) for code in i18n.LANGUAGES},
            picture=wide,
            picture_narrow=narrow,
            opened_at=opened,
            closes_on=(opened + RUNS_FOR).date(),
        )
        await _dossier(database, store, told, documents, petition_id, person_id, opened)
        await _count(database, settings, petition_id, signers)
        await trail.write(database, "demo.made", petition_id=petition_id)
    await _tables_by_place(database, petition_id, opened, now.astimezone(settings.zone))
    return True


async def _tables_by_place(
    database: db.Database, petition_id: int, opened: datetime, now: datetime
) -> None:
    """Those of the weeks that are over, as the night would have made them."""
    first = datetime.combine(opened.date() + timedelta(days=2), time(), opened.tzinfo)
    until = [first + timedelta(weeks=week) for week in range(crowd.DAYS // 7)]
    for midnight in until:
        if midnight <= now:
            await disclosing.disclose(
                database, petition_id, midnight, is_over=False, has_enough=True
            )


async def _dossier(
    database: db.Database,
    store: Store,
    told: dict[str, Any],
    documents: list[papers.Paper],
    petition_id: int,
    person_id: int,
    opened: datetime,
) -> None:
    """Sections with the papers in them, an article elsewhere, and plans that may not be copied."""
    who: Any = {"petition_id": petition_id, "person_id": person_id}
    shelves = [await sections.add(database, **each, **who) for each in told["sections"]]
    for each in documents:
        caption = replace(each.caption, section_id=shelves[each.section])
        await dossier.add(database, store, each.draft, each.found, caption, added_at=opened, **who)
    for mention in told["mentions"]:
        issued = opened.date() - timedelta(days=mention["days_before"])
        caption = papers.caption(mention, issued)
        caption = replace(caption, section_id=shelves[mention["section"]])
        await dossier.mention(database, mention["entry"], caption, added_at=opened, **who)


async def _is_empty(database: db.Database) -> bool:
    """Has nobody ever used this instance?"""
    return bool(
        await db.value(
            database,
            """
            select not exists (select from people) and not exists (select from groups)
               and not exists (select from petitions)
            """,
        )
    )


async def _people(database: db.Database, told: dict[str, Any]) -> tuple[int, int]:
    """The organiser and her group."""
    name, address = told["organiser"]["name"], addresses.parse(told["organiser"]["email"])
    await accounts.add_person(database, name, address.sent, address.key, "nl")
    person_id = await accounts.greet(database, address.sent, address.key, "nl")
    assert person_id is not None, "she was added a line ago"
    with i18n.using("nl"):  # what the group says of itself is Dutch
        group_id = await groups.own(database, person_id, told["group"]["name"])
    await accounts.describe_group(database, group_id, told["group"]["about"])
    return person_id, group_id


async def _count(
    database: db.Database, settings: Settings, petition_id: int, signers: list[signatures.Signer]
) -> None:
    """Signatures, then what the night and the hour do with them."""
    await signatures.plant(database, petition_id, signers, random.Random(crowd.SEED))
    today = datetime.now(settings.zone).date()
    await counts.fold_days(database, str(settings.zone), today)
    await counts.note_pending(database)
    drifting = await counts.recount(database)
    assert not drifting, "the demonstration counts as every petition does"
