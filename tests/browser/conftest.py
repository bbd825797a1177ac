"""One browser of their own for each person, at a telephone's width unless another is asked for."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from people.models import Person
from tests.browser.pages import TELEPHONE, Open


@pytest.fixture
def open_as(browser: Browser, live_server) -> Iterator[Open]:
    """Return what opens a page as somebody: one browser of their own for each person."""
    contexts: list[BrowserContext] = []

    def open_page(person: Person | None, path: str, language: str = "en", **options) -> Page:
        options = {"viewport": TELEPHONE, **options}
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if person is not None:
            client = Client()
            client.force_login(person)
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies["sessionid"].value
        context.add_cookies(
            [{"name": name, "value": it, "url": live_server.url} for name, it in cookies.items()]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
