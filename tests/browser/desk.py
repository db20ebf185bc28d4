"""Comes quickly to a desk: the pages on which a petition is written have walks of their own."""

from tests.browser.window import Window
from tests.journeys import deeds
from tests.reader import Reader
from tests.running import Site


async def begun(
    site: Site, alice: Window, title: str, email: str | None = None, lang: str = "en"
) -> str:
    """Her petition, written without a window, which takes nine pages in Chromium; its slug."""
    async with Reader(site.url, alice.network) as writer:
        slug = await deeds.start(site, writer, title, email, lang)
        await alice.take_over(writer)
    return slug
