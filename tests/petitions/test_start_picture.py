"""The picture of a petition: made anew, turned upright, without what a camera wrote into it."""

import asyncio
import io
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from PIL import Image

from mobilise import pictures
from mobilise.db import Database, one, run, value
from mobilise.petitions import picturing, reading, texts
from mobilise.settings import Settings
from mobilise.store import Store
from mobilise.uploads import Upload
from tests import buckets, make
from tests.petitions.writing import write
from tests.reader import seen_in

Owner = asyncpg.Connection
PICTURE = "/en/start/picture"
GPS = {1: "N", 2: (51.0, 13.0, 1.0), 3: "E", 4: (4.0, 25.0, 1.0)}


def made(
    kind: str = "JPEG", size: tuple[int, int] = (2000, 1300), mode: str = "RGB", **more: Any
) -> bytes:
    """Red at the left, blue at the right."""
    picture = Image.new(mode, size)
    if mode == "RGB":
        picture.paste((200, 20, 20), (0, 0, size[0] // 2, size[1]))
        picture.paste((20, 20, 200), (size[0] // 2, 0, *size))
    kept = io.BytesIO()
    picture.save(kept, kind, **more)
    return kept.getvalue()


def photographed(turned: int) -> bytes:
    """As a phone writes it: with its place, its owner, and lying on its side."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x013B] = "Alice Peeters"
    exif.get_ifd(0x8825).update(GPS)
    return made(exif=exif, comment=b"secret comment")


def encoded(tmp_path: Path, content: bytes) -> tuple[Image.Image, Image.Image]:
    path = tmp_path / "sent"
    path.write_bytes(content)
    wide, narrow = (Image.open(io.BytesIO(each)) for each in pictures.widths(path))
    return wide, narrow


LOCK = "select pg_advisory_xact_lock(hashtextextended('document ' || $1::text, 0))"


async def kept(db: Database, store: Store, content: bytes) -> picturing.Picture:
    draft = store.draft()
    draft.write(content)
    draft.finish()
    return await picturing.keep(db, store, Upload(name="x.jpg", draft=draft))


def test_it_comes_in_two_widths_within_their_budgets_and_is_never_enlarged(tmp_path: Path) -> None:
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    sent = io.BytesIO()
    noise.save(sent, "PNG")
    path = tmp_path / "noise"
    path.write_bytes(sent.getvalue())
    wide, narrow = pictures.widths(path)
    assert (Image.open(io.BytesIO(wide)).size, Image.open(io.BytesIO(narrow)).size) == (
        (1560, 1040), (780, 520)
    )  # fmt: skip
    wide_small, narrow_small = encoded(tmp_path, made(size=(600, 400)))
    assert wide_small.size == narrow_small.size == (600, 400)
    plain, _ = pictures.widths(_written(tmp_path, made()))
    assert len(plain) <= pictures.BUDGETS[pictures.WIDE]


def _written(folder: Path, content: bytes) -> Path:
    path = folder / "written"
    path.write_bytes(content)
    return path


def test_nothing_that_the_camera_wrote_stays(tmp_path: Path) -> None:
    sent = photographed(1)
    assert b"Alice Peeters" in sent and Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)
    for content in pictures.widths(_written(tmp_path, sent)):
        shown = Image.open(io.BytesIO(content))
        assert not shown.getexif() and not shown.getexif().get_ifd(0x8825)
        for word in (b"Alice", b"secret", b"Exif", b"EXIF", b"XMP ", b"ICCP"):
            assert word not in content


@pytest.mark.parametrize(
    ("turned", "size"), [(1, (1560, 1014)), (6, (1300, 2000)), (8, (1300, 2000))]
)
def test_what_lay_on_its_side_stands_upright(
    tmp_path: Path, turned: int, size: tuple[int, int]
) -> None:
    wide, _ = encoded(tmp_path, photographed(turned))
    assert wide.size == size
    top = wide.convert("RGB").getpixel((size[0] // 2, 5))
    assert isinstance(top, tuple)
    if turned == 6:
        assert top[0] > top[2], "what was left is up"
    if turned == 8:
        assert top[2] > top[0], "what was right is up"


@pytest.mark.parametrize(
    ("kind", "mode", "more"),
    [
        ("JPEG", "CMYK", {}), ("JPEG", "L", {}), ("PNG", "RGBA", {}), ("PNG", "LA", {}),
        ("PNG", "P", {}), ("PNG", "1", {}), ("PNG", "I;16", {}), ("WEBP", "RGBA", {}),
        ("JPEG", "RGB", {"icc_profile": b"no profile at all"}),
        ("JPEG", "RGB", {"progressive": True}),
    ],
)  # fmt: skip
def test_every_kind_of_colours_becomes_plain_ones(
    tmp_path: Path, kind: str, mode: str, more: dict[str, Any]
) -> None:
    wide, narrow = encoded(tmp_path, made(kind, (800, 500), mode, **more))
    assert (wide.mode, narrow.format) == ("RGB", "WEBP")


def moving() -> bytes:
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
    sent = io.BytesIO()
    frames[0].save(sent, "WEBP", save_all=True, append_images=frames[1:])
    return sent.getvalue()


def bomb() -> bytes:
    """A hundred million dots in a few kilobytes."""
    return made("PNG", (10_000, 10_000), "1")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a picture"),
        (b"GIF89a not at all", "Save this picture as jpg or png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Save this picture as jpg or png"),
        (made()[:3000], "damaged"),
        (made(size=(100, 100)), "too small"),
        (moving(), "moves"),
        (bomb(), "80 million"),
    ],
)
async def test_what_is_no_picture_for_a_page_gets_a_sentence_and_leaves_nothing(
    client: httpx.AsyncClient, db: Database, store: Store, content: bytes, sentence: str
) -> None:
    await client.post("/en/start", data={"title": "A park"})
    if not content:
        with pytest.raises(picturing.PictureRefused, match=sentence):
            await picturing.keep(db, store, Upload())
        return
    answer = await client.post(
        PICTURE, data={"picture_alt": "A yard"}, files={"file": ("a.jpg", content, "image/jpeg")}
    )
    assert answer.status_code in (415, 422) and sentence in answer.text
    assert 'id="file-mistake"' in answer.text and 'value="A yard"' in answer.text
    assert await value(db, "select count(*) from pictures") == 0
    assert await buckets.files(store) == []


async def test_what_is_too_large_is_told_and_not_kept(
    client: httpx.AsyncClient, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing, "LARGEST", 1000)
    await client.post("/en/start", data={"title": "A park"})
    answer = await client.post(PICTURE, files={"file": ("a.jpg", made(), "image/jpeg")})
    assert answer.status_code == 413 and "larger than 20 MB" in answer.text


async def test_a_draft_shows_its_picture_to_its_writer_alone_and_asks_for_words(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    await client.post("/en/start", data={"title": "A park"})
    sent = await client.post(PICTURE, files={"file": ("a.jpg", made(), "image/jpeg")})
    assert sent.status_code == 422 and "Say in one sentence" in sent.text
    assert 'src="/en/start/picture/shown"' in sent.text  # it was kept all the same
    shown = await client.get(f"{PICTURE}/shown")
    assert shown.headers["content-type"] == "image/webp" and shown.status_code == 200
    assert (await stranger.get(f"{PICTURE}/shown")).status_code == 404
    sha256 = await value(db, "select words ->> 'picture' from starts")
    assert (await stranger.get(f"/pictures/{sha256}.webp")).status_code == 404

    words = {"picture_alt": "An empty yard", "focus": "100 0"}
    onward = await client.post(PICTURE, data=words)
    assert onward.headers["location"] == "/en/start/group"
    removed = await client.post(PICTURE, data=words | {"remove": "1"})
    assert removed.headers["location"] == PICTURE
    assert (await client.get(f"{PICTURE}/shown")).status_code == 404
    assert (await client.post(PICTURE, data={})).headers["location"] == "/en/start/group"


async def test_from_the_list_one_comes_back_to_the_list(
    client: httpx.AsyncClient, db: Database
) -> None:
    await client.post("/en/start", data={"title": "A park"})
    file = {"file": ("a.jpg", made(), "image/jpeg")}
    page = f"{PICTURE}?then=check"
    sent = await client.post(page, data={"picture_alt": "A yard"}, files=file)
    assert sent.headers["location"] == page
    onward = await client.post(page, data={"picture_alt": "A yard"})
    assert onward.headers["location"] == "/en/start/check"


async def test_a_network_sends_so_many_pictures(client: httpx.AsyncClient, db: Database) -> None:
    """Each is looked into by a process of its own."""
    await client.post("/en/start", data={"title": "A park"})
    await client.post(PICTURE, files={"file": ("a.jpg", b"no", "image/jpeg")})
    await run(db, "update buckets set tokens = 0, at = now() where key like 'picture:%'::bytea")
    answer = await client.post(
        PICTURE, data={"picture_alt": "A yard"}, files={"file": ("a.jpg", made(), "image/jpeg")}
    )
    assert answer.status_code == 429 and 'value="A yard"' in answer.text


async def test_no_form_says_which_picture_it_is(client: httpx.AsyncClient, db: Database) -> None:
    """A checksum that somebody typed would show him what is in the store."""
    await client.post("/en/start", data={"title": "A park", "picture": "0" * 64})
    await client.post(PICTURE, data={"picture": "0" * 64, "picture_narrow": "0" * 64})
    words = await value(db, "select words from starts")
    assert not words.get("picture") and not words.get("picture_narrow")


async def test_it_comes_into_the_petition_and_phones_load_the_narrow_one(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, db: Database
) -> None:
    await make.login(client, db, await make.person(db, "Alice"))
    await client.post("/en/start", data={"title": "A park"})
    await client.post(PICTURE, files={"file": ("a.jpg", made(), "image/jpeg")})
    await client.post(PICTURE, data={"picture_alt": "An empty yard", "focus": "100 0"})
    for step, sent in (
        ("whom", {"addressee": "The city"}),
        ("why", {"why": "Trees."}),
        ("group", {"group": "Us"}),
    ):
        await client.post(f"/en/start/{step}", data=sent)
    made_it = await client.post("/en/start/check")
    slug = made_it.headers["location"].rsplit("/", 1)[-1]
    petition = await reading.petition(db, slug, "en")
    assert petition.picture_focus == (100, 0) and petition.picture_alt == "An empty yard"
    for sha256 in (petition.picture, petition.picture_narrow):
        assert (await client.get(f"/pictures/{sha256}.webp")).status_code == 200
        assert (await stranger.get(f"/pictures/{sha256}.webp")).status_code == 404
    await client.post(f"/manage/petitions/{slug}/publish")
    page = (await stranger.get(f"/en/petitions/{slug}")).text
    assert f'srcset="/pictures/{petition.picture_narrow}.webp"' in page
    assert f'src="/pictures/{petition.picture}.webp"' in page
    assert 'class="look-x100 look-y0"' in page and 'alt="An empty yard"' in page
    assert (await stranger.get(f"/pictures/{petition.picture_narrow}.webp")).status_code == 200


async def test_it_is_replaced_and_removed_until_somebody_signs(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "open")
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit/picture"
    file = {"file": ("a.png", made("PNG"), "image/png")}
    sent = await client.post(edit, data={"picture_alt": "A yard", "focus": "0 50"}, files=file)
    assert sent.headers["location"] == f"{edit}?said=saved"
    now = await reading.by_id(db, petition.id, "en")
    assert now.picture and now.picture_narrow and now.picture_alt == "A yard"
    assert now.picture_focus == (0, 50)
    assert (await client.get(edit)).status_code == 200
    wordless = await client.post(edit, data={"picture_alt": " "})
    assert wordless.status_code == 422 and "Say in one sentence" in wordless.text
    await client.post(edit, data={"remove": "1"})
    assert (await reading.by_id(db, petition.id, "en")).picture is None
    await texts.freeze(db, petition.id)
    late = await client.post(edit, data={"picture_alt": "x"}, files=file)
    assert late.status_code == 409


async def test_of_two_who_change_the_picture_the_second_sees_both(
    client: httpx.AsyncClient, db: Database
) -> None:
    petition = await make.petition(db, "draft")
    await make.login(client, db, await make.person(db, "Alice"))
    edit = f"/manage/petitions/{petition.slug}/edit/picture"
    seen = seen_in(await client.get(edit))
    file = {"file": ("a.png", made("PNG"), "image/png")}
    theirs = {"picture_alt": "Their yard", "seen": seen}
    assert (await client.post(edit, data=theirs, files=file)).status_code == 303
    stands = (await reading.by_id(db, petition.id, "en")).picture
    other = {"file": ("a.png", made("PNG", (700, 500)), "image/png")}
    late = await client.post(edit, data={"picture_alt": "My yard", "seen": seen}, files=other)
    assert late.status_code == 409 and "Somebody else changed this a moment ago" in late.text
    assert 'alt="Their yard"' in late.text and 'value="My yard"' in late.text
    assert "Choose your picture once more" in late.text
    now = await reading.by_id(db, petition.id, "en")
    assert (now.picture, now.picture_alt) == (stands, "Their yard")
    knowing = {"picture_alt": "My yard", "seen": seen_in(late)}
    assert (await client.post(edit, data=knowing)).status_code == 303
    now = await reading.by_id(db, petition.id, "en")
    assert (now.picture, now.picture_alt) == (stands, "My yard")
    assert (await client.post(edit, data={"remove": "1", "seen": seen})).status_code == 409


async def test_charlie_puts_no_picture_on_it(
    stranger: httpx.AsyncClient, db: Database, store: Store
) -> None:
    petition = await make.petition(db, "draft")
    edit = f"/manage/petitions/{petition.slug}/edit/picture"
    file = {"file": ("a.jpg", made(), "image/jpeg")}
    assert (await stranger.post(edit, files=file)).status_code == 303
    await make.login(stranger, db, await make.person(db, "Charlie"))
    assert (await stranger.post(edit, files=file)).status_code == 404
    assert await buckets.files(store) == []


async def test_a_picture_that_comes_again_while_it_is_swept_stays(
    db: Database, owner: Owner, store: Store, settings: Settings
) -> None:
    before = await kept(db, store, made(size=(500, 500)))
    async with owner.transaction():
        await owner.execute("delete from pictures")  # as a sweep does before
        for sha256 in {before.wide, before.narrow}:
            await owner.fetchval(LOCK, sha256)  # as it does to take them away
        again = asyncio.create_task(kept(db, store, made(size=(500, 500))))
        while not await owner.fetchval("select exists (select from pg_locks where not granted)"):
            assert not again.done()
            await asyncio.sleep(0.02)
        for sha256 in {before.wide, before.narrow}:
            await store.forget(sha256)
    assert await again == before
    for sha256 in (before.wide, before.narrow):
        assert await store.size(sha256) is not None
        assert await value(db, "select sha256 from pictures where sha256 = :it", it=sha256)


async def test_a_sweep_that_fails_takes_nothing_away(
    db: Database, owner: Owner, store: Store
) -> None:
    picture = await kept(db, store, made(size=(500, 500)))
    await run(db, "update pictures set at = now() - interval '3 days'")
    await owner.execute(
        """create function stubborn() returns trigger language plpgsql as
             $$ begin raise 'the disk is full'; end $$;
           create constraint trigger stubborn after delete on pictures deferrable
             initially deferred for each row execute function stubborn()"""
    )
    try:
        with pytest.raises(asyncpg.RaiseError):
            await picturing.sweep(db, store)
    finally:
        await owner.execute("drop function stubborn cascade")
    assert await store.size(picture.wide) is not None
    assert await store.size(picture.narrow) is not None


async def test_what_nobody_shows_is_swept(
    client: httpx.AsyncClient, db: Database, store: Store, settings: Settings
) -> None:
    old = await kept(db, store, made(size=(500, 500)))
    shown = await kept(db, store, made(size=(600, 500)))
    drafted = await kept(db, store, made(size=(700, 500)))
    await run(db, "update pictures set at = now() - interval '3 days'")
    fresh = await kept(db, store, made(size=(800, 500)))
    await make.petition(db, picture=shown.wide)
    await write(client)
    await run(
        db,
        "update starts set words = words || :picture",
        picture={"picture": drafted.wide, "picture_narrow": drafted.narrow},
    )
    await picturing.sweep(db, store)
    assert await store.size(old.wide) is None
    for sha256 in (shown.wide, drafted.wide, drafted.narrow, fresh.wide):
        assert await store.size(sha256) is not None
    assert (await one(db, "select count(*) as n from pictures"))["n"] >= 3
