"""How somebody cites what is published here."""

from mobilise import i18n
from mobilise.i18n import gettext as _
from mobilise.opendata import licenses
from mobilise.opendata.editions import Edition


def line(edition: Edition, when: str) -> str:
    """The line for a footnote, in the reader's language."""
    text = edition.newest_texts.get(i18n.language())
    return _(
        "%(group)s, %(title)s: the count on %(when)s. %(address)s. Licence %(license)s.",
        group=one_line(edition.petition.group_name),
        title=one_line(text["title"] if text else edition.petition.title),
        when=when,
        address=f"{edition.page_url(i18n.language())}/data",
        license=licenses.COUNTS.name,
    )


def one_line(words: str) -> str:
    """On one line, so that it cannot begin a heading or a list of its own."""
    return " ".join(words.split())
