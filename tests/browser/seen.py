"""What must hold of every page that somebody can see."""

from axe_playwright_python.async_playwright import Axe

from tests.browser.window import Window

SMALLEST = 44
# Links inside a sentence may be as high as their line; a box is as large as its label.
_MEASURE = """smallest => {
  const small = [];
  for (const each of document.querySelectorAll("a, button, input, select, textarea, summary")) {
    const style = getComputedStyle(each);
    const inLabel = each.closest("label");
    const target = inLabel && /checkbox|radio/.test(each.type) ? inLabel : each;
    const box = target.getBoundingClientRect();
    const hidden = each.type === "hidden" || style.visibility === "hidden" || box.width < 2
      || !each.checkVisibility();
    const inText = each.tagName === "A" && style.display === "inline";
    const short = box.height < smallest - 0.5 || box.width < smallest - 0.5;
    if (!hidden && !inText && short)
      small.push(`${each.outerHTML.slice(0, 90)} ${box.width.toFixed()}x${box.height.toFixed()}`);
  }
  const beyond = [...document.querySelectorAll("body *")].filter(each =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest("svg, .unseen, .scroll"));
  return {
    small,
    language: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    beyond: beyond.slice(0, 3).map(each => each.outerHTML.slice(0, 120)),
  };
}"""
_axe = Axe()


async def whole(window: Window, language: str) -> None:
    """No violation that axe knows of, nothing to scroll sideways, nothing too small to touch."""
    place = f"{window.path} ({window.status}) at {window.screen.width} px"
    measured = await window.tab.evaluate(_MEASURE, SMALLEST)
    assert measured["language"] == language, place
    assert measured["title"] and measured["headings"] == 1, place
    assert measured["tooWide"] <= 0, f"{place} scrolls sideways: {measured['beyond']}"
    assert not measured["small"], f"{place}: {measured['small']}"
    found = await _axe.run(window.tab)
    assert found.violations_count == 0, f"{place}\n{found.generate_report()}"
