"""Brings the three catalogues up to date with the source: `python -m tests.house.catalogues`.

New sentences come in untranslated, those that nobody says any more go. No line numbers are
kept, so that a catalogue changes only when a sentence does.
"""

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.house.source import CODE
from tests.house.test_words import LANGUAGES, used


def update(language: str) -> int:
    """Writes the catalogue of one language; tells how many sentences wait for a translator."""
    path = CODE / "locale" / language / "LC_MESSAGES" / "mobilise.po"
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    fresh = Catalog(locale=language, fuzzy=False)
    waiting = 0
    for sentence in sorted(used(), key=str):
        source = sentence if isinstance(sentence, str) else sentence[0]
        before = known.get(source)
        same_kind = before is not None and isinstance(before.id, str) == isinstance(sentence, str)
        string = before.string if before is not None and same_kind else None
        added = fresh.add(sentence, string or ("" if isinstance(sentence, str) else ("", "")))
        waiting += not all([added.string] if isinstance(added.string, str) else added.string)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, fresh, width=100, omit_header=True, sort_output=False)
    return waiting


if __name__ == "__main__":
    for language in LANGUAGES:
        print(f"{language}: {update(language)} sentences wait for a translator")
