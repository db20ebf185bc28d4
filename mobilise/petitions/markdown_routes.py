"""How words in Markdown will look, while somebody writes them. Nothing is kept."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mobilise import limits, web
from mobilise.accounts import asking
from mobilise.errors import TooMany
from mobilise.petitions.text_forms import LONGEST_TEXT, MarkdownForm


async def markdown(request: Request) -> Response:
    """The fragment for the field `why` of whatever form it stands in."""
    form = await web.filled(request, MarkdownForm)
    if not await limits.take(web.database(request), limits.PREVIEW, asking.network(request)):
        raise TooMany()
    text = (form.why.data or "")[:LONGEST_TEXT]
    return web.render(request, "petitions/markdown_fragment.html", text=text, private=True)


ROUTES = [
    Route("/{lang:lang}/markdown", markdown, name="petitions.markdown", methods=["POST"]),
]
