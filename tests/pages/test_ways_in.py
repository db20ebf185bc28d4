"""Bare addresses, short links, and what search engines are told."""

import httpx
import pytest

from mobilise.db import Database
from tests import make

FRENCH = {"accept-language": "fr-BE,fr;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    "path",
    [
        "/", "/start", "/login", "/about", "/privacy", "/contact", "/help", "/help/signers",
        "/accessibility", "/petitions/a-park", "/petitions/a-park/sign",
        "/petitions/a-park/documents", "/petitions/a-park/data",
    ],
)  # fmt: skip
async def test_a_bare_address_leads_to_the_language_of_the_reader(
    client: httpx.AsyncClient, db: Database, path: str
) -> None:
    answer = await client.get(path, headers=FRENCH)
    assert (answer.status_code, answer.headers["location"]) == (307, f"/fr{path}")
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("en-GB", "en"),
        ("pt,ja", "nl"),
        ("", "nl"),
        ("fr;q=0,de", "de"),
        ("x" * 9000, "nl"),
    ],
)
async def test_an_unknown_language_gets_the_first_of_ours(
    client: httpx.AsyncClient, db: Database, accepted: str, language: str
) -> None:
    answer = await client.get("/", headers={"accept-language": accepted})
    assert answer.headers["location"] == f"/{language}/"


async def test_what_was_asked_comes_along(client: httpx.AsyncClient, db: Database) -> None:
    answer = await client.get("/login?next=/manage", headers=FRENCH)
    assert answer.headers["location"] == "/fr/login?next=/manage"


@pytest.mark.parametrize("path", ["/petitions//evil.example", "/petitions/%2F%2Fevil.example"])
async def test_a_bare_address_never_leads_to_another_site(
    client: httpx.AsyncClient, db: Database, path: str
) -> None:
    answer = await client.get(path)
    assert not answer.headers.get("location", "/").startswith("//")


async def test_a_short_link_leads_to_the_petition(client: httpx.AsyncClient, db: Database) -> None:
    petition = await make.petition(db)
    for code in (petition.code, petition.code.upper()):
        answer = await client.get(f"/p/{code}", headers=FRENCH)
        assert answer.status_code == 307
        assert answer.headers["location"] == f"/fr/petitions/{petition.slug}"
        assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("state", ["draft", "submitted"])
async def test_a_short_link_tells_nothing_of_a_draft(
    client: httpx.AsyncClient, db: Database, state: str
) -> None:
    petition = await make.petition(db, state)
    assert (await client.get(f"/p/{petition.code}")).status_code == 404
    assert (await client.get("/p/nothing")).status_code == 404


async def test_robots_are_kept_from_desks_and_tokens(
    client: httpx.AsyncClient, db: Database
) -> None:
    text = (await client.get("/robots.txt")).text
    for path in ("/manage", "/keep", "/*/confirm/", "/*/signature/", "/*/resume/",
                 "/*/invitations/", "/*/address/"):  # fmt: skip
        assert f"Disallow: {path}" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
