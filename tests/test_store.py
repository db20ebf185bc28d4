"""Every file under its own checksum, whole or not at all, in a folder and in a bucket."""

import asyncio
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mobilise import arriving, origins
from mobilise.bucket import Bucket
from mobilise.bucket_address import BucketAddress
from mobilise.settings import Settings
from mobilise.store import PIECE, Away, Draft, Folder, Store, opened, place
from tests import buckets, running

CONTENT = b"every permit, plan and study"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=buckets.KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty one of either kind, without a database."""
    if request.param == "folder":
        yield Folder(tmp_path / "docs_store")
        return
    with buckets.made(request.getfixturevalue("s3")) as address:
        found: Any = opened(Settings(data=tmp_path / "data", docs_store=address))
        found.setting = address
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def drafted(store: Store, content: bytes = CONTENT) -> Draft:
    draft = store.draft()
    for start in range(0, len(content), 100_003):
        draft.write(content[start : start + 100_003])
    draft.finish()
    return draft


# --- both kinds ---------------------------------------------------------------------------


async def test_a_file_stands_under_its_checksum(store: Store) -> None:
    draft = drafted(store)
    assert await store.size(SHA256) is None
    assert await store.keep(draft)
    assert await buckets.files(store) == [SHA256]
    assert await buckets.content(store, SHA256) == CONTENT
    assert (draft.sha256, draft.size) == (SHA256, len(CONTENT))
    assert await store.size(SHA256) == len(CONTENT)


async def test_the_same_content_twice_is_one_file(store: Store) -> None:
    assert await store.keep(drafted(store))
    assert not await store.keep(drafted(store))
    assert await store.put(CONTENT) == SHA256
    assert await buckets.files(store) == [SHA256]


async def test_a_draft_that_is_not_kept_leaves_nothing(store: Store) -> None:
    draft = store.draft()
    draft.write(CONTENT)
    assert len(await buckets.files(store)) == 1
    draft.discard()
    draft.discard()
    assert await buckets.files(store) == []


async def test_a_damaged_copy_is_replaced_by_the_whole_one(store: Store) -> None:
    for keep in (lambda: store.put(CONTENT), lambda: store.keep(drafted(store))):
        await store.put(CONTENT)
        await buckets.replace(store, SHA256, CONTENT[:4])
        assert await store.size(SHA256) == 4
        await keep()
        assert await buckets.content(store, SHA256) == CONTENT


async def test_leftovers_older_than_a_day_are_swept_and_younger_ones_stay(store: Store) -> None:
    old, young = store.draft(), store.draft()
    await store.put(CONTENT)
    long_ago = young.path.stat().st_mtime - arriving.LEFTOVERS_AFTER - 60
    os.utime(old.path, (long_ago, long_ago))
    kept = store.path(SHA256)
    if kept is not None:
        os.utime(kept, (long_ago, long_ago))
    assert await store.sweep() == 1
    assert not old.path.exists()
    assert young.path.exists()
    assert await store.size(SHA256) is not None
    young.discard()


async def test_sweeping_a_store_that_does_not_exist_yet_does_nothing(store: Store) -> None:
    found: Any = store
    assert await store.sweep() == 0
    assert not found.incoming.exists()


async def test_what_is_forgotten_is_gone_and_forgetting_again_is_harmless(store: Store) -> None:
    other = await store.put(b"another")
    await store.put(CONTENT)
    await store.forget(SHA256)
    await store.forget(SHA256)
    assert await store.size(SHA256) is None
    assert await buckets.files(store) == [other]
    with pytest.raises(FileNotFoundError):
        await buckets.content(store, SHA256)
    with pytest.raises(FileNotFoundError):
        async with store.at_hand(SHA256):
            raise AssertionError("there is no file to look into")
    await store.put(CONTENT)
    assert await buckets.content(store, SHA256) == CONTENT


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65])
async def test_only_a_checksum_leads_into_the_store(name: str, store: Store) -> None:
    with pytest.raises(ValueError, match="64"):
        place(name)
    for asked in (store.size(name), store.forget(name), anext(store.read(name))):
        with pytest.raises(ValueError, match="64"):
            await asked  # type: ignore[misc]
    with pytest.raises(ValueError, match="64"):
        store.path(name)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, None), (0, 1), (7, 20), (PIECE - 1, PIECE + 1), (5 * PIECE, None), (0, 9 * PIECE)],
)
async def test_any_part_can_be_read_in_pieces(store: Store, start: int, end: int | None) -> None:
    content = os.urandom(5 * PIECE + 77)
    sha256 = await store.put(content)
    pieces = [piece async for piece in store.read(sha256, start, end)]
    assert b"".join(pieces) == content[start:end]
    assert all(0 < len(piece) <= PIECE for piece in pieces)


async def test_an_empty_file_is_a_file_too(store: Store) -> None:
    sha256 = await store.put(b"")
    assert await store.size(sha256) == 0
    assert await buckets.content(store, sha256) == b""


async def test_a_file_at_hand_is_there_while_one_looks_and_leaves_nothing(store: Store) -> None:
    await store.put(CONTENT)
    async with store.at_hand(SHA256) as path:
        assert path.read_bytes() == CONTENT
    assert await buckets.files(store) == [SHA256]
    assert await buckets.content(store, SHA256) == CONTENT
    with pytest.raises(RuntimeError, match="broken"):
        async with store.at_hand(SHA256):
            raise RuntimeError("broken")
    assert await buckets.files(store) == [SHA256]


async def test_everything_that_is_kept_is_listed_with_its_size_and_nothing_else(
    store: Store,
) -> None:
    contents = [bytes([number]) * (number + 1) for number in range(30)]
    wanted = {await store.put(content): len(content) for content in contents}
    draft = store.draft()
    assert {sha256: size async for sha256, size in store.kept()} == wanted
    draft.discard()
    now = datetime.now(UTC)
    assert [each async for each in store.kept(now - timedelta(days=2))] == []
    assert len([each async for each in store.kept(now + timedelta(days=2))]) == 30


async def test_twenty_who_store_the_same_at_once_leave_one_whole_file(store: Store) -> None:
    content = os.urandom(200_000)
    drafts = [drafted(store, content) for _ in range(20)]
    await asyncio.gather(*[store.keep(draft) for draft in drafts])
    for draft in drafts:
        draft.discard()
    sha256 = hashlib.sha256(content).hexdigest()
    assert await buckets.files(store) == [sha256]
    assert await buckets.content(store, sha256) == content


READ_ALL = """
import asyncio, resource, sys
from mobilise.settings import Settings
from mobilise.store import opened

