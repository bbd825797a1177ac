"""What the browser tests do on a page, and what they ask of each."""

from collections.abc import Callable

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

TELEPHONE = {"width": 390, "height": 844}
Open = Callable[..., Page]


def stays_in_width(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


# Only what is wrong comes back. What axe would load beforehand is for rules that no page meets
# (sound that plays by itself, and how a telephone is held).
AXE = 'axe.run({resultTypes: ["violations"], preload: false}).then((found) => found.violations)'
# Which elements stand in which, with which attributes, and how the page is shown.
MADE_OF = """() => {
    const named = (one) =>
        one && [one.tagName, one.className, ...one.getAttributeNames()].join(".");
    const all = [...document.querySelectorAll("body, body *")];
    const pairs = new Set(all.map((one) => named(one.parentElement) + ">" + named(one)));
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const {lang, dir} = document.documentElement;
    return [innerWidth, lang, dir, dark, document.title, ...[...pairs].sort()].join(" ");
}"""
# Pages that axe has read already: the same title, made of the same, shown in the same way.
READ: set[str] = set()


def read_by_axe(page: Page) -> None:
    """Check that axe objects to nothing on the page as it stands."""
    page.evaluate(AXE_SCRIPT)
    report = AxeResults({"violations": page.evaluate(AXE)})
    assert report.violations_count == 0, f"{page.url}\n{report.generate_report()}"


def look(page: Page) -> None:
    """Check the page as it stands: nothing axe objects to, nothing beyond the right edge."""
    # A click returns when the next page begins, which may be before there is anything on it.
    page.wait_for_load_state()
    assert stays_in_width(page), page.url
    made_of = page.evaluate(MADE_OF)
    if made_of not in READ:
        read_by_axe(page)
        READ.add(made_of)


def press(page: Page, label: str) -> None:
    """Press the visible button or link with this label; it must be there exactly once."""
    found = page.get_by_role("main").get_by_role("button", name=label, exact=True)
    found.or_(page.get_by_role("main").get_by_role("link", name=label, exact=True)).click()
    page.wait_for_load_state()
