"""Suzie's petition, her form, and ways to do what she does."""

from typing import Any

import httpx
import pytest_asyncio

from mobilise.db import Database
from mobilise.jobs import Workplace
from mobilise.petitions import jobs as petitions_jobs
from mobilise.petitions.reading import Petition
from mobilise.signatures import jobs
from tests import make

FORM = {
    "name": "Suzie Overweg",
    "email": "suzie@brievenbus.example",
    "postcode": "2060",
    "country": "BE",
    "comment": "",
}


@pytest_asyncio.fixture
async def petition(db: Database) -> Petition:
    return await make.petition(db)


async def night(place: Workplace) -> None:
    """Everything that happens by itself within a day, in its order, but for releasing."""
    await petitions_jobs.close_overdue(place)
    for job in jobs.JOBS:
        if job.deed not in (jobs.release_held, jobs.note_pending):
            await job.deed(place)


async def sign(client: httpx.AsyncClient, petition: Petition, **changes: Any) -> httpx.Response:
    """Sends the form; what is None is left out."""
    data = {name: value for name, value in (FORM | changes).items() if value is not None}
    return await client.post(f"/en/petitions/{petition.slug}/signatures", data=data)


async def confirmed(client: httpx.AsyncClient, petition: Petition) -> int:
    """What the public page of figures says right now."""
    answer = await client.get(f"/api/petitions/{petition.slug}/count")
    return int(answer.json()["confirmed"])
