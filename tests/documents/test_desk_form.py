"""What Alice says about a document: at once, folded away, of a plan that she may not copy."""

import httpx
import pytest

from mobilise.db import Database
from mobilise.documents import sections
from mobilise.store import Store
from tests import buckets, make
from tests.documents import desk, samples

MORE = {
    "rights": "official",
    "language": "nl",
    "address": "https://www.antwerpen.be/plannen/spoor-noord?versie=2",
    "archived": "https://web.archive.org/web/2026/https://www.antwerpen.be/plannen/",
    "received_on": "2026-04-02",
    "checked": "Names on page 3 were made unreadable.",
    "consult": "Town hall, counter 4.",
}


async def test_everything_that_is_said_is_kept(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    shelf = await sections.add(
        db, "Permits", "", petition_id=petition.id, person_id=petition.person_id
    )
    answer = await desk.send(client, petition, section=str(shelf), **MORE)
    assert answer.status_code == 303
    [row] = await desk.stored(db)
    for name, value in MORE.items():
        assert str(row[name]) == value
    assert (row["section_id"], row["entry"]) == (shelf, "file")


async def test_what_is_emptied_later_is_empty_and_what_is_chosen_stays(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    await desk.send(client, petition, **MORE)
    [row] = await desk.stored(db)
    one = desk.address(petition, f"/{row['id']}")
    page = await client.get(one)
    for name in ("address", "archived", "checked", "consult"):
        assert f'value="{MORE[name]}"' in page.text
    emptied = dict.fromkeys((*desk.FIELDS, *MORE), "") | {"title": "Study"}
    emptied |= {"rights": "own", "language": "fr"}
    assert (await client.post(one, data=emptied)).status_code == 303
    [row] = await desk.stored(db)
    assert (row["dated"], row["received_on"], row["note"]) == (None, None, "")
    assert all(row[name] == "" for name in ("source", "address", "archived", "checked", "consult"))
    assert (row["rights"], row["language"]) == ("own", "fr")
    await client.post(one, data={"title": "Study"})
    [row] = await desk.stored(db)
    assert (row["rights"], row["language"]) == ("own", "fr")


async def test_a_document_speaks_the_language_of_its_petition_unless_told(
    client: httpx.AsyncClient, db: Database
) -> None:
    alice = await make.person(db)
    await make.login(client, db, alice)
    petition = await make.petition(db, organiser=alice, language="fr")
    page = await client.get(desk.address(petition))
    assert '<option selected value="fr">' in page.text
    await desk.send(client, petition)
    await desk.send(client, petition, language="simple")
    assert [row["language"] for row in await desk.stored(db)] == ["fr", "simple"]


async def test_the_rest_is_folded_away_until_it_says_something(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    page = await client.get(desk.address(petition))
    assert '<details class="more">' in page.text
    for wrong in ({"address": "antwerpen.be"}, {"title": "", "checked": "Page 3."}):
        answer = await desk.send(client, petition, **wrong)
        assert answer.status_code == 422
        assert '<details class="more" open>' in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/plan.pdf",
        "//example.org/plan",
        "https://",
        "https:///plan",
        "https://plan",
        "https://example.org/a b",
        'https://example.org/"onmouseover="x',
        "https://[::1/plan",
        "https://example.org:99999999/",
        "www.antwerpen.be",
    ],
)
async def test_only_a_page_of_the_web_is_linked_to(
    address: str, client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    for name in ("address", "archived"):
        answer = await desk.send(client, petition, **{name: address})
        assert answer.status_code == 422
        assert f'id="{name}-mistake"' in answer.text
        assert "beginning with https://" in answer.text
    assert await desk.stored(db) == []


async def test_a_section_or_rights_that_are_not_ours_are_refused(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    other = await make.petition(db, organiser=await make.person(db, "Bob"))
    shelf = await sections.add(db, "Bob's", "", petition_id=other.id, person_id=other.person_id)
    for wrong in ({"section": str(shelf)}, {"section": "x"}, {"rights": "mine"}):
        assert (await desk.send(client, petition, **wrong)).status_code == 422
    assert await desk.stored(db) == []


# --- a plan that may be viewed, and not copied ----------------------------------------------


async def test_of_a_plan_that_may_only_be_viewed_no_byte_is_kept(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    content = samples.pdf(2)
    answer = await desk.send(
        client, petition, content=content, rights="view_only", consult="Town hall, counter 4."
    )
    assert answer.status_code == 303
    [row], [version] = await desk.stored(db), await desk.versions(db)
    assert (row["entry"], row["rights"]) == ("elsewhere", "view_only")
    assert version["sha256"] == desk.sha256(content)
    assert (version["size"], version["pages"]) == (len(content), 2)
    assert not version["original_is_kept"]
    assert await buckets.files(store) == []
    page = await client.get(desk.address(petition))
    assert "to be viewed elsewhere" in page.text
    assert f"/documents/{row['id']}/replace" not in page.text


async def test_such_a_plan_needs_no_file_but_a_place_to_look_at_it(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    fields = desk.FIELDS | {"rights": "view_only"}
    nothing = {"file": ("", b"", "")}
    answer = await client.post(desk.address(petition), data=fields, files=nothing)
    assert answer.status_code == 422
    assert "Say where one can look at this plan" in answer.text
    assert '<details class="more" open>' in answer.text
    fields["consult"] = "Town hall, counter 4."
    answer = await client.post(desk.address(petition), data=fields, files=nothing)
    assert answer.status_code == 303
    [row] = await desk.stored(db)
    assert (row["entry"], row["consult"]) == ("elsewhere", "Town hall, counter 4.")
    assert await desk.versions(db) == []
    assert (await client.get(desk.address(petition, f"/{row['id']}"))).status_code == 200
    answer = await client.post(
        desk.address(petition, f"/{row['id']}"), data={"title": "Plan", "consult": ""}
    )
    assert answer.status_code == 422
    answer = await client.post(
        desk.address(petition, f"/{row['id']}"), data={"title": "Plan", "consult": "Library"}
    )
    [row] = await desk.stored(db)
    assert (row["title"], row["consult"], row["rights"]) == ("Plan", "Library", "view_only")


async def test_a_file_of_such_a_plan_is_looked_into_all_the_same(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    name, content = samples.BAD["a web page"]
    answer = await desk.send(
        client, petition, name, content, rights="view_only", consult="Town hall."
    )
    assert answer.status_code in (415, 422)
    assert await desk.stored(db) == []


async def test_a_file_that_is_here_cannot_be_said_not_to_be(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    """Else its bytes would stay for everybody while the dossier says that they are not there."""
    petition = await desk.alices_petition(client, db)
    number = await desk.add(db, store, petition, "plan.pdf", samples.pdf())
    page = await client.get(desk.address(petition, f"/{number}"))
    assert 'value="official"' in page.text
    assert 'value="view_only"' not in page.text
    answer = await client.post(
        desk.address(petition, f"/{number}"), data={"title": "Plan", "rights": "view_only"}
    )
    assert answer.status_code == 422
    assert (await desk.stored(db))[0]["rights"] == "unknown"
