"""The page that shows the figures, explains them, and leads to every file."""

import re
from html.parser import HTMLParser

import httpx
import pytest

from mobilise import db as sql
from mobilise import i18n
from mobilise.db import Database
from mobilise.opendata import method
from mobilise.opendata.files import FILES
from mobilise.opendata.package import PACKAGE
from mobilise.settings import Settings
from mobilise.store import Store
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY, ago, data, rows

PAGE = "/en/petitions/a-park/data"


class Read(HTMLParser):
    """Tables as rows of words, links, and everything that is said."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.named: dict[str, list[list[str]]] = {}  # by the id of its heading
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.words = ""
        self.facts: dict[str, str] = {}
        self._cell = False
        self._name = ""
        self._in = ""
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self._in = tag if tag in ("dt", "dd") else self._in
        self._name = "" if tag == "dt" else self._name
        if tag == "table":
            self.tables.append([])
            self.named.setdefault(found.get("aria-labelledby") or "", self.tables[-1])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = True
        elif tag == "a":
            self.links.append(found["href"] or "")
        elif tag == "svg" and found.get("role") == "img":
            self.pictures.append(found["aria-label"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")
        self._in = "" if tag == self._in else self._in

    def handle_data(self, words: str) -> None:
        self.words += f" {words} "
        if self._in == "dt":
            self._name += words
        elif self._in == "dd":
            self.facts[self._name] = self.facts.get(self._name, "") + words
        if self._cell:
            self.tables[-1][-1][-1] += words


async def shown(client: httpx.AsyncClient, path: str = PAGE) -> Read:
    answer = await client.get(path)
    assert answer.status_code == 200
    return Read(answer.text)


# --- it works -----------------------------------------------------------------------------


async def test_the_five_numbers_are_live(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update recounts set pending = 63")
    facts = (await shown(client)).facts
    (together,) = (name for name in facts if name.startswith("together, on "))
    assert facts.pop(together) == "171"
    assert list(facts.items())[:4] == [
        ("confirmed by email", "71"),
        ("on paper", "100"),
        ("still waiting, not counted", "60"),
        ("off: 1 withdrawn, 7 removed", "8"),
    ]


async def test_the_chart_is_said_in_words_and_stands_in_a_table(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await past.happened(db, settings, park, 15, confirmed=3)
    page = await shown(client)
    assert len(page.pictures) == 2 and len(set(page.pictures)) == 1
    assert "170 signatures were confirmed. Today, 9 so far." in page.pictures[0]
    everything = page.tables[0][1:]
    csv = rows(await client.get(data("signatures-by-day.csv")))[1:]
    assert len(everything) == len(csv) == 15
    assert [(row[1], row[-1]) for row in reversed(everything)] == [(day[1], day[-1]) for day in csv]


async def test_weeks_and_days_end_at_the_same_count(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    page = await shown(client)
    weeks, last_days = page.named["per-week"], page.named["days"]
    assert weeks[-1][-1] == last_days[1][-1] == "162"
    assert [row[-1] for row in last_days[1:]] == ["162", "157", "157", "59", "59", "40"]
    assert last_days[1][2] == "+3", "what was put back is no loss"
    assert last_days[3][2] == "−7"


async def test_every_file_is_listed_as_the_code_lists_it(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    park = await past.park(db, settings)
    await make.document(db, store, park)
    page = await shown(client)
    table = page.named["download"]
    listed = [name for row in table[1:] for name in row[0].split()]
    assert sorted(listed) == sorted(file.name for file in (*FILES, PACKAGE))
    rows = {name: row[2].strip() for row in table[1:] for name in row[0].split()}
    for kind in ("csv", "json"):
        assert rows[f"signatures-by-day.{kind}"] == "6" and rows[f"documents.{kind}"] == "1"
        assert rows[f"signatures-by-hour.{kind}"] == "4", "an empty day has no hours"
        assert rows[f"signatures-by-method.{kind}"] == "2" and rows[f"text-versions.{kind}"] == "1"
    assert [rows[name] for name in ("data.xlsx", "petition.json", "datapackage.json")] == [""] * 3
    assert [row[4] for row in table[1:]].count("CC-BY-4.0") == 2, "areas.csv and petition.json"
    for row in table[1:]:
        first, *twins = row[0].split()
        answer = await client.get(data(first))
        assert row[3] == i18n.size(len(answer.content))
        assert all(data(name) in page.links for name in (first, *twins))
    assert data("bundle.zip") in page.links


async def test_the_example_is_the_answer_itself(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    page = await client.get(PAGE)
    example = re.search(r"<pre[^>]*>GET (\S+)\s+(.*?)</pre>", page.text, re.S)
    assert example
    live = await client.get(example[1])
    told = example[2].replace("&#34;", '"').replace("&quot;", '"')
    assert re.sub(r'"as_of".*', "", told) == re.sub(r'"as_of".*', "", live.text.strip())


async def test_it_says_how_we_count_and_what_we_do_not_know(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    page = await shown(client)
    for rule in (*method.HOW, *method.unknown(has_paper=True)):
        assert rule.sentence in page.words
    assert "The last difference was zero." in page.words
    await sql.run(db, "update recounts set drift = -2")
    assert "The last difference was -2." in (await shown(client)).words


# --- and keeps its promises ---------------------------------------------------------------


async def test_a_petition_without_a_past_says_when_to_come_back(
    client: httpx.AsyncClient, db: Database
) -> None:
    await make.petition(db, slug="a-park")
    page = await shown(client)
    assert "No closed day yet. Come back tomorrow." in page.words
    assert not page.pictures and not {"per-day", "per-week", "days"} & set(page.named)


@pytest.mark.parametrize("code", list(i18n.LANGUAGES))
async def test_it_can_be_read_and_cited_in_each_language(
    client: httpx.AsyncClient, db: Database, settings: Settings, code: str
) -> None:
    await past.park(db, settings, title="A park", nl={"title": "Een park"})
    page = await shown(client, f"/{code}/petitions/a-park/data")
    assert f"{settings.base_url}/{code}/petitions/a-park/data" in page.words
    assert ("Een park" if code == "nl" else "A park") in page.words


async def test_what_people_wrote_stays_words(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title="<script>alert(1)</script>" + NASTY)
    answer = await client.get(PAGE)
    block = '<script type="application/ld+json">'  # nothing runs it
    assert answer.text.count(block) == 1 and "<script" not in answer.text.replace(block, "")


@pytest.mark.parametrize("state, status", [("draft", 404), ("suspended", 403), ("removed", 410)])
async def test_it_is_there_when_the_petition_is(
    client: httpx.AsyncClient, db: Database, state: str, status: int
) -> None:
    await make.petition(db, state, slug="a-park")
    assert (await client.get(PAGE)).status_code == status


async def test_it_is_the_same_for_everybody(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await make.login(client, db, await make.person(db))
    mine, theirs = await client.get(PAGE), await stranger.get(PAGE)
    assert "set-cookie" not in mine.headers and "cookie" not in mine.headers.get("vary", "").lower()
    without_the_minute = re.compile(
        r'"dateModified":"[^"]*"|on \d+[^<"]*?, \d+:\d\d|"as_of": "[^"]*"|&#34;as_of.*'
    )
    assert without_the_minute.sub("", mine.text) == without_the_minute.sub("", theirs.text)
    assert ago(settings, 0).isoformat() not in without_the_minute.sub("", mine.text)
