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
    const skip = each.matches(".skip");  // shows when it has the focus
    const inText = each.tagName === "A" && style.display === "inline";
    const narrow = each.tagName === "A" ? 24 : smallest;  // a link is as wide as its word
    const short = box.height < smallest - 0.5 || box.width < narrow - 0.5;
    if (!hidden && !skip && !inText && short)
      small.push(`${each.outerHTML.slice(0, 90)} ${box.width.toFixed()}x${box.height.toFixed()}`);
  }
  const beyond = [...document.querySelectorAll("body *")].filter(each =>
    each.getBoundingClientRect().right > innerWidth + 1 && !each.closest("svg, .unseen, .scroll"));
  return {
    small,
    page: document.body.dataset.page || "",
    language: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    beyond: beyond.slice(0, 3).map(each => each.outerHTML.slice(0, 120)),
  };
}"""
_axe = Axe()
LANGUAGES = ("nl", "fr", "de", "en")
SCREENS = [*((language, 320) for language in LANGUAGES), ("nl", 1280)]
"""Every language on the narrowest screen, where words are longest for their room; one on a desk."""
WALKED: set[tuple[str, str, int]] = set()
"""What was looked at in this run: template, language, width."""


async def whole(window: Window, language: str) -> None:
    """No violation that axe knows of, nothing to scroll sideways, nothing too small to touch.

    What is found is added to the faults of the window, which are told when it closes.
    """
    place = f"{window.path} ({window.status}) at {window.screen.width} px"
    measured = await window.tab.evaluate(_MEASURE, SMALLEST)
    WALKED.add((measured["page"], measured["language"], window.screen.width))
    if measured["language"] != language:
        window.faults.append(f"{place} says that it is in {measured['language']}")
    if not measured["title"] or measured["headings"] != 1:
        window.faults.append(f"{place} has {measured['headings']} h1, {measured['title']!r}")
    if measured["tooWide"] > 0:
        window.faults.append(f"{place} scrolls sideways: {measured['beyond']}")
    if measured["small"]:
        window.faults.append(f"{place} is hard to touch: {measured['small']}")
    found = await _axe.run(window.tab)
    if found.violations_count:
        window.faults.append(f"{place}\n{found.generate_report()}")
