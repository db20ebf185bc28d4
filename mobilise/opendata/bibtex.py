"""An entry for a list of sources, as LaTeX reads it."""

import re

from mobilise import i18n
from mobilise.opendata import citing, licenses
from mobilise.opendata.editions import Edition

# What has a meaning of its own there. Braces stay balanced, so that the entry ends where it ends.
_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def entry(edition: Edition) -> str:
    """The figures until the end of the day, as a source; not every program knows @dataset."""
    petition, day = edition.petition, edition.day
    text = edition.newest_texts.get(i18n.language())
    title = text["title"] if text else petition.title
    fields = {
        # Two pairs of braces: a group is no first and last name.
        "author": f"{{{escaped(petition.group_name)}}}",
        "title": f"{{{escaped(title)}}}: {escaped(i18n.gettext('The figures'))}",
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "url": f"{edition.page_url(i18n.language())}/data",
        "note": escaped(i18n.gettext("Licence %(license)s.", license=licenses.COUNTS.name)),
    }
    lines = "".join(f"  {name:<6} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key(petition.slug)}-{day.isoformat()},\n{lines}}}"


def key(slug: str) -> str:
    """A name for the entry: nothing in it but what every program takes."""
    return re.sub(r"[^a-z0-9-]", "", slug.lower()) or "petition"


def escaped(words: str) -> str:
    """On one line; a brace that opens or closes is shown, never obeyed."""
    return "".join(_ESCAPED.get(sign, sign) for sign in citing.one_line(words))
