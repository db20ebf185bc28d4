"""Text: Markdown made safe, names folded for comparing, words made into addresses."""

import hashlib
import re
import unicodedata
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": False})
_TAGS = {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h2",
    "h3",
    "h4",
    "code",
    "pre",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_HEADINGS = re.compile(r"<(/?)h([1-6])>")
_SPECIAL = str.maketrans(
    {
        "ø": "o",
        "Ø": "o",
        "ł": "l",
        "Ł": "l",
        "đ": "d",
        "Đ": "d",
        "ß": "ss",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "ı": "i",
        "\u2019": "'",
        "\u2018": "'",
        "`": "'",
        "´": "'",
    }
)
_ADDRESS = re.compile(r"://|www\.|@|[^\W_]{2}\.[^\W\d_]{2}", re.IGNORECASE)
LONGEST_LEAD = 320
MOST_BRACKETS = 500


@lru_cache(maxsize=512)
def markdown(source: str) -> Markup:
    """Markdown of a stranger as HTML that is safe to show; headings start under the page's own."""
    if source.count("[") > MOST_BRACKETS:  # each looks for its end in all that follows
        source = source.replace("[", "&#91;")
    html = _MARKDOWN.render(source)
    html = _under_the_page(html)
    return Markup(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener ugc",
        )
    )


def _under_the_page(html: str) -> str:
    """Headings from h3 on, whatever their writer began with, and no step left out on the way."""
    levels = sorted({int(found[2]) for found in _HEADINGS.finditer(html)})
    before = 2

    def moved(found: re.Match[str]) -> str:
        nonlocal before
        level = min(3 + levels.index(int(found[2])), 4)
        if not found[1]:
            before = level = min(level, before + 1)
        return f"<{found[1]}h{before if found[1] else level}>"

    return _HEADINGS.sub(moved, html)


def lead_and_rest(source: str) -> tuple[str, str]:
    """The first paragraph as plain words when it is short enough to stand under the title."""
    source = source.replace("\r\n", "\n").strip()
    first, _, rest = source.partition("\n\n")
    plain = " ".join(first.split())
    if len(plain) > LONGEST_LEAD or plain[:1] in "#>-*|`" or re.search(r"[*_\[\]`<]", plain):
        return "", source
    return plain, rest.strip()


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """ "Zoë  O\u2019Neill" and "zoe o'neill" are one: case, accents and spaces folded."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPECIAL))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("-", " ").replace(".", " ").split())


def holds_address(words: str) -> bool:
    """Would a mail program make a link of something in here? evil.example is enough for that."""
    return _ADDRESS.search(words) is not None


def slug(title: str) -> str:
    """ "Maak van het rangeerterrein een park" → "maak-van-het-rangeerterrein-een-park"."""
    words = re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-")
    if len(words) > 60:
        words = words[:60].rsplit("-", 1)[0]
    return words or "petition"


def printable(text: str) -> bool:
    """No control characters but line ends and tabs, no private ones, none that XML refuses, and
    nothing that turns text around."""
    return text.isprintable() or not any(
        (unicodedata.category(c) in ("Cc", "Cs", "Co") and c not in "\n\r\t")
        or c in "\ufffe\uffff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        for c in text
    )


def mark(*said: str) -> str:
    """Sixteen letters that stand for these words: what a form saw, and what stands now."""
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]
