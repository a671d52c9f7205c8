"""The whole state of a view as a link, and how to cite it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import streamlit as st

from vrn_metrics.exports.addresses import SITE, citation, view_address
from vrn_metrics.ui.choices import chosen_here
from vrn_metrics.ui.vintage import as_of


def share(page: str) -> None:
    """A link to a page that gives the same figures on any later day, and a citation with it.

    Every choice is in the link, those left as they were too: what is usual may change.
    """
    made = chosen_here()
    keys = {name: each.key for name, each in made.items() if name != "as-of"}
    day = as_of() or date.today()
    address = view_address(site(), page, day, **keys)
    words = [f"{each.label}: {each.words}" for name, each in made.items() if name != "as-of"]
    with st.expander("Link to this view, and how to cite it"):
        st.markdown("The link, with every choice and the day:")
        st.code(address, language=None, wrap_lines=True)
        st.markdown("A citation:")
        st.code(
            citation(st.session_state["question"], words, day, address),
            language=None,
            wrap_lines=True,
        )
        st.markdown(
            "On any later day the link gives the same figures once its day is over, whatever is "
            "approved, revised or withdrawn since."
        )


def site() -> str:
    """Where this dashboard is, as the visitor's browser knows it."""
    seen = urlsplit(st.context.url or SITE)
    return f"{seen.scheme}://{seen.netloc}" if seen.netloc else SITE
