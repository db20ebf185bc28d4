"""A page as large as one wants: squares that fit together, drawn once, and gone with their copy."""

import asyncio
import io
import os
import time
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from mobilise import arriving, confined, limits
from mobilise.db import Database, run
from mobilise.documents import jobs as documents_jobs
from mobilise.documents import tiling
from mobilise.documents.zooming import TILE
from mobilise.errors import NotFound
from mobilise.jobs import Workplace
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.tokens import Tokens
from tests import make
from tests.documents import desk, papers

PLAN = """#set page("{size}", margin: 1cm)
#for n in range(12) [
  #place(top + left, dx: n * 8%, dy: n * 8%, rect(width: 7%, height: 5%, fill: rgb("#12613F"))[#n])
]"""
SIZES = {"a4": [1, 2], "a3": [1, 2], "a2": [1, 2, 3], "a0": [1, 2, 3]}


def plan(size: str = "a4") -> bytes:
    return papers.pdf(PLAN.format(size=size))


def leaf(content: bytes, size: tuple[int, int], points: int, kind: str = "pdf") -> tiling.Leaf:
    return tiling.Leaf(desk.sha256(content), kind, 1, *size, points)


async def composed(
    store: Store, data: Path, page: tiling.Leaf, level: int
) -> tuple[Image.Image, list[tuple[int, int]]]:
    """All squares of a level beside and below each other, and the size of each."""
    whole, sizes = Image.new("RGB", page.size(level)), []
    rows, columns = page.squares(level)
    for row in range(rows):
        for column in range(columns):
            path = await tiling.square(store, data, page, level, row, column)
            with Image.open(path) as square:
                assert square.format == "JPEG"
                sizes.append(square.size)
                whole.paste(square, (column * TILE, row * TILE))
    return whole, sizes


