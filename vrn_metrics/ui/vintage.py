"""The day whose releases a page looks at: today, or as the board saw it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from vrn_metrics import narrative
from vrn_metrics.ui.choices import choose

TODAY = "today"
"""The key of the choice that looks at what counts now."""


def as_of() -> date | None:
    """The earlier day that was chosen; `None` for today, which is not over yet."""
    chosen = st.session_state.get("chosen-as-of", TODAY)
    return None if chosen in (TODAY, date.today().isoformat()) else date.fromisoformat(chosen)


def choose_day(days: list[date]) -> None:
    """Choose the day.

    Parameters
    ----------
    days
        Those on which what counts was changed, newest first. A link may ask for any day from
        the first of them on.
    """
    options = {TODAY: "Today"} | {each.isoformat(): narrative.day_words(each) for each in days}
    asked = _asked(days)
    if asked is not None:
        options.setdefault(asked.isoformat(), narrative.day_words(asked))
    if len(options) == 1 and "as-of" not in st.query_params:
        return
    choose("as-of", "As it stood at the end of", options, TODAY)


def say_day() -> None:
    """An earlier day in so many words."""
    if (day := as_of()) is not None:
        st.info(
            f"These are the figures as they stood at the end of {narrative.day_words(day)}. What "
            "was approved, revised or withdrawn since then is not in them."
        )


def _asked(days: list[date]) -> date | None:
    """The day that the link or the session asks for, if it can be looked at."""
    said = st.session_state.get("chosen-as-of", st.query_params.get("as-of", ""))
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if days and days[-1] <= day <= date.today() else None
