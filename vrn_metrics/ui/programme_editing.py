"""Changing the programme in its page: tables to edit, saved as a new release by the real reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from vrn_metrics.analyses.programme import Programme
from vrn_metrics.exports.programme_layout import Cells, cells, programme_layout
from vrn_metrics.sources.vrn_programme import EXPECTATIONS, KINDS, SOURCE, Kind
from vrn_metrics.ui.loading import may_change
from vrn_metrics.ui.saving import LONGEST_ROLE, offer_approval, save
from vrn_metrics.ui.vintage import as_of

_TABS: Final = {
    "expectation": "Expectations",
    "data given": "Data given",
    "project": "Projects",
    "milestone": "Milestones",
    "risk": "Risks",
    "intervention": "Interventions",
    "agreement": "Agreements",
}
_LABELS: Final = {
    "expectation": {"title": "Expectation", "start": "Since", "end": "Holds until"},
    "data given": {"title": "Data", "start": "Given on", "organisation": "To whom"},
    "project": {"title": "Project", "role": "Owner (role)"},
    "milestone": {"title": "Milestone", "belongs_to": "Project", "end": "Due"},
    "risk": {"title": "Risk", "belongs_to": "Project", "rating": "How great"},
    "intervention": {
        "title": "Intervention",
        "district": "Districts parted by ; or 'all'",
        "rating": "Rated by the Youth Endowment Fund",
        "reach": "People reached",
        "cost": "Cost in pounds",
    },
    "agreement": {
        "title": "Agreement",
        "belongs_to": "For (such as vrn-offences)",
        "organisation": "With",
    },
}


def offer_changes(found: Programme) -> None:
    """Every kind of record as a table to edit; whoever may only read is told so."""
    st.header("Change the programme", anchor=False)
    if as_of() is not None:
        st.info("This is an earlier day: choose *Today* above to change anything.")
        return
    if not may_change():
        st.info(
            "Changing is switched off: it is for analysts and approvers. Download the file "
            "above, change it, and load it with the 'vrn' command on the server."
        )
        return
    with st.expander("Edit the records"):
        st.markdown(
            "Every save is a new release with your role and the time; the old one is kept. Roles, "
            "never names of people."
        )
        if found.release is not None and found.release.demonstration:
            st.markdown("What is saved here stays made up: real records are loaded from a file.")
        _form(found)
    offer_approval(SOURCE.key, found.release)


def _form(found: Programme) -> None:
    number = found.release.id if found.release else 0
    kept = [cells(each) for each in found.records]
    rows: list[Cells] = []
    with st.form(f"programme-{number}"):
        for (name, kind), tab in zip(KINDS.items(), st.tabs(list(_TABS.values())), strict=True):
            with tab:
                own = [each for each in kept if each["record"] == name]
                rows += _edited(name, kind, own, f"programme-{number}-{name}")
        role = st.text_input("Your role", max_chars=LONGEST_ROLE)
        is_sent = st.form_submit_button("Save as a new release", type="primary")
    if is_sent:
        _save(found, kept, rows, " ".join(role.split()))


def _edited(name: str, kind: Kind, own: Sequence[Cells], key: str) -> list[Cells]:
    """The records of one kind as the table has them after the edits."""
    columns = [each for each in kind.columns if each != "record"]
    frame = pd.DataFrame([{each: row[each] or None for each in columns} for row in own])
    frame = frame.reindex(columns=columns).astype(object)
    for column in ("start", "end"):
        if column in columns:
            frame[column] = pd.to_datetime(frame[column])
    after: Any = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        column_config={each: _column(name, kind, each) for each in columns},
        key=key,
        placeholder="",
    )
    made = [{each: _word(row[each]) for each in columns} for row in after.to_dict("records")]
    return [{**each, "record": name} for each in made if any(each.values())]


def _word(value: Any) -> str:
    """A cell as the layout writes it, on one line."""
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return " ".join(str(value).split())


def _column(name: str, kind: Kind, column: str) -> Any:
    label = _LABELS[name].get(column, column.capitalize())
    required = column in kind.needs
    if column in ("start", "end"):
        return st.column_config.DateColumn(label, required=required, format="YYYY-MM-DD")
    words = kind.words(column)
    if not words:
        return st.column_config.TextColumn(label, required=required)
    return st.column_config.SelectboxColumn(
        label,
        options=list(words),
        width="medium" if column == "title" else None,
        required=required,
        format_func=lambda word: EXPECTATIONS.get(str(word), str(word)),
    )


def _save(found: Programme, kept: Sequence[Cells], rows: Sequence[Cells], role: str) -> None:
    if not role:
        st.error("Nothing was saved: say in which role you change it.")
        return
    if _as_set(kept) == _as_set(rows):
        st.info("Nothing was changed, so nothing was saved.")
        return
    now = datetime.now().astimezone()
    text = programme_layout(
        rows,
        publisher=f"Programme page, {role}, {now.isoformat(timespec='seconds')}",
        day=now.date(),
        edition=found.release.edition if found.release else None,
        demonstration=bool(found.release and found.release.demonstration),
    )

    def where(row: int) -> str:
        if row >= len(rows):
            return ""
        return f"{_TABS[rows[row]['record']]}, '{rows[row].get('title', '')}': "

    save(text, SOURCE.key, role, now, where)


def _as_set(rows: Iterable[Cells]) -> set[frozenset[tuple[str, str]]]:
    """Rows whatever their order; an empty cell is the same as none."""
    return {frozenset((name, word) for name, word in each.items() if word) for each in rows}
