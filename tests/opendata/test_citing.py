"""A source for a list of sources: whatever a group calls itself, the entry stays one entry."""

import re

import httpx
from hypothesis import given
from hypothesis import strategies as st

from mobilise.db import Database
from mobilise.opendata import bibtex
from mobilise.settings import Settings
from tests.opendata import past
from tests.opendata.past import ago
from tests.opendata.test_data_page import PAGE


def entry_of(html: str) -> str:
    found = re.search(r'aria-label="BibTeX">(.*?)</pre>', html, re.S)
    assert found
    return (
        found[1]
        .replace("&#34;", '"')
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )


def depth(text: str) -> int:
    """How many braces stay open; a brace after a backslash is only shown."""
    plain = re.sub(r"\\[{}]", "", text)
    level = 0
    for sign in plain:
        level += (sign == "{") - (sign == "}")
        assert level >= 0, text
    return level


async def test_the_page_has_an_entry_with_day_address_and_licence(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title="50% more park & {trees}")
    entry = entry_of((await client.get(PAGE)).text)
    day = ago(settings, 1)
    assert entry.startswith(f"@misc{{a-park-{day.isoformat()},\n") and entry.endswith("}")
    assert r"{50\% more park \& \{trees\}}" in entry
    for field in (
        f"year   = {{{day.year}}}",
        f"url    = {{{settings.base_url}/en/petitions/a-park/data}}",
        "note   = {Licence CC0-1.0.}",
    ):
        assert f"  {field},\n" in entry
    assert depth(entry) == 0


@given(st.text())
def test_no_name_opens_or_closes_anything(words: str) -> None:
    assert depth(bibtex.escaped(words)) == 0
    assert not re.search(r"(?<!\\)[%&#$_^~]", bibtex.escaped(words)), "each would mean something"


def test_this_would_find_a_name_that_closes() -> None:
    try:
        depth("The {Park} group}")
    except AssertionError:
        return
    raise AssertionError("the measure sees nothing")


def test_the_key_is_plain() -> None:
    assert bibtex.key("een-park-2") == "een-park-2" and bibtex.key("é") == "petition"
