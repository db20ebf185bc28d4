"""What stands in a letter, and that nothing in it can break it."""

import re
from email import policy
from email.parser import BytesParser
from urllib.parse import urlsplit

import httpx
import pytest
from jinja2 import UndefinedError

from mobilise import db as database_module
from mobilise import templating
from mobilise.db import Database
from mobilise.mail.letters import LETTERS
from mobilise.mail.writing import LONGEST_LINE, Writer
from mobilise.settings import Settings
from mobilise.tokens import Tokens
from tests import make
from tests.petitions.writing import write
from tests.postbox import Letter, Post, deliver_due


async def letter(db: Database, tokens: Tokens, post: Post, **wishes: object) -> Letter:
    texts = {code: {"title": f"Titel {code}"} for code in ("nl", "fr", "de")}
    petition = await make.petition(db, **texts)
    await make.attempt(db, tokens, petition, **wishes)  # type: ignore[arg-type]
    return (await post.deliver())[-1]


async def test_the_letter_says_the_same_in_both_parts(
    db: Database, tokens: Tokens, post: Post
) -> None:
    found = await letter(db, tokens, post, name="Suzie Overweg")
    code = f"{found.code[:3]} {found.code[3:]}"
    for part in (found.text, found.html):
        assert "Suzie" in part
        assert code in part
        assert "After 14 days we erase everything." in part
        for kind in ("confirm", "not-me", "withdraw", "u"):
            assert found.link(kind) in part
    assert found.message["auto-submitted"] == "auto-generated"
    assert "list-unsubscribe" not in found.message, "this is no newsletter"
    assert str(found.message["from"]) == "\"Friends of the Yard, via mobilise\" " \
        "<petitions@mobilise.example>"  # fmt: skip


async def test_the_html_is_small_and_fetches_nothing(
    db: Database, tokens: Tokens, post: Post
) -> None:
    found = await letter(db, tokens, post)
    assert len(found.html.encode()) < 40_000
    assert not re.search(r"<img|<link|<script|<form|src=|@import|url\(", found.html)
    assert re.search(r'bgcolor="#12613F"', found.html), "the button stands without styles"


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
async def test_the_letter_is_in_the_language_of_the_signer(
    db: Database, tokens: Tokens, post: Post, language: str
) -> None:
    found = await letter(db, tokens, post, language=language)
    assert f"/{language}/confirm/" in found.link("confirm")
    assert f'<html lang="{language}">' in found.html
    if language != "en":
        assert f"Titel {language}" in found.subject


@pytest.mark.parametrize(
    "name",
    ["Zoë Ñandú-Œuvre", "<b>Bert</b> Brecht", "Ben \"the\" O'Neill", "李 小龙", "Åsa " + "x" * 90,
     "{{ 7*7 }} Jinja"],
)  # fmt: skip
async def test_a_name_stays_a_name(db: Database, tokens: Tokens, post: Post, name: str) -> None:
    found = await letter(db, tokens, post, name=name)
    assert name.split()[0] in found.text
    assert "<b>Bert" not in found.html
    assert "49" not in found.text.split("\n")[0]


async def test_a_title_cannot_begin_a_header(db: Database, tokens: Tokens, post: Post) -> None:
    petition = await make.petition(db, title="Trees\r\nBcc: everybody@post.example")
    await make.attempt(db, tokens, petition)
    (found,) = await post.deliver()
    assert "bcc" not in found.message
    assert found.subject == "Confirm your signature: Trees Bcc: everybody@post.example"


async def test_a_long_title_folds_and_reads_back(db: Database, tokens: Tokens, post: Post) -> None:
    title = "Één párk voor " + "de hele buurt en haar kinderen, " * 5
    petition = await make.petition(db, title=title.strip())
    await make.attempt(db, tokens, petition)
    (found,) = await post.deliver()
    assert found.subject == f"Confirm your signature: {title.strip()}"


async def test_every_line_fits_a_mail_server(db: Database, tokens: Tokens, post: Post) -> None:
    found = await letter(db, tokens, post, name="Ö" * 99)
    assert max(len(line) for line in found.raw.split(b"\r\n")) <= LONGEST_LINE + 100
    assert b"\n" not in found.raw.replace(b"\r\n", b"")
    parsed = BytesParser(policy=policy.default).parsebytes(found.raw)
    assert not parsed.defects and all(not part.defects for part in parsed.walk())


async def test_no_secret_lies_in_the_outbox(db: Database, tokens: Tokens, post: Post) -> None:
    found = await letter(db, tokens, post)
    row = await database_module.one(db, "select * from letters")
    stored = " ".join(str(value) for value in row.values())
    token = found.link("confirm").rsplit("/", 1)[1]
    assert token not in stored and found.code not in stored and "suzie" not in stored


def test_a_template_that_misses_a_word_is_an_error(settings: Settings, tokens: Tokens) -> None:
    environment = templating.environment()
    for kind in LETTERS:
        for part in ("subject.txt", "body.txt", "body.html"):
            assert environment.get_template(f"letters/{kind}/{part}")
    with pytest.raises(UndefinedError):
        environment.get_template("letters/confirm/body.txt").render(site=settings)


def test_letters_have_templates_and_only_those(settings: Settings, tokens: Tokens) -> None:
    environment = templating.environment()
    found = {name.split("/")[1] for name in environment.list_templates()
             if name.startswith("letters/") and name.count("/") == 2}  # fmt: skip
    assert found == set(LETTERS)
    assert Writer(settings, tokens, environment, LETTERS).domain == "mobilise.example"


# --- stopping mail ----------------------------------------------------------------------------


