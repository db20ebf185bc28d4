"""Every file under its own checksum, whole or not at all."""

import hashlib
import os
import stat
import threading
from pathlib import Path

import pytest

from mobilise import store

CONTENT = b"every permit, plan and study"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def drafted(root: Path, content: bytes = CONTENT) -> store.Draft:
    draft = store.Draft(root)
    for start in range(0, len(content), 5):
        draft.write(content[start : start + 5])
    draft.finish()
    return draft


def test_a_file_stands_under_its_checksum(tmp_path: Path) -> None:
    draft = drafted(tmp_path)
    assert store.keep(tmp_path, draft)
    assert files(tmp_path) == [f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"]
    assert store.place(tmp_path, SHA256).read_bytes() == CONTENT
    assert (draft.sha256, draft.size) == (SHA256, len(CONTENT))


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    assert store.keep(tmp_path, drafted(tmp_path))
    before = store.place(tmp_path, SHA256).stat()
    assert not store.keep(tmp_path, drafted(tmp_path))
    assert store.place(tmp_path, SHA256).stat().st_ino == before.st_ino
    assert len(files(tmp_path)) == 1


def test_a_file_is_for_its_owner_and_group_whatever_the_umask_says(tmp_path: Path) -> None:
    for umask in (0o000, 0o077):
        before = os.umask(umask)
        try:
            root = tmp_path / oct(umask)
            store.put(root, CONTENT)
        finally:
            os.umask(before)
        assert stat.S_IMODE(store.place(root, SHA256).stat().st_mode) == 0o640
        assert not stat.S_IMODE(store.place(root, SHA256).parent.stat().st_mode) & 0o007


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    store.put(tmp_path, CONTENT)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_draft_that_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    draft = store.Draft(tmp_path)
    draft.write(CONTENT)
    assert len(files(tmp_path)) == 1
    draft.discard()
    draft.discard()
    assert files(tmp_path) == []


def test_a_damaged_copy_is_replaced_by_the_whole_one(tmp_path: Path) -> None:
    store.put(tmp_path, CONTENT)
    store.place(tmp_path, SHA256).write_bytes(CONTENT[:4])
    store.put(tmp_path, CONTENT)
    assert store.place(tmp_path, SHA256).read_bytes() == CONTENT


def test_leftovers_older_than_a_day_are_swept_and_younger_ones_stay(tmp_path: Path) -> None:
    old, young = store.Draft(tmp_path), store.Draft(tmp_path)
    store.put(tmp_path, CONTENT)
    long_ago = young.path.stat().st_mtime - store.LEFTOVERS_AFTER - 60
    os.utime(old.path, (long_ago, long_ago))
    os.utime(store.place(tmp_path, SHA256), (long_ago, long_ago))
    assert store.sweep(tmp_path) == 1
    assert not old.path.exists()
    assert young.path.exists()
    assert store.place(tmp_path, SHA256).exists()
    young.discard()


def test_sweeping_a_store_that_does_not_exist_yet_does_nothing(tmp_path: Path) -> None:
    assert store.sweep(tmp_path / "nowhere") == 0
    assert not (tmp_path / "nowhere").exists()


def test_content_that_was_set_aside_can_come_back_or_go_for_good(tmp_path: Path) -> None:
    store.put(tmp_path, CONTENT)
    store.set_aside(tmp_path, SHA256)
    assert not store.place(tmp_path, SHA256).exists()
    store.bring_back(tmp_path, SHA256)
    assert store.place(tmp_path, SHA256).read_bytes() == CONTENT
    store.set_aside(tmp_path, SHA256)
    store.forget_aside(tmp_path, SHA256)
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65])
def test_only_a_checksum_leads_into_the_store(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="64"):
        store.place(tmp_path, name)


def test_twenty_who_store_the_same_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    ready = threading.Barrier(20)
    content = os.urandom(200_000)

    def one() -> None:
        draft = drafted(tmp_path, content)
        ready.wait()
        store.keep(tmp_path, draft)
        draft.discard()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sha256 = hashlib.sha256(content).hexdigest()
    assert files(tmp_path) == [str(store.place(tmp_path, sha256).relative_to(tmp_path))]
    assert store.place(tmp_path, sha256).read_bytes() == content
