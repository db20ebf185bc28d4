"""Before writing: petitions that look alike, and a way to go on all the same."""

import httpx
import pytest

from mobilise.db import Database
from mobilise.petitions import alike
from tests import make

PARK = "Make a park of the railway yard"


async def found(db: Database, title: str) -> list[str]:
    return [each.title for each in await alike.alike(db, title, "en")]


@pytest.mark.parametrize(
    "title",
    ["A park in the railway yard", "PÄRKS on railwáy land", "Park, railway!", "Parc railway parks"],
)
async def test_words_are_found_whatever_their_case_accents_and_endings(
    db: Database, title: str
) -> None:
    await make.petition(db, title=PARK)
    assert await found(db, title) == [PARK]


@pytest.mark.parametrize(
    "title",
    ["", "the", "A park", "Make more of this", "Cheaper trains", "''':* & | ! ( <-> \\", "公園"],
)
async def test_what_shares_too_little_is_not_alike(db: Database, title: str) -> None:
    await make.petition(db, title=PARK)
    expected = [PARK] if title == "A park" else []  # the only word that it has
    assert await found(db, title) == expected


async def test_most_words_first_then_what_can_be_signed_and_five_at_most(db: Database) -> None:
    closed = await make.petition(db, "closed", title="Railway park, closed")
    opened = await make.petition(db, title="Railway park, open")
    best = await make.petition(db, title="Railway park with benches")
    for state in ("draft", "submitted", "removed", "suspended"):
        await make.petition(db, state, title=f"Railway park with benches, {state}")
    titles = await found(db, "Benches for the railway park")
    assert titles == [best.title, opened.title, closed.title]
    for n in range(6):
        await make.petition(db, title=f"Railway park {n}")
    assert len(await found(db, "Benches for the railway park")) == 5


async def test_any_language_of_a_petition_is_looked_into(db: Database) -> None:
    await make.petition(db, title=PARK, nl={"title": "Bomen op het rangeerterrein"})
    assert await found(db, "Een bos: bomen op het rangeerterrein") == [PARK]


async def test_after_the_title_those_alike_are_shown_and_one_goes_on(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, title=PARK)
    await make.signature(db, petition)
    begun = await client.post("/en/start", data={"title": "A park on the railway yard"})
    assert begun.headers["location"] == "/en/start/alike"
    shown = (await client.get("/en/start/alike")).text
    assert PARK in shown and "1 signature," in shown and "Mine is different, go on" in shown
    assert f'href="/en/petitions/{petition.slug}"' in shown and 'href="/en/start/whom"' in shown
    changed = await client.post("/en/start/what", data={"title": "Cheaper trains"})
    assert changed.headers["location"] == "/en/start/whom"


async def test_while_one_types_they_stand_under_the_title(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, title="<b>Railway</b> park")
    fragment = await client.get("/en/start/alike/beneath", params={"title": "park railway"})
    assert fragment.status_code == 200 and "<html" not in fragment.text
    assert "&lt;b&gt;Railway&lt;/b&gt; park" in fragment.text
    nothing = await client.get("/en/start/alike/beneath", params={"title": "x" * 5000})
    assert nothing.status_code == 200 and nothing.text.strip() == ""
    assert 'hx-trigger="input changed delay:400ms"' in (await client.get("/en/start")).text
