"""Who looks at a page: the owner of a local server, and on any other server the public."""

from __future__ import annotations

from typing import Final

import streamlit as st

from vrn_metrics.access import OWNER, Access

LOCAL: Final = ("localhost", "127.0.0.1", "::1")


def visitor() -> Access:
    """What whoever looks may see: published figures only, where other machines can ask."""
    return OWNER if is_local() else Access()


def is_local() -> bool:
    """Whether the server listens to this machine alone, whose user is the owner."""
    return st.get_option("server.address") in LOCAL
