"""Tables that are folded away, and made only once somebody opens them."""

from __future__ import annotations

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer


def folding(title: str, name: str) -> ExpanderContainer:
    """Something folded away; whether it is open is kept in the address.

    What is in a closed one need not be made: ask its `open`. A page with four tables folded
    away was drawn in two thirds of the time without them.
    """
    return st.expander(title, key=f"open-{name}", on_change="rerun", bind="query-params")
