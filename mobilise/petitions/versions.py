"""The texts of a petition in its languages, under one version number that spans them all.

Nobody signed: a text is written over while it is a draft, and gets a new version once it is open.
Somebody signed: what was signed stays. A correction with its reason, and a translation that was
added, are new, dated, public versions. A version is never taken away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Literal

from mobilise import db, prose
from mobilise.audit import trail
from mobilise.errors import N_, ChangedMeanwhile, NotNow
from mobilise.petitions import comparing, text_queries, texts
from mobilise.petitions.comparing import Piece
from mobilise.petitions.reading import Petition

CORRECTABLE = ("open", "closed")
OVER = N_("This petition has been handed over, suspended or removed. Its text stays as it is.")
SAME = N_("Nothing is different yet. Change what you want to correct.")
MOST_VERSIONS = 100  # they all stand on one page
ENOUGH = N_("This text was changed very often, so now it stays. Add a document that explains it.")
FIRST_STAYS = N_("This is the petition’s own language. It stays.")
Way = Literal["write", "correct", "over"]


@dataclass(frozen=True)
class Words:
    """What a text says in one language. `body` is Markdown."""

    title: str
    addressee: str
    body: str
    picture_alt: str = ""

    @classmethod
    def of(cls, row: db.Record) -> "Words":
        return cls(*(row[name] for name in cls.__dataclass_fields__))

    @property
    def mark(self) -> str:
        """Tells one text from another."""
        return prose.mark(*vars(self).values())


class Overtaken(ChangedMeanwhile):
    """Somebody else saved another text while this one was written."""

    message = N_("Somebody else changed this text a moment ago. Both stand below.")

    def __init__(self, now: Words) -> None:
        super().__init__()
        self.now = now


@dataclass(frozen=True)
class Change:
    """One part of a text, and how it differs from what stood there before."""

    part: str  # title, addressee, body, picture_alt
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Version:
    """One step in the history of a petition."""

    number: int
    language: str
    kind: str  # first, change, correction, translation
    at: datetime
    note: str
    words: Words
    offered: bool  # is the petition still offered in this language?
    changes: tuple[Change, ...]  # nothing where it is the first text of its language


def way(petition: Petition) -> Way:
    """Written over, corrected in public, or left alone."""
    return _way(petition.state, petition.is_editable)


def _way(state: str, editable: bool) -> Way:
    if editable:
        return "write"
    return "correct" if state in CORRECTABLE else "over"


async def save(
    database: db.Database,
    petition: Petition,
    person_id: int,
    language: str,
    words: Words,
    *,
    seen: str,
    note: str = "",
) -> int:
    """The text in this language from now on; its version. `seen`: `Words.mark` of the text that the
    form was filled with, or nothing for a language that the petition did not have.

    Raises Overtaken, and NotNow where the text stays as it is or nothing is different.
    """
    async with db.tx(database):
        now = await text_queries.standing(database, petition.id)
        newest = await text_queries.newest(database, petition.id, language)
        before = Words.of(newest) if newest else None
        how = _way(now["state"], now["is_editable"])
        if how == "over" or (how == "correct" and before and not note):
            raise NotNow(_why_it_stays(now))
        if before and seen != before.mark:
            raise Overtaken(before)
        if before == words:
            if how == "correct":
                raise NotNow(SAME)
            return int(now["version"])
        next_one = _Next(how, now, language, before, words, note)
        return await _keep(database, petition.id, person_id, next_one)


async def change_part(
    database: db.Database,
    petition: Petition,
    person_id: int,
    part: str,
    said: str,
    *,
    seen: str | None,
) -> int:
    """One part of the text in the petition's own language, while nobody signed; the rest stays as
    somebody else may have left it a moment ago. `seen`: `prose.mark` of what stood in the form.

    `part`: title, addressee, body or picture_alt. Raises Overtaken, and NotNow.
    """
    async with db.tx(database):
        now = await text_queries.standing(database, petition.id)
        if not now["is_editable"]:
            raise NotNow(_why_it_stays(now))
        language = now["languages"][0]
        newest = await text_queries.newest(database, petition.id, language)
        assert newest is not None, "a petition has a text in its own language"
        before = Words.of(newest)
        if seen is not None and seen != prose.mark(getattr(before, part)):
            raise Overtaken(before)
        words = replace(before, **{part: said})
        if words == before:
            return int(now["version"])
        next_one = _Next("write", now, language, before, words, "")
        return await _keep(database, petition.id, person_id, next_one)


def _why_it_stays(now: db.Record) -> str:
    if now["state"] not in texts.CHANGING:
        return OVER
    return texts.FROZEN if now["frozen_at"] else texts.READ


@dataclass(frozen=True)
class _Next:
    """A version about to be kept: what it follows, and what it says."""

    how: Way
    now: db.Record
    language: str
    before: Words | None
    words: Words
    note: str

    @property
    def public(self) -> bool:
        return self.now["state"] in CORRECTABLE

    @property
    def kind(self) -> str:
        if not self.public:
            return "first"
        if self.before is None:
            return "translation"
        return "correction" if self.how == "correct" else "change"

    @property
    def deed(self) -> str:
        if self.before is None:
            return "petition.translated"
        return "petition.corrected" if self.how == "correct" else "petition.changed"


async def _keep(database: db.Database, petition_id: int, person_id: int, next_one: _Next) -> int:
    now, language = next_one.now, next_one.language
    version = int(now["version"]) + (1 if next_one.public else 0)
    if version > MOST_VERSIONS:
        raise NotNow(ENOUGH)
    await text_queries.write(
        database, petition_id=petition_id, language=language, version=version,
        kind=next_one.kind, note=next_one.note, **vars(next_one.words),
    )  # fmt: skip
    languages = list(dict.fromkeys([*now["languages"], language]))
    await text_queries.number(database, petition_id, version, languages)
    await trail.write(
        database, next_one.deed, person_id=person_id, petition_id=petition_id,
        language=language, version=version,
    )  # fmt: skip
    return version


async def remove(database: db.Database, petition: Petition, person_id: int, language: str) -> None:
    """No longer offered in this language, while nobody signed. What was public stays in the
    history; what only the group saw is gone."""
    async with db.tx(database):
        now = await text_queries.standing(database, petition.id)
        if not now["is_editable"]:
            raise NotNow(_why_it_stays(now))
        if language == now["languages"][0]:
            raise NotNow(FIRST_STAYS)
        if language not in now["languages"]:
            return
        if now["state"] not in CORRECTABLE:
            await text_queries.forget(database, petition.id, language)
        left = [code for code in now["languages"] if code != language]
        await text_queries.number(database, petition.id, now["version"], left)
        await trail.write(
            database, "petition.translation_removed", person_id=person_id,
            petition_id=petition.id, language=language,
        )  # fmt: skip


async def history(database: db.Database, petition_id: int) -> list[Version]:
    """Every version that was ever public, newest first, each beside what it followed."""
    before: dict[str, Words] = {}
    told = []
    for row in await text_queries.versions(database, petition_id):
        words = Words.of(row)
        told.append(
            Version(
                row["version"],
                row["language"],
                row["kind"],
                row["at"],
                row["note"],
                words,
                row["offered"],
                changes(before.get(row["language"]), words),
            )
        )
        before[row["language"]] = words
    return told[::-1]


def changes(before: Words | None, after: Words) -> tuple[Change, ...]:
    """Part by part, only what differs."""
    if before is None:
        return ()
    pairs = ((part, getattr(before, part), getattr(after, part)) for part in vars(after))
    return tuple(
        Change(part, comparing.shown(comparing.compare(old, new)))
        for part, old, new in pairs
        if old != new
    )


def by_number(told: Sequence[Version]) -> list[tuple[int, list[Version]]]:
    """The newest number first; the texts of one number in the order of the petition's languages."""
    return [
        (number, list(texts)[::-1]) for number, texts in groupby(told, key=lambda each: each.number)
    ]
