"""What the browser tests do on a page, and what they ask of each."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TELEPHONE = {"width": 390, "height": 844}
Open = Callable[..., Page]


def stays_in_width(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


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


def look(page: Page) -> None:
    """Check the page as it stands: nothing axe objects to, nothing beyond the right edge."""
    assert stays_in_width(page), page.url
    made_of = page.evaluate(MADE_OF)
    if made_of in READ:
        return
    report = Axe().run(page, options={"resultTypes": ["violations"]})
    assert report.violations_count == 0, f"{page.url}\n{report.generate_report()}"
    READ.add(made_of)


def press(page: Page, label: str) -> None:
    """Press the visible button or link with this label; it must be there exactly once."""
    found = page.get_by_role("main").get_by_role("button", name=label, exact=True)
    found.or_(page.get_by_role("main").get_by_role("link", name=label, exact=True)).click()
    page.wait_for_load_state()
