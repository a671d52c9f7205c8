"""What every page has around its answer: whose it is, the demonstration mark, the foot."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from vrn_metrics import narrative
from vrn_metrics.areas import network
from vrn_metrics.ui.choices import begin
from vrn_metrics.ui.found import found_days, is_demonstration
from vrn_metrics.ui.signing import say_visitor
from vrn_metrics.ui.vintage import choose_day, say_day
from vrn_metrics.ui.visitor import visitor

NAME: Final = "Violence Reduction Network"
STRAPLINE: Final = ("Prevention", "Partnership", "Protection")


def page(question: str, *, by_day: bool = True, local: bool = False) -> None:
    """The question the page answers, under the mark that figures are made up, if any are.

    `by_day` lets the visitor look at it as it stood on an earlier day. A `local` page ends here
    for those who may not see all of the network's own data.
    """
    begin()
    st.session_state["question"] = question
    st.html(_style())
    st.html(_masthead())
    say_visitor()
    mark = st.container(key="demonstration")  # filled once the day is known
    if by_day:
        _question_and_day(question)
    else:
        st.title(question, anchor=False)
    if is_demonstration():
        mark.warning(f"**{narrative.demonstration_notice()}**", icon=None)
    if local and not visitor().sees_all_local:
        answer("This page shows the network's own data, which are not open to everybody.")
        st.markdown("Whoever has the role of analyst or approver sees it once signed in.")
        st.stop()


def _question_and_day(question: str) -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        st.title(question, anchor=False)
    with right:
        choose_day(found_days())
    say_day()


def answer(words: str) -> None:
    """The answer in one or two sentences of Markdown: the first heading under the question."""
    with st.container(key="answer"):
        st.header(words, anchor=False)


def foot(statement: StreamlitPage) -> None:
    """What stands under every page: whose it is, and the way to the accessibility statement."""
    with st.container(key="foot"):
        st.html(f"<p>{NAME}, {network().name}</p>")
        st.page_link(statement, label="Accessibility statement")


@cache
def _style() -> str:
    return f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"


@cache
def _masthead() -> str:
    strapline = ' <span aria-hidden="true">|</span> '.join(STRAPLINE)
    return (
        f'<div class="vrn-masthead"><p class="vrn-name">{NAME}<span>{network().name}</span></p>'
        f'<p class="vrn-strapline">{strapline}</p></div>'
    )
