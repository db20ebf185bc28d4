"""What a frame on another site shows: a picture in two widths, whose it is, and the way back."""

from typing import Any

from mobilise import i18n
from mobilise.opendata.editions import Edition
from mobilise.opendata.graphics import Graphic

HIGH = 560  # px: a frame of that height shows the whole of it on a phone and on a desk


def shown(graphic: Graphic, edition: Edition) -> dict[str, Any]:
    """What the template needs, in the reader's language."""
    petition, language = edition.petition, i18n.language()
    text = edition.newest_texts.get(language)
    return {
        "petition": petition,
        "title": text["title"] if text else petition.title,
        "graphic": graphic,
        "chart": graphic.charts(edition),
        "day": graphic.day(edition),
        "notes": graphic.notes(edition),
        "petition_url": edition.page_url(language),
        "data_url": f"{edition.page_url(language)}/data",
    }
