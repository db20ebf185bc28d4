"""Who may do what: the policy as a truth table, then the role that it asks for."""

import pytest

from mobilise.accounts import access
from mobilise.db import Database
from tests import make

#             owner  editor clerk  stranger
TRUTH = {
    access.may_see_desk: (True, True, True, False),
    access.may_edit: (True, True, False, False),
    access.may_publish: (True, False, False, False),
    access.may_close: (True, False, False, False),
    access.may_see_signers: (True, False, True, False),
    access.may_answer: (True, True, False, False),
    access.may_delete: (True, False, False, False),
    access.may_manage_group: (True, False, False, False),
    access.may_hand_over: (True, False, False, False),
    access.may_see_group: (True, True, True, False),
}


@pytest.mark.parametrize("deed", TRUTH, ids=lambda deed: deed.__name__)
def test_policy(deed: object) -> None:
    answers = tuple(deed(role) for role in ("owner", "editor", "clerk", None))  # type: ignore[operator]
    assert answers == TRUTH[deed]  # type: ignore[index]


def test_every_sentence_of_the_policy_stands_in_the_table() -> None:
    assert {name for name in vars(access) if name.startswith("may_")} == {
        deed.__name__ for deed in TRUTH
    }


@pytest.mark.parametrize("role", ["Owner", "", "keeper", "owner "])
def test_a_role_that_does_not_exist_may_nothing(role: str) -> None:
    assert not any(deed(role) for deed in TRUTH)


async def test_a_role_is_held_in_one_group(db: Database) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    charlie = await make.person(db, "Charlie")
    ours, theirs = await make.group(db, alice), await make.group(db, charlie)
    await make.member(db, ours, bob, "editor")
    roles = {
        (person.name, group.id): await access.role_in(db, person.id, group.id)
        for person in (alice, bob, charlie)
        for group in (ours, theirs)
    }
    assert {key: role for key, role in roles.items() if role} == {
        ("Alice", ours.id): "owner",
        ("Bob", ours.id): "editor",
        ("Charlie", theirs.id): "owner",
    }
