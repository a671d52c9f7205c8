"""How the server starts, and how a session finds its page."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from vrn_metrics.ui.frame import NAME, foot
from vrn_metrics.ui.visitor import check_settings

ROOT: Final = Path(__file__).resolve().parents[2]
ICON: Final = str(Path(__file__).with_name("icon.png"))

PAGES: Final = (
    ("scorecard", "Scorecard"),
    ("trend", "Trend"),
    ("districts", "Districts"),
    ("hotspots", "Hotspots"),
    ("impact", "Impact"),
    ("spend", "Spend"),
    ("programme", "Programme"),
    ("changes", "Changes"),
    ("data", "Data"),
    ("about", "About"),
)
STATEMENT: Final = ("accessibility", "Accessibility statement")


def in_session() -> bool:
    """Whether a visitor's session runs this, and not the server that is starting."""
    return get_script_run_ctx(suppress_warning=True) is not None


def navigate() -> None:
    """Draw the navigation and run the page that the address names."""
    st.set_page_config(page_title=NAME, page_icon=ICON, layout="wide")
    pages = [_page(key, title, key) for key, title in PAGES]
    # The root of the site shows the first page; a link may name that page all the same.
    pages[0] = _page(*PAGES[0], "home", default=True)
    pages.append(_page(*PAGES[0], PAGES[0][0], visibility="hidden"))
    statement = _page(*STATEMENT, STATEMENT[0], visibility="hidden")
    pages.append(statement)
    chosen = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{chosen.title} – {NAME}")
    chosen.run()
    foot(statement)


def _page(key: str, title: str, url_path: str, **options: Any) -> Any:
    return st.Page(ROOT / "pages" / f"{key}.py", title=title, url_path=url_path, **options)


@asynccontextmanager
async def warm(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Import what the first visitor would wait for, and take it out of the collector's way.

    Streamlit collects all garbage after every run; with pandas loaded that walks some
    136,000 objects while nobody else is served. Frozen objects are not walked.

    A folder called `pages` beside `app.py` is served by Streamlit's old multipage mode
    until a first visitor has run `st.navigation`; the flag closes that door at the start.
    """
    PagesManager.uses_pages_directory = False
    check_settings()
    from vrn_metrics import exports, narrative  # noqa: F401 - imported to be warm
    from vrn_metrics.analyses import impact, scorecard, trend  # noqa: F401 - imported to be warm

    gc.collect()
    gc.freeze()
    yield {}
