"""How long from a click on another district until the page has stopped changing.

Run `python -m benchmarks.district_switch`. The time is the browser's own: from the click to
the last change inside a chart, and to the last change anywhere. Beside it, in the same run,
a Streamlit page that holds one button and one heading.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.first_view import FLAGS, ROOT, chromium, served

GOAL_MS: Final = 300
DISTRICTS: Final = ("Charnwood", "Melton", "Rutland", "Blaby", "Harborough", "Leicester")
ROUNDS: Final = 3
QUIET_S: Final = 1.2
BARE: Final = """
import streamlit as st

st.session_state.setdefault("clicks", 0)
if st.button("Next"):
    st.session_state.clicks += 1
st.title(f"Clicked {st.session_state.clicks}")
"""
WATCH: Final = """() => {
    window.changes = {all: 0, chart: 0};
    window.addEventListener('click', () => {
        window.clicked = performance.now();
        window.changes = {all: 0, chart: 0};
    }, true);
    new MutationObserver((records) => {
        const since = performance.now() - window.clicked;
        window.changes.all = since;
        const inChart = (each) => (each.target.nodeType === 1 ? each.target
            : each.target.parentElement)?.closest('[data-testid="stVegaLiteChart"]');
        if (records.some(inChart)) window.changes.chart = since;
    }).observe(document.body,
        {childList: true, subtree: true, characterData: true, attributes: true});
}"""


def main() -> None:
    """Switch districts, first unseen and then seen ones, and click the bare page."""
    from playwright.sync_api import sync_playwright

    from vrn_metrics.store import demo, open_store

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'demo.sqlite'}"
        demo.build(open_store(url))
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        with (
            served(ROOT / "app.py", url) as ours,
            served(bare, url) as plain,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            page = _opened(browser, f"{ours}/districts?measure=robbery")
            for number in range(ROUNDS):
                found = [
                    _after_click(page, page.locator(f'path[aria-label^="{name}:"]').first)
                    for name in DISTRICTS
                ]
                what = "districts not seen before" if number == 0 else "the same again"
                _say(what, found)
            page = _opened(browser, plain)
            _say(
                "a bare page's button",
                [
                    _after_click(page, page.get_by_role("button", name="Next"))
                    for _ in range(2 * len(DISTRICTS))
                ],
            )
            browser.close()


def _opened(browser: Any, address: str) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector("h1", timeout=60_000)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    time.sleep(2 * QUIET_S)
    page.evaluate(WATCH)
    return page


def _after_click(page: Any, target: Any) -> tuple[float, float]:
    """Milliseconds until the last change inside a chart, and anywhere."""
    target.dispatch_event("click")
    time.sleep(QUIET_S)
    found = page.evaluate("window.changes")
    return found["chart"], found["all"]


def _say(what: str, found: list[tuple[float, float]]) -> None:
    charts, everything = zip(*found, strict=True)
    drawn = f"last chart {median(charts):4.0f} ms, " if any(charts) else ""
    goal = f"   (goal: {GOAL_MS} ms)" if any(charts) else ""
    print(
        f"{what:28} {drawn}last change {median(everything):4.0f} ms, "
        f"slowest {max(everything):4.0f} ms{goal}"
    )


if __name__ == "__main__":
    main()
