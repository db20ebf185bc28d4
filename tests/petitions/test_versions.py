"""One version number over all languages; what was signed stays, what is corrected is told."""

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from mobilise import prose
from mobilise.db import Database, one, rows, run, value
from mobilise.errors import NotNow
from mobilise.petitions import comparing, reading, text_queries, texts, versions
from mobilise.petitions.reading import Petition
from mobilise.petitions.versions import Overtaken, Words
from mobilise.tokens import Tokens
from tests import make

NEW = Words("A park, now", "The city council", "We ask for **trees**.\n\nAnd grass.")
FRENCH = Words("Un parc", "Le conseil communal", "Nous demandons des arbres.")


async def save(
    db: Database, petition: Petition, words: Words = NEW, language: str = "en", **more: Any
) -> int:
    """As somebody does who saw what stands there now."""
    alice = await make.person(db)
    found = await text_queries.newest(db, petition.id, language)
    values = {
        "seen": Words.of(found).mark if found else "", "note": "A word was wrong.",
    } | more  # fmt: skip
    return await versions.save(db, petition, alice.id, language, words, **values)


async def kinds(db: Database, petition: Petition) -> list[tuple[int, str, str]]:
    told = await versions.history(db, petition.id)
    return [(each.number, each.language, each.kind) for each in told[::-1]]


# --- what differs -----------------------------------------------------------------------------

text = some.text(some.sampled_from("ab. \n#*-é漢"), max_size=60)


@given(text, text)
def test_nothing_is_lost_and_nothing_made_up_in_a_comparison(old: str, new: str) -> None:
    pieces = comparing.compare(old, new)
    assert "".join(p.text for p in pieces if p.kind != "new") == old
    assert "".join(p.text for p in pieces if p.kind != "gone") == new
    shown = comparing.shown(pieces, 5)
    assert "".join(p.text for p in shown) == "".join(p.text for p in pieces)
    assert [p for p in shown if p.kind in ("gone", "new")] == [
        p for p in pieces if p.kind in ("gone", "new")
    ]


def test_a_word_that_changed_is_shown_as_that_word() -> None:
    pieces = comparing.compare("Empty for ten years. So.", "Empty for twelve years. So.")
    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "Empty for "), ("gone", "ten"), ("new", "twelve"), ("same", " years. So."),
    ]  # fmt: skip


def test_long_stretches_that_stayed_are_left_out() -> None:
    long = "We ask for trees and grass. " * 40
    shown = comparing.shown(comparing.compare(long + "Now.", long + "Soon."))
    assert shown[0].kind == "skipped" and len(shown[0].text) > 900
    assert [p.kind for p in shown][-2:] == ["gone", "new"]


