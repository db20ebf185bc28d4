"""Who walks the journeys: readers over plain HTTP, and the same people in Chromium."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.window import Screen, Window
from tests.reader import Reader
from tests.running import Site

People = Callable[[], Reader]
EVERY_SCREEN = [Screen(width, script) for width in (390, 1280) for script in (True, False)]
# Each width and each kind of browser once; all four are for the journeys that matter most.
TWO_SCREENS = [Screen(390), Screen(1280, javascript=False)]


def _walkers(screens: list[Screen]) -> dict[str, Any]:
    in_browsers = [pytest.param(screen, marks=pytest.mark.browser) for screen in screens]
    return {
        "params": [None, *in_browsers],
        "ids": ["plain HTTP", *(screen.name for screen in screens)],
    }


def _people(request: pytest.FixtureRequest, site: Site) -> People:
    screen: Screen | None = request.param
    if screen is None:
        return lambda: Reader(site.url, site.network())
    browser = request.getfixturevalue("chromium")
    return lambda: Window(browser, site.url, site.network(), screen)


@pytest.fixture(scope="session", **_walkers(TWO_SCREENS))
def people(request: pytest.FixtureRequest, site: Site) -> People:
    """Makes somebody new, with a browser of their own, from a street of their own."""
    return _people(request, site)


@pytest.fixture(scope="session", **_walkers(EVERY_SCREEN))
def everybody(request: pytest.FixtureRequest, site: Site) -> People:
    """The same, in every kind of window that there is."""
    return _people(request, site)
