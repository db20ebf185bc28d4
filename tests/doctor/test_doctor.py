"""The doctor against real servers: mail that refuses, names that are missing, another site."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import asyncpg
import dns.asyncresolver
import dns.message
import dns.rrset
import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from click.testing import Result
from typer.testing import CliRunner

from mobilise import cli
from mobilise import db as database_module
from mobilise.app import create_app
from mobilise.db import Database
from mobilise.doctor import house, mail, site
from mobilise.doctor.findings import Finding
from mobilise.settings import Settings
from mobilise.store import opened
from tests import buckets, make, running
from tests.postbox import Post, Sink, free_port

MB = 1024**2


async def found(findings: AsyncIterator[Finding]) -> list[Finding]:
    return [finding async for finding in findings]


def told(findings: list[Finding]) -> str:
    return "\n".join(f"{each.level} {each.what} {each.do}" for each in findings)


# --- mail ---------------------------------------------------------------------------------


def to_mail(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"smtp_url": url})


async def test_a_test_letter_leaves_and_says_what_to_look_for(
    settings: Settings, post: Post
) -> None:
    findings = await found(mail.server(settings, "mo@post.example"))
    assert [each.level for each in findings] == ["ok", "ok"]
    assert post.last.to == "mo@post.example"
    assert "dkim=pass" in post.last.text


async def test_without_an_address_no_letter_leaves(settings: Settings, post: Post) -> None:
    await found(mail.server(settings, None))
    assert post.letters == []


async def test_a_mail_server_that_is_away_is_wrong(settings: Settings) -> None:
    away = to_mail(settings, f"smtp://127.0.0.1:{free_port()}")
    (finding,) = await found(mail.server(away, None))
    assert finding.level == "wrong" and "name and port" in finding.do


@pytest.fixture
def strict() -> Iterator[int]:
    """A mail server that lets in mo with the right password alone; its port."""

    def judge(server: object, session: object, envelope: object, way: str, data: object) -> object:
        right = getattr(data, "login", b"") == b"mo" and getattr(data, "password", b"") == b"right"
        return AuthResult(success=right, handled=False)

    port = free_port()
    controller = Controller(
        Sink(), hostname="127.0.0.1", port=port, authenticator=judge,
        auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    yield port
    controller.stop()


async def test_a_refused_log_in_is_told_as_one(settings: Settings, strict: int) -> None:
    right = await found(mail.server(to_mail(settings, f"smtp://mo:right@127.0.0.1:{strict}"), None))
    assert right[0].level == "ok" and "lets us in" in right[0].what
    (finding,) = await found(
        mail.server(to_mail(settings, f"smtp://mo:guess@127.0.0.1:{strict}"), None)
    )
    assert finding.level == "wrong" and "535" in finding.what
    assert "user and password" in finding.do
    assert "guess" not in told([finding])


async def test_wrong_tls_is_told_as_such(settings: Settings, post: Post) -> None:
    """smtps:// to a port that speaks plainly."""
    (finding,) = await found(mail.server(to_mail(settings, f"smtps://127.0.0.1:{post.port}"), None))
    assert finding.level == "wrong" and "smtps:// for port 465" in finding.do, told([finding])


async def test_a_refused_letter_is_wrong(settings: Settings, post: Post) -> None:
    post.refuse("mo@post.example", 550, "5.7.1 Not for you")
    findings = await found(mail.server(settings, "mo@post.example"))
    assert findings[-1].level == "wrong" and "5.7.1 Not for you" in findings[-1].what


# --- names --------------------------------------------------------------------------------