def difference(one: Image.Image, other: Image.Image) -> float:
    """0 to 255, over all dots on average."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


# --- squares ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2])
async def test_the_squares_of_a_level_are_the_page_at_once(
    store: Store, settings: Settings, level: int
) -> None:
    content = plan()
    await store.put(content)
    page = leaf(content, (1131, 1600), 842)
    whole, sizes = await composed(store, settings.data, page, level)
    width, height = page.size(level)
    assert (width, height) == (1131 << level, 1600 << level)
    rows, columns = page.squares(level)
    assert sizes == [
        (min(TILE, width - column * TILE), min(TILE, height - row * TILE))
        for row in range(rows)
        for column in range(columns)
    ]
    pdf = pypdfium2.PdfDocument(content)
    scale = width / pdf[0].get_size()[0]
    at_once = pdf[0].render(scale=scale).to_pil().convert("RGB").resize((width, height))
    assert difference(whole, at_once) < 2
    for seam in range(TILE, width, TILE):  # where two squares meet nothing is twice or missing
        strip = (seam - 8, 0, seam + 8, height)
        assert difference(whole.crop(strip), at_once.crop(strip)) < 4
    for seam in range(TILE, height, TILE):
        strip = (0, seam - 8, width, seam + 8)
        assert difference(whole.crop(strip), at_once.crop(strip)) < 4


async def test_a_picture_is_enlarged_too(store: Store, settings: Settings) -> None:
    out = io.BytesIO()
    original = Image.radial_gradient("L").resize((3000, 2000)).convert("RGB")
    original.save(out, "PNG")
    await store.put(out.getvalue())
    page = leaf(out.getvalue(), (1600, 1067), 0, "png")
    whole, _ = await composed(store, settings.data, page, 1)
    assert whole.size == (3200, 2134)
    assert difference(whole, original.resize(whole.size, Image.Resampling.BILINEAR)) < 2


@pytest.mark.parametrize("size", SIZES)
async def test_a_plan_has_a_level_more_than_a_letter(
    client: httpx.AsyncClient, db: Database, store: Store, size: str
) -> None:
    petition = await make.petition(db)
    number = await desk.add(db, store, petition, "plan.pdf", plan(size))
    await make.prepared(db, store)
    address = f"/en/petitions/{petition.slug}/documents/{number}/pages/1"
    page = await client.get(address)
    assert page.status_code == 200
    for level in (1, 2, 3, 4):
        status = 200 if level in SIZES[size] else 404
        assert (await client.get(f"{address}?level={level}")).status_code == status
        assert (f"?level={level}" in page.text) is (status == 200)


async def test_a_table_has_nothing_to_enlarge(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db)
    number = await desk.add(db, store, petition, "trees.csv", b"kind;number\noak;12\n")
    await make.prepared(db, store)
    address = f"/en/petitions/{petition.slug}/documents/{number}/pages/1"
    assert (await client.get(address)).status_code == 404


# --- served -------------------------------------------------------------------------------


async def one(db: Database, store: Store, state: str = "open") -> tuple[Any, int, str]:
    """A petition with a letter that is ready: its number, and the checksum of its copy."""
    petition = await make.petition(db, state=state)
    number = await desk.add(db, store, petition, "plan.pdf", plan(), "Plan")
    await make.prepared(db, store)
    return petition, number, await desk.copy(db, "Plan")


async def test_the_page_of_the_squares_holds_each_of_them_once(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition, number, copy = await one(db, store)
    page = await client.get(f"/en/petitions/{petition.slug}/documents/{number}/pages/1?level=1")
    for row in range(4):
        for column in range(3):
            address = f"/squares/{copy}/1/1/{row}-{column}.jpg"
            assert page.text.count(address) == 1
    assert page.text.count("/squares/") == 12
    answer = await client.get(f"/squares/{copy}/1/1/3-2.jpg")
    assert answer.status_code == 200
    width, height = Image.open(io.BytesIO(answer.content)).size
    assert f'3-2.jpg" width="{width}" height="{height}"' in page.text
    assert (width < TILE, height) == (True, 3200 - 3 * TILE)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "rest", ["1/1/4-0", "1/1/0-3", "1/0/0-0", "1/3/0-0", "1/9/0-0", "2/1/0-0", "0/1/0-0"]
)
async def test_outside_of_the_page_there_is_nothing(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, rest: str
) -> None:
    *_, copy = await one(db, store)
    assert (await client.get(f"/squares/{copy}/{rest}.jpg")).status_code == 404
    assert (await client.get(f"/squares/{'0' * 64}/1/1/0-0.jpg")).status_code == 404
    assert tiling.drawn(settings.data) == [], "nothing was drawn for it"


async def test_the_squares_of_a_draft_are_not_for_strangers(
    client: httpx.AsyncClient, db: Database, store: Store
) -> None:
    *_, copy = await one(db, store, "draft")
    assert (await client.get(f"/squares/{copy}/1/1/0-0.jpg")).status_code == 404
    await make.login(client, db, await make.person(db, "Alice"))
    own = await client.get(f"/squares/{copy}/1/1/0-0.jpg")
    assert own.status_code == 200
    assert own.headers["cache-control"] == "private, no-cache"


async def test_many_who_ask_at_once_have_a_row_drawn_once(
    client: httpx.AsyncClient, db: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, copy = await one(db, store)
    told_by, begun = confined.told_by, 0

    def counted(*arguments: Any, **more: Any) -> Any:
        nonlocal begun
        begun += 1
        return told_by(*arguments, **more)

    monkeypatch.setattr(confined, "told_by", counted)
    answers = await asyncio.gather(
        *(client.get(f"/squares/{copy}/1/1/0-{number % 3}.jpg") for number in range(12))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert begun == 1
    await client.get(f"/squares/{copy}/1/1/0-1.jpg")
    assert begun == 1, "and it is kept for the next one"


async def test_a_page_that_cannot_be_drawn_leaves_nothing_behind(
    store: Store, settings: Settings
) -> None:
    content = b"%PDF-1.4 and nothing more"
    await store.put(content)
    with pytest.raises(NotFound):
        await tiling.square(store, settings.data, leaf(content, (1131, 1600), 842), 1, 0, 0)
    assert list((settings.data / tiling.FOLDER).rglob("*.jpg")) == []
    assert list((settings.data / tiling.FOLDER).rglob("*.part")) == []


async def test_on_a_full_disk_nothing_is_drawn_and_what_is_drawn_is_shown(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = plan()
    await store.put(content)
    page = leaf(content, (1131, 1600), 842)
    await tiling.square(store, settings.data, page, 1, 0, 0)
    monkeypatch.setattr(arriving, "KEPT_FREE", 2**62)
    with pytest.raises(arriving.NoRoom):
        await tiling.square(store, settings.data, page, 1, 1, 0)
    assert not tiling.is_drawn(settings.data, page, 1, 1)
    assert (await tiling.square(store, settings.data, page, 1, 0, 1)).exists()


# --- swept --------------------------------------------------------------------------------


async def test_what_was_drawn_weeks_ago_is_swept_and_drawn_again(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    *_, copy = await one(db, store)
    first = await client.get(f"/squares/{copy}/1/1/0-0.jpg")
    assert tiling.sweep(settings.data) == 0
    folder = settings.data / tiling.FOLDER / copy
    long_ago = time.time() - tiling.KEPT - 60
    os.utime(folder, (long_ago, long_ago))
    assert tiling.sweep(settings.data) == 1
    assert tiling.drawn(settings.data) == []
    again = await client.get(f"/squares/{copy}/1/1/0-0.jpg")
    assert (again.status_code, again.content) == (200, first.content)


async def test_of_what_was_closed_no_square_stays(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings, tokens: Tokens
) -> None:
    *_, copy = await one(db, store)
    place = Workplace(db, store, settings, tokens)
    await client.get(f"/squares/{copy}/1/1/0-0.jpg")
    await documents_jobs.sweep_squares(place)
    assert tiling.drawn(settings.data) == [copy]
    await run(db, "update document_versions set closed_at = now()")
    assert (await client.get(f"/squares/{copy}/1/1/0-0.jpg")).status_code == 404
    await documents_jobs.sweep_squares(place)
    assert tiling.drawn(settings.data) == []


async def test_one_network_has_so_many_rows_drawn_and_sees_what_is_drawn(
    client: httpx.AsyncClient, db: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, copy = await one(db, store)
    monkeypatch.setattr(limits, "ENLARGE", limits.Bucket("enlarge", capacity=1, minutes=60))
    assert (await client.get(f"/squares/{copy}/1/1/0-0.jpg")).status_code == 200
    assert (await client.get(f"/squares/{copy}/1/1/1-0.jpg")).status_code == 429
    assert (await client.get(f"/squares/{copy}/1/1/0-1.jpg")).status_code == 200
