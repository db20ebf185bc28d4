"""Signatures by place and by language, as they are told: what is rounded, and what is not told.

A release is made once a week at most, and never changes. `disclosure` decides what may be in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mobilise import db, i18n
from mobilise.i18n import gettext as _
from mobilise.opendata import area_queries, places
from mobilise.opendata.places import Place
from mobilise.petitions.reading import GRACE, Petition

REST = "OTHER"  # the code of all that is not told apart


@dataclass(frozen=True)
class Row:
    """`level`: municipality, postcode, country or language. `code`: 21004 (NIS), GM0363 (CBS),
    BE-2060, NL-1011, FR, nl, or OTHER for the rest of `parent`. `parent`: of a postcode its
    municipality, or its country where that is all that is known; else "". `confirmed`: rounded
    down to 5."""

    level: str
    code: str
    parent: str
    confirmed: int


@dataclass(frozen=True)
class Release:
    """Counts to the end of `day`. `frozen`: the petition is closed, and this is the last one."""

    number: int
    day: date
    frozen: bool
    rows: Sequence[Row]


def standing(release: Release | None) -> str:
    """In the reader's language: how far the tables by place and language go, or why they are
    empty."""
    if release is None:
        return _("No table by place yet. The first one comes once ten people have signed.")
    if release.frozen:
        return _(
            "The petition is closed. The tables by place count to the end of %(day)s,"
            " and stay as they are.",
            day=i18n.day(release.day),
        )
    return _(
        "The tables by place count to the end of %(day)s. A new one comes once a week,"
        " when ten or more are new.",
        day=i18n.day(release.day),
    )


async def newest(database: db.Database, petition: Petition, until: datetime) -> Release | None:
    """The table that stood at that midnight; None before the first one."""
    day = until.date() - timedelta(days=1)
    found = await area_queries.newest(database, petition.id, day)
    if not found:
        return None
    rows = tuple(
        Row(row["level"], row["code"], row["parent"], row["confirmed"])
        for row in found
        if row["level"] is not None
    )
    was_over = petition.closed_at is not None and petition.closed_at + GRACE < until
    return Release(found[0]["number"], found[0]["day"], was_over and found[0]["is_last"], rows)


async def listed(database: db.Database) -> tuple[Place, ...]:
    """Every place that a table may name, with what the keeper loaded."""
    figures = await area_queries.figures(database)
    loaded = await area_queries.pairs(database)
    return places.with_figures(tuple(map(tuple, figures)), tuple(map(tuple, loaded)))