class Names:
    """A name server of our own on loopback."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None: ...

    def error_received(self, error: Exception) -> None: ...

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        answer, asked = dns.message.make_response(query), query.question[0]
        kind = dns.rdatatype.to_text(asked.rdtype)
        values = self.texts.get(f"{asked.name.to_text().rstrip('.')} {kind}", [])
        if values:
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *values))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        assert self.transport is not None
        self.transport.sendto(answer.to_wire(), address)


@pytest.fixture
async def names() -> AsyncIterator[tuple[Names, dns.asyncresolver.Resolver]]:
    port = free_port()
    transport, served = await asyncio.get_running_loop().create_datagram_endpoint(
        Names, local_addr=("127.0.0.1", port)
    )
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], port, 3
    yield served, resolver
    transport.close()


@pytest.fixture
def public(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "mail_from": "Petitions <post@sign.example>",
            "smtp_url": "smtps://mo:hush@mail.example:465",
            "contact": "mo@sign.example",
        }
    )


async def test_what_is_published_is_read_and_what_is_not_is_told(
    public: Settings, names: tuple[Names, dns.asyncresolver.Resolver]
) -> None:
    served, resolver = names
    findings = await found(mail.believed(public, "mail", resolver))
    assert [each.level for each in findings] == ["warn"] * 4, told(findings)
    served.texts = {
        "sign.example TXT": ['"v=spf1 a:mail.example -all"', '"something else"'],
        "mail._domainkey.sign.example TXT": ['"v=DKIM1; k=rsa; p=" "MIGf"'],
        "_dmarc.sign.example TXT": ['"v=DMARC1; p=quarantine"'],
        "mail.example A": ["192.0.2.25"],
        "25.2.0.192.in-addr.arpa PTR": ["mail.example."],
    }
    findings = await found(mail.believed(public, "mail", resolver))
    assert [each.level for each in findings] == ["ok"] * 4, told(findings)
    assert "p=MIGf" in findings[1].what and "192.0.2.25" in findings[3].what
    served.texts["sign.example TXT"] = ['"v=spf1 -all"', '"v=spf1 mx -all"']
    findings = await found(mail.believed(public, "mail", resolver))
    assert findings[0].level == "wrong", "of two SPF records none counts"


async def test_where_no_name_server_answers_it_says_that_nothing_was_looked_up(
    public: Settings,
) -> None:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.lifetime = ["127.0.0.1"], free_port(), 0.3
    (finding,) = await found(mail.believed(public, "mail", resolver))
    assert finding.level == "warn" and "was not looked up" in finding.what


def test_the_records_are_there_to_be_copied(public: Settings) -> None:
    lines = list(mail.records(public, "mail"))
    assert lines[0] == 'sign.example.  TXT  "v=spf1 a:mail.example -all"'
    assert lines[1].startswith("mail._domainkey.sign.example.")
    assert "rua=mailto:mo@sign.example" in lines[2]
    assert "hush" not in "".join(lines)


# --- the house ----------------------------------------------------------------------------


async def test_a_sound_database_is_told(db: Database, owner_url: str) -> None:
    findings = await found(house.database(owner_url, own=True))
    assert {each.level for each in findings} == {"ok"}, told(findings)


async def test_rights_to_rewrite_history_are_wrong(
    db: Database, owner: "asyncpg.Connection[asyncpg.Record]", owner_url: str
) -> None:
    await owner.execute("grant update on count_events to mobilise_app")
    try:
        findings = await found(house.database(owner_url, own=True))
    finally:
        await owner.execute("revoke update on count_events from mobilise_app")
    assert "wrong the application may rewrite history" in told(findings)


async def test_tables_of_another_mobilise_are_wrong_and_older_ones_a_warning(
    db: Database, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_them = database_module.migrations()
    monkeypatch.setattr(database_module, "migrations", lambda: all_of_them[:-1])
    assert "made by another mobilise" in told(await found(house.database(owner_url, own=True)))
    more = [*all_of_them, ("9999_x.sql", "select 1")]
    monkeypatch.setattr(database_module, "migrations", lambda: more)
    assert "1 migrations have not run" in told(await found(house.database(owner_url, own=True)))


class FastClock(datetime):
    """A machine whose clock is a minute ahead."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + timedelta(minutes=1)


