"""The form is accepted, stored with its letter, and answered the same whatever came of it."""

import asyncio

import httpx
import pytest

from mobilise import db as database_module
from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import counting
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post
from tests.signatures.conftest import FORM, sign


async def rows(db: Database, sql: str, **values: object) -> list[database_module.Record]:
    return await database_module.rows(db, sql, **values)


async def test_a_signature_waits_for_its_letter(
    client: httpx.AsyncClient, db: Database, petition: Petition, post: Post
) -> None:
    answer = await sign(client, petition, updates="y", comment="For the trees.")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/en/petitions/{petition.slug}/check-your-mail"
    (row,) = await rows(db, "select * from signatures")
    assert (row["state"], row["name"], row["email"]) == ("pending", FORM["name"], FORM["email"])
    assert row["updates"] and not row["public_name"] and row["comment"] == "For the trees."
    assert row["consents"]["updates"]["given"] is True
    assert row["consents"]["public_name"]["given"] is False
    assert row["consents"]["sign"]["words"] == "Sign the petition"
    assert (await counting.tally(db, petition)).confirmed == 0
    (letter,) = await post.deliver()
    assert letter.to == FORM["email"]
    assert letter.subject == f"Confirm your signature: {petition.title}"


async def test_the_first_signature_freezes_the_text(
    client: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    assert petition.frozen_at is None
    await sign(client, petition)
    assert await database_module.value(db, "select frozen_at from petitions") is not None


async def test_the_page_after_signing_shows_the_address_and_asks_for_the_code(
    client: httpx.AsyncClient, petition: Petition
) -> None:
    answer = await sign(client, petition)
    page = await client.get(answer.headers["location"])

    assert page.status_code == 200
    assert FORM["email"] in page.text
    assert 'name="code"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "htmx" not in page.text


async def test_without_its_cookie_the_page_names_no_address(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, petition: Petition
) -> None:
    answer = await sign(client, petition)
    page = await stranger.get(answer.headers["location"])
    assert page.status_code == 200
    assert FORM["email"] not in page.text


async def test_the_cookie_is_for_two_hours_and_no_script(
    client: httpx.AsyncClient, petition: Petition
) -> None:
    cookie = (await sign(client, petition)).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=7200" in cookie


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter your name"),
        ("name", "=SUM(A1)", "Begin with a letter"),
        ("name", "+Suzie", "Begin with a letter"),
        ("name", "-Suzie", "Begin with a letter"),
        ("name", "@suzie", "Begin with a letter"),
        ("name", "Win at http://casino.example", "Write only a name here, no address"),
        ("name", "www.casino.example", "Write only a name here, no address"),
        ("name", "me@post.example", "Write only a name here, no address"),
        ("name", "Su\x00zie", "There are signs in this that cannot be read. Type it again."),
        ("name", "Su\x1bzie", "There are signs in this that cannot be read. Type it again."),
        ("name", "Su\u202ezie", "There are signs in this that cannot be read. Type it again."),
        ("name", "12345", "Write a name with letters"),
        ("name", "S" * 101, "Keep this under 100 characters"),
        ("email", "", "Enter your email address"),
        ("email", "suzie.brievenbus", "Enter an address with an @, like name@post.example"),
        ("email", "suzie@", "Check this address. Something in it is not right."),
        ("email", "a" * 10_000 + "@post.example", "Keep this under 254 characters"),
        ("email", "s@post.example\r\nBcc: all@post.example",
         "Check this address. Something in it is not right."),
        ("postcode", "", "Enter your postcode"),
        ("postcode", "20600", "Fill in four digits, such as 2060"),
        ("comment", "!" * 501, "Keep this under 500 characters"),
    ],
)  # fmt: skip
async def test_a_mistake_is_told_at_the_field_and_in_the_summary(
    client: httpx.AsyncClient, db: Database, petition: Petition,
    field: str, typed: str, sentence: str,
) -> None:  # fmt: skip
    answer = await sign(client, petition, **{field: typed})

    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2, "once in the summary, once at the field"
    assert "<title>Error: " in answer.text
    assert 'href="#' + field in answer.text and "autofocus" in answer.text
    assert "set-cookie" not in answer.headers
    assert await rows(db, "select 1 from attempts") == []


async def test_what_was_typed_stays(client: httpx.AsyncClient, petition: Petition) -> None:
    answer = await sign(client, petition, email="nonsense", comment="Kinderen & bomen", updates="y")
    assert answer.status_code == 422
    for typed in ("Suzie Overweg", "nonsense", "2060", "Kinderen &amp; bomen"):
        assert typed in answer.text
    assert "checked" in answer.text


