"""Who walks the journeys: readers over plain HTTP, and the same in Chromium."""

from collections.abc import Callable

import pytest

from tests.reader import Reader
from tests.running import Site

People = Callable[[], Reader]


@pytest.fixture(scope="session", params=["plain HTTP"])
def people(request: pytest.FixtureRequest, site: Site) -> People:
    """Makes somebody new, with a browser of their own, from a street of their own."""
    return lambda: Reader(site.url, site.network())
