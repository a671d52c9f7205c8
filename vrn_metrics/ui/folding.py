"""Tables that are folded away, and made only once somebody opens them."""

from __future__ import annotations

from collections.abc import Callable
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


def fold_chart(
    spec: dict[str, Any], what: str, rows: Callable[[], list[dict[str, str]]] | None = None
) -> None:
    """The rows of a chart, folded away under it.

    Parameters
    ----------
    what
        Names the chart, unlike any other on the page.
    rows
        Gives fewer rows than the chart has marks, where those are too many to read.
    """
    table = folding(f"{what} as a table", what.lower().replace(" ", "-"))
    with table:
        if table.open:
            show_table(rows() if rows else charts.chart_rows(spec), what)
