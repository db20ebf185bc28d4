"""The map of a petition: shapes with what is told of them, as a drawing and as GeoJSON."""

from collections.abc import Iterator
from typing import Any

import orjson
from markupsafe import Markup

from mobilise import area_chart, area_map, i18n
from mobilise.area_map import Shape
from mobilise.drawing import Drawing
from mobilise.i18n import gettext as _
from mobilise.opendata import by_place, licenses
from mobilise.opendata.by_place import Line
from mobilise.opendata.editions import Edition
from mobilise.opendata.written import written

MEDIA_TYPE = "application/geo+json"


def is_known(edition: Edition) -> bool:
    """Is there an outline of any place that is told apart?"""
    told = _told(edition)
    return any(code in told for code, _geometry in edition.outlines)


def _told(edition: Edition) -> dict[str, Line]:
    return {line.code: line for line in by_place.lines(edition) if not line.is_rest}


def shapes(edition: Edition) -> list[Shape]:
    """Coloured by rate where all are rated, else by count."""
    told = _told(edition)
    rated = _by_rate(edition)
    found = []
    for code, geometry in edition.outlines:
        line = told.get(code)
        value = (line.rate if rated else float(line.confirmed)) if line else None
        rings = area_map.rings(orjson.loads(geometry))
        if rings:
            found.append(Shape(line.name if line else "", value, rings))
    return found


def _by_rate(edition: Edition) -> bool:
    return area_chart.by_rate(by_place.drawn(edition))


def height(edition: Edition, width: int) -> int:
    return area_map.height(shapes(edition), width)


def draw(edition: Edition, sheet: Drawing, name: str) -> Markup | None:
    if not is_known(edition):
        return None
    unit = _("per 1,000") if _by_rate(edition) else _("signatures")
    sentence = area_chart.in_words(by_place.drawn(edition))
    return area_map.draw(shapes(edition), sheet, name, unit, sentence)


def geojson(edition: Edition) -> Iterator[bytes]:
    """RFC 7946: a feature a place that is told apart, without a geometry where nobody loaded it.
    What is not told apart is no feature."""
    outlines = dict(edition.outlines)
    with i18n.using(edition.petition.language):  # written after the reader was answered, perhaps
        lines = list(_told(edition).values())
    features = [_feature(line, outlines.get(line.code)) for line in lines]
    yield written(
        {
            "type": "FeatureCollection",
            "petition": edition.petition.slug,
            "day": edition.areas.day.isoformat() if edition.areas else None,
            "license": licenses.COUNTS.name,
            "features": features,
        }
    )


def _feature(line: Line, geometry: str | None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": line.code,
        "geometry": orjson.loads(geometry) if geometry else None,
        "properties": {
            "code": line.code,
            "level": line.level,
            "name": line.name,
            "confirmed": line.confirmed,
            "population": line.inhabitants,
            "per_1000": round(line.rate, 2) if line.rate is not None else None,
        },
    }
