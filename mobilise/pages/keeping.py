"""What the keeper does next: the most urgent first, each with why and one button."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from mobilise import db
from mobilise.i18n import gettext, ngettext, number, size
from mobilise.pages.next_steps import Step


class Links(Protocol):
    """Addresses by route name."""

    def __call__(self, name: str, /, **values: Any) -> str: ...

    def knows(self, name: str) -> bool: ...


ROOM_WANTED = 2 * 1024**3
"""Bytes: under this a busy week may fill the disk. Uploads end at half of it."""
JOBS_SILENT = timedelta(minutes=15)
"""One job runs every minute, so a quarter of an hour without any is a fault."""
BACKUP_EVERY = timedelta(days=7)


def room_left(folder: Path) -> int:
    """Bytes that are free on the disk of a folder, which need not exist yet."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free


def steps(
    glance: db.Record,
    waiting: db.Record,
    room: int,
    mail_is_wrong: bool,
    url: Links,
) -> Iterator[Step]:
    if mail_is_wrong:
        yield Step(
            gettext("Mend the mail"),
            gettext("No email leaves. Who signs now waits for the email that confirms."),
            url("pages.keep_letters"),
            gettext("See why"),
        )
    if room < ROOM_WANTED:
        yield Step(
            gettext("Make room on the disk"),
            gettext("%(size)s are left. A full disk stops the site.", size=size(room)),
            f"{url('pages.keep')}#machine",
            gettext("See the machine"),
        )
    if waiting["queue"] and url.knows("trust.queue"):
        yield Step(
            ngettext(
                "%(num)s petition waits to be read",
                "%(num)s petitions wait to be read",
                waiting["queue"],
                num=number(waiting["queue"]),
            ),
            gettext("It opens when you have read it."),
            url("trust.queue"),
            gettext("Read it"),
        )
    if waiting["reports"] and url.knows("trust.reports"):
        yield Step(
            ngettext(
                "%(num)s report from a visitor",
                "%(num)s reports from visitors",
                waiting["reports"],
                num=number(waiting["reports"]),
            ),
            gettext("Somebody says that a petition should not be here."),
            url("trust.reports"),
            gettext("Read it"),
        )
    yield from _of_the_machine(glance, url)


def _of_the_machine(glance: db.Record, url: Links) -> Iterator[Step]:
    if glance["drifting"]:
        yield Step(
            gettext("A count is not right"),
            gettext("This should never be. Write to those who make mobilise."),
            f"{url('pages.keep')}#machine",
            gettext("See the machine"),
        )
    last = glance["last_job"]
    if last is None or glance["now"] - last > JOBS_SILENT:
        yield Step(
            gettext("The jobs stand still"),
            gettext("Nothing is opened, closed or erased on time. Is `mobilise work` running?"),
            f"{url('pages.keep')}#jobs",
            gettext("See the jobs"),
        )
    if glance["failed"]:
        yield Step(
            ngettext(
                "%(num)s email did not arrive",
                "%(num)s emails did not arrive",
                glance["failed"],
                num=number(glance["failed"]),
            ),
            gettext("See for which reason, and send again what can be mended."),
            url("pages.keep_letters"),
            gettext("See why"),
        )
    saved = glance["last_backup"]
    if saved is None or glance["now"] - saved > BACKUP_EVERY:
        yield Step(
            gettext("Make a backup"),
            gettext("The last one is more than a week old.")
            if saved
            else gettext("There is none yet."),
            f"{url('pages.keep')}#backup",
            gettext("See how"),
        )
