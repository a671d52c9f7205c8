"""What every page has around its answer: title, the demonstration mark, the style, the foot."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from vrn_metrics import narrative
from vrn_metrics.ui.found import is_demonstration


def page(question: str) -> None:
    """The question the page answers, under the mark that figures are made up, if any are."""
    st.html(_style())
    if is_demonstration():
        st.warning(f"**{narrative.demonstration_notice()}**", icon=None)
    st.title(question, anchor=False)


@cache
def _style() -> str:
    return f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"
