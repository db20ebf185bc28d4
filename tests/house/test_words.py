"""Every sentence a reader can see is in the catalogue, and every catalogue has every sentence."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house.source import CODE, TEMPLATES, modules, name_of, tree

LANGUAGES = ["nl", "fr", "de"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "plural": (1, 2),
}
Sentence = str | tuple[str, ...]


@lru_cache
def used() -> dict[Sentence, str]:
    """Each sentence of source and templates, and where it stands first."""
    found: dict[Sentence, str] = {}
    for path in modules():
        _add(found, path, "python", {})
    for path in sorted(TEMPLATES.rglob("*")):
        if path.suffix in (".html", ".txt"):
            options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
            _add(found, path, "jinja2.ext:babel_extract", options | {"newstyle_gettext": "true"})
    return found


def _add(found: dict[Sentence, str], path: Path, method: str, options: dict[str, str]) -> None:
    with path.open("rb") as file:
        for line, message, _comments, _context in extract(
            method, file, keywords=KEYWORDS, options=options
        ):
            found.setdefault(message, f"{path.relative_to(CODE.parent)}:{line}")


@lru_cache
def catalogue(language: str) -> Catalog:
    with (CODE / "locale" / language / "LC_MESSAGES" / "mobilise.po").open("rb") as file:
        return read_po(file, locale=language)


def _translations(message: Message) -> list[str]:
    given = message.string
    return [given] if isinstance(given, str) else list(given)


def _sources(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    missing = []
    for sentence, place in used().items():
        one = sentence if isinstance(sentence, str) else sentence[0]
        message = catalogue(language).get(one)
        if message is None or message.fuzzy or not all(_translations(message)):
            missing.append(f"{place}: {one}")
        elif isinstance(sentence, tuple) and message.id != sentence:
            missing.append(f"{place}: {one} (its plural)")
    assert not missing, f"{len(missing)} sentences, such as\n" + "\n".join(missing[:12])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_what_nobody_says_any_more(language: str) -> None:
    ids = {sentence if isinstance(sentence, str) else sentence[0] for sentence in used()}
    stale = [m.id for m in catalogue(language) if m.id and _sources(m)[0] not in ids]
    assert not stale


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_same_things(language: str) -> None:
    """A missing %(name)s loses a name; one too many breaks the page for that language alone."""
    for message in catalogue(language):
        if not message.id:
            continue
        sources = _sources(message)
        for place, translated in enumerate(_translations(message)):
            if not translated:
                continue  # told by the test above
            wanted = _holes(sources[min(place, len(sources) - 1)])
            if len(sources) > 1:  # "one day" may do without its number
                wanted |= _holes(sources[-1]) & _holes(translated) & {"%(num)s"}
                wanted -= {"%(num)s"} - _holes(translated) if place == 0 else set()
            assert _holes(translated) == wanted, f"{message.id!r} in {language}: {translated!r}"
            assert _tags(translated) == _tags(sources[0]), f"{message.id!r} in {language}"


def _holes(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]|%%", text))


def _tags(text: str) -> list[str]:
    return sorted(re.findall(r"</?[a-z]+", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_tone(language: str) -> None:
    """No exclamation marks, no spaces lost or added at the ends, the same full stop."""
    for message in catalogue(language):
        for source, translated in zip(_sources(message), _translations(message), strict=False):
            if not source or not translated:
                continue
            assert "!" not in translated, translated
            assert translated == translated.strip() or source != source.strip(), translated
            ends = (source[-1] in ".?:…", translated[-1] in ".?:…")
            assert ends[0] == ends[1], f"{source!r} in {language}: {translated!r}"


def test_our_own_sentences_do_not_shout() -> None:
    for sentence, place in used().items():
        for text in [sentence] if isinstance(sentence, str) else sentence:
            assert "!" not in text, f"{place}: {text}"


# --- nothing slips past the catalogue ---------------------------------------------------


SENT = ("input", "button")  # what their value says goes to us, not to a reader


class _Bare(HTMLParser):
    """Collects words that stand in a page outside of Jinja."""

    SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "content", "value")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.silent += tag in ("style", "script")
        if tag == "meta":
            return
        for name, value in attributes:
            if name in self.SPOKEN and value and _has_words(value) and tag not in SENT:
                self.found.append(f"{name}={value}")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.silent and _has_words(data):
            self.found.append(" ".join(data.split()))


def _has_words(text: str) -> bool:
    """Names of the product and of formats are the same in every language."""
    bare = re.sub(r"\b(mobilise|CSV|JSON|PDF|HTML|SHA-?256|CC0|ZIP|API|Ed25519)\b", "", text)
    return re.search(r"[^\W\d_]{2,}", bare) is not None


def _without_jinja(text: str) -> str:
    """Holes become a sign that is no letter, also where they stand inside an attribute."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "·", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.S)
    return re.sub(r"\{\{.*?\}\}", "·", text, flags=re.S)


def _pages() -> Iterator[Path]:
    for path in sorted(TEMPLATES.rglob("*")):
        if path.suffix in (".html", ".txt"):
            yield path


@pytest.mark.parametrize("path", _pages(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_holds_no_bare_words(path: Path) -> None:
    if path.parent.name == "mail" and path.stem.startswith("dev"):
        pytest.skip("the letters of a development run are shown to its developer")
    text = _without_jinja(path.read_text("utf-8"))
    if path.suffix == ".txt":
        assert not _has_words(text), " ".join(text.split())
        return
    bare = _Bare()
    bare.feed(text)
    assert not bare.found


def test_what_is_refused_is_refused_in_words_of_the_catalogue() -> None:
    """`raise Closed("…")` without N_ would be English for everybody."""
    from mobilise import errors

    family = {
        name
        for name, found in vars(errors).items()
        if isinstance(found, type) and issubclass(found, errors.Refusal)
    }
    for path in modules():
        if name_of(path).split(".")[0] == "cli":
            continue  # what the keeper types and reads is English
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            if ast.unparse(node.func).split(".")[-1] in family:
                bare = isinstance(node.args[0], ast.Constant | ast.JoinedStr)
                assert not bare, f"{name_of(path)}:{node.lineno}: write N_(…)"


def test_labels_and_hints_are_words_of_the_catalogue() -> None:
    """Fields translate when they are shown, so the words must be found beforehand: N_(…)."""
    fields = {"Text", "Paragraphs", "Email", "Tick", "Choice", "WholeNumber"}
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in fields:
                spoken = node.args[:1] + [
                    k.value for k in node.keywords if k.arg in ("hint", "missing", "label")
                ]
                for each in spoken:
                    bare = isinstance(each, ast.Constant) and bool(each.value)
                    assert not bare, f"{name_of(path)}:{node.lineno}: write N_(…)"
