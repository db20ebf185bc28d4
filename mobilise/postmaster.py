"""The server process of one cluster: starting, recognising and stopping it."""

import logging
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from mobilise.lodging import SOCKET_NAME, Lodging
from mobilise.programs import as_account, scrubbed_environment

log = logging.getLogger(__name__)

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "cluster_name": "mobilise",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # fsync and synchronous_commit stay on, as they come: what we confirmed is on disk.
    # Nobody replicates from this server, so the log need not carry what a replica wants.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "wal_buffers": "16MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A week of logs, one file a day. Terse: the detail lines would show people's data.
    "logging_collector": "on",
    "log_filename": "postgres-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}

_START = 'exec 3>&1; "$@" </dev/null >"$0" 2>&1 3>&- & echo $! >&3'
"""A shell in a session of its own starts the server, tells its pid and leaves it to init."""


def launch(lodging: Lodging) -> psutil.Process | None:
    """None when the server ended before we could look."""
    for stale in (
        lodging.cluster / "postmaster.pid",
        lodging.socket / SOCKET_NAME,
        lodging.socket / f"{SOCKET_NAME}.lock",
    ):  # nobody runs, yet a recycled pid in one of them would keep the server from starting
        stale.unlink(missing_ok=True)
    settings = SETTINGS | {
        "unix_socket_directories": f'"{lodging.socket}"',
        "log_directory": str(lodging.logs),
    }
    command = [lodging.program("postgres"), "-D", str(lodging.cluster)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    started = subprocess.run(
        ["/bin/sh", "-c", _START, str(_first_words(lodging)), *command],
        cwd="/",
        env=scrubbed_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        umask=0o077,
        start_new_session=True,
        **as_account(lodging.account),
    )
    try:
        return psutil.Process(int(started.stdout))
    except psutil.NoSuchProcess:
        return None


def running(cluster: Path) -> psutil.Process | None:
    """The live server of this cluster. A pid alone proves nothing: it may be somebody else's."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        at_home = os.path.samefile(process.cwd(), cluster)
        ours = at_home and process.name() == "postgres"
    except (OSError, ValueError, psutil.Error):
        return None
    return process if ours and lives(process) else None


def lives(process: psutil.Process | None) -> bool:
    try:
        return (
            process is not None
            and process.is_running()
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def end(lodging: Lodging, *, at_once: bool = False) -> None:
    """Fast shutdown: running statements are cut off, everything committed is on disk.

    `at_once` writes nothing more; the next start would have to recover.
    """
    server = running(lodging.cluster)
    if server is None:
        return
    orderly, abrupt = (signal.SIGINT, 60), (signal.SIGQUIT, 30)
    for how, seconds in (abrupt if at_once else orderly, abrupt, (signal.SIGKILL, 30)):
        try:
            server.send_signal(how)
            _wait_until_gone(server, seconds)
            return
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            log.warning("The database did not stop within %s seconds.", seconds)


def _wait_until_gone(server: psutil.Process, seconds: float) -> None:
    """Where nobody collects dead processes (PID 1 of a container) a zombie counts as gone."""
    deadline = time.monotonic() + seconds
    while lives(server):
        if time.monotonic() > deadline:
            raise psutil.TimeoutExpired(seconds)
        time.sleep(0.02)


def log_sizes(lodging: Lodging) -> dict[Path, int]:
    """How long each log is now, to tell later what was added (see `said_since`)."""
    return {path: path.stat().st_size for path in lodging.logs.glob("*.log")}


def said_since(lodging: Lodging, sizes: dict[Path, int]) -> str:
    words = [_first_words(lodging).read_text("utf-8", "replace")]
    for path in sorted(lodging.logs.glob("*.log")):
        with path.open(encoding="utf-8", errors="replace") as file:
            file.seek(sizes.get(path, 0))
            words.append(file.read())
    return "\n".join(words)


def _first_words(lodging: Lodging) -> Path:
    """What the server says before it opens its log."""
    return lodging.home / "start.txt"
