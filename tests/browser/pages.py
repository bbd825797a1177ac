"""What the browser tests do on a page, and what they ask of each."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TELEPHONE = {"width": 390, "height": 844}
Open = Callable[..., Page]


def stays_in_width(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def look(page: Page) -> None:
    """Check the page as it stands: nothing axe objects to, nothing beyond the right edge."""
    report = Axe().run(page)
    assert report.violations_count == 0, f"{page.url}\n{report.generate_report()}"
    assert stays_in_width(page), page.url


def press(page: Page, label: str) -> None:
    """Press the visible button or link with this label; it must be there exactly once."""
    found = page.get_by_role("main").get_by_role("button", name=label, exact=True)
    found.or_(page.get_by_role("main").get_by_role("link", name=label, exact=True)).click()
    page.wait_for_load_state()
