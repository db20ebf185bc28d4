"""Every page is walked in a real browser: what stands under templates/, against what was seen."""

import pytest

from tests.browser import seen, window
from tests.running import ROOT

TEMPLATES = ROOT / "templates"
FILES = {path.name for path in (ROOT / "tests" / "browser").glob("test_accessible*.py")}
# Pages of one's own computer, for whoever tries the site there.
ONCE = {"mail/dev", "mail/dev_letter"}


def pages() -> set[str]:
    """Every template that is a page: no letter, nothing that others are put together from."""
    found = {
        str(path.relative_to(TEMPLATES).with_suffix(""))
        for path in TEMPLATES.rglob("*.html")
        if not path.name.startswith("_") and not path.stem.endswith("_fragment")
    }
    return {page for page in found if not page.startswith("letters/")}


def why_not(config: pytest.Config, session: pytest.Session) -> str:
    """Why this run cannot tell, or nothing."""
    if window.program() is None:
        return "Chromium is not installed"
    if session.testsfailed:
        return "a test failed before: what it did not reach is not missing"
    chosen = config.getoption("keyword") or config.getoption("markexpr")
    part = any("::" in argument for argument in config.args)
    if chosen or part or not {item.path.name for item in session.items} >= FILES:
        return "only a run of all of tests/browser can tell"
    return ""


def test_every_page_is_walked_in_every_language_and_on_a_wide_screen(
    request: pytest.FixtureRequest,
) -> None:
    why = why_not(request.config, request.session)
    if why:
        pytest.skip(why)
    seen_anywhere = {page for page, _, _ in seen.WALKED}
    missing = sorted(pages() - seen_anywhere)
    assert not missing, f"call seen.whole on these in tests/browser: {missing}"
    narrow = {(page, language) for page, language, width in seen.WALKED if width == 320}
    wide = {page for page, _, width in seen.WALKED if width == 1280}
    gaps = [
        f"{page} in {language} at 320 px"
        for page in sorted(pages() - ONCE)
        for language in seen.LANGUAGES
        if (page, language) not in narrow
    ]
    gaps += [f"{page} at 1280 px" for page in sorted(pages() - ONCE - wide)]
    assert not gaps, "\n".join(gaps)


def test_a_page_says_which_template_it_is() -> None:
    """Else nothing that is seen would count."""
    layout = (TEMPLATES / "_layout.html").read_text()
    assert "<body data-page=" in layout
    strangers = [page for page, _, _ in seen.WALKED if page not in pages()]
    assert not strangers, "these were seen, and are no templates"
