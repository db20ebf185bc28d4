"""Who may sign: postcodes as people write them, an age that is never asked, held to everywhere."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from mobilise.db import Database, one, row, rows, run, value
from mobilise.errors import NotNow
from mobilise.petitions import eligibility, postcodes, reading, texts
from mobilise.petitions.reading import Petition
from mobilise.tokens import Tokens
from tests import make
from tests.signatures.conftest import sign

# --- postcodes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("", "BE", ()),
        ("2060", "BE", ("BE 2060",)),
        ("2060, 2140-2180", "BE", ("BE 2060", "BE 2140-2180")),
        ("2140 – 2180\n2060;2060.", "BE", ("BE 2060", "BE 2140-2180")),
        ("2060 2018 2000", "BE", ("BE 2000", "BE 2018", "BE 2060")),
        ("2060, 2061, 2062", "BE", ("BE 2060-2062",)),
        ("1011 AB", "NL", ("NL 1011",)),
        ("1011ab t/m 1018 zz", "NL", ("NL 1011-1018",)),
        ("B-2060, NL 4501-4515", "BE", ("BE 2060", "NL 4501-4515")),
        ("01067, D-10115", "DE", ("DE 01067", "DE 10115")),
        ("L-1009", "BE", ("LU 1009",)),
        ("59000 à 59800", "FR", ("FR 59000-59800",)),
    ],
)
def test_postcodes_are_read_as_people_write_them(
    written: str, country: str, kept: tuple[str, ...]
) -> None:
    assert postcodes.parse(written, country) == kept


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("Antwerpen", "BE"), ("20600", "BE"), ("2060", "DE"), ("2180-2140", "BE"),
        ("ES 2060", "BE"), ("2060, tea", "BE"), ("2060-20601", "BE"), ("٢٠٦٠", "BE"), ("2060", ""),
    ],
)  # fmt: skip
def test_what_is_no_postcode_is_named(written: str, country: str) -> None:
    with pytest.raises(postcodes.BadPostcode) as bad:
        postcodes.parse(written, country)
    assert str(bad.value) in written


codes = some.integers(1000, 1100)
stretches = some.lists(
    some.tuples(some.sampled_from(["BE", "NL"]), codes, some.integers(0, 5)), max_size=8
)


@given(stretches, codes, some.sampled_from(["BE", "NL"]))
def test_what_is_kept_reads_the_same_again_and_means_the_same(
    typed: list[tuple[str, int, int]], code: int, country: str
) -> None:
    words = ", ".join(f"{land} {first}-{first + more}" for land, first, more in typed)
    kept = postcodes.parse(words, "BE")
    assert postcodes.parse(postcodes.written(kept, country), country) == kept
    meant = any(land == country and first <= code <= first + more for land, first, more in typed)
    assert postcodes.within(kept, country, str(code)) is (meant or not typed)
    assert list(kept) == sorted(kept) and len(kept) <= len(typed)


async def test_the_database_reads_them_the_same_way(db: Database) -> None:
    kept = postcodes.parse("2060, 2140-2180, NL 1011, DE 01000-01999", "BE")
    for country in ("BE", "NL", "DE", "LU", "ZZ"):
        for code in ("2060", "2139", "2140", "2160", "2180", "2181", "1011", "01067", "20600",
                     "216", "21600", "", "SW1A 1AA"):  # fmt: skip
            found = await value(
                db, "select lives_within(:kept, :country, :code)",
                kept=list(kept), country=country, code=code,
            )  # fmt: skip
            assert found is postcodes.within(kept, country, code), (country, code)
    assert await value(db, "select lives_within('{}', 'ZZ', 'anything')")


# --- at the desk ----------------------------------------------------------------------------


async def local(db: Database, places: str = "2060, 2140-2180", age: int | None = 16) -> Petition:
    petition = await make.petition(db)
    await run(
        db,
        "update petitions set postcodes = :places, minimum_age = :age where id = :id",
        places=list(postcodes.parse(places, "BE")), age=age, id=petition.id,
    )  # fmt: skip
    return await reading.by_id(db, petition.id, "en")


async def test_alice_decides_who_may_sign(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/who-may-sign"
    assert "Everybody may sign" in (await client.get(page)).text
    sent = {"postcodes": "2060, 2140 - 2180", "country": "BE", "minimum_age": "16", "seen": "|"}
    answer = await client.post(page, data=sent)
    assert answer.status_code == 303, answer.text
    now = await reading.by_id(db, petition.id, "en")
    assert (now.postcodes, now.minimum_age) == (("BE 2060", "BE 2140-2180"), 16)
    shown = (await client.get(page)).text
    assert "For people in 2060, 2140–2180 (Belgium) of 16 and older." in shown
    assert "2060, 2140-2180</textarea>" in shown
    line = await one(db, "select * from audit_log")
    assert line["deed"] == "petition.who_may_sign" and line["details"]["minimum_age"] == 16


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"postcodes": "Antwerpen"},
            "We cannot read Antwerpen as a postcode. Write it like 2140-2180.",
        ),
        ({"minimum_age": "0"}, "Choose a number from 1 to 99"),
        ({"minimum_age": "sixteen"}, "Write a whole number"),
        ({"country": "XX"}, "Choose one from the list"),
        ({"postcodes": ", ".join(str(n) for n in range(1000, 2000, 2))}, "at most 200"),
    ],
)
async def test_a_mistake_is_told_and_everything_typed_stays(
    client: httpx.AsyncClient, db: Database, typed: dict[str, str], sentence: str
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    sent = {"postcodes": "2060", "country": "NL", "minimum_age": "18", "seen": "|"} | typed
    answer = await client.post(f"/manage/petitions/{petition.slug}/who-may-sign", data=sent)
    assert answer.status_code == 422 and sentence in answer.text
    assert sent["postcodes"] in answer.text and f'value="{sent["minimum_age"]}"' in answer.text
    assert (await reading.by_id(db, petition.id, "en")).postcodes == ()


async def test_of_two_who_decide_the_second_is_told(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/who-may-sign"
    sent = {"postcodes": "2060", "country": "BE", "minimum_age": "", "seen": "|"}
    assert (await client.post(page, data=sent)).status_code == 303
    second = await client.post(page, data=sent | {"postcodes": "9000"})
    assert second.status_code == 409 and "9000</textarea>" in second.text
    assert "For people in 2060 (Belgium)." in second.text
    assert (await reading.by_id(db, petition.id, "en")).postcodes == ("BE 2060",)
    knowing = sent | {"postcodes": "9000", "seen": "|BE 2060"}
    assert (await client.post(page, data=knowing)).status_code == 303


async def test_after_the_first_signature_it_stays_as_it_is(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    await texts.freeze(db, petition.id)
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/who-may-sign"
    shown = await client.get(page)
    assert "This stays as it is" in shown.text and "<textarea" not in shown.text
    sent = {"postcodes": "2060", "country": "BE", "minimum_age": "", "seen": "|"}
    assert (await client.post(page, data=sent)).status_code == 409
    assert (await reading.by_id(db, petition.id, "en")).postcodes == ()


async def test_a_rule_and_the_first_signature_do_not_cross(db: Database, tokens: Tokens) -> None:
    """Whoever comes first: nobody's signature stands under a rule that it does not meet."""
    alice = await make.person(db)
    for number in range(6):
        petition = await make.petition(db)
        outcomes = await asyncio.gather(
            eligibility.decide(db, petition, alice.id, ["BE 9000"], None, seen="|"),
            make.attempt(db, tokens, petition, email=f"suzie{number}@post.example"),
            return_exceptions=True,
        )
        now = await reading.by_id(db, petition.id, "en")
        signed = await value(
            db, "select count(*) from signatures where petition_id = :id", id=petition.id
        )
        if isinstance(outcomes[0], NotNow):
            assert (signed, now.postcodes) == (1, ())
        elif isinstance(outcomes[1], eligibility.NotEligible):
            assert (signed, now.postcodes) == (0, ("BE 9000",))
        else:
            raise AssertionError(outcomes)