async def test_a_clock_that_differs_from_the_databases_is_wrong(
    db: Database, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ok the clock agrees" in told(await found(house.database(owner_url, own=True)))
    monkeypatch.setattr(house, "datetime", FastClock)
    findings = await found(house.database(owner_url, own=True))
    (slip,) = [each for each in findings if each.level != "ok"]
    assert slip.level == "wrong" and "differs from the database's by 60 s" in slip.what


@pytest.mark.parametrize(
    ("free", "level"),
    [(256 * MB - 1, "wrong"), (256 * MB, "warn"), (2048 * MB - 1, "warn"), (2048 * MB, "ok")],
)
def test_a_disk_that_fills_up_is_told_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    """Also of a folder that is not there yet; a full disk is told for data and documents apart."""
    asked: list[Path] = []

    def usage(folder: Path) -> Any:
        asked.append(folder)
        return SimpleNamespace(free=free if folder == tmp_path / "data" else 4096 * MB)

    (tmp_path / "data").mkdir()
    monkeypatch.setattr(shutil, "disk_usage", usage)
    made = Settings(data=tmp_path / "data", docs_store=tmp_path / "not" / "yet")
    data, documents = house.room(made)
    assert (data.level, documents.level) == (level, "ok")
    assert "for the data" in data.what and bool(data.do) is (level != "ok")
    assert asked == [tmp_path / "data", tmp_path]


def test_the_room_on_a_real_disk_is_told(tmp_path: Path) -> None:
    data, documents = house.room(Settings(data=tmp_path, docs_store=tmp_path))
    assert "GB are left for the data" in data.what and "for the documents" in documents.what


async def test_letters_that_wait_and_jobs_that_stand_still_are_told(
    db: Database, owner_url: str, settings: Settings, tokens: object
) -> None:
    await make.attempt(db, tokens, await make.petition(db))  # type: ignore[arg-type]
    await database_module.run(db, "update letters set created_at = now() - interval '1 hour'")
    said = told(await found(house.work(owner_url)))
    assert "1 letters wait, the oldest since" in said
    assert "nobody sends letters now" in said and "no job ran" in said


def test_keys_that_others_may_read_are_wrong(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    _ = settings.signing_keys
    assert [each.level for each in house.keys(settings)] == ["ok"]
    (tmp_path / "secret_keys").chmod(0o644)
    (finding,) = house.keys(settings)
    assert finding.level == "wrong" and finding.do.startswith("chmod 600")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_store_that_is_closed_is_wrong(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    (finding,) = await found(house.store(Settings(docs_store=tmp_path)))
    assert finding.level == "wrong"


async def test_a_bucket_is_tried_and_nothing_stays_in_it(s3: str, tmp_path: Path) -> None:
    with buckets.made(s3) as address:
        settings = Settings(data=tmp_path, docs_store=address)
        (finding,) = await found(house.store(settings))
        assert finding.level == "ok" and "s3://documents-" in finding.what, finding
        assert await buckets.files(opened(settings)) == []
        assert "the documents" not in told(list(house.room(settings)))
        gone = settings.model_copy(
            update={"docs_store": address.replace("@documents-", "@nobodys-")}
        )
        (finding,) = await found(house.store(gone))
        assert finding.level == "wrong" and "no such bucket" in finding.what, finding
        assert "MOBILISE_DOCS_STORE" in finding.do
        assert "sesame" not in told([finding])


async def test_a_bucket_that_does_not_answer_is_told_without_its_key(tmp_path: Path) -> None:
    address = f"s3://mo:hush@papers?endpoint=http://127.0.0.1:{free_port()}&region=here"
    (finding,) = await found(house.store(Settings(data=tmp_path, docs_store=address)))
    assert finding.level == "wrong" and "s3://papers" in finding.what
    assert "hush" not in told([finding]) and "mo:" not in told([finding])


def test_what_a_public_site_lacks_is_told() -> None:
    lacking = told(list(house.settings(Settings(base_url="http://sign.example", moderation="off"))))
    for name in ("BASE_URL", "SMTP_URL", "MAIL_FROM", "CONTACT", "CONTROLLER", "MODERATION"):
        assert f"MOBILISE_{name}" in lacking
    behind = told(list(house.settings(Settings(base_url="https://sign.example"))))
    assert "MOBILISE_TRUSTED_PROXIES" in behind
    whole = Settings(
        base_url="https://sign.example", trusted_proxies="10.0.0.0/8",
        smtp_url="smtps://mail.example", mail_from="post@sign.example",
        contact="mo@sign.example", controller="Mo, Street 1, 2060 Antwerp",
    )  # fmt: skip
    assert [each.level for each in house.settings(whole)] == ["ok"]


# --- the site -----------------------------------------------------------------------------


async def test_a_site_that_answers_as_itself_is_known_and_another_is_not(
    site_running: running.Site, tmp_path: Path
) -> None:
    data = site_running.folder / "data"
    (finding,) = await found(site.site(Settings(data=data, base_url=site_running.url)))
    assert finding.level == "ok", finding
    (other,) = await found(site.site(Settings(data=tmp_path, base_url=site_running.url)))
    assert other.level == "wrong" and "other keys" in other.what


@pytest.fixture
def site_running(site: running.Site) -> running.Site:
    """Under a name of its own: `site` is the module here."""
    return site


@asynccontextmanager
async def behind_a_proxy(settings: Settings, db: Database, **said: str) -> AsyncIterator[Settings]:
    """The site behind a proxy on this machine, which says `said` about who asks."""
    port = free_port()
    made = settings.model_copy(update={"base_url": f"http://127.0.0.1:{port}"})
    app = create_app(made, db)

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        there = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=there, base_url=made.base_url) as client:
            answer = await client.get("/healthz", headers=said)
        lines = [f"{name}: {value}" for name, value in answer.headers.items()]
        head = "\r\n".join(["HTTP/1.1 200 OK", *lines, "connection: close", "", ""])
        writer.write(head.encode() + answer.content)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(passed_on, "127.0.0.1", port)
    try:
        yield made
    finally:
        server.close()


@pytest.mark.parametrize(
    ("trusted", "level"),
    [("127.0.0.1", "ok"), ("127.0.0.0/8, 10.0.0.1", "ok"), ("10.0.0.1", "wrong"), ("", "wrong")],
)
async def test_a_proxy_that_is_not_believed_is_wrong(
    settings: Settings, db: Database, trusted: str, level: str
) -> None:
    """The setting may well be there, and name another machine than the one that asks."""
    listed = settings.model_copy(update={"trusted_proxies": trusted})
    said = {"x-forwarded-for": "203.0.113.9"}
    async with behind_a_proxy(listed, db, **said) as made:
        _, finding = await found(site.site(made))
    assert finding.level == level, finding
    assert ("MOBILISE_TRUSTED_PROXIES" in finding.what) is (level == "wrong")


async def test_a_proxy_that_does_not_say_who_asks_is_told(settings: Settings, db: Database) -> None:
    async with behind_a_proxy(settings, db) as made:
        (finding,) = await found(site.site(made))
    assert finding.level == "ok", "without https there need not be a proxy"
    public = settings.model_copy(update={"base_url": "https://sign.example"})
    (finding,) = site.proxy(public, "none")
    assert finding.level == "warn" and "X-Forwarded-For" in finding.do
    assert list(site.proxy(public, "")) == [], "an older mobilise does not tell"


async def test_something_else_at_our_address_is_wrong(tmp_path: Path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2015 00:00:00 GMT\r\n")
        writer.write(b"content-length: 2\r\nconnection: close\r\n\r\nhi")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    findings = await found(site.site(Settings(data=tmp_path, base_url=f"http://127.0.0.1:{port}")))
    server.close()
    assert "something else answers" in told(findings)
    assert "the clock of the site differs" in told(findings)


async def test_an_address_that_nobody_answers_is_told(tmp_path: Path) -> None:
    away = Settings(data=tmp_path, base_url=f"http://127.0.0.1:{free_port()}")
    (finding,) = await found(site.site(away))
    assert finding.level == "warn" and "does not answer" in finding.what


# --- the command --------------------------------------------------------------------------


@pytest.fixture
def environment(settings: Settings, owner_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "database_url", "docs_store", "smtp_url", "mail_from"):
        monkeypatch.setenv(f"MOBILISE_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("MOBILISE_DATABASE_OWNER_URL", owner_url)
    monkeypatch.setenv("MOBILISE_MAIL_FROM", "mobilise@localhost")  # nothing to look up
    monkeypatch.setenv("MOBILISE_BASE_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(cli.console, "_width", 200)


async def typed(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, cli.app, list(words))


@pytest.mark.usefixtures("environment")
async def test_it_ends_with_one_only_when_something_is_wrong(db: Database, post: Post) -> None:
    sound = await typed("doctor", "--to", "mo@post.example")
    assert sound.exit_code == 0, sound.output
    assert "ok     the mail server took a letter to mo@post.example" in sound.output
    assert "v=spf1" in sound.output
    assert post.last.to == "mo@post.example"
    post.down()
    ill = await typed("doctor")
    assert ill.exit_code == 1 and "WRONG" in ill.output


@pytest.mark.usefixtures("environment")
async def test_it_takes_no_letter_to_nowhere(db: Database) -> None:
    answer = await typed("doctor", "--to", "mo")
    assert answer.exit_code == 2 and "write it like mo@post.example" in answer.output
