"""The list of files as the page shows it: made from the files themselves."""

from dataclasses import dataclass

from mobilise.i18n import gettext as _
from mobilise.opendata import bundle
from mobilise.opendata.editions import Edition
from mobilise.opendata.files import FILES, Measure
from mobilise.opendata.package import PACKAGE


@dataclass(frozen=True)
class Shown:
    """`rows` is None for what is no table. `twin`: the same table as JSON."""

    name: str
    href: str
    what: str
    rows: int | None
    size: int
    license: str
    twin: str = ""  # where it is
    stem: str = ""  # what both are called before their ending


def shown(edition: Edition, measured: dict[str, Measure]) -> list[Shown]:
    """In the reader's language; a table and its twin on one line."""
    names = {file.name for file in FILES}
    twins = {name for name in names if f"{name.removesuffix('.json')}.csv" in names}
    return [
        Shown(
            file.name,
            edition.file_path(file.name),
            _(file.what),
            file.rows(edition) if file.rows else None,
            measured[file.name].size,
            file.license.name,
            edition.file_path(twin) if (twin := f"{stem}.json") in twins else "",
            stem,
        )
        for file in (*FILES, PACKAGE)
        if file.name not in twins
        for stem in [file.name.rpartition(".")[0]]
    ]


def whole(edition: Edition, measured: dict[str, Measure]) -> Shown:
    """All of them in one archive."""
    size = measured[bundle.NAME].size
    license = " + ".join(dict.fromkeys(file.license.name for file in FILES))
    return Shown(bundle.NAME, edition.file_path(bundle.NAME), "", None, size, license)
