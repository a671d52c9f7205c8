"""Changing the ledger in its page: add lines, classify anew, with who and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from vrn_metrics.analyses.spend import SOURCE, Spend
from vrn_metrics.exports.spend import LEDGER, ledger_cells, ledger_layout
from vrn_metrics.sources.vrn_spend import CATEGORIES, KINDS, STREAMS
from vrn_metrics.ui.loading import may_change
from vrn_metrics.ui.saving import LONGEST_ROLE, offer_approval, save
from vrn_metrics.ui.vintage import as_of

_WORDS = {
    "category": CATEGORIES,
    "kind": KINDS,
    "funding_stream": STREAMS,
    "doubtful": ("yes", "no"),
}


def offer_ledger_changes(found: Spend | None) -> None:
    """The year's lines as a table to edit; whoever may only read is told so."""
    if found is None:
        return
    st.header("Change the ledger", anchor=False)
    if as_of() is not None:
        st.info("This is an earlier day: choose *Today* above to change anything.")
        return
    if not may_change():
        st.info(
            "Changing is switched off: it is for analysts and approvers. Download the "
            "ledger above, change it, and load it with the 'vrn' command on the server."
        )
        return
    release = found.releases[-1]
    with st.expander(f"Edit the lines of {found.year}"):
        st.markdown(
            "Every save is a new release with your role and the time, and replaces the year whole; "
            "the old one is kept. A line that is classified anew needs who did so, and why."
        )
        if release.demonstration:
            st.markdown("What is saved here stays made up: a real ledger is loaded from a file.")
        with st.form(f"ledger-{found.year}-{release.id}"):
            rows = _edited(found, f"ledger-table-{found.year}-{release.id}")
            role = " ".join(st.text_input("Your role", max_chars=LONGEST_ROLE).split())
            is_sent = st.form_submit_button("Save as a new release", type="primary")
        if is_sent:
            _save(found, rows, role)
    offer_approval(SOURCE, release)


def _edited(found: Spend, key: str) -> list[dict[str, str]]:
    frame = pd.DataFrame([ledger_cells(each) for each in found.lines], columns=list(LEDGER))
    after: Any = st.data_editor(
        frame.astype(object),
        num_rows="dynamic",
        hide_index=True,
        column_config={
            name: st.column_config.SelectboxColumn(name, options=list(words), required=True)
            for name, words in _WORDS.items()
        },
        key=key,
    )
    made = [
        {name: "" if pd.isna(row[name]) else " ".join(str(row[name]).split()) for name in LEDGER}
        for row in after.to_dict("records")
    ]
    return [each for each in made if any(each.values())]


def _save(found: Spend, rows: list[dict[str, str]], role: str) -> None:
    if not role:
        st.error("Nothing was saved: say in which role you change it.")
        return
    if rows == [ledger_cells(each) for each in found.lines]:
        st.info("Nothing was changed, so nothing was saved.")
        return
    now = datetime.now().astimezone()
    release = found.releases[-1]
    text = ledger_layout(
        rows,
        found.period,
        publisher=f"Spend page, {role}, {now.isoformat(timespec='seconds')}",
        day=date.today(),
        edition=release.edition,
        demonstration=release.demonstration,
    )

    def where(row: int) -> str:
        return f"line '{rows[row]['line']}': " if row < len(rows) else ""

    save(text, SOURCE, role, now, where)
