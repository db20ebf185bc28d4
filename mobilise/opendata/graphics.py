"""The pictures of a petition: one list, from which addresses, embeds and the page are made.

Each is drawn from the same edition as the tables, so it shows nothing that they do not hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from mobilise import area_chart, charts, i18n, raster
from mobilise.charts import Charts
from mobilise.drawing import DESK, PHONE, Drawing
from mobilise.errors import N_
from mobilise.i18n import gettext as _
from mobilise.opendata import by_place, citing, licenses, mapping
from mobilise.opendata.editions import Edition
from mobilise.plate import Caption, Plate, broken

SVG, PNG = "image/svg+xml", "image/png"
_EMPTY = 60  # px high: a sheet that only says why it is empty


@dataclass(frozen=True)
class Graphic:
    """`draw` gives None where the edition has nothing to draw; `empty` says so."""

    name: str
    title: str  # a sentence of the catalogue
    empty: str  # likewise
    table: str  # the file with its numbers
    height: Callable[[Edition, int], int]  # of a sheet of that width
    draw: Callable[[Edition, Drawing, str], Markup | None]  # the id is that of its hatch
    day: Callable[[Edition], date] = lambda edition: edition.day  # to whose end it counts
    notes: Callable[[Edition], list[str]] = lambda edition: []  # in the reader's language
    is_offered: Callable[[Edition], bool] = lambda edition: True  # else nobody is led to it

    def charts(self, edition: Edition) -> Charts | None:
        """In two widths for a page, in the reader's language."""
        phone, desk = (
            self.draw(edition, Drawing(width, self.height(edition, width)), f"{self.name}-{word}")
            for width, word in ((PHONE, "phone"), (DESK, "desk"))
        )
        return Charts(phone, desk) if phone and desk else None

    def svg(self, edition: Edition, language: str) -> str:
        """A whole file in that language."""
        with i18n.using(language):
            caption = _caption(self, edition)
            sheet = Plate(self.height(edition, DESK), caption)
            drawn = self.draw(edition, sheet, self.name)
            return str(drawn or _nothing(self, Plate(_EMPTY, caption)))

    def svg_pieces(self, language: str) -> Callable[[Edition], Iterator[bytes]]:
        def pieces(edition: Edition) -> Iterator[bytes]:
            yield self.svg(edition, language).encode()

        return pieces

    def png_pieces(self, language: str) -> Callable[[Edition], Iterator[bytes]]:
        def pieces(edition: Edition) -> Iterator[bytes]:
            yield raster.png(self.svg(edition, language))

        return pieces


def _nothing(graphic: Graphic, sheet: Drawing) -> Markup:
    for n, line in enumerate(broken(_(graphic.empty), DESK)):
        sheet.say("g-said", 0, 22 + n * 22, line)
    return sheet.svg(_(graphic.empty))


def _caption(graphic: Graphic, edition: Edition) -> Caption:
    """In the reader's language."""
    petition, language = edition.petition, i18n.language()
    text = edition.newest_texts.get(language)
    when = _("until the end of %(day)s", day=i18n.day(graphic.day(edition)))
    source = _("Source: %(group)s.", group=citing.one_line(petition.group_name))
    license = _("Licence %(license)s.", license=licenses.COUNTS.name)
    notes = graphic.notes(edition)
    return Caption(
        language=language,
        title=text["title"] if text else petition.title,
        what=f"{_(graphic.title)}, {when}",
        source=[*notes, f"{source} {license}", f"{edition.page_url(language)}/data"],
        warning=_("Demonstration: names and figures are invented") if petition.demo else "",
    )


GRAPHICS = (
    Graphic(
        "growth",
        N_("How the count grew"),
        N_("No closed day yet. Come back tomorrow."),
        "signatures-by-day.csv",
        lambda edition, width: 376 if width > PHONE else 290,
        lambda edition, sheet, name: charts.growth_on(
            sheet, edition.series, edition.petition.goal, name
        ),
    ),
    Graphic(
        "days",
        N_("What each day added"),
        N_("No closed day yet. Come back tomorrow."),
        "signatures-by-day.csv",
        lambda edition, width: 340 if width > PHONE else 290,
        lambda edition, sheet, name: charts.days_on(sheet, edition.series, name),
    ),
    Graphic(
        "areas",
        N_("Signatures by place"),
        N_("No table by place yet. The first one comes once ten people have signed."),
        "signatures-by-area.csv",
        lambda edition, width: area_chart.height(by_place.drawn(edition), width),
        lambda edition, sheet, name: charts.places_on(sheet, by_place.drawn(edition), name),
        lambda edition: edition.areas.day if edition.areas else edition.day,
        by_place.notes,
        lambda edition: edition.areas is not None,
    ),
    Graphic(
        "map",
        N_("Signatures on a map"),
        N_("There is no map of these places here."),
        "signatures-by-area.csv",
        mapping.height,
        mapping.draw,
        lambda edition: edition.areas.day if edition.areas else edition.day,
        by_place.notes,
        mapping.is_known,
    ),
)
