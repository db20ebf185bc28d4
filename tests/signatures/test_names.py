"""Names only of those who asked for it: by alphabet, not by date, not for search engines."""

import httpx
import pytest

from mobilise.db import Database
from mobilise.petitions.reading import Petition
from mobilise.signatures import names
from tests import make


async def sign_as(db: Database, petition: Petition, name: str, **more: object) -> None:
    await make.signature(db, petition, name=name, **({"public_name": True} | more))  # type: ignore[arg-type]


async def test_names_stand_by_alphabet(
    client: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    for name in ("Zoë", "Anna", "Ámbar", "bert", "李 小龙", "Agnes"):
        await sign_as(db, petition, name)
    page = await client.get(f"/en/petitions/{petition.slug}/names")
    assert page.status_code == 200
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.text.index("Agnes") < page.text.index("Ámbar") < page.text.index("Anna")
    assert "bert" not in page.text
    letters = await names.initials(db, petition.id)
    assert letters == ["A", "B", "Z", "#"]
    for letter, name in (("B", "bert"), ("Z", "Zoë"), ("%23", "李 小龙")):
        assert name in (await client.get(f"{page.url.path}?letter={letter}")).text


async def test_nobody_else_is_named(
    client: httpx.AsyncClient, db: Database, petition: Petition
) -> None:
    await sign_as(db, petition, "Anna Discreet", public_name=False)
    for state in ("pending", "held", "withdrawn", "disowned", "invalidated"):
        await sign_as(db, petition, f"Anna {state}", state=state)
    page = await client.get(f"/en/petitions/{petition.slug}/names")
    assert "Nobody has put a name here yet." in page.text
    assert "Anna" not in page.text


async def test_a_long_letter_has_pages(
    client: httpx.AsyncClient, db: Database, petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "A_PAGE", 2)
    for name in ("Anna", "Anna", "Anna", "Axel", "Aya"):
        await sign_as(db, petition, name)
    seen = []
    for page in (1, 2, 3):
        found = await names.beginning(db, petition.id, "A", page)
        seen += found[:2]
    assert seen == ["Anna", "Anna", "Anna", "Axel", "Aya"]
    assert "page=2" in (await client.get(f"/en/petitions/{petition.slug}/names?letter=A")).text


@pytest.mark.parametrize(
    "query", ["letter=AB", "letter=", "letter=A&page=x", "letter=A&page=99999"]
)
async def test_nonsense_is_no_page(
    client: httpx.AsyncClient, petition: Petition, query: str
) -> None:
    answer = await client.get(f"/en/petitions/{petition.slug}/names?{query}")
    assert answer.status_code == 404


async def test_a_name_is_text(client: httpx.AsyncClient, db: Database, petition: Petition) -> None:
    await sign_as(db, petition, "Anna <b>Bold</b>")
    page = await client.get(f"/en/petitions/{petition.slug}/names")
    assert "<b>Bold" not in page.text and "&lt;b&gt;Bold" in page.text