@pytest.mark.parametrize("sign", [".", '."', ". )", "?!", "a", " "])
def test_a_page_of_one_sign_keeps_nobody_waiting(sign: str) -> None:
    """Read the long way, the full stops alone would keep everybody from a worker for minutes."""
    long = sign * (60_000 // len(sign))
    pieces = comparing.compare(long, f"{long}x")
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == long


# --- versions ---------------------------------------------------------------------------------


async def test_a_draft_is_written_over_in_every_language(db: Database) -> None:
    petition = await make.petition(db, "draft")
    assert await save(db, petition) == 1
    assert await save(db, petition, FRENCH, "fr") == 1
    now = await reading.by_id(db, petition.id, "fr")
    assert (now.title, now.languages, now.version) == ("Un parc", ("en", "fr"), 1)
    assert await kinds(db, petition) == [(1, "en", "first"), (1, "fr", "first")]


async def test_an_open_petition_that_nobody_signed_gets_a_version_for_each_change(
    db: Database,
) -> None:
    petition = await make.petition(db)
    assert await save(db, petition, note="") == 2
    assert await save(db, petition, FRENCH, "fr", note="") == 3
    assert await save(db, petition, FRENCH, "fr", note="") == 3, "nothing is different"
    assert await kinds(db, petition) == [
        (1, "en", "first"), (2, "en", "change"), (3, "fr", "translation"),
    ]  # fmt: skip


async def test_after_the_first_signature_a_correction_says_why(db: Database) -> None:
    petition = await make.petition(db)
    await texts.freeze(db, petition.id)
    with pytest.raises(NotNow) as refused:
        await save(db, petition, note="")
    assert refused.value.message == texts.FROZEN
    assert await save(db, petition) == 2
    assert await save(db, petition, FRENCH, "fr", note="") == 3, "a translation needs no reason"
    with pytest.raises(NotNow) as refused:
        await save(db, petition)
    assert refused.value.message == versions.SAME
    assert await kinds(db, petition) == [
        (1, "en", "first"), (2, "en", "correction"), (3, "fr", "translation"),
    ]  # fmt: skip
    now = await reading.by_id(db, petition.id, "en")
    assert (now.goal, now.closes_on, now.slug) == (petition.goal, None, petition.slug)
    deeds = [row["deed"] for row in await rows(db, "select deed from audit_log order by id")]
    assert deeds == ["petition.corrected", "petition.translated"]


@pytest.mark.parametrize("state", ["delivered", "answered", "rejected", "suspended", "removed"])
async def test_what_is_over_stays_as_it_is(db: Database, state: str) -> None:
    petition = await make.petition(db, state)
    await texts.freeze(db, petition.id)
    for language in ("en", "fr"):
        with pytest.raises(NotNow) as refused:
            await save(db, petition, language=language)
        assert refused.value.message == versions.OVER


async def test_what_a_keeper_read_is_only_corrected_in_public(db: Database) -> None:
    petition = await make.petition(db, read=True)
    with pytest.raises(NotNow):
        await save(db, petition, note="")
    assert await save(db, petition) == 2
    assert (await kinds(db, petition))[-1] == (2, "en", "correction")


async def test_a_text_is_not_changed_for_ever(db: Database) -> None:
    """All its versions stand on one page, which everybody may ask for."""
    petition = await make.petition(db)
    await texts.freeze(db, petition.id)
    await run(db, "update petitions set version = :most - 1", most=versions.MOST_VERSIONS)
    assert await save(db, petition) == versions.MOST_VERSIONS
    with pytest.raises(NotNow) as refused:
        await save(db, petition, Words("Once more", "The city council", "We ask."))
    assert refused.value.message == versions.ENOUGH


async def test_of_two_editors_at_once_the_second_is_told(db: Database) -> None:
    for _ in range(4):
        petition = await make.petition(db)
        await texts.freeze(db, petition.id)
        other = Words("Another park", "The mayor", "Quite another text.")
        seen = Words.of(await _newest(db, petition)).mark
        outcomes = await asyncio.gather(
            save(db, petition, NEW, seen=seen), save(db, petition, other, seen=seen),
            return_exceptions=True,
        )  # fmt: skip
        lost = [each for each in outcomes if isinstance(each, Overtaken)]
        assert len(lost) == 1 and 2 in outcomes, outcomes
        assert lost[0].now == Words.of(await _newest(db, petition))
        assert await value(
            db, "select version from petitions where id = :id", id=petition.id
        ) == 2  # fmt: skip


async def test_two_who_add_the_same_language_do_not_overwrite_each_other(db: Database) -> None:
    petition = await make.petition(db)
    await save(db, petition, FRENCH, "fr")
    with pytest.raises(Overtaken):
        await save(db, petition, NEW, "fr", seen="")


async def test_a_change_and_the_first_signature_do_not_cross(db: Database, tokens: Tokens) -> None:
    """Whoever comes first: nobody's signature stands under a text that was changed in silence."""
    for number in range(5):
        petition = await make.petition(db)
        outcomes = await asyncio.gather(
            save(db, petition, note=""),
            make.attempt(db, tokens, petition, email=f"s{number}@post.example"),
            return_exceptions=True,
        )
        signed = await value(
            db, "select version from signatures where petition_id = :id", id=petition.id
        )
        now = await reading.by_id(db, petition.id, "en")
        assert signed == now.version == (1 if isinstance(outcomes[0], NotNow) else 2)


async def change(db: Database, petition: Petition, **more: Any) -> int:
    """Another title, as the page of one question saves it."""
    values = {"seen": None} | more
    return await versions.change_part(
        db, petition, (await make.person(db)).id, "title", "Make a park", **values
    )


async def test_one_answer_changes_and_the_rest_stays(db: Database) -> None:
    petition = await make.petition(db, "open", picture_alt="The yard", nl={"title": "Een park"})
    assert await change(db, petition) == 2
    now = await reading.by_id(db, petition.id, "en")
    assert (now.title, now.text, now.picture_alt) == ("Make a park", petition.text, "The yard")
    assert (await reading.by_id(db, petition.id, "nl")).title == "Een park"
    assert await value(db, "select deed from audit_log") == "petition.changed"
    assert await change(db, petition) == 2, "nothing is different"


@pytest.mark.parametrize(
    "state", ["closed", "delivered", "answered", "rejected", "suspended", "removed"]
)
async def test_what_does_not_take_signatures_is_not_written_over(db: Database, state: str) -> None:
    with pytest.raises(NotNow):
        await change(db, await make.petition(db, state))


@pytest.mark.parametrize("state", ["draft", "open"])
async def test_after_the_first_signature_no_answer_changes(db: Database, state: str) -> None:
    petition = await make.petition(db, state)
    await texts.freeze(db, petition.id)
    with pytest.raises(NotNow) as refused:
        await change(db, petition)  # read before the first signature, saved after it
    assert refused.value.message == texts.FROZEN
    assert (await reading.by_id(db, petition.id, "en")).title == petition.title
    assert await rows(db, "select * from audit_log") == []


@pytest.mark.parametrize(
    ("state", "read", "may"),
    [("draft", False, True), ("submitted", False, True), ("open", False, True),
     ("open", True, False)],
)  # fmt: skip
async def test_what_the_keeper_read_is_not_changed_behind_his_back(
    db: Database, state: str, read: bool, may: bool
) -> None:
    petition = await make.petition(db, state, read=read)
    if may:
        await change(db, petition)
        return
    with pytest.raises(NotNow) as refused:
        await change(db, petition)
    assert refused.value.message == texts.READ


async def test_two_who_answer_different_questions_keep_both_answers(db: Database) -> None:
    petition = await make.petition(db)
    alice = await make.person(db)
    await asyncio.gather(
        change(db, petition),
        versions.change_part(db, petition, alice.id, "addressee", "The mayor", seen=None),
    )
    now = await reading.by_id(db, petition.id, "en")
    assert (now.title, now.addressee, now.version) == ("Make a park", "The mayor", 3)


async def _newest(db: Database, petition: Petition, language: str = "en") -> Any:
    return await text_queries.newest(db, petition.id, language)


deeds = some.lists(
    some.tuples(
        some.sampled_from(["save", "save", "freeze", "remove", "open"]),
        some.sampled_from(["en", "fr", "nl"]),
        some.integers(0, 3),
    ),
    max_size=9,
)


@given(deeds)
@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
async def test_versions_never_shrink_and_every_reader_gets_the_newest_text(
    db: Database, deeds: list[tuple[str, str, int]]
) -> None:
    petition = await make.petition(db, "draft")
    alice = await make.person(db)
    seen_versions: list[tuple[int, str, str]] = []
    number = 1
    for deed, language, text in deeds:
        petition = await reading.by_id(db, petition.id, "en")
        public = petition.state == "open"
        try:
            if deed == "save":
                words = Words(f"Title {text}", "The city", f"Text {text} in {language}.")
                await save(db, petition, words, language)
            elif deed == "freeze" and public:
                await texts.freeze(db, petition.id)
            elif deed == "remove":
                await versions.remove(db, petition, alice.id, language)
            elif deed == "open" and not public:
                await run(db, "update petitions set state = 'open' where id = :id", id=petition.id)
        except NotNow:
            pass
        now = await reading.by_id(db, petition.id, "en")
        assert now.version >= number and now.languages[0] == "en"
        number = now.version
        told = [(v.number, v.language, v.words.body) for v in await versions.history(db, now.id)]
        if public:
            assert told[-len(seen_versions) :] == seen_versions or not seen_versions
            seen_versions = told
        for code in ("en", "fr", "nl", "de"):
            read = await reading.by_id(db, petition.id, code)
            wanted = code if code in now.languages else "en"
            newest = next(v for v in told if v[1] == wanted)
            assert (read.language, read.text) == (wanted, newest[2])


async def test_a_translation_may_go_while_nobody_signed(db: Database) -> None:
    alice = await make.person(db)
    for state, kept in (("draft", 0), ("open", 1)):
        petition = await make.petition(db, state, fr={"title": "Un parc"})
        await versions.remove(db, petition, alice.id, "fr")
        now = await reading.by_id(db, petition.id, "fr")
        assert (now.languages, now.language) == (("en",), "en")
        left = await value(
            db,
            "select count(*) from petition_texts where petition_id = :id and language = 'fr'",
            id=petition.id,
        )
        assert left == kept, "what was public stays in the history"
        with pytest.raises(NotNow):
            await versions.remove(db, petition, alice.id, "en")
    frozen = await make.petition(db, "open", fr={"title": "Un parc"})
    await texts.freeze(db, frozen.id)
    with pytest.raises(NotNow):
        await versions.remove(db, frozen, alice.id, "fr")


# --- over HTTP --------------------------------------------------------------------------------


def typed(words: Words, seen: str = "", **more: str) -> dict[str, str]:
    return {
        "title": words.title, "addressee": words.addressee, "why": words.body,
        "picture_alt": words.picture_alt, "seen": seen,
    } | more  # fmt: skip


async def test_alice_adds_a_language_and_each_reader_gets_their_own(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    await make.login(client, db, await make.person(db, "Alice"))
    desk = f"/manage/petitions/{petition.slug}/languages"
    page = (await client.get(desk)).text
    assert "Add a language" in page and f'href="{desk}/fr"' in page
    assert (await client.get(f"{desk}/fr")).status_code == 200
    answer = await client.post(f"{desk}/fr", data=typed(FRENCH))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{desk}?said=saved")

    french = (await stranger.get(f"/fr/petitions/{petition.slug}")).text
    assert "Un parc" in french and "Nous demandons des arbres." in french
    german = (await stranger.get(f"/de/petitions/{petition.slug}")).text
    assert '<h1 lang="en">' in german
    assert f'href="/fr/petitions/{petition.slug}" lang="fr"' in german
    told = (await stranger.get(f"/petitions/{petition.slug}/data/petition.json")).json()
    assert set(told["texts"]) == {"en", "fr"} and told["version"] == 2
    assert [each["kind"] for each in told["versions"]] == ["first", "translation"]


async def test_a_correction_is_public_with_its_reason(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, body="Empty for ten years. <b>We</b> ask for trees.")
    await texts.freeze(db, petition.id)
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/languages/en"
    form = (await client.get(page)).text
    assert "Write a correction" in form and 'name="note"' in form
    assert 'name="goal"' not in form and 'name="closes_on"' not in form
    seen = Words.of(await _newest(db, petition)).mark
    words = Words(
        petition.title, petition.addressee, "Empty for twelve years. <b>We</b> ask for trees."
    )
    missing = await client.post(page, data=typed(words, seen, note=" "))
    assert missing.status_code == 422 and "Write what you correct, and why" in missing.text
    assert "Empty for twelve years." in missing.text, "nothing typed is lost"
    answer = await client.post(page, data=typed(words, seen, note="It is <i>two</i> years more."))
    assert answer.status_code == 303, answer.text

    history = (await stranger.get(f"/en/petitions/{petition.slug}/history")).text
    assert "Correction" in history and "It is &lt;i&gt;two&lt;/i&gt; years more." in history
    assert "</span>ten<span" in history and "</span>twelve<span" in history
    assert "<del>" in history and "<ins>" in history and "&lt;b&gt;We&lt;/b&gt;" in history
    assert history.index("Correction") < history.index("First text")
    public = (await stranger.get(f"/en/petitions/{petition.slug}")).text
    assert "This text was corrected on" in public and "twelve years" in public
    assert f'href="/en/petitions/{petition.slug}/history"' in public


async def test_who_is_overtaken_sees_both_and_loses_nothing(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/languages/en"
    seen = Words.of(await _newest(db, petition)).mark
    await save(db, petition, Words("Bob's title", "The city council", "Bob's text."))
    answer = await client.post(page, data=typed(NEW, seen))
    assert answer.status_code == 409 and "Both stand below" in answer.text
    assert 'value="A park, now"' in answer.text and "And grass.</textarea>" in answer.text
    assert "Bob" in answer.text
    again = Words.of(await _newest(db, petition)).mark
    assert f'value="{again}"' in answer.text
    assert (await client.post(page, data=typed(NEW, again))).status_code == 303
    assert (await reading.by_id(db, petition.id, "en")).title == "A park, now"


async def test_who_answers_the_same_question_second_sees_both(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/edit/what"
    seen = prose.mark(petition.title)
    assert f'name="seen" value="{seen}"' in (await client.get(page)).text
    await change(db, petition)
    answer = await client.post(page, data={"title": "A park of mine", "seen": seen})
    assert answer.status_code == 409 and "Both stand below" in answer.text
    assert 'value="A park of mine"' in answer.text and "Make a" in answer.text
    again = prose.mark("Make a park")
    assert f'name="seen" value="{again}"' in answer.text
    saved = await client.post(page, data={"title": "A park of mine", "seen": again})
    assert saved.status_code == 303
    why = f"/manage/petitions/{petition.slug}/edit/why"
    look = await client.post(why, data={"why": "**x**", "seen": "theirs", "preview": "1"})
    assert 'name="seen" value="theirs"' in look.text, "a look does not make one know of a change"


async def test_who_signs_while_it_is_edited_turns_the_edit_into_a_correction(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db)
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/languages/en"
    assert 'name="note"' not in (await client.get(page)).text
    seen = Words.of(await _newest(db, petition)).mark
    await texts.freeze(db, petition.id)
    answer = await client.post(page, data=typed(NEW, seen))
    assert answer.status_code == 422 and "Write a correction" in answer.text
    assert "A park, now" in answer.text and 'name="note"' in answer.text
    assert (await reading.by_id(db, petition.id, "en")).version == 1


async def test_a_look_keeps_nothing_and_loses_nothing(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    page = f"/manage/petitions/{petition.slug}/languages/en"
    answer = await client.post(page, data=typed(NEW, "x", preview="1"))
    assert answer.status_code == 200 and "<strong>trees</strong>" in answer.text
    assert 'value="A park, now"' in answer.text and "**trees**" in answer.text
    assert (await reading.by_id(db, petition.id, "en")).title == petition.title


async def test_a_look_while_typing_is_a_fragment_that_nothing_keeps(
    client: httpx.AsyncClient, db: Database
) -> None:
    answer = await client.post("/nl/markdown", data={"why": "**bomen** <script>x</script>"})
    assert answer.status_code == 200
    assert "<strong>bomen</strong>" in answer.text and "<script>" not in answer.text
    assert "Zo komt het eruit te zien" in answer.text and "<html" not in answer.text
    assert (await client.post("/nl/markdown", data={"why": ""})).text.strip() == ""
    assert (await client.post("/nl/markdown", data={})).status_code == 200
    tables = "petitions", "petition_texts", "audit_log"
    for table in tables:
        assert await value(db, f"select count(*) from {table}") == 0
    await run(db, "update buckets set tokens = -1000")  # one that was emptied long and often
    assert (await client.post("/nl/markdown", data={"why": "x"})).status_code == 429


async def test_the_history_of_a_draft_is_nobodys_business(
    client: httpx.AsyncClient, db: Database
) -> None:
    for state, status in (("draft", 404), ("removed", 410), ("closed", 200)):
        petition = await make.petition(db, state)
        answer = await client.get(f"/en/petitions/{petition.slug}/history")
        assert answer.status_code == status, state


@pytest.mark.parametrize("role", ["clerk", None])
@pytest.mark.parametrize("path", ["", "/fr", "/en", "/fr/remove"])
async def test_only_who_writes_texts_comes_here(
    client: httpx.AsyncClient, db: Database, role: str | None, path: str
) -> None:
    alice, bob = await make.person(db, "Alice"), await make.person(db, "Bob")
    group = await make.group(db, alice)
    if role:
        await make.member(db, group, bob, role)
    petition = await make.petition(
        db, "open", group=group, organiser=alice, fr={"title": "Un parc"}
    )
    await make.login(client, db, bob)
    page = f"/manage/petitions/{petition.slug}/languages{path}"
    assert (await client.get(page)).status_code == (403 if role else 404)
    if path:
        answer = await client.post(page, data=typed(NEW))
        assert answer.status_code == (403 if role else 404)
        assert (await reading.by_id(db, petition.id, "en")).languages == ("en", "fr")


# --- whoever signed ---------------------------------------------------------------------------


async def test_suzie_confirms_the_text_that_she_read(
    client: httpx.AsyncClient, db: Database, tokens: Tokens
) -> None:
    petition = await make.petition(db)
    attempt = await make.attempt(db, tokens, petition)
    await save(db, petition)
    await save(db, petition, FRENCH, "fr")
    signed = await one(
        db, "select s.* from signatures s join attempts a on a.signature_id = s.id "
        "where a.id = :id", id=attempt.id,
    )  # fmt: skip
    token = tokens.confirm(petition.id, signed["id"], 1)
    page = (await client.get(f"/en/confirm/{token}")).text
    assert "Version 1 of the text." in page and "corrected after you filled in" in page
    assert "A word was wrong." in page and "You sign the text as you read it." in page
    assert page.count("Version 2, ") == 1 and "Version 3, " not in page
    assert f"/en/petitions/{petition.slug}/history" in page
    await client.post(f"/en/confirm/{token}")
    mine = (
        await client.get(f"/en/signature/{tokens.signature(petition.id, signed['id'], 1)}")
    ).text
    assert "Version 1 of the text." in mine and "You signed the text as you read it." in mine


@pytest.mark.parametrize(
    ("sent", "kept"), [("1", 1), ("2", 2), ("", 2), ("99", 2), ("0", 1), ("x", 2), ("-3", 2)]
)
async def test_the_version_that_stood_beside_the_form_is_the_one_that_is_signed(
    client: httpx.AsyncClient, db: Database, sent: str, kept: int
) -> None:
    petition = await make.petition(db)
    await save(db, petition, note="")
    form = {"name": "Suzie", "email": "suzie@post.example", "postcode": "2060", "country": "BE"}
    page = (await client.get(f"/en/petitions/{petition.slug}")).text
    assert 'name="version" value="2"' in page
    answer = await client.post(
        f"/en/petitions/{petition.slug}/signatures", data=form | {"version": sent}
    )
    assert answer.status_code == 303
    assert await value(db, "select version from signatures") == kept
