"""No small number can be worked out, by whoever tries every world that could have been."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobilise.opendata import disclosure
from mobilise.opendata.disclosure import RULE, Rule, Told
from tests.opendata.attacker import World, recovered, worlds

NAMES = "abcdef"
SMALL = Rule(k=4, room=2)  # the same rule with smaller numbers, so that more parts can be tried
MIDDLE = Rule(k=6, room=3)
First = Callable[..., Told]
Later = Callable[..., Told | None]


def counts(world: World) -> dict[str, int]:
    return {name: n for name, n in zip(NAMES, world, strict=False) if n}


def seen(told: Told | None) -> Any:
    """Pessimistic: to the unit, although it is rounded when it is published."""
    return None if told is None else (tuple(sorted(told.shown.items())), told.rest)


def numbers(world: World, told: Told | None) -> list[tuple[int, bool]]:
    if told is None:
        return []
    return [(n, name in told.shown) for name, n in zip(NAMES, world, strict=False)]


def one_table(
    parts: int, whole: int, rule: Rule, first: First = disclosure.first
) -> Iterator[tuple[Any, Any, list[tuple[int, bool]]]]:
    for world in worlds(parts, whole):
        told = first(NAMES[:parts], counts(world), rule)
        yield world, seen(told), numbers(world, told)


def changes(parts: int, new: int, lost: int) -> set[World]:
    """What can have become of each part."""
    came, went = list(worlds(parts, new)), list(worlds(parts, lost))
    return {tuple(a - b for a, b in zip(p, q, strict=True)) for p in came for q in went}


def two_tables(
    parts: int, whole: int, new: int, lost: int, rule: Rule, later: Later = disclosure.later
) -> Iterator[tuple[Any, Any, list[tuple[int, bool]]]]:
    """Everybody knows how many came and how many left between them."""
    moves = changes(parts, new, lost)
    for world in worlds(parts, whole):
        told = disclosure.first(NAMES[:parts], counts(world), rule)
        for move in moves:
            then = tuple(a + b for a, b in zip(world, move, strict=True))
            if min(then) >= 0:
                next_one = later(NAMES[:parts], counts(then), told, lost, rule)
                yield (
                    (world, then),
                    (seen(told), seen(next_one)),
                    numbers(world, told) + numbers(then, next_one),
                )


# --- nothing is recovered -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "parts", "until"),
    [(RULE, 2, 60), (RULE, 3, 50), (RULE, 4, 34), (SMALL, 3, 40), (SMALL, 4, 30), (SMALL, 5, 18)],
)
def test_one_table_gives_no_small_number_away(rule: Rule, parts: int, until: int) -> None:
    for whole in range(rule.k, until):
        assert not recovered(one_table(parts, whole, rule), rule.k, rule.room), whole


@pytest.mark.parametrize("lost", [0, 1, 2])
@pytest.mark.parametrize(
    ("rule", "parts", "wholes", "new"),
    [
        (SMALL, 2, range(4, 20), 4),
        (SMALL, 3, range(4, 16), 4),
        (SMALL, 3, range(5, 16, 3), 6),
        (MIDDLE, 3, (9, 14, 20), 6),
    ],
)
def test_nor_do_two_tables(rule: Rule, parts: int, wholes: Any, new: int, lost: int) -> None:
    for whole in wholes:
        assert not recovered(two_tables(parts, whole, new, lost, rule), rule.k, rule.room), whole


@pytest.mark.parametrize(("parts", "whole", "lost"), [(3, 12, 0), (3, 21, 1), (2, 30, 3)])
def test_nor_two_tables_by_the_real_rule(parts: int, whole: int, lost: int) -> None:
    assert not recovered(two_tables(parts, whole, 10, lost, RULE), RULE.k, RULE.room)


def test_nor_two_tables_of_four_parts() -> None:
    for whole, lost in ((8, 0), (12, 0), (12, 1), (14, 0)):
        assert not recovered(two_tables(4, whole, 4, lost, SMALL), SMALL.k, SMALL.room)


# --- and it would be told if it were ------------------------------------------------------


def everything_large(parts: str, counts: dict[str, int], rule: Rule) -> Told:
    """Naive: what has ten is told, the rest is what is left."""
    shown = {code: n for code, n in counts.items() if n >= rule.k}
    return Told(shown, sum(counts.values()) - sum(shown.values()))


def a_rest_of_ten(parts: str, counts: dict[str, int], rule: Rule) -> Told:
    """Less naive: the smallest ones are folded until the rest has ten, and nobody looks further."""
    told = everything_large(parts, counts, rule)
    shown, rest = dict(told.shown), told.rest
    for code, n in sorted(told.shown.items(), key=lambda each: (each[1], each[0])):
        if rest < rule.k:
            rest += n
            del shown[code]
    return Told(shown, rest)


@pytest.mark.parametrize("first", [everything_large, a_rest_of_ten])
def test_the_attacker_breaks_a_table_without_care_for_the_rest(first: First) -> None:
    found = [recovered(one_table(3, whole, RULE, first), RULE.k, RULE.room) for whole in (26, 33)]
    assert any(found)


def test_the_attacker_breaks_tables_without_care_for_the_one_before() -> None:
    def forgetful(parts: str, counts: dict[str, int], told: Told, lost: int, rule: Rule) -> Told:
        return disclosure.first(parts, counts, rule)

    assert recovered(two_tables(3, 12, 4, 0, SMALL, forgetful), SMALL.k, SMALL.room)
    assert recovered(two_tables(3, 12, 4, 1, SMALL, forgetful), SMALL.k, SMALL.room)


# --- whatever the numbers are -------------------------------------------------------------

CROWD = st.dictionaries(
    st.integers(0, 39).map("p{:02}".format), st.integers(0, 80), min_size=1, max_size=40
)
PARTS = [f"p{n:02}" for n in range(40)]


@given(CROWD)
def test_what_is_told_adds_up_and_hides_the_rest(crowd: dict[str, int]) -> None:
    told = disclosure.first(PARTS, crowd)
    assert all(n >= RULE.k and crowd[code] == n for code, n in told.shown.items())
    assert sum(told.shown.values()) + told.rest == sum(crowd.values())
    hidden = [crowd.get(code, 0) for code in PARTS if code not in told.shown]
    assert not told.shown or not hidden or (told.rest >= RULE.k and len(hidden) >= 2)
    if told.shown and hidden:
        assert told.rest >= max(n for n in hidden if n < RULE.k) + 1


@settings(max_examples=60)
@given(CROWD, st.lists(st.tuples(CROWD, st.integers(0, 6)), min_size=1, max_size=6))
def test_week_after_week_the_same_holds(
    crowd: dict[str, int], weeks: list[tuple[dict[str, int], int]]
) -> None:
    told, now, lost = disclosure.first(PARTS, crowd), dict(crowd), 0
    for more, gone in weeks:
        now = {code: now.get(code, 0) + more.get(code, 0) for code in PARTS}
        for code in sorted(now)[:gone]:
            now[code] -= min(1, now[code])
        lost += gone
        before, found = told, disclosure.later(PARTS, now, told, lost)
        if found is None:
            continue
        told, lost = found, 0
        assert all(now[code] == n >= RULE.k for code, n in told.shown.items())
        assert sum(told.shown.values()) + told.rest == sum(now.values())
        hidden = set(PARTS) - told.shown.keys()
        assert not told.shown or not hidden or (told.rest >= RULE.k and len(hidden) >= 2)
        for code in hidden & before.shown.keys():
            assert before.shown[code] - gone < RULE.k or told.held_back


def test_large_parts_are_told_and_stay_told() -> None:
    """The rule is worth nothing if it hides everything."""
    crowd = {"p00": 400, "p01": 90, "p02": 30, "p03": 11, "p04": 4, "p05": 9}
    told = disclosure.first(PARTS, crowd)
    assert told.shown == {"p00": 400, "p01": 90, "p02": 30, "p03": 11} and told.rest == 13
    more = crowd | {"p00": 420, "p04": 12, "p06": 9}
    found = disclosure.later(PARTS, more, told, lost=1)
    assert found is not None
    assert found.shown == {"p00": 420, "p01": 90, "p02": 30, "p03": 11, "p04": 12}