async def test_stop_all_mail_needs_one_button_and_can_be_undone(
    db: Database, tokens: Tokens, post: Post, client: httpx.AsyncClient
) -> None:
    found = await letter(db, tokens, post)
    path = found.link("u").split("8000")[-1]

    page = await client.get(path)
    assert page.status_code == 200
    assert await database_module.value(db, "select count(*) from suppressions") == 0

    assert (await client.post(path)).status_code == 200
    assert await database_module.value(db, "select reason from suppressions") == "asked"
    await make.attempt(db, tokens, await make.petition(db))
    assert await post.deliver() == []

    await client.post(path, data={"again": "yes"})
    await make.attempt(db, tokens, await make.petition(db))
    assert len(await post.deliver()) == 1


async def test_a_mailbox_provider_stops_news_for_its_user(
    db: Database, tokens: Tokens, stranger: httpx.AsyncClient
) -> None:
    """RFC 8058: no cookie, no browser headers, no redirect."""
    petition = await make.petition(db)
    await database_module.run(
        db,
        """insert into subscriptions (petition_id, email_key, email, language)
           values (:id, 'suzie@post.example', 'suzie@post.example', 'en')""",
        id=petition.id,
    )
    answer = await stranger.post(
        f"/u/{tokens.unsubscribe(petition.id, 'suzie@post.example')}",
        data={"List-Unsubscribe": "One-Click"},
        headers={"sec-fetch-site": "cross-site", "origin": "https://mail.example"},
    )
    assert answer.status_code == 200
    assert await database_module.value(db, "select ended_at from subscriptions") is not None


async def test_a_broken_unsubscribe_link_is_a_page(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.get("/u/nonsense")).status_code == 404
    assert (await stranger.post("/u/nonsense")).status_code == 404


# --- the letters of a development run ---------------------------------------------------------


async def test_without_a_mail_server_the_letters_are_on_a_page_of_this_machine(
    db: Database, settings: Settings, tokens: Tokens, client: httpx.AsyncClient, app: object
) -> None:
    here = settings.model_copy(update={"smtp_url": None})
    app.state.settings = here  # type: ignore[attr-defined]
    try:
        await make.attempt(db, tokens, await make.petition(db), email="suzie@post.example")
        assert await deliver_due(db, here, tokens) == 1
        page = await client.get("/dev/mail")
        assert "Confirm your signature" in page.text and "suzie@post.example" in page.text
        key = re.search(r'/dev/mail/([^"/]+)"', page.text)
        assert key
        one = await client.get(f"/dev/mail/{key[1]}")
        assert "/en/confirm/" in one.text
        html = await client.get(f"/dev/mail/{key[1]}/html")
        assert "Confirm my signature" in html.text
        assert "script" not in html.headers["content-security-policy"]
        assert (await client.get("/dev/mail/nothing")).status_code == 404
        for said in ("x-forwarded-for", "x-real-ip", "forwarded", "via"):
            answer = await client.get("/dev/mail", headers={said: "for=203.0.113.9"})
            assert answer.status_code == 404, "it came through a proxy, from who knows where"
    finally:
        app.state.settings = settings  # type: ignore[attr-defined]


async def test_on_a_public_site_letters_wait_for_a_mail_server(
    db: Database, settings: Settings, tokens: Tokens
) -> None:
    public = settings.model_copy(update={"smtp_url": None, "listens_on_loopback": False})
    await make.attempt(db, tokens, await make.petition(db), email="suzie@post.example")
    assert await deliver_due(db, public, tokens) == 0
    assert await database_module.value(db, "select state from letters") == "waiting"
    assert await deliver_due(db, settings, tokens) == 1, "with one they go"


async def test_with_a_mail_server_there_is_no_such_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/dev/mail")).status_code == 404


# --- words of strangers in letters ------------------------------------------------------------


async def test_a_title_gets_no_link_of_a_signer_into_it(
    db: Database, tokens: Tokens, post: Post
) -> None:
    """An organiser who writes the marks of our own frames into a title learns no token."""
    title = "Look: evil.example/?\ue000link\ue001"
    petition = await make.petition(db, title=title)
    await make.attempt(db, tokens, petition, email="suzie@post.example")
    (letter,) = await post.deliver()
    for part in (letter.subject, letter.text, letter.html):
        assert "evil.example/?link" in part


async def test_a_name_that_is_an_address_is_nothing_to_click_on(
    db: Database, tokens: Tokens, post: Post
) -> None:
    petition = await make.petition(db)
    for number, name in enumerate(("win.evil.example Now", "Chr.de Boer", "J.P. Janssens")):
        await make.attempt(db, tokens, petition, name=name, email=f"victim{number}@post.example")
    texts = [letter.text for letter in sorted(await post.deliver(), key=lambda one: one.to)]
    assert "evil.example" not in texts[0] and "Press once more, win" in texts[0]
    assert "Press once more, Chr" in texts[1]
    assert "Press once more, J.P." in texts[2]


async def test_a_letter_to_start_carries_no_strangers_address_and_a_way_to_end_it(
    client: httpx.AsyncClient, db: Database, post: Post
) -> None:
    """Anybody can fill in anybody's address there, and nobody has read the title yet."""
    form = {
        "title": "You won, look at casino.evil.example", "addressee": "The city", "why": "Trees.",
        "goal": "", "name": "Charlie", "group": "Neighbours", "email": "victim@post.example",
    }  # fmt: skip
    assert (await write(client, **form)).status_code == 303
    (letter,) = await post.deliver()
    for part in (letter.subject, letter.text, letter.html):
        assert "evil" not in part
    await client.post(urlsplit(letter.link("unsubscribe")).path)
    await write(client, **form | {"title": "A park"})
    assert await post.deliver() == []
