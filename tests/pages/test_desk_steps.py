"""What a group does next, and what is to be expected: from the numbers, for the role that looks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mobilise import i18n
from mobilise.accounts import access
from mobilise.db import Database, run
from mobilise.pages import desk_queries
from mobilise.pages.next_steps import steps
from mobilise.pages.standing import Standing, forecast, in_words
from mobilise.signatures.counting import Day, Tally
from tests import make

TODAY = date(2026, 5, 12)
ZONE = ZoneInfo("Europe/Brussels")


def tally(confirmed: int = 0, goal: int | None = 4000) -> Tally:
    return Tally(
        confirmed=confirmed, online=confirmed, paper=0, pending=0, withdrawn=0, invalidated=0,
        goal=goal, as_of=datetime.now(UTC), drift=0,
    )  # fmt: skip


def days(*added: int) -> list[Day]:
    """Closed days up to yesterday."""
    found, total = [], 0
    for place, number in enumerate(added):
        total += number
        day = TODAY - timedelta(days=len(added) - place)
        found.append(
            Day(day, confirmed=number, withdrawn=0, invalidated=0, restored=0, paper=0, total=total)
        )
    return found


async def standing(db: Database, state: str = "open", **more: Any) -> Standing:
    petition = await make.petition(
        db,
        state,
        goal=4000,
        closes_on=more.pop("closes_on", None),
        picture=more.pop("picture", "a"),
    )
    known: dict[str, Any] = {
        "petition": petition,
        "day": TODAY,
        "tally": tally(2),
        "series": [],
        "documents_total": 1,
        "comments": 0,
        "questions": 0,
        "behind": [],
        "may": access.allowed(more.pop("role", "owner")),
    }
    return Standing(**known | more)


def _url(name: str, **values: Any) -> str:
    return f"/{name}"


@pytest.mark.parametrize(
    ("state", "known", "expected"),
    [
        ("draft", {"documents_total": 0}, ["Put the documents beside it", "Read it once more"]),
        ("draft", {}, ["Read it once more"]),
        ("draft", {"picture": None}, ["Add a picture", "Read it once more"]),
        ("open", {"behind": ["fr"]}, ["Correct the other languages too"]),
        ("submitted", {}, ["Your petition is being read"]),
        ("rejected", {}, []),  # the desk shows the decision itself
        ("delivered", {}, ["Tell the answer when it comes"]),
        ("open", {"tally": tally(0)}, ["Be the first to sign"]),
        ("open", {"documents_total": 0}, ["Put the documents beside it"]),
        ("open", {"tally": tally(4000)}, ["Your goal is reached"]),
        ("open", {"closes_on": TODAY + timedelta(days=3)}, ["Say it once more"]),
        ("open", {"closes_on": TODAY + timedelta(days=30)}, []),
        ("suspended", {"questions": 2, "comments": 1}, []),
        ("removed", {"questions": 2, "comments": 1}, []),
        ("answered", {"questions": 1, "comments": 1}, ["Answer a question", "Read a comment"]),
        ("open", {"questions": 2, "comments": 1}, ["Answer 2 questions", "Read a comment"]),
        (
            "open",
            {"questions": 1, "tally": tally(4000), "documents_total": 0},
            ["Answer a question", "Your goal is reached", "Put the documents beside it"],
        ),
        ("open", {}, []),
        ("closed", {}, ["Hand it over"]),
        ("closed", {"documents_total": 0, "questions": 1}, ["Answer a question", "Hand it over"]),
    ],
)
async def test_what_to_do_comes_most_urgent_first(
    db: Database, state: str, known: dict[str, Any], expected: list[str]
) -> None:
    found = steps(await standing(db, state, **known), _url)
    assert [step.heading for step in found] == expected
    assert all(step.why and step.label and step.href.startswith("/") for step in found)


async def test_nobody_is_told_to_do_what_he_may_not(db: Database) -> None:
    everything = {
        "questions": 1, "comments": 1, "tally": tally(4000), "documents_total": 0,
    }  # fmt: skip
    found = {
        role: [step.href for step in steps(await standing(db, role=role, **everything), _url)]
        for role in ("owner", "editor", "clerk")
    }
    assert "/petitions.close" in found["owner"]
    assert "/petitions.close" not in found["editor"] and "/documents.manage" in found["editor"]
    assert not found["clerk"]


async def test_the_day_of_the_goal_is_told_with_its_ground(db: Database) -> None:
    found = forecast(await standing(db, tally=tally(2810), series=days(2600, *[30] * 6)))
    assert found is not None, "30 a day: 1,190 more take 40 days"
    assert found.figure == f"21{i18n.NO_BREAK_SPACE}June"
    assert found.basis == "4,000, at this week’s pace"


async def test_when_the_last_day_comes_first_it_tells_how_many_there_will_be(
    db: Database,
) -> None:
    ends = TODAY + timedelta(days=10)
    series = days(2600, *[30] * 6)
    found = forecast(await standing(db, tally=tally(2810), series=series, closes_on=ends))
    assert found is not None
    assert (found.figure, found.basis) == ("3,110", "on the last day, at this week’s pace")


@pytest.mark.parametrize(
    ("state", "known"),
    [
        ("open", {"series": []}),
        ("open", {"series": days(30)}),
        ("open", {"series": days(30, 0, 0, 0, 0, 0, 0, 0), "tally": tally(30)}),
        ("open", {"series": days(1, 0, 0, 0, 0, 0, 1), "tally": tally(2)}),
        ("open", {"series": days(2000, 2000, 100), "tally": tally(4100)}),
        ("closed", {"series": days(*[30] * 9), "tally": tally(270)}),
    ],
)
async def test_without_a_pace_or_an_aim_nothing_is_foretold(
    db: Database, state: str, known: dict[str, Any]
) -> None:
    assert forecast(await standing(db, state, **known)) is None


@pytest.mark.parametrize("state", ["draft", "submitted", "open", "closed", "delivered", "answered",
                                   "rejected", "suspended", "removed"])  # fmt: skip
async def test_every_state_has_its_words(db: Database, state: str) -> None:
    petition = await make.petition(db, state, closes_on=TODAY)
    for language in i18n.LANGUAGES:
        with i18n.using(language):
            assert in_words(petition, TODAY, ZONE).endswith(".")


async def test_the_last_day_is_counted_down(db: Database) -> None:
    for left, words in ((0, "That is today."), (1, "One more day."), (49, "49 more days.")):
        petition = await make.petition(db, closes_on=TODAY + timedelta(days=left))
        assert in_words(petition, TODAY, ZONE).endswith(words)


async def test_a_language_that_was_not_corrected_with_the_others_is_told(db: Database) -> None:
    petition = await make.petition(db, nl={"title": "Een park"}, fr={"title": "Un parc"})
    assert await desk_queries.languages_behind(db, petition.id) == []
    for version, language, kind in ((2, "en", "correction"), (3, "fr", "translation")):
        await run(
            db,
            """insert into petition_texts
                 (petition_id, language, version, title, addressee, body, kind)
               values (:id, :language, :version, 'A park', 'The city', 'Text', :kind)""",
            id=petition.id,
            language=language,
            version=version,
            kind=kind,
        )
    assert await desk_queries.languages_behind(db, petition.id) == ["nl"]
