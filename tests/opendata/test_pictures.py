"""Charts as files and in frames: in the language of the address, the same for everybody."""

import hashlib
import io
import re
from base64 import b64encode
from xml.etree import ElementTree

import httpx
import pytest
from PIL import Image

from mobilise import db as sql
from mobilise import i18n
from mobilise.db import Database
from mobilise.opendata.graphics import GRAPHICS
from mobilise.settings import Settings
from tests import make
from tests.opendata import past
from tests.opendata.past import NASTY, data, rows
from tests.opendata.test_data_page import PAGE

SPACE = "{http://www.w3.org/2000/svg}"
NAMES = [graphic.name for graphic in GRAPHICS]


def said(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SPACE}text")]


async def picture(client: httpx.AsyncClient, name: str) -> httpx.Response:
    answer = await client.get(data(name))
    assert answer.status_code == 200
    return answer


# --- they work ----------------------------------------------------------------------------


async def test_growth_shows_the_closed_days_and_their_source(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title="A park")
    answer = await picture(client, "growth.en.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["access-control-allow-origin"] == "*"
    words = said(answer.text)
    last = rows(await client.get(data("signatures-by-day.csv")))[-1]
    assert last[-1] in words, "the total of the last day that is over, as in the table"
    assert {"A park", "62 by email", "100 on paper"} <= set(words)
    assert f"{settings.base_url}/en/petitions/a-park/data" in words
    assert any(each.endswith("Licence CC0-1.0.") for each in words)


@pytest.mark.parametrize("name", NAMES)
async def test_each_is_a_png_of_the_same_drawing(
    client: httpx.AsyncClient, db: Database, settings: Settings, name: str
) -> None:
    await past.park(db, settings)
    answer = await picture(client, f"{name}.nl.png")
    assert answer.headers["content-type"] == "image/png"
    drawn = ElementTree.fromstring((await picture(client, f"{name}.nl.svg")).text)
    found = Image.open(io.BytesIO(answer.content))
    found.verify()
    assert found.size == (1600, 2 * int(drawn.attrib["height"]))


@pytest.mark.parametrize("code", list(i18n.LANGUAGES))
async def test_the_address_says_the_language_and_no_browser_does(
    client: httpx.AsyncClient, db: Database, settings: Settings, code: str
) -> None:
    await past.park(db, settings, title="A park", nl={"title": "Een park"})
    for other in ("fr", "de"):
        answer = await client.get(data(f"growth.{code}.svg"), headers={"accept-language": other})
        assert f'lang="{code}"' in answer.text and answer.headers["content-language"] == code
        assert ("Een park" if code == "nl" else "A park") in said(answer.text)
        assert "accept-language" not in answer.headers.get("vary", "").lower()


async def test_without_a_language_it_is_that_of_the_petition(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for ending in ("svg", "png"):
        bare = await client.get(data(f"days.{ending}"), headers={"accept-language": "fr"})
        assert bare.content == (await picture(client, f"days.en.{ending}")).content
    bare = await client.get("/embed/a-park/growth", headers={"accept-language": "fr"})
    assert '<html lang="en">' in bare.text


async def test_who_has_it_is_not_sent_it_again(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    for name in ("growth.svg", "growth.png"):
        first = await picture(client, name)
        assert first.headers["etag"] == f'"{hashlib.sha256(first.content).hexdigest()}"'
        again = await client.get(data(name), headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304 and not again.content


async def test_scripts_of_other_sites_may_ask_first(client: httpx.AsyncClient) -> None:
    for path in (data("growth.nl.svg"), data("days.png")):
        answer = await client.options(path)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_a_demonstration_is_marked(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    await sql.run(db, "update petitions set demo = true")
    warning = "Demonstration: names and figures are invented"
    assert warning in said((await picture(client, "days.en.svg")).text)
    assert warning in (await client.get("/embed/a-park/days.en")).text


# --- empty, refused, hostile --------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
async def test_a_petition_without_a_past_says_so_in_the_picture(
    client: httpx.AsyncClient, db: Database, name: str
) -> None:
    await make.petition(db, slug="a-park")
    (graphic,) = (each for each in GRAPHICS if each.name == name)
    words = said((await picture(client, f"{name}.en.svg")).text)
    assert graphic.empty in " ".join(words), "on as many lines as it needs"
    await picture(client, f"{name}.en.png")
    assert graphic.empty in (await client.get(f"/embed/a-park/{name}.en")).text


@pytest.mark.parametrize("state, status", [("draft", 404), ("suspended", 403), ("removed", 410)])
async def test_it_is_there_when_the_petition_is(
    client: httpx.AsyncClient, db: Database, state: str, status: int
) -> None:
    await make.petition(db, state, slug="a-park")
    for path in (data("growth.svg"), data("days.nl.png"), "/embed/a-park/growth"):
        assert (await client.get(path)).status_code == status


@pytest.mark.parametrize("path", ["growth.xx.svg", "growth.nl.pdf", "area.svg", "growth.nl.nl.svg"])
async def test_what_is_no_picture_is_not_found(
    client: httpx.AsyncClient, db: Database, path: str
) -> None:
    await make.petition(db, slug="a-park")
    for address in (data(path), f"/embed/a-park/{path}"):
        assert (await client.get(address, follow_redirects=True)).status_code == 404


async def test_what_people_wrote_stays_words(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings, title="<script>alert(1)</script>" + NASTY)
    svg = (await picture(client, "growth.en.svg")).text
    page = (await client.get("/embed/a-park/growth.en")).text
    assert "<script" not in svg and "<script" not in page
    block = '<script type="application/ld+json">'  # nothing runs it
    assert "<script" not in (await client.get(PAGE)).text.replace(block, "")


# --- what a browser may do with them ------------------------------------------------------


async def test_a_picture_may_style_itself_and_nothing_else(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    """Opened by itself it is a page of this site: its own style sheet is let through by sum."""
    await past.park(db, settings)
    answer = await picture(client, "growth.svg")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.S)
    assert style
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert "script" not in policy


@pytest.mark.parametrize("name", NAMES)
async def test_only_frames_may_be_framed_and_they_do_nothing(
    client: httpx.AsyncClient, db: Database, settings: Settings, name: str
) -> None:
    await past.park(db, settings)
    answer = await client.get(f"/embed/a-park/{name}.nl")
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<(script|form|button|input|img)\b", answer.text)
    for path in (PAGE, "/en/petitions/a-park", "/en/petitions/a-park/sign"):
        policy = (await client.get(path)).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy


async def test_a_frame_leads_back_to_the_petition(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    page = (await client.get("/embed/a-park/growth.de")).text
    links = re.findall(r'<a href="([^"]+)" target="_blank" rel="noopener">', page)
    own = f"{settings.base_url}/de/petitions/a-park"
    assert links == [own, f"{own}/data"]


async def test_the_page_offers_each_picture_and_a_line_that_works(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    await past.park(db, settings)
    page = (await client.get(PAGE)).text
    offered = set(re.findall(r'id="embed-(\w+)"', page))
    assert offered == {"growth", "days"}, "no place is told apart yet"
    for name in ("growth", "days"):
        for ending in ("svg", "png"):
            assert f'href="{data(f"{name}.en.{ending}")}"' in page
        field = re.search(rf'<textarea[^>]*id="embed-{name}"[^>]*>(.*?)</textarea>', page, re.S)
        assert field and f'<label class="line" for="embed-{name}">' in page
        line = field[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
        frame = ElementTree.fromstring(line)
        assert frame.tag == "iframe" and frame.attrib["title"]
        assert "style" not in frame.attrib
        source = frame.attrib["src"].removeprefix(settings.base_url)
        assert (await client.get(source)).status_code == 200
