"""Sections: named, described, put in order, removed; their documents stay."""

import httpx

from mobilise.db import Database
from mobilise.documents import sections
from mobilise.store import Store
from tests import make
from tests.documents import desk, samples


async def names(db: Database, petition: object) -> list[str]:
    return [each.title for each in await sections.sections(db, petition.id)]  # type: ignore[attr-defined]


async def test_alice_names_her_sections_and_puts_them_in_order(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await desk.alices_petition(client, db)
    every = desk.address(petition, "/sections")
    assert "No sections yet" in (await client.get(every)).text
    for title in ("Permits", "Studies", "Press"):
        answer = await client.post(every, data={"title": title, "about": f"All {title}."})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{every}?said=added")
    found = {each.title: each for each in await sections.sections(db, petition.id)}
    await client.post(f"{every}/{found['Press'].id}/move", data={"way": "up"})
    assert await names(db, petition) == ["Permits", "Press", "Studies"]
    await client.post(f"{every}/{found['Press'].id}/move", data={"way": "down"})
    await client.post(f"{every}/{found['Press'].id}/move", data={"way": "down"})
    assert await names(db, petition) == ["Permits", "Studies", "Press"]
    one = f"{every}/{found['Press'].id}"
    assert 'value="Press"' in (await client.get(one)).text
    await client.post(one, data={"title": "What others wrote", "about": ""})
    changed = (await sections.sections(db, petition.id))[2]
    assert (changed.title, changed.about) == ("What others wrote", "")
    assert [deed for deed, _ in await desk.deeds(db, "documents.section%")] == [
        *["documents.section_add"] * 3,
        *["documents.section_move"] * 2,
        "documents.section_change",
    ]


async def test_a_section_needs_a_name(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    answer = await client.post(
        desk.address(petition, "/sections"), data={"title": " ", "about": "All permits."}
    )
    assert answer.status_code == 422
    assert "Give the section a name" in answer.text
    assert "All permits." in answer.text


async def test_the_desk_shows_documents_under_their_sections(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    about = {"petition_id": petition.id, "person_id": petition.person_id}
    studies = await sections.add(db, "Studies", "", **about)
    await desk.send(client, petition, title="Loose")
    await desk.send(client, petition, title="Soil", section=str(studies))
    page = (await client.get(desk.address(petition))).text
    assert page.index(">Studies<") < page.index(">Soil<") < page.index("In no section")
    assert page.index("In no section") < page.index(">Loose<")


async def test_removing_asks_once_more_and_the_documents_stay(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await desk.alices_petition(client, db)
    about = {"petition_id": petition.id, "person_id": petition.person_id}
    number = await sections.add(db, "Studies", "", **about)
    await desk.send(client, petition, content=samples.pdf(), section=str(number))
    remove = desk.address(petition, f"/sections/{number}/remove")
    assert "stay in the dossier" in (await client.get(remove)).text
    assert await names(db, petition) == ["Studies"]
    assert (await client.post(remove)).status_code == 303
    assert await names(db, petition) == []
    [row] = await desk.stored(db)
    assert (row["section_id"], row["withdrawn_at"]) == (None, None)
    assert (await client.post(remove)).status_code == 404


async def test_sections_of_others_are_not_there(client: httpx.AsyncClient, db: Database) -> None:
    petition = await desk.alices_petition(client, db)
    bob = await make.person(db, "Bob")
    other = await make.petition(db, organiser=bob, group=await make.group(db, bob, "His"))
    theirs = await sections.add(db, "His", "", petition_id=other.id, person_id=bob.id)
    for rest in ("", "/remove"):
        path = desk.address(petition, f"/sections/{theirs}{rest}")
        assert (await client.get(path)).status_code == 404
        assert (await client.post(path, data={"title": "Mine"})).status_code == 404
    await client.post(desk.address(petition, f"/sections/{theirs}/move"), data={"way": "up"})
    assert await names(db, other) == ["His"]
