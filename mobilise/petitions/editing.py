"""A petition that nobody signed yet, changed one answer at a time."""

from typing import Any

from mobilise import db
from mobilise.audit import trail
from mobilise.errors import NotNow
from mobilise.petitions import editing_queries, texts
from mobilise.petitions.lifecycle import Moderation
from mobilise.petitions.reading import Petition

TEXT = ("what", "whom", "why")
"""Answers that are words of the petition: what is open already gets a new version of them."""


async def change(
    database: db.Database,
    petition: Petition,
    person_id: int,
    step: str,
    said: dict[str, Any],
    moderation: Moderation,
) -> None:
    """Another answer to one question; NotNow when somebody has signed.

    `petition`: in its own language. `said`: the answer as the form of the question tells it.
    """
    if step in TEXT:
        present = {
            "title": petition.title,
            "addressee": petition.addressee,
            "why": petition.text,
            "goal": petition.goal,
        }
        await texts.change(database, petition, person_id, present | said, moderation)
        return
    async with db.tx(database):
        changed = await editing_queries.change_goal(
            database,
            petition_id=petition.id,
            states=list(texts.editable(moderation)),
            goal=said["goal"],
            opens_on=said.get("opens_on", petition.opens_on),
            closes_on=said["closes_on"],
        )
        if not changed:
            raise NotNow(texts.why_not_editable(petition, moderation) or texts.FROZEN)
        await trail.write(
            database, f"petition.{step}", person_id=person_id, petition_id=petition.id
        )
