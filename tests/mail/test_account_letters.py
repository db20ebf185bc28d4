"""Letters about an account and a group: in four languages, the same in both parts."""

import html
import re

import pytest

from mobilise.db import Database, run, value
from mobilise.mail import account_letters, outbox
from mobilise.tokens import Tokens
from tests import make
from tests.postbox import Post

LANGUAGES = ["nl", "fr", "de", "en"]


async def _about(db: Database, kind: str, alice: make.Person, group: make.Group) -> int | None:
    """The row that a letter of this kind tells of."""
    if kind == "invitation":
        statement = """insert into invitations
            (group_id, invited_by, email, email_key, role, greeting, language)
            select :group, :alice, email, email_key, 'clerk', 'Hello & welcome', language
            from people where name = 'Bob' returning id"""
    elif kind in ("account_new_address", "account_old_address"):
        statement = """insert into mailbox_changes (person_id, session, email, email_key)
            select id, ''::bytea, 'new@post.example', 'new@post.example' from people
            where name = 'Bob' and :group > 0 and :alice > 0 returning id"""
    elif kind == "account_erased":
        statement = """insert into farewells (email, name, language)
            select email, name, language from people
            where name = 'Bob' and :group > 0 and :alice > 0 returning id"""
    else:
        return group.id
    return int(await value(db, statement, group=group.id, alice=alice.id))


@pytest.mark.parametrize("kind", account_letters.LETTERS)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_letter_says_the_same_in_both_parts_in_the_readers_language(
    db: Database, post: Post, tokens: Tokens, kind: str, language: str
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    await run(db, "update people set language = :language", language=language)
    to_account = kind in ("handed_over", "account_old_address", "account_unused")
    await outbox.add(
        db,
        kind,
        recipient=tokens.recipient(bob.email),
        person_id=bob.id if to_account else None,
        about=await _about(db, kind, alice, group),
    )
    [letter] = await post.deliver()
    expected = "new@post.example" if kind == "account_new_address" else bob.email
    assert letter.to == expected and f'<html lang="{language}"' in letter.html
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", letter.html)).split())
    for line in letter.text.splitlines():
        words = " ".join(line.split())
        before_a_link = words.endswith(":")  # where the other part has a button
        if words not in ("", "--") and not words.startswith("http") and not before_a_link:
            assert words.rstrip(",") in shown, "it is in the text alone"
    for link in letter.links[:-1]:
        assert link in html.unescape(letter.html)


@pytest.mark.parametrize("kind", account_letters.LETTERS)
async def test_what_is_over_is_not_written_about(
    db: Database, post: Post, tokens: Tokens, kind: str
) -> None:
    await make.person(db, "Bob")
    await outbox.add(db, kind, recipient=tokens.recipient("bob@post.example"), about=999)
    assert await post.deliver() == []


async def test_the_old_mailbox_is_not_shown_the_whole_new_address(
    db: Database, post: Post, tokens: Tokens
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    about = await _about(db, "account_old_address", alice, await make.group(db, alice))
    await outbox.add(
        db,
        "account_old_address",
        recipient=tokens.recipient(bob.email),
        person_id=bob.id,
        about=about,
    )
    [letter] = await post.deliver()
    assert "n…w@p…t.example" in letter.text and "new@post.example" not in letter.text
