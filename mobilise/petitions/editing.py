"""A petition that nobody signed yet, changed one answer at a time."""

from typing import Any

from mobilise import db
from mobilise.audit import trail
from mobilise.petitions import editing_queries, texts, versions
from mobilise.petitions.reading import Petition

PARTS = {"what": "title", "whom": "addressee", "why": "body"}
"""Answers that are words of the petition: what is open already gets a new version of them."""
FIELDS = {"what": "title", "whom": "addressee", "why": "why"}


async def change(
    database: db.Database,
    petition: Petition,
    person_id: int,
    step: str,
    said: dict[str, Any],
    seen: str | None = None,
) -> None:
    """Another answer to one question; NotNow when somebody has signed.

    `said`: the answer as the form of the question tells it. `seen`: the mark of the answer that
    stood in that form; ChangedMeanwhile when somebody else has changed it since.
    """
    if step in PARTS:
        await versions.change_part(
            database, petition, person_id, PARTS[step], said[FIELDS[step]], seen=seen
        )
        return
    async with db.tx(database):
        await texts.held(database, petition, step, seen)
        await editing_queries.change_goal(
            database,
            petition_id=petition.id,
            goal=said["goal"],
            opens_on=said.get("opens_on", petition.opens_on),
            closes_on=said["closes_on"],
        )
        await trail.write(
            database, f"petition.{step}", person_id=person_id, petition_id=petition.id
        )
