"""The guide and the statement on accessibility: Markdown, one file a language.

Each file is written for its own readers, not translated. What all of them must agree on is not
written in them: words of the screens come from the catalogue (`said`), addresses from the routes
(`url`), and times from the code that keeps them (`kept`).

    # Title

    The first paragraph, which is the lead.

    ## anchor | Heading of a section
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markupsafe import Markup

from mobilise import i18n

# When somebody last went through the whole site and compared it with the statement.
ACCESSIBILITY_REVIEWED = date(2026, 11, 21)
# Who tells us that something does not work hears from us within so many days.
ANSWER_DAYS = 14

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_ALONE = re.compile(r'<p><a href="([^"]*)">([^<]*)</a></p>')
_FRENCH = re.compile(r"(?<=«) | (?=[:;?!»])")
_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """A step, a question, or a part of a statement; `anchor` is the same in every language."""

    anchor: str
    heading: str
    body: Markup


@dataclass(frozen=True)
class Text:
    title: str
    lead: str
    sections: tuple[Section, ...]


def text(environment: jinja2.Environment, name: str, **facts: Any) -> Text:
    """The text of that name in the reader's language. It is ours, so its HTML is trusted."""
    template = environment.get_template(f"guide/{i18n.language()}/{name}.md")
    source = template.render(said=_said, **facts)
    if i18n.language() == "fr":  # no line begins with a colon or ends with «
        source = _FRENCH.sub(i18n.NO_BREAK_SPACE, source)
    head, *parts = re.split(r"^## ", source, flags=re.MULTILINE)
    title, _, lead = head.removeprefix("# ").partition("\n")
    return Text(title.strip(), " ".join(lead.split()), tuple(_section(part) for part in parts))


def _section(part: str) -> Section:
    heading, _, body = part.partition("\n")
    anchor, _, words = heading.partition("|")
    return Section(anchor.strip(), words.strip(), _html(body))


def _html(source: str) -> Markup:
    html = _ALONE.sub(r'<p><a class="go" href="\1">\2</a></p>', _MARKDOWN.render(source))
    return Markup(_TABLE.sub(r'<table class="table">\1</table>', html))


def _said(label: str) -> str:
    """Words of a screen, as they stand there in the reader's language."""
    return f"**{i18n.gettext(label)}**"
