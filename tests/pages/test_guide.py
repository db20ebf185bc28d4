"""The guide and the statement on accessibility: four texts each, that promise the same."""

import re
from functools import lru_cache

import httpx
import pytest

from mobilise import i18n
from mobilise.app import ROUTES
from mobilise.db import Database
from mobilise.pages import guide
from mobilise.pages.guide_routes import kept
from tests.house.source import TEMPLATES
from tests.house.test_words import catalogue, used
from tests.reader import Page

LANGUAGES = ["nl", "fr", "de", "en"]
TEXTS = {"organisers": "help", "signers": "help/signers", "accessibility": "accessibility"}
STEPS = [
    "idea", "group", "write", "start", "publish", "first-twenty", "documents", "talk", "closing",
    "answer",
]  # fmt: skip
QUESTIONS = [
    "how", "why-email", "no-email", "code", "two", "data", "take-back", "correct", "erase",
    "paper", "not-me", "safe", "no-account",
]  # fmt: skip


@lru_cache
def sections(language: str, name: str) -> dict[str, str]:
    """The source of each section by its anchor; what stands before them is under ""."""
    source = (TEMPLATES / "guide" / language / f"{name}.md").read_text("utf-8")
    head, *parts = re.split(r"^## ", source, flags=re.MULTILINE)
    return {"": head} | {part.partition(" | ")[0]: part.partition(" | ")[2] for part in parts}


def prose(language: str, name: str) -> str:
    """What one reads, without what comes from elsewhere."""
    text = "\n".join(sections(language, name).values())
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"\{\{.*?\}\}", "…", text))


def every_text() -> list[tuple[str, str]]:
    return [(language, name) for name in TEXTS for language in LANGUAGES]


@pytest.mark.parametrize(("language", "name"), every_text())
async def test_the_page_exists_in_every_language(
    client: httpx.AsyncClient, db: Database, language: str, name: str
) -> None:
    answer = await client.get(f"/{language}/{TEXTS[name]}")
    page = Page(answer.text)
    assert answer.status_code == 200 and page.language == language and page.heading
    assert "s-maxage=1" in answer.headers["cache-control"] and "set-cookie" not in answer.headers
    anchors = [href[1:] for _, href in page.links if href.startswith("#") and href != "#main"]
    assert anchors == [anchor for anchor in sections(language, name) if anchor]
    assert set(anchors) <= page.ids
    assert "{{" not in answer.text and "**" not in answer.text


def test_there_are_ten_steps_and_the_questions_of_signers() -> None:
    assert [anchor for anchor in sections("en", "organisers") if anchor] == STEPS
    assert [anchor for anchor in sections("en", "signers") if anchor] == QUESTIONS


@pytest.mark.parametrize(("language", "name"), every_text())
def test_all_languages_promise_the_same(language: str, name: str) -> None:
    """Written apart, they name the same buttons, lead to the same pages, and tell the same times,
    section by section."""
    ours, english = sections(language, name), sections("en", name)
    assert list(ours) == list(english)
    for anchor, section in ours.items():
        for what in (r'said\("([^"]+)"\)', r"url\('([^']+)'\)", r"(kept\.\w+|reviewed|site\.\w+)"):
            theirs = sorted(re.findall(what, english[anchor]))
            assert sorted(re.findall(what, section)) == theirs, f"{language}/{name}#{anchor}"


@pytest.mark.parametrize(("language", "name"), every_text())
def test_what_is_quoted_stands_on_the_screens(language: str, name: str) -> None:
    """Words in the catalogue are words of a screen: it holds no others."""
    for label in re.findall(r'said\("([^"]+)"\)', "".join(sections(language, name).values())):
        assert label in used(), f"no screen says {label!r}"
        message = language == "en" or catalogue(language).get(label)
        assert message is True or (message and message.string), f"{label!r} in {language}"


@pytest.mark.parametrize(("language", "name"), every_text())
def test_every_link_leads_to_a_page(language: str, name: str) -> None:
    names = {route.name for route in ROUTES}
    for anchor, section in sections(language, name).items():
        found = re.findall(r"url\('([^']+)'\)", section)
        assert set(found) <= names, section
        assert name != "organisers" or not anchor or found, f"step {anchor} leads nowhere"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["organisers", "signers"])
def test_no_time_is_written_by_hand(language: str, name: str) -> None:
    """Days and minutes come from the code that keeps them."""
    assert not re.findall(r"\d+", prose(language, name))
    for fact in re.findall(r"kept\.(\w+)", "".join(sections(language, name).values())):
        assert kept()[fact] > 0


@pytest.mark.parametrize(("language", "name"), every_text())
def test_the_tone_is_that_of_the_site(language: str, name: str) -> None:
    """Short sentences, no exclamation marks, and each language its own way to address one."""
    text = prose(language, name)
    assert "!" not in text
    wrong = {
        "nl": r"\b(u|uw|uzelf)\b",
        "fr": r"\b(tu|ton|tes|toi)\b",
        "de": r"\b(du|dein|deine|dich|dir|euch)\b",
        "en": r"\b(please|simply|just)\b",
    }[language]
    assert not re.findall(wrong, text, re.IGNORECASE)
    sentences = [s.split() for s in re.split(r"[.?:]\s|\n+", text) if len(s.split()) > 2]
    assert sum(map(len, sentences)) / len(sentences) <= 13
    assert max(map(len, sentences)) <= 27, max(sentences, key=len)


async def test_no_french_line_begins_with_a_colon(client: httpx.AsyncClient, db: Database) -> None:
    text = (await client.get("/fr/help")).text.partition("<main")[2].partition("</main>")[0]
    assert "\u00a0:" in text and "«\u00a0" in text
    assert not re.search(r" [:?»]|« ", text)


async def test_the_statement_tells_when_it_was_looked_through(
    client: httpx.AsyncClient, db: Database
) -> None:
    with i18n.using("en"):
        reviewed = i18n.day(guide.ACCESSIBILITY_REVIEWED)
    text = Page((await client.get("/en/accessibility")).text).text
    assert " ".join(reviewed.split()) in text and "WCAG) 2.2" in text
    assert f"within {guide.ANSWER_DAYS} days" in text


@pytest.mark.parametrize("path", ["/help", "/help/signers", "/accessibility"])
async def test_without_a_language_it_leads_to_the_readers_own(
    client: httpx.AsyncClient, db: Database, path: str
) -> None:
    answer = await client.get(path, headers={"accept-language": "de"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"/de{path}")
