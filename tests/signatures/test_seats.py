"""One person, one signature; two people may share a mailbox."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mobilise import addresses, prose
from mobilise import db as database_module
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting, signing
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post

HOUSE = "overweg@brievenbus.example"


async def seats(db: Database) -> list[tuple[Any, ...]]:
    found = await database_module.rows(db, "select seat, state, name from signatures order by seat")
    return [tuple(row) for row in found]


async def confirm(db: Database, petition: Petition, name: str) -> str:
    row = await database_module.one(
        db, "select id, token_version from signatures where name = :name", name=name
    )
    return await signing.confirm(
        db, petition.id, row["id"], row["token_version"], method="button", seconds=9
    )


async def test_two_in_a_household_both_count(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.attempt(db, tokens, petition, name="Suzie Overweg", email=HOUSE)
    await make.attempt(db, tokens, petition, name="Bert Overweg", email=HOUSE)
    assert {letter.to for letter in await post.deliver()} == {HOUSE}
    assert len(post.letters) == 2
    assert await confirm(db, petition, "Suzie Overweg") == "counted"
    assert await confirm(db, petition, "Bert Overweg") == "counted"
    assert (await counting.tally(db, petition)).confirmed == 2


async def test_a_third_is_told_by_letter_that_the_mailbox_has_signed(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=HOUSE)
    await make.signature(db, petition, name="Bert Overweg", email=HOUSE, seat=2)
    await make.attempt(db, tokens, petition, name="Karel Overweg", email=HOUSE)
    assert [row[2] for row in await seats(db)] == ["Suzie Overweg", "Bert Overweg"]
    (letter,) = await post.deliver()
    assert letter.subject.startswith("You have already signed")


async def test_the_second_shares_the_postcode(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=HOUSE)
    await make.attempt(db, tokens, petition, name="Bert Overweg", email=HOUSE, postcode="9000")
    assert len(await seats(db)) == 1
    assert (await post.deliver())[0].subject.startswith("You have already signed")


async def test_two_pending_with_two_postcodes_do_not_both_count(
    db: Database, petition: Petition, tokens: Tokens
) -> None:
    await make.attempt(db, tokens, petition, name="Suzie Overweg", email=HOUSE)
    await make.attempt(db, tokens, petition, name="Bert Overweg", email=HOUSE, postcode="9000")
    assert await confirm(db, petition, "Bert Overweg") == "counted"
    assert await confirm(db, petition, "Suzie Overweg") == "full"
    assert (await counting.tally(db, petition)).confirmed == 1


@pytest.mark.parametrize(
    "again",
    ["suzie overweg", "SUZIE  OVERWEG", "Suzié Overweg", "Suzie Overwegg", "Suze Overveg",
     "Suzie-Overweg"],
)  # fmt: skip
async def test_a_name_alike_is_the_same_person(
    db: Database, petition: Petition, tokens: Tokens, post: Post, again: str
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=HOUSE)
    await make.attempt(db, tokens, petition, name=again, email=HOUSE)
    assert await seats(db) == [(1, "confirmed", "Suzie Overweg")]
    assert (await post.deliver())[0].subject.startswith("You have already signed")


@pytest.mark.parametrize("other", ["Suzanne Overweg", "Bert Overweg", "Suzie van Dam"])
async def test_another_name_is_another_person(
    db: Database, petition: Petition, tokens: Tokens, other: str
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=HOUSE)
    await make.attempt(db, tokens, petition, name=other, email=HOUSE)
    assert (2, "pending", other) in await seats(db)


async def test_a_pending_second_seat_yields_to_a_newer_attempt(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=HOUSE)
    await make.attempt(db, tokens, petition, name="Charlie Nobody", email=HOUSE)
    (first,) = await post.deliver()
    await database_module.run(
        db, "update signatures set letter_at = letter_at - interval '3 minutes'"
    )
    await make.attempt(db, tokens, petition, name="Bert Overweg", email=HOUSE)
    assert (await seats(db))[1] == (2, "pending", "Bert Overweg")
    (second,) = await post.deliver()

    dead = tokens.read_confirm(urlsplit(first.link("confirm")).path.rsplit("/", 1)[1])
    assert await signing.confirm(db, *dead.payload, method="button", seconds=1) == "replaced"
    alive = tokens.read_confirm(urlsplit(second.link("confirm")).path.rsplit("/", 1)[1])
    assert await signing.confirm(db, *alive.payload, method="button", seconds=1) == "counted"


async def test_a_confirmed_second_seat_does_not_yield(
    db: Database, petition: Petition, tokens: Tokens
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email=HOUSE)
    await make.signature(db, petition, name="Bert Overweg", email=HOUSE, seat=2)
    await make.attempt(db, tokens, petition, name="Charlie Nobody", email=HOUSE)
    assert [row[2] for row in await seats(db)] == ["Suzie Overweg", "Bert Overweg"]


@pytest.mark.parametrize(
    "same",
    ["Suzie@brievenbus.example", "suzie+park@brievenbus.example", "suzie@BRIEVENBUS.example"],
)
async def test_one_mailbox_written_otherwise_is_one(
    db: Database, petition: Petition, tokens: Tokens, same: str
) -> None:
    await make.attempt(db, tokens, petition, name="Suzie Overweg", email="suzie@brievenbus.example")
    await make.attempt(db, tokens, petition, name="Suzie Overweg", email=same)
    assert len(await seats(db)) == 1


async def test_a_letter_goes_to_the_address_as_typed(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.attempt(db, tokens, petition, email="Suzie.Overweg+park@GoogleMail.com")
    (letter,) = await post.deliver()
    assert letter.to == "Suzie.Overweg+park@googlemail.com"
    key = await database_module.value(db, "select email_key from signatures")
    assert key == "suzieoverweg@gmail.com"


async def test_one_mailbox_may_sign_two_petitions(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    for _ in range(2):
        await make.attempt(db, tokens, await make.petition(db), email=HOUSE)
    assert len(await seats(db)) == 2


NAMES = st.text(alphabet="abcdeé -", min_size=1, max_size=14)


@given(a=NAMES, b=NAMES)
def test_folding_is_settled_at_once(a: str, b: str) -> None:
    assert prose.folded(prose.folded(a)) == prose.folded(a)
    if a == b:
        assert prose.folded(a.upper()) == prose.folded(b)


@given(local=st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?(\+[a-z]{1,5})?", fullmatch=True))
def test_a_key_is_the_key_of_itself(local: str) -> None:
    key = addresses.parse(f"{local}@gmail.com").key
    assert addresses.parse(key).key == key


async def test_the_distance_between_names_is_the_known_one(db: Database) -> None:
    """Against a plain Levenshtein in Python, over pairs that matter."""
    names = ["suzie overweg", "suze overweg", "suzie overwegh", "bert overweg", "s overweg"]
    names += ["jan", "jo", "anna", "hanna", "johanna", "an", "els", "elsa", "maria", "mario"]
    for a in names:
        for b in names:
            alike = await database_module.value(db, "select names_alike(:a, :b)", a=a, b=b)
            near = distance(a, b) <= 2 and max(len(a), len(b)) >= 4
            assert alike == (a == b or near), (a, b)


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, before = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(row[-1] + 1, before[j] + 1, before[j - 1] + (x != y)))
    return row[-1]
