"""The templates of pages and letters: escaped, strict, translated."""

from collections.abc import Mapping
from typing import Any

import jinja2
import orjson
from markupsafe import Markup, escape

from mobilise import i18n, prose
from mobilise.settings import CHECKOUT, PACKAGE


def environment() -> jinja2.Environment:
    """Autoescape is off in a Jinja environment of one's own unless it is set; here it is set."""
    folder = CHECKOUT / "templates" if CHECKOUT else PACKAGE / "templates"
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=jinja2.select_autoescape(default_for_string=True, enabled_extensions=("html",)),
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.gettext, i18n.plural, newstyle=True
    )
    made.filters.update(
        number=i18n.number,
        signed=i18n.signed,
        day=i18n.day,
        short_day=i18n.short_day,
        size=i18n.size,
        markdown=prose.markdown,
        address=address,
        in_a_block=in_a_block,
    )
    return made


# What could end a data block, or begin something in it, for a parser of HTML.
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def in_a_block(content: Mapping[str, Any]) -> Markup:
    """JSON that may stand in a `<script>` that nothing runs."""
    return Markup(orjson.dumps(content).decode().translate(_UNSAFE))


def address(value: str) -> Markup:
    """An e-mail address that may break after its @ and before the dots that follow.

    Copied, it stays whole: what marks the places is no character.
    """
    mailbox, at, host = str(escape(value)).rpartition("@")
    return Markup(f"{mailbox}{at}<wbr>{host.replace('.', '<wbr>.')}")
