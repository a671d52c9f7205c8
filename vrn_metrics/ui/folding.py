"""Tables that are folded away, and made only once somebody opens them."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from vrn_metrics import charts
from vrn_metrics.ui.tables import show_table


def folding(title: str, name: str) -> ExpanderContainer:
    """Something folded away; whether it is open is kept in the address.

    What is in a closed one need not be made: ask its `open`. A page with four tables folded
    away was drawn in two thirds of the time without them.
    """
    return st.expander(title, key=f"open-{name}", on_change="rerun", bind="query-params")


def fold_chart(spec: dict[str, Any], what: str) -> None:
    """The rows of a chart, folded away under it; `what` names the chart."""
    table = folding(f"{what} as a table", what.lower().replace(" ", "-"))
    with table:
        if table.open:
            show_table(charts.chart_rows(spec), what)