@pytest.mark.parametrize("role", ["clerk", None])
async def test_only_who_writes_texts_decides_who_may_sign(
    client: httpx.AsyncClient, db: Database, role: str | None
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    if role:
        await make.member(db, group, bob, role)
    petition = await make.petition(db, "draft", group=group, organiser=alice)
    await make.login(client, db, bob)
    page = f"/manage/petitions/{petition.slug}/who-may-sign"
    for answer in (await client.get(page), await client.post(page, data={"seen": "|"})):
        assert answer.status_code == (403 if role else 404)


# --- who signs ------------------------------------------------------------------------------


async def test_who_lives_there_and_is_old_enough_signs(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await local(db)
    page = (await client.get(f"/en/petitions/{petition.slug}")).text
    assert "For people in 2060, 2140–2180 (Belgium) of 16 and older." in page
    assert "I am 16 or older" in page and 'name="of_age"' in page
    answer = await sign(client, petition, postcode="2150", of_age="y")
    assert answer.status_code == 303, answer.text
    signed = await one(db, "select * from signatures")
    consent = signed["consents"]["of_age"]
    assert consent["given"] is True and consent["words"] == "I am 16 or older"
    assert consent["at"] == signed["consents"]["sign"]["at"]
    assert "16" not in str({k: v for k, v in dict(signed).items() if k != "consents"}.get("name"))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"postcode": "9000"}, "postcode", "This petition is for people in 2060, 2140–2180"),
        ({"postcode": "2060", "country": "NL"}, "postcode", "This petition is for people in"),
        ({"of_age": None}, "of_age", "Tick this if you are 16 or older."),
        ({"postcode": "9000", "name": ""}, "postcode", "This petition is for people in"),
    ],
)
async def test_who_may_not_is_told_kindly_and_nothing_is_kept(
    client: httpx.AsyncClient, db: Database, typed: dict[str, Any], field: str, sentence: str
) -> None:
    petition = await local(db)
    answer = await sign(client, petition, **{"of_age": "y"} | typed)
    assert answer.status_code == 422
    assert sentence in answer.text and f'id="{field}-mistake"' in answer.text
    assert "Suzie Overweg" in answer.text or not typed.get("name", "x"), "nothing typed is lost"
    for table in ("signatures", "attempts", "letters"):
        assert await rows(db, f"select * from {table}") == [], table
    assert not (await reading.by_id(db, petition.id, "en")).is_frozen
    assert await row(db, "select * from signatures") is None


