"""The pictures as the page offers them: each as SVG, as PNG, as numbers, and to frame elsewhere."""

from dataclasses import dataclass

from markupsafe import escape

from mobilise import i18n
from mobilise.i18n import gettext as _
from mobilise.opendata.editions import Edition
from mobilise.opendata.framing import HIGH
from mobilise.opendata.graphics import GRAPHICS, Graphic


@dataclass(frozen=True)
class Hung:
    """One picture: paths of its files, and the line to copy."""

    name: str
    title: str
    svg: str
    png: str
    table: str
    embed: str


def hung(edition: Edition) -> dict[str, Hung]:
    """By name, in the reader's language."""
    return {each.name: _hung(each, edition) for each in GRAPHICS if each.is_offered(edition)}


def _hung(graphic: Graphic, edition: Edition) -> Hung:
    language, title = i18n.language(), _(graphic.title)
    file = edition.file_path(f"{graphic.name}.{language}")
    return Hung(
        graphic.name,
        title,
        f"{file}.svg",
        f"{file}.png",
        edition.file_path(graphic.table),
        _frame(f"{edition.site}/embed/{edition.petition.slug}/{graphic.name}.{language}", title),
    )


def _frame(address: str, title: str) -> str:
    """As plain HTML: no script, no style."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" '
        f'width="100%" height="{HIGH}" loading="lazy"></iframe>'
    )
