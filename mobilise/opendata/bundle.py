"""bundle.zip: all files of an edition with a README, written while it is sent.

The same edition gives the same bytes: every time in it is the end of the day that it counts to.
"""

import stat
from collections.abc import Iterator

from stream_zip import ZIP_32, MemberFile, stream_zip

from mobilise.opendata import licenses
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import File
from mobilise.opendata.package import EVERY as EVERY

NAME = "bundle.zip"
MODE = stat.S_IFREG | 0o644


def pieces(edition: Edition) -> Iterator[bytes]:
    """The archive in pieces, one member after the other, none held as a whole."""
    yield from stream_zip(_members(edition))


def _members(edition: Edition) -> Iterator[MemberFile]:
    for file in EVERY:
        yield file.name, edition.closed_at, MODE, ZIP_32, file.pieces(edition)


def file_name(edition: Edition) -> str:
    """a-park-2026-05-11.zip: dated, so that two editions lie side by side."""
    return f"{edition.petition.slug}-{edition.day.isoformat()}.zip"


WHOLE = File(
    NAME,
    "",
    "All files of an edition in one archive.",
    licenses.COUNTS,
    "application/zip",
    pieces,
)
