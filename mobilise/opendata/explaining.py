"""What a workbook says about itself: it may be all that somebody keeps."""

import re
from collections.abc import Iterator

from mobilise import i18n
from mobilise.i18n import gettext as _
from mobilise.opendata import citing, licenses
from mobilise.opendata.citing import one_line
from mobilise.opendata.editions import Edition
from mobilise.opendata.sheets import Line
from mobilise.opendata.table import TABLES

_NO_XML = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def lines(edition: Edition) -> Iterator[Line]:
    """In the petition's first language: what this is, how to cite it, then each column of each
    table with its meaning in English. Nothing in them breaks a line or an XML file."""
    with i18n.using(edition.petition.language):
        said = list(_lines(edition))
    yield from ((_flat(one), _flat(two), _flat(three)) for one, two, three in said)


def _lines(edition: Edition) -> Iterator[Line]:
    petition = edition.petition
    yield petition.title, "", ""
    if petition.demo:
        yield _("Demonstration: names and figures are invented"), "", ""
    until = _(
        "The figures of this petition until the end of %(day)s, by %(group)s.",
        day=i18n.day(edition.day),
        group=petition.group_name,
    )
    yield until, "", ""
    yield _("No row is about one person."), "", ""
    yield _("How to cite this"), citing.line(edition, i18n.day(edition.day)), ""
    yield _("Licence"), licenses.COUNTS.name, licenses.COUNTS.path
    yield "", "", ""
    for table in TABLES:
        yield table.name, _(table.what), table.license.name
        yield from (("", each.name, each.description) for each in table.columns)


def _flat(words: str) -> str:
    """On one line, without characters that XML does not have."""
    return _NO_XML.sub("", one_line(words))
