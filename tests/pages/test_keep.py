"""The keeper's desk: what Mo sees, and what nobody else knows of."""

from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from mobilise import origins
from mobilise.db import Database, run
from mobilise.settings import Settings
from tests import make

PAGES = ["/keep", "/keep/letters", "/keep/settings"]


async def keeper(client: httpx.AsyncClient, db: Database) -> make.Person:
    """Mo, who is in."""
    mo = await make.person(db, "Mo")
    await run(db, "update people set keeper = true where id = :id", id=mo.id)
    await make.login(client, db, mo)
    return mo


@pytest.mark.parametrize("page", PAGES)
async def test_only_a_keeper_knows_of_these_pages(
    client: httpx.AsyncClient, db: Database, page: str
) -> None:
    answer = await client.get(page)
    assert answer.headers["location"] == f"/en/login?next={page}"
    await make.login(client, db, await make.person(db, "Charlie"))
    assert (await client.get(page)).status_code == 404
    await keeper(client, db)
    found = await client.get(page)
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-store"
    assert "noindex" in found.headers["x-robots-tag"]


@pytest.mark.parametrize("page", PAGES)
async def test_the_keeper_chooses_the_language_of_the_desk(
    client: httpx.AsyncClient, db: Database, page: str
) -> None:
    await keeper(client, db)
    assert f'name="back" value="{page}"' in (await client.get(page)).text
    answer = await client.post("/manage/language", data={"language": "de", "back": page})
    assert answer.headers["location"].startswith(page)
    assert '<html lang="de">' in (await client.get(page)).text


async def test_the_most_urgent_comes_first(client: httpx.AsyncClient, db: Database) -> None:
    await keeper(client, db)
    await run(
        db,
        "insert into streams (name, wrong_since, last_code, last_error)"
        " values ('mail', now() - interval '2 hours', 535, 'no such user')",
    )
    await make.petition(db, "submitted")
    page = (await client.get("/keep")).text
    mail, backup = page.index("Mend the mail"), page.index("There is none yet")
    assert mail < backup
    assert page.count('class="button main"') == 1


async def test_a_backup_that_was_made_is_told(client: httpx.AsyncClient, db: Database) -> None:
    await keeper(client, db)
    assert "There is none yet" in (await client.get("/keep")).text
    await run(
        db,
        "insert into audit_log (at, deed, previous, hash)"
        " values (:at, 'instance.backup', ''::bytea, ''::bytea)",
        at=datetime.now(UTC),
    )
    page = (await client.get("/keep")).text
    assert "There is none yet" not in page and "more than a week old" not in page


async def test_a_banner_stands_on_the_desks_while_no_email_leaves(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await keeper(client, db)
    await make.login(stranger, db, await make.person(db, "Alice"))
    assert "No email leaves" not in (await client.get("/keep")).text
    await run(db, "insert into streams (name, wrong_since) values ('mail', now())")
    for page in ("/keep", "/manage"):
        assert "No email leaves this site since" in (await client.get(page)).text
    desk = (await stranger.get("/manage")).text
    assert "Emails wait since" in desk and "The keeper of this site knows." in desk
    assert "/keep" not in desk


async def test_settings_are_told_with_their_origin_and_no_secret(
    client: httpx.AsyncClient, db: Database, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keeper(client, db)
    monkeypatch.setenv("MOBILISE_NAME", "Antwerp signs")
    monkeypatch.setenv("MOBILISE_SMTP_URL_FILE", "/run/secrets/smtp")
    monkeypatch.setenv("MOBILISE_DATABASE_URL", "postgresql://db.example/mobilise")
    told = app.state.settings.model_copy(
        update={
            "base_url": "http://sign.example",
            "smtp_url": "smtps://mo:hush-hush@mail.example:465",
            "database_url": "postgresql://web:hush-hush@db.example/mobilise?password=hush-hush",
            "secret_keys": "hush-hush" * 6,
            "moderation": "off",
        }
    )
    before, app.state.settings = app.state.settings, told
    try:
        page = (await client.get("/keep/settings")).text
    finally:
        app.state.settings = before
    assert "hush" not in page
    assert "smtps://mail.example:465" in page and "postgresql://db.example" in page
    for setting, origin in {"NAME": "variable", "SMTP_URL": "file", "TIMEZONE": "default"}.items():
        line = page[page.index(f"MOBILISE_{setting}<") :].split("</tr>")[0]
        assert origin in line, setting
    for warning in ("without https", "Nobody can write to you", "Anybody may publish at once"):
        assert warning in page


def test_serve_tells_its_processes_where_settings_come_from() -> None:
    """They get everything as variables, and would take each default for somebody's choice."""
    given = {"MOBILISE_NAME": "x", "MOBILISE_DATABASE_URL_FILE": "/run/secrets/db"}
    told = origins.known({**given, **origins.as_variable(given), "MOBILISE_DATA": "/srv"})
    assert (told["name"], told["database_url"], told["data"]) == ("environment", "file", "default")


async def test_what_waits_to_be_read_and_what_is_reported_lead_there(
    client: httpx.AsyncClient, db: Database
) -> None:
    await keeper(client, db)
    assert 'href="/keep/queue">Read it' not in (await client.get("/keep")).text
    await make.petition(db, "submitted")
    page = (await client.get("/keep")).text
    assert "1 petition waits to be read" in page
    assert 'href="/keep/queue">Read it' in page
    assert 'class="waits">1' in page, "and the navigation shows it"


@pytest.mark.parametrize("kept_in", ["bucket"], indirect=True)
async def test_a_bucket_has_no_disk_to_fill_and_its_key_is_shown_to_nobody(
    app: Starlette, client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    before, app.state.settings = app.state.settings, settings
    try:
        await keeper(client, db)
        assert (await client.get("/keep")).status_code == 200
        page = (await client.get("/keep/settings")).text
    finally:
        app.state.settings = before
    assert "s3://documents-" in page and "sesame" not in page