async def read():
    store = opened(Settings())
    first = len([piece async for piece in store.read(sys.argv[1], 0, 9_000_000)])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = sum([len(piece) async for piece in store.read(sys.argv[1])])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(first, total, grown // (1024 if sys.platform == "linux" else 1024**2))

asyncio.run(read())
"""


async def test_memory_does_not_know_how_large_a_file_is(store: Store, tmp_path: Path) -> None:
    """Read by a process of its own: the S3 server of the tests has its memory in this one."""
    draft = store.draft()
    for number in range(96):
        draft.write(bytes([number]) * PIECE)
    draft.finish()
    await store.keep(draft)
    found: Any = store
    where = str(found.root) if isinstance(store, Folder) else found.setting
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", READ_ALL, draft.sha256,
        cwd=running.ROOT, stdout=asyncio.subprocess.PIPE,
        env=running.clean_environment() | {"MOBILISE_DOCS_STORE": where},
    )  # fmt: skip
    said, _ = await child.communicate()
    first, total, megabytes = (int(each) for each in said.split())
    assert (first, total) == (9, 96 * PIECE)
    assert megabytes < 48


# --- a folder -----------------------------------------------------------------------------


async def test_in_a_folder_content_lies_under_two_halves_of_its_name(folder: Folder) -> None:
    await folder.put(CONTENT)
    [path] = [path for path in folder.root.rglob("*") if path.is_file()]
    assert path == folder.path(SHA256)
    assert str(path.relative_to(folder.root)) == f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"


async def test_the_same_content_again_does_not_touch_the_file(folder: Folder) -> None:
    await folder.put(CONTENT)
    before = folder.path(SHA256).stat()
    assert not await folder.keep(drafted(folder))
    assert folder.path(SHA256).stat().st_ino == before.st_ino


async def test_a_file_is_for_its_owner_and_group_whatever_the_umask_says(tmp_path: Path) -> None:
    for umask in (0o000, 0o077):
        before = os.umask(umask)
        try:
            folder = Folder(tmp_path / oct(umask))
            await folder.put(CONTENT)
        finally:
            os.umask(before)
        assert stat.S_IMODE(folder.path(SHA256).stat().st_mode) == 0o640
        assert not stat.S_IMODE(folder.path(SHA256).parent.stat().st_mode) & 0o007


async def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    await Folder(tmp_path).put(CONTENT)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


async def test_what_somebody_else_put_there_is_not_listed(folder: Folder) -> None:
    await folder.put(CONTENT)
    (folder.root / "README.md").write_text("Ours.")
    (folder.root / "ab" / "cd").mkdir(parents=True)
    (folder.root / "ab" / "cd" / SHA256).write_bytes(CONTENT)
    assert [each async for each in folder.kept()] == [(SHA256, len(CONTENT))]


# --- a bucket -----------------------------------------------------------------------------


@pytest.fixture
def address(s3: str) -> Iterator[str]:
    with buckets.made(s3) as found:
        yield found


def bucket(tmp_path: Path, address: str) -> Bucket:
    return Bucket(BucketAddress.parse(address), tmp_path / "incoming")


async def test_a_bucket_has_no_local_path_and_the_names_of_a_folder(
    tmp_path: Path, address: str
) -> None:
    found = bucket(tmp_path, address)
    await found.put(CONTENT)
    assert found.path(SHA256) is None
    whole = bucket(tmp_path, address.replace("/of/mobilise", ""))
    assert [each async for each in whole.kept()] == [], "the prefix belongs to the name"


async def test_a_file_of_many_parts_arrives_whole(tmp_path: Path, address: str) -> None:
    found = bucket(tmp_path, address)
    content = os.urandom(12_345_678)
    draft = drafted(found, content)
    assert await found.keep(draft)
    assert not draft.path.exists()
    assert await buckets.content(found, draft.sha256) == content


async def test_a_bucket_that_is_not_there_or_does_not_answer_is_away_without_a_secret(
    tmp_path: Path, address: str
) -> None:
    name = BucketAddress.parse(address).bucket
    for other in (
        address.replace(name, "nobody-knows"),
        address.replace("endpoint=http://127.0.0.1:", "endpoint=http://127.0.0.1:1&region=x&was="),
    ):
        if "was=" in other:
            other = other.partition("&was=")[0]
        found = bucket(tmp_path, other)
        for asked in (found.put(CONTENT), found.keep(drafted(found)), anext(found.kept())):
            with pytest.raises(Away) as away:
                await asked  # type: ignore[misc]
            assert away.value.why
            assert "sesame" not in str(away.value) + repr(away.value)


def test_an_address_is_taken_apart() -> None:
    whole = BucketAddress.parse(
        "s3://mo:a%2Fb%2Bc@papers/of/us/?endpoint=http://127.0.0.1:9000&region=eu-west-1"
    )
    assert (whole.bucket, whole.prefix) == ("papers", "of/us")
    assert (whole.key, whole.secret) == ("mo", "a/b+c")
    assert (whole.endpoint, whole.region) == ("http://127.0.0.1:9000", "eu-west-1")
    assert "a/b" not in repr(whole) and "mo" not in repr(whole)
    bare = BucketAddress.parse("s3://papers")
    assert (bare.prefix, bare.key, bare.secret, bare.endpoint, bare.region) == (None,) * 5


@pytest.mark.parametrize(
    "address",
    [
        "s3://",
        "s3:///prefix",
        "s3://mo@papers",
        "s3://mo:hush/hush@papers",
        "s3://mo:hush#hush@papers",
        "s3://papers:9000",
        "s3://papers?endpoint=storage.example",
        "s3://papers?end=https://storage.example",
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_a_secret(address: str) -> None:
    with pytest.raises(ValueError) as refused:
        BucketAddress.parse(address)
    assert "hush" not in str(refused.value)
    with pytest.raises(ValueError, match="docs_store"):
        Settings(docs_store=address)


def test_a_setting_is_a_folder_or_a_bucket_and_tells_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOBILISE_DOCS_STORE", str(tmp_path))
    assert Settings().docs_store == tmp_path
    assert isinstance(opened(Settings()), Folder)
    hidden = "s3://mo:hush@papers/of/us?endpoint=https://storage.example&region=here"
    monkeypatch.setenv("MOBILISE_DOCS_STORE", hidden)
    settings = Settings()
    assert settings.docs_store == hidden
    assert isinstance(opened(settings), Bucket)
    [told] = [each for each in origins.in_force(settings) if each.name == "MOBILISE_DOCS_STORE"]
    assert (told.value, told.origin) == ("s3://papers/of/us", "environment")
