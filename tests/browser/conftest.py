"""The system's Chromium, driven by Playwright, before a server of the tests' own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import find_browser, serving
from tests.conftest import missing

# Chromium calls home at each start unless it is told not to.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test of this folder needs Chromium, and can be left out by that mark."""
    item.add_marker("browser")


@pytest.fixture(scope="session")
def server(demo_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the demonstration, for tests that change nothing."""
    with serving(demo_database, tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@pytest.fixture
def fresh_server(demo_database: str, tmp_path: Path) -> Iterator[str]:
    """The address of a server that nobody has visited, with a database of its own."""
    copy = tmp_path / "demo.sqlite"
    shutil.copy(demo_database.removeprefix("sqlite:///"), copy)
    with serving(f"sqlite:///{copy}", tmp_path / "log") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one module: Playwright holds an event loop that other tests must not meet."""
    found = find_browser()
    if found is None:
        missing("no Chromium: sh .ci/install-system-packages browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own session; it must not ask anything of another machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    opened = context.new_page()
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    outside = [url for url in asked if urlsplit(url).hostname not in ("localhost", "", None)]
    assert outside == []
