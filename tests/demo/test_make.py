"""The demonstration: made once on an empty instance, real in every table, and never elsewhere."""

import asyncio
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pikepdf
import pytest
from PIL import Image

from mobilise import demo, i18n
from mobilise.db import Database, one, rows, value
from mobilise.demo import crowd, papers
from mobilise.documents import dossier, queries
from mobilise.petitions import reading
from mobilise.settings import Settings
from mobilise.signatures import counting, counts
from mobilise.store import Store, opened
from mobilise.tokens import Broken, Tokens
from tests import buckets, make

TABLES = [
    *("people", "groups", "memberships", "login_tokens", "petitions", "petition_texts"),
    *("signatures", "count_events", "tallies", "days", "subscriptions", "letters"),
    *("documents", "audit_log"),
]


async def contents(db: Database) -> dict[str, Any]:
    """Every row of the tables that a demonstration could touch."""
    return {
        table: await value(db, f"select json_agg(t order by t::text)::text from {table} t")
        for table in TABLES
    }


async def made(db: Database, settings: Settings) -> reading.Petition:
    found = await demo.make(db, opened(settings), settings)
    assert found.slug is not None
    return await reading.public(db, found.slug, "nl")


async def test_an_empty_instance_gets_one_marked_campaign(
    db: Database, store: Store, settings: Settings
) -> None:
    found = await demo.make(db, store, settings)
    assert (found.slug, found.made) == ("maak-van-het-rangeerterrein-een-park", True)
    petition = await reading.public(db, "maak-van-het-rangeerterrein-een-park", "nl")
    assert petition.demo
    assert (petition.state, petition.goal, petition.group_name) == ("open", 4000, "De Wissel")
    assert petition.is_frozen
    assert petition.closes_on is not None
    assert petition.closes_on > datetime.now(UTC).date()
    assert await value(db, "select count(*) from petitions") == 1