async def test_a_likely_typing_slip_is_offered_and_never_changed(
    client: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    answer = await sign(client, petition, email="suzie@gmial.com", postcode="")
    assert "suzie@gmail.com" in answer.text
    assert (await sign(client, petition, email="suzie@gmial.com")).status_code == 303
    (row,) = await rows(db, "select email from signatures")
    assert row["email"] == "suzie@gmial.com"


async def test_a_dutch_postcode_keeps_four_digits(
    client: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    await sign(client, petition, postcode="1012 ab", country="NL")
    (row,) = await rows(db, "select postcode, country from signatures")
    assert (row["postcode"], row["country"]) == ("1012", "NL")


async def test_a_closed_petition_takes_none(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db, state="closed")
    answer = await sign(client, petition)
    assert answer.status_code == 409
    assert "This petition is closed" in answer.text
    assert await rows(db, "select 1 from signatures") == []


async def test_a_draft_does_not_exist_for_signers(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db, state="draft")
    assert (await sign(client, petition)).status_code == 404


async def test_another_site_cannot_make_a_browser_sign(
    client: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    answer = await client.post(
        f"/en/petitions/{petition.slug}/signatures", data=FORM,
        headers={"sec-fetch-site": "cross-site"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert await rows(db, "select 1 from attempts") == []


async def test_too_large_a_form_is_refused(client: httpx.AsyncClient, petition: Petition) -> None:
    answer = await sign(client, petition, comment="x" * 70_000)
    assert answer.status_code == 413


async def test_signing_with_a_file_is_refused(
    client: httpx.AsyncClient, petition: Petition
) -> None:
    answer = await client.post(
        f"/en/petitions/{petition.slug}/signatures", data=FORM,
        files={"name": ("name.txt", b"Suzie")},
    )  # fmt: skip
    assert answer.status_code == 400


# --- the same answer for everybody ------------------------------------------------------------


async def test_new_pending_confirmed_held_and_suppressed_look_the_same(
    db: Database, petition: Petition, tokens: Tokens, app: object
) -> None:
    from tests.conftest import browser

    await make.signature(db, petition, name="Suzie Overweg", email="done@brievenbus.example")
    await database_module.run(
        db, "insert into suppressions (recipient, reason) values (:r, 'asked')",
        r=tokens.recipient("silent@brievenbus.example"),
    )  # fmt: skip
    seen = []
    for address in ("new", "new", "done", "silent", "disowned"):
        async with browser(app) as fresh:  # type: ignore[arg-type]
            answer = await sign(fresh, petition, email=f"{address}@brievenbus.example")
            page = await fresh.get(answer.headers["location"])
            cookie = answer.headers["set-cookie"].split("=", 1)
            shape = [(k, v) for k, v in answer.headers.items()
                     if k not in ("set-cookie", "x-request-id", "content-length")]  # fmt: skip
            seen.append((
                answer.status_code, shape, cookie[0], len(cookie[1]) // 10,
                page.text.replace("<wbr>", "").replace(f"{address}@brievenbus.example", "…"),
            ))  # fmt: skip
    for one in seen[1:]:
        assert one == seen[0]


async def test_fifty_at_once_make_one_signature_and_one_letter(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.attempt(db, tokens, petition, email="first@brievenbus.example")
    await post.deliver()

    await asyncio.gather(
        *(
            make.attempt(
                db, tokens, petition, name="Suzie Overweg", email="suzie@brievenbus.example",
                network=f"10.0.{number}.0/24",
            )
            for number in range(50)
        )
    )  # fmt: skip

    found = await rows(db, "select state from signatures where email like 'suzie%'")
    assert [row["state"] for row in found] == ["pending"]
    assert len(await post.deliver()) == 1
    accepted = await database_module.value(
        db, "select count(*) from attempts where typed->>'email' like 'suzie%'"
    )
    assert accepted == 50


async def test_fifty_repeats_of_a_counted_one_write_one_reminder(
    db: Database, petition: Petition, tokens: Tokens, post: Post
) -> None:
    await make.signature(db, petition, name="Suzie Overweg", email="suzie@brievenbus.example")
    await asyncio.gather(
        *(
            make.attempt(
                db, tokens, petition, name="Suzie Overweg", email="suzie@brievenbus.example",
                network=f"10.0.{number}.0/24",
            )
            for number in range(50)
        )
    )  # fmt: skip
    (letter,) = await post.deliver()
    assert letter.subject.startswith("You have already signed")
    assert (await counting.tally(db, petition)).confirmed == 1
