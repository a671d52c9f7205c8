"""What changed since an earlier day: verdicts, and figures that were revised."""

from __future__ import annotations

from datetime import date

import streamlit as st

from vrn_metrics import narrative
from vrn_metrics.analyses.changes import Changes
from vrn_metrics.exports import changes as exported
from vrn_metrics.ui.choices import choose, choose_area, choose_baseline, choose_definition
from vrn_metrics.ui.downloads import offer_table
from vrn_metrics.ui.found import found_days
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.vintage import as_of
from vrn_metrics.ui.words import plain

LAST_DECISION = "last"


def choose_changes() -> tuple[date | None, str, str | None, str]:
    """The earlier day (`None`: that before the last approval), area, baseline and definition."""
    first, second, third, fourth = st.columns(4)
    with first:
        since = _choose_since()
    with second:
        area = choose_area()
    with third:
        baseline = choose_baseline()
    with fourth:
        definition = choose_definition()
    return since, area, baseline, definition


def _choose_since() -> date | None:
    """A day on which something was decided, earlier than the one that is looked at."""
    until = as_of() or date.today()
    days = [each for each in found_days() if each < until]
    options = {LAST_DECISION: "The day before the last approval"}
    options |= {each.isoformat(): narrative.day_words(each) for each in days}
    chosen = choose("since", "Since the end of", options, LAST_DECISION)
    return None if chosen == LAST_DECISION else date.fromisoformat(chosen)


def say_changes(found: Changes) -> None:
    """What changed in one sentence, and each verdict that did."""
    answer(plain(narrative.changes_words(found)))
    if found.since is None:
        st.markdown(plain(narrative.NOTHING_BEFORE))
        return
    for each in found.verdicts:
        st.markdown(f"- {plain(narrative.change_line(each))}")


def show_changes(found: Changes) -> None:
    """Every verdict then and now, and every figure that moved."""
    if found.since is None:
        return
    st.header("Verdicts", anchor=False)
    show_table(exported.verdict_rows(found), "Verdicts")
    offer_table(exported.verdicts_dataset(found), "Verdicts")
    st.header("Figures that were revised", anchor=False)
    rows = exported.moved_rows(found)
    if rows:
        show_table(rows, "Figures that were revised")
        offer_table(exported.changes_dataset(found), "Revised figures")
    else:
        st.markdown("No earlier figure on the scorecard is another number than it was.")


def qualify_changes(found: Changes) -> None:
    """What is compared, and what is not."""
    st.header("How far to trust it", anchor=False)
    st.markdown(
        "- Both days are compared as anybody could see them then: what is hidden on one of them is "
        "not compared, and no difference gives a small number away.\n"
        "- The figures are those that the scorecard is made of. Those of the latest "
        "months are often provisional.\n"
        "- All that is approved or withdrawn on one day is one change."
    )
    if found.since is not None:
        st.markdown(f"- Compared with the end of {plain(narrative.day_words(found.since))}.")
