"""Official files about places, read into our tables: inhabitants, Dutch postcodes, outlines.

Each is known by its columns, whatever it is called; one that is something else is refused whole.
"""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import orjson

from mobilise import db
from mobilise.errors import Refusal
from mobilise.opendata import place_queries, places
from mobilise.opendata.area_queries import Figure

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MUNICIPALITY = re.compile(r"GEMEENTE(?:[0-9]{4})?\Z|GM_CODE\Z|GEMEENTECODE\Z")
_NAMES = ("GEMEENTENAAM", "GM_NAAM")


class NotThatFile(Refusal):
    """Another file than was expected, or one that is not whole."""


@dataclass(frozen=True)
class Loaded:
    """How many rows each file became."""

    inhabitants: int = 0
    postcodes: int = 0
    outlines: int = 0


async def load(
    database: db.Database,
    *,
    belgian_population: Path | None = None,
    dutch_pc4: Path | None = None,
    geometry: Path | None = None,
) -> Loaded:
    """All of them or none; what was loaded before is replaced. Raises NotThatFile."""
    figures = inhabitants(belgian_population) if belgian_population else []
    pairs, names = dutch_postcodes(dutch_pc4) if dutch_pc4 else ([], [])
    shapes = outlines(geometry) if geometry else []
    async with db.tx(database):
        if belgian_population:
            await place_queries.replace_figures(database, "BE", figures)
        if dutch_pc4:
            await place_queries.replace_pairs(database, pairs)
            await place_queries.replace_figures(database, "NL", names)
        if geometry:
            await place_queries.replace_shapes(database, shapes)
    return Loaded(len(figures), len(pairs), len(shapes))


def inhabitants(path: Path) -> list[Figure]:
    """Statbel's population by municipality: CD_REFNIS and MS_POPULATION, whose rows of one
    municipality are added up. The year stands in CD_YEAR or in the name of the file."""
    found: dict[str, int] = {}
    years = set(_YEAR.findall(path.name))
    with _rows(path) as (columns, lines):
        _ask_for(path, columns, "CD_REFNIS", "MS_POPULATION")
        for number, line in lines:
            code = line["CD_REFNIS"].strip()
            if code in places.municipalities():
                found[code] = found.get(code, 0) + _whole(path, number, line["MS_POPULATION"])
            if "CD_YEAR" in columns:
                years.add(line["CD_YEAR"].strip())
    if len(years) != 1:
        raise NotThatFile(f"{path.name}: of which year? Put one year in the name of the file.")
    missing = places.municipalities().keys() - found.keys()
    if missing:
        raise NotThatFile(
            f"{path.name}: {len(missing)} municipalities are not in it, {min(missing)} among them."
        )
    [year] = years
    return [(code, "BE", "", n, int(year)) for code, n in sorted(found.items())]


def dutch_postcodes(
    path: Path,
) -> tuple[list[tuple[str, str]], list[Figure]]:
    """CBS's postcodes with house numbers: PC6 (or PC4) and Gemeente2025 (or GM_CODE), with names
    where GEMEENTENAAM or GM_NAAM is there. Pairs of NL-1011 and GM0363, and the municipalities."""
    pairs: set[tuple[str, str]] = set()
    names: dict[str, str] = {}
    with _rows(path) as (columns, lines):
        postcode = next((each for each in ("PC6", "PC4") if each in columns), "PC6")
        municipality = next(filter(_MUNICIPALITY.match, columns), "GEMEENTE")
        _ask_for(path, columns, postcode, municipality)
        name = next((each for each in _NAMES if each in columns), None)
        for number, line in lines:
            four = line[postcode].strip()[:4]
            digits = line[municipality].strip().removeprefix("GM")
            if not re.fullmatch(r"[1-9][0-9]{3}", four) or not re.fullmatch(r"\d{1,4}", digits):
                raise NotThatFile(f"{path.name}, line {number}: no Dutch postcode or municipality.")
            code = f"GM{digits.zfill(4)}"
            pairs.add((f"NL-{four}", code))
            names[code] = line[name].strip() if name else ""
    if len(pairs) < 1000:
        raise NotThatFile(f"{path.name}: only {len(pairs)} postcodes. Is it the whole file?")
    return sorted(pairs), [(code, "NL", said, None, None) for code, said in sorted(names.items())]


def outlines(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """GeoJSON in degrees (WGS 84): features with the code of a place in `code`, `CD_MUNTY_REFNIS`,
    `cd_munty_refnis`, `statcode` or `gemeentecode`."""
    try:
        content = orjson.loads(path.read_bytes())
        found = [_outline(feature) for feature in content["features"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotThatFile(f"{path.name}: no GeoJSON of municipalities.") from None
    kept = [(code, shape) for code, shape in found if re.fullmatch(r"[1-9]\d{4}|GM\d{4}", code)]
    if not kept:
        raise NotThatFile(f"{path.name}: no feature has the code of a municipality.")
    return kept


def _outline(feature: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    about = {key.lower(): said for key, said in feature["properties"].items()}
    known = ("code", "cd_munty_refnis", "statcode", "gemeentecode")
    code = next((str(about[key]) for key in known if about.get(key)), "")
    shape = feature["geometry"]
    if shape["type"] not in ("Polygon", "MultiPolygon") or not _in_degrees(shape["coordinates"]):
        raise ValueError(code)
    return code, {"type": shape["type"], "coordinates": shape["coordinates"]}


def _in_degrees(coordinates: Any) -> bool:
    if isinstance(coordinates[0], list):
        return all(_in_degrees(each) for each in coordinates)
    return bool(-180 <= coordinates[0] <= 180 and -90 <= coordinates[1] <= 90)


# --- reading ------------------------------------------------------------------------------

Lines = Iterator[tuple[int, dict[str, str]]]


@contextmanager
def _rows(path: Path) -> Iterator[tuple[list[str], Lines]]:
    """The columns in capitals, and each line with its number."""
    try:
        with _text(path) as file:
            head = file.readline()
            separator = max("|;\t,", key=head.count)
            columns = [name.strip().strip('"').upper() for name in head.split(separator)]
            yield columns, _lines(path, file, columns, separator)
    except OSError as error:
        raise NotThatFile(f"{path.name} cannot be read: {error.strerror}.") from None


def _text(path: Path) -> TextIO:
    """UTF-8, as both offices write by now; else the Windows encoding of their older files."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return path.open(encoding="cp1252", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _lines(path: Path, file: TextIO, columns: list[str], separator: str) -> Lines:
    for number, cells in enumerate(csv.reader(file, delimiter=separator), start=2):
        if not cells:
            continue
        if len(cells) != len(columns):
            raise NotThatFile(
                f"{path.name}, line {number}: {len(cells)} columns instead of {len(columns)}."
            )
        yield number, dict(zip(columns, cells, strict=True))


def _ask_for(path: Path, columns: list[str], *names: str) -> None:
    missing = [name for name in names if name not in columns]
    if missing:
        raise NotThatFile(
            f"{path.name} has no column {missing[0]}. It has: {', '.join(columns[:12])[:200]}."
        )


def _whole(path: Path, number: int, said: str) -> int:
    if not re.fullmatch(r"\s*[0-9]+\s*", said):
        raise NotThatFile(f"{path.name}, line {number}: {said[:20]!r} is no number of people.")
    return int(said)