async def test_it_is_written_in_four_languages(
    client: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    slug = (await made(db, settings)).slug
    titles = set()
    for language in i18n.LANGUAGES:
        petition = await reading.public(db, slug, language)
        assert petition.language == language
        assert petition.lead
        assert petition.body.count("\n1. ") == 1
        assert petition.picture_alt
        page = await client.get(f"/{language}/petitions/{slug}")
        assert page.status_code == 200
        assert petition.title in page.text
        titles.add(petition.title)
    assert len(titles) == len(i18n.LANGUAGES)


async def test_its_count_and_its_days_hold_when_they_are_counted_again(
    db: Database, settings: Settings
) -> None:
    petition = await made(db, settings)
    tally = await counting.tally(db, petition)
    assert tally.confirmed == tally.online == crowd.CONFIRMED - crowd.WITHDRAWN
    assert (tally.withdrawn, tally.invalidated, tally.paper) == (crowd.WITHDRAWN, 0, 0)
    assert tally.pending == 60
    assert await counts.recount(db) == []
    assert (await counting.tally(db, petition)).drift == 0
    states = await rows(db, "select state, count(*) as total from signatures group by 1")
    assert {row["state"]: row["total"] for row in states} == {
        "confirmed": tally.confirmed,
        "withdrawn": crowd.WITHDRAWN,
        "pending": crowd.PENDING,
    }
    await ninety_days_add_up(db, settings, petition)
    await a_night_later_nothing_has_moved(db, settings, petition)


async def ninety_days_add_up(db: Database, settings: Settings, petition: reading.Petition) -> None:
    series = await counting.series(db, petition.id, settings.zone)
    tally = await counting.tally(db, petition)
    assert len(series) == crowd.DAYS
    assert tally.confirmed == crowd.CONFIRMED - crowd.WITHDRAWN
    events = await value(
        db,
        "select coalesce(sum(case what when 'confirmed' then 1 else -1 end), 0) from count_events "
        "where at >= :midnight",
        midnight=counting.midnight(settings.zone),
    )
    assert counting.today(tally, series) == events
    folded = await one(
        db, "select sum(confirmed) as confirmed, sum(withdrawn) as withdrawn from days"
    )
    assert folded["confirmed"] == sum(day.confirmed for day in series)
    assert folded["withdrawn"] == sum(day.withdrawn for day in series)
    folded_until = await value(db, "select folded_until from recounts")
    assert folded_until == datetime.now(settings.zone).date()


async def a_night_later_nothing_has_moved(
    db: Database, settings: Settings, petition: reading.Petition
) -> None:
    before = await contents(db)
    await counts.fold_days(db, str(settings.zone), datetime.now(settings.zone).date())
    await counts.recount(db)
    assert await contents(db) == before
    assert await counts.forget_unconfirmed(db) == 0
    assert (await counting.tally(db, petition)).drift == 0


async def test_signers_are_invented_and_their_addresses_cannot_exist(
    db: Database, settings: Settings
) -> None:
    await made(db, settings)
    emails = await rows(db, "select email from signatures union all select email from people")
    assert all(row["email"].endswith(".example") for row in emails)
    seen = await one(
        db,
        """select count(*) filter (where public_name)::float / count(*) as named,
                  count(distinct email_key) as mailboxes, count(*) as total,
                  count(*) filter (where postcode = '2060') as near,
                  count(*) filter (where confirmed_by <> 'demo') as others,
                  count(*) filter (where created_at > confirmed_at) as backwards,
                  count(*) filter (where not consents ? 'sign') as unsaid
           from signatures""",
    )
    assert 0.35 < seen["named"] < 0.45
    assert seen["mailboxes"] == seen["total"]
    assert seen["near"] > 700
    assert (seen["others"], seen["backwards"], seen["unsaid"]) == (0, 0, 0)
    assert await value(db, "select count(*) from letters") == 0
    await consents_are_kept_in_the_words_of_the_signer(db)
    await who_wants_news_is_subscribed(db)


async def consents_are_kept_in_the_words_of_the_signer(db: Database) -> None:
    for language in i18n.LANGUAGES:
        row = await one(
            db,
            """select consents, created_at from signatures
               where language = :language order by id limit 1""",
            language=language,
        )
        with i18n.using(language):
            assert row["consents"]["sign"]["words"] == i18n.gettext("Sign the petition")
        given = datetime.fromisoformat(row["consents"]["sign"]["at"])
        assert abs(given - row["created_at"]) < timedelta(seconds=2)


async def who_wants_news_is_subscribed(db: Database) -> None:
    wish = await value(db, "select count(*) from signatures where updates and state = 'confirmed'")
    assert wish > 300
    assert wish == await value(db, "select count(*) from subscriptions")


# --- its documents and picture ---------------------------------------------------------------


async def test_it_has_three_real_pdfs(db: Database, store: Store, settings: Settings) -> None:
    petition = await made(db, settings)
    documents = [each for each in await dossier.documents(db, petition.id) if each.entry == "file"]
    assert [document.kind for document in documents] == ["pdf"] * 3
    assert [document.pages for document in documents] == [4, 6, 3]
    for document in documents:
        assert document.original is not None
        path = store.path(document.original)
        assert path is not None
        assert path.stat().st_size == document.original_size
        assert document.dated is not None
        assert petition.opened_at is not None
        assert document.dated < petition.opened_at.date()
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == document.pages
            assert str(pdf.docinfo["/Title"]) == document.title
            assert str(pdf.Root.Lang).startswith("nl")
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root


@pytest.mark.parametrize("name", ["study", "plan", "proposal"])
async def test_each_page_says_that_it_is_invented_and_every_letter_has_a_shape(name: str) -> None:
    day = datetime(2026, 3, 18).date()
    content = await papers.paper(name, day)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        text = [page_text(page) for page in pdf.pages]
        for page in text:
            assert "Demonstratie, verzonnen" in page
        assert "\ufffd" not in "".join(text)
    assert "18 maart 2026" in text[0].replace("\xa0", " ")
    assert sum(map(len, text)) > 2500


async def test_the_same_day_gives_the_same_bytes() -> None:
    day = datetime(2026, 3, 18).date()
    assert await papers.paper("proposal", day) == await papers.paper("proposal", day)


def page_text(page: pikepdf.Page) -> str:
    """The words of a page by the fonts' own tables; a glyph without a shape is number 0."""
    tables = {str(name): to_unicode(font) for name, font in page.resources.get("/Font", {}).items()}
    words, table = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            table = tables[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            for part in parts:
                if isinstance(part, pikepdf.String):
                    words.append(decoded(bytes(part), table))
        elif str(operator) == "ET":
            words.append(" ")
    return re.sub(r"\s+", " ", "".join(words))


def decoded(codes: bytes, table: dict[int, str]) -> str:
    glyphs = [int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2)]
    assert 0 not in glyphs, "a letter without a shape (.notdef)"
    return "".join(table.get(glyph, "") for glyph in glyphs)


def to_unicode(font: pikepdf.Object) -> dict[int, str]:
    found: dict[int, str] = {}
    source = font.ToUnicode.read_bytes().decode("ascii")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", source, re.S):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found


async def test_its_picture_and_its_papers_are_served(
    stranger: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    petition = await made(db, settings)
    assert petition.picture_url is not None
    picture = await stranger.get(petition.picture_url)
    assert picture.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(picture.content)).size[0] >= 1200
    await make.prepared(db, store)
    papers_of_it = await dossier.documents(db, petition.id)
    for document in (each for each in papers_of_it if each.entry == "file"):
        assert document.href is not None
        answer = await stranger.get(document.href)
        assert answer.content.startswith(b"%PDF-")
    page = await stranger.get(f"/nl/petitions/{petition.slug}/documents")
    assert "Bodem- en waterstudie" in page.text


async def test_its_dossier_has_shelves_a_link_and_plans_that_stay_elsewhere(
    stranger: httpx.AsyncClient, db: Database, settings: Settings
) -> None:
    petition = await made(db, settings)
    papers_of_it = await dossier.documents(db, petition.id)
    assert sorted(each.entry for each in papers_of_it) == [
        "elsewhere", "file", "file", "file", "link",
    ]  # fmt: skip
    assert all(each.section_id for each in papers_of_it)
    page = await stranger.get(f"/nl/petitions/{petition.slug}/documents")
    assert all(title in page.text for title in ("Plannen en vergunningen", "Studies", "Van ons"))


# --- the log-in ------------------------------------------------------------------------------


async def test_its_link_logs_its_organiser_in_once(
    client: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    db: Database,
    store: Store,
    settings: Settings,
) -> None:
    found = await demo.make(db, store, settings)
    [link] = re.findall(rf"{settings.base_url}(/\w\w/login/\S+)", "\n".join(found.lines(settings)))
    page = await client.get(link)
    assert page.status_code == 200
    answer = await client.post(link)
    assert answer.status_code == 303
    assert (await client.get(f"/manage/petitions/{found.slug}")).status_code == 200
    assert (await client.get(f"/manage/petitions/{found.slug}/documents")).status_code == 200
    again = await stranger.post(link)
    assert "session" not in again.cookies


# --- never on a used instance ----------------------------------------------------------------


async def test_a_second_call_makes_nothing_and_gives_a_new_log_in(
    db: Database, store: Store, settings: Settings
) -> None:
    first = await demo.make(db, store, settings)
    before = await contents(db)
    second = await demo.make(db, store, settings)
    after = await contents(db)
    assert (second.slug, second.made) == (first.slug, False)
    assert second.token != first.token
    assert "stays as it is" in "\n".join(second.lines(settings))
    del before["login_tokens"], after["login_tokens"]
    assert after == before


@pytest.mark.parametrize("used_by", ["a person", "a draft", "an open petition"])
async def test_a_used_instance_is_left_untouched(
    used_by: str, db: Database, store: Store, settings: Settings
) -> None:
    if used_by == "a person":
        await make.person(db)
    else:
        await make.petition(db, state="draft" if used_by == "a draft" else "open")
    before = await contents(db)
    found = await demo.make(db, store, settings)
    assert (found.slug, found.made) == (None, False)
    assert await contents(db) == before
    assert await buckets.files(store) == []
    assert "Nothing was changed" in "\n".join(found.lines(settings))


async def test_two_at_once_make_one(db: Database, store: Store, settings: Settings) -> None:
    first, second = await asyncio.gather(
        demo.make(db, store, settings), demo.make(db, store, settings)
    )
    assert sorted([first.made, second.made]) == [False, True]
    assert first.slug == second.slug
    assert await value(db, "select count(*) from petitions") == 1
    assert await value(db, "select count(*) from people") == 1
    assert len(await queries.of_petition(db, await value(db, "select id from petitions"))) == 5
    assert not [name for name in await buckets.files(store) if name.endswith(".part")]


async def test_a_fault_half_way_leaves_an_empty_instance(
    db: Database, store: Store, settings: Settings, owner: Any
) -> None:
    await owner.execute("alter table count_events add constraint nothing check (id < 0)")
    try:
        with pytest.raises(Exception, match="nothing"):
            await demo.make(db, store, settings)
    finally:
        await owner.execute("alter table count_events drop constraint nothing")
    assert not any(rows for rows in (await contents(db)).values())
    assert (await demo.make(db, store, settings)).made


async def test_its_token_is_no_key_to_another_instance(
    db: Database, store: Store, settings: Settings
) -> None:
    found = await demo.make(db, store, settings)
    with pytest.raises(Broken):
        Tokens(["another key of at least 32 characters"]).read_login(found.token)