async def test_the_statement_itself_holds_to_it(db: Database, tokens: Tokens) -> None:
    """Also when the text is fixed already, and nobody looks at the rule first."""
    petition = await local(db)
    await make.attempt(db, tokens, petition, of_age=True)
    for wishes in ({"of_age": False}, {"of_age": True, "postcode": "9000"}):
        with pytest.raises(eligibility.NotEligible):
            await make.attempt(db, tokens, petition, email="jo@post.example", **wishes)
    assert await value(db, "select count(*) from signatures") == 1


async def test_where_no_age_is_set_nobody_is_asked(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    assert "of_age" not in (await client.get(f"/en/petitions/{petition.slug}")).text
    await sign(client, petition, of_age="y")
    assert "of_age" not in (await one(db, "select consents from signatures"))["consents"]


async def test_the_rule_stands_wherever_one_reads_the_numbers(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await local(db)
    told = (await client.get(f"/petitions/{petition.slug}/data/petition.json")).json()
    assert told["who_may_sign"]["postcodes"] == ["BE 2060", "BE 2140-2180"]
    assert told["who_may_sign"]["minimum_age"] == 16
    assert told["who_may_sign"]["says"]["nl"].startswith("Voor mensen in 2060, 2140–2180 (België)")
    data = (await client.get(f"/en/petitions/{petition.slug}/data")).text
    assert "For people in 2060, 2140–2180 (Belgium) of 16 and older." in data


async def test_my_receipt_says_that_i_am_old_enough(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    petition = await local(db)
    attempt = await make.attempt(db, tokens, petition, of_age=True)
    found = await one(db, "select signature_id as id from attempts where id = :id", id=attempt.id)
    await run(db, "update signatures set state = 'confirmed', confirmed_at = now()")
    token = tokens.signature(petition.id, found["id"], 1)
    receipt = (await client.get(f"/en/signature/{token}/receipt")).text
    assert "I am 16 or older" in receipt and "For people in 2060, 2140–2180" in receipt
