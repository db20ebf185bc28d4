"""What a page says to search engines, in a browser that holds it to its own policy."""

import pytest
from playwright.async_api import Browser

from tests.browser.window import Screen, Window
from tests.running import Site

pytestmark = pytest.mark.browser
ADD = """type => {
  const added = document.createElement('script')
  added.type = type
  added.textContent = 'document.title = "run"'
  document.head.append(added)
}"""


async def test_a_browser_reads_the_block_and_complains_of_nothing(
    site: Site, chromium: Browser
) -> None:
    """The policy of the page allows no script at all; a data block is none."""
    page = f"/nl/petitions/{site.demonstration}/data"
    async with Window(chromium, site.url, site.network(), Screen(1280)) as jo:
        await jo.open(page)
        read = "JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)"
        found = await jo.tab.evaluate(read)
        assert found["@type"] == "Dataset" and found["inLanguage"][0] == "nl"
        assert jo.faults == []
        await jo.tab.evaluate(ADD, "application/ld+json")
        assert jo.faults == [] and await jo.tab.title() != "run"
        await jo.tab.evaluate(ADD, "text/javascript")  # so a complaint would have been heard
        await jo.tab.wait_for_timeout(200)
        assert len(jo.faults) == 1 and "Content Security Policy" in jo.faults[0]
        assert await jo.tab.title() != "run"
        jo.faults.clear()
