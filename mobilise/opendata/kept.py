"""Editions that were kept, for whoever reads them: their addresses, and what lies there."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from mobilise import db
from mobilise.errors import NotFound
from mobilise.opendata import edition_queries, licenses
from mobilise.opendata.editions import Edition
from mobilise.opendata.licenses import License

WRITTEN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:\.(?:[2-9]|[1-9][0-9]{1,3}))?"
"""What an edition is called in addresses, as a pattern."""


@dataclass(frozen=True)
class Name:
    """What an edition is called in addresses: 2026-05-11, made again 2026-05-11.2."""

    day: date
    version: int = 1

    @classmethod
    def of(cls, written: str) -> "Name":
        """NotFound for anything that `str` does not give."""
        day, _, version = written.partition(".")
        try:
            if not re.fullmatch(WRITTEN, written):
                raise NotFound()
            return cls(date.fromisoformat(day), int(version or 1))
        except ValueError:
            raise NotFound() from None  # there is no such day

    def __str__(self) -> str:
        return self.day.isoformat() + (f".{self.version}" if self.version > 1 else "")


@dataclass(frozen=True)
class KeptFile:
    name: str
    media_type: str
    licenses: tuple[License, ...]
    size: int
    sha256: str


@dataclass(frozen=True)
class Kept:
    """An edition with its files. `newest`: the last version of its day."""

    slug: str
    name: Name
    newest: Name
    because: str
    made_at: datetime
    files: tuple[KeptFile, ...]

    @property
    def path(self) -> str:
        return folder(self.slug, self.name)

    def file(self, name: str) -> KeptFile:
        for each in self.files:
            if each.name == name:
                return each
        raise NotFound()


def folder(slug: str, name: Name) -> str:
    return f"/petitions/{slug}/data/{name}/"


async def one(database: db.Database, edition: Edition, name: Name) -> Kept:
    """A kept edition of the petition whose current `edition` was read; NotFound where none is."""
    petition = edition.petition
    rows = await edition_queries.files(database, petition.id, name.day, name.version)
    if not rows:
        raise NotFound()
    first = rows[0]
    files = tuple(
        KeptFile(
            row["name"],
            row["media_type"],
            tuple(licenses.BY_NAME[each] for each in row["licenses"]),
            row["size"],
            row["sha256"],
        )
        for row in rows
    )
    newest = Name(name.day, first["newest"])
    return Kept(petition.slug, name, newest, first["because"], first["made_at"], files)


def described(kept: Kept, edition: Edition) -> dict[str, Any]:
    """As JSON tells it, to programs that look through what was."""
    found: dict[str, Any] = {
        "petition": kept.slug,
        "edition": str(kept.name),
        "until": kept.name.day.isoformat(),
        "version": kept.name.version,
        "made_at": edition.at(kept.made_at),
    }
    if kept.because:
        found["made_again_because"] = kept.because
    if kept.newest != kept.name:
        found["made_again_as"] = edition.site + folder(kept.slug, kept.newest)
    return found | {
        "files": [
            {
                "name": file.name,
                "url": edition.site + kept.path + file.name,
                "media_type": file.media_type,
                "bytes": file.size,
                "sha256": file.sha256,
                "license": " AND ".join(license.name for license in file.licenses),
            }
            for file in kept.files
        ]
    }


@dataclass(frozen=True)
class Line:
    """One edition in a list. `newest`: the last version of its day."""

    slug: str
    name: Name
    newest: Name
    because: str
    made_at: datetime

    @property
    def path(self) -> str:
        return folder(self.slug, self.name)


async def lines(database: db.Database, edition: Edition) -> list[Line]:
    """Every kept edition, the newest first."""
    return [
        Line(
            edition.petition.slug,
            Name(row["day"], row["version"]),
            Name(row["day"], row["newest"]),
            row["because"],
            row["made_at"],
        )
        for row in await edition_queries.of_petition(database, edition.petition.id)
    ]


def listed(line: Line, edition: Edition) -> dict[str, Any]:
    """As JSON tells it."""
    found: dict[str, Any] = {
        "edition": str(line.name),
        "until": line.name.day.isoformat(),
        "version": line.name.version,
        "made_at": edition.at(line.made_at),
        "url": edition.site + line.path,
    }
    if line.because:
        found["made_again_because"] = line.because
    if line.newest != line.name:
        found["made_again_as"] = edition.site + folder(line.slug, line.newest)
    return found
