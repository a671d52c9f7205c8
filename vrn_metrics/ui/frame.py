"""What every page has around its answer: title, the demonstration mark, the style, the foot."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from vrn_metrics import narrative
from vrn_metrics.ui.choices import begin
from vrn_metrics.ui.found import found_days, is_demonstration
from vrn_metrics.ui.vintage import choose_day


def page(question: str, *, by_day: bool = True) -> None:
    """The question the page answers, under the mark that figures are made up, if any are.

    `by_day` lets the visitor look at it as it stood on an earlier day.
    """
    begin()
    st.session_state["question"] = question
    st.html(_style())
    if is_demonstration():
        st.warning(f"**{narrative.demonstration_notice()}**", icon=None)
    st.title(question, anchor=False)
    if by_day:
        choose_day(found_days())


@cache
def _style() -> str:
    return f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"
