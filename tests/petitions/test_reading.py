"""Petitions as everybody reads them."""

import pytest

from mobilise import prose
from mobilise.db import Database, run, value
from mobilise.errors import Gone, NotFound, Suspended
from mobilise.petitions import reading
from tests import make


async def test_a_petition_is_read_in_the_language_of_the_reader(db: Database) -> None:
    made = await make.petition(db, title="A park", nl={"title": "Een park"})
    english = await reading.petition(db, made.slug, "en")
    dutch = await reading.petition(db, made.slug, "nl")
    assert (english.title, english.language) == ("A park", "en")
    assert (dutch.title, dutch.language) == ("Een park", "nl")
    assert dutch.languages == ("en", "nl")


async def test_who_reads_another_language_gets_the_first_one_of_the_petition(
    db: Database,
) -> None:
    made = await make.petition(db, language="fr", title="Un parc", nl={"title": "Een park"})
    german = await reading.petition(db, made.slug, "de")
    assert (german.title, german.language) == ("Un parc", "fr")


async def test_the_lead_is_the_first_paragraph_and_the_body_the_rest(db: Database) -> None:
    made = await make.petition(db, body="Short and plain.\n\nThen **more**.")
    assert (made.lead, made.body) == ("Short and plain.", "Then **more**.")
    assert made.text == "Short and plain.\n\nThen **more**."
    other = await make.petition(db, body="Begins with a [link](https://x.example).\n\nMore.")
    assert other.lead == "" and other.body == other.text


async def test_who_answers_for_it_is_named(db: Database) -> None:
    alice = await make.person(db, "Alice")
    made = await make.petition(db, organiser=alice)
    assert (made.organiser, made.group_name) == ("Alice", "Friends of the Yard")
    await run(db, "delete from people")
    assert (await reading.by_id(db, made.id, "en")).organiser == "Friends of the Yard"


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("draft", NotFound),
        ("submitted", NotFound),
        ("open", None),
        ("closed", None),
        ("delivered", None),
        ("answered", None),
        ("rejected", None),
        ("suspended", Suspended),
        ("removed", Gone),
    ],
)
async def test_what_everybody_may_read(
    db: Database, state: str, outcome: type[Exception] | None
) -> None:
    made = await make.petition(db, state)
    if outcome is None:
        assert (await reading.public(db, made.slug, "en")).id == made.id
    else:
        with pytest.raises(outcome):
            await reading.public(db, made.slug, "en")


async def test_what_does_not_exist_is_not_found(db: Database) -> None:
    for read in (reading.petition, reading.public):
        with pytest.raises(NotFound):
            await read(db, "nothing", "en")
    with pytest.raises(NotFound):
        await reading.by_id(db, 12345, "en")


@pytest.mark.parametrize(
    "words",
    [
        "Zoë  O’Neill",
        "Straße",
        "Łódź Øre-Æøå",
        "Smith-Jones Jr.",
        "ÉÀÇÑ œuvre Œ",
        "Đorđe ı",
        "a`b´c",
        "",
    ],
)
async def test_the_database_folds_as_the_application_does(db: Database, words: str) -> None:
    assert await value(db, "select folded(:words)", words=words) == prose.folded(words)
