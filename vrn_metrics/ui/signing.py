"""The line that says who looks, and the way in and out."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from vrn_metrics.access import Tier
from vrn_metrics.areas import area
from vrn_metrics.ui.visitor import (
    is_signed_in,
    providers,
    remember_signing_out,
    signed_in_as,
    signs_in,
    visitor,
)
from vrn_metrics.ui.words import plain

PUBLISHED_ONLY = (
    "**Published figures only.** Local figures are left out, so that a measure without a figure "
    "here may have one for those who may see it."
)


def say_visitor() -> None:
    """Who looks and what is left out for them, in one line; nothing for a local owner."""
    if visitor().tier is Tier.OWNER:
        return
    with st.container(key="visitor", horizontal=True, vertical_alignment="center"):
        if not signs_in():
            st.markdown(f"{PUBLISHED_ONLY} They are seen on the server's own machine.")
        elif not is_signed_in():
            st.markdown(PUBLISHED_ONLY)
            _offer_signing_in()
        else:
            _say_signed_in()


def _say_signed_in() -> None:
    access = signed_in_as()
    until = f" until {_clock(access.expires)}" if access.expires else ""
    if access.expires and access.expires <= datetime.now(UTC):
        st.markdown(f"{PUBLISHED_ONLY} Your session has ended: sign in again.")
        _offer_signing_in()
        return
    who = f"Signed in as **{plain(access.name)}**"
    if access.tier is Tier.PUBLIC:
        st.markdown(f"{who}. {PUBLISHED_ONLY} No role is set for you.")
    elif access.tier is Tier.PARTNER:
        own = ", ".join(sorted(area(each).name for each in access.districts))
        st.markdown(f"{who}, partner of {own}{until}. Elsewhere you see published figures only.")
    else:
        st.markdown(f"{who}, {access.tier}{until}.")
    if st.button("Sign out"):
        remember_signing_out()
        st.logout()
    if access.expires and access.tier is not Tier.PUBLIC:
        left = (access.expires - datetime.now(UTC)).total_seconds()
        st.fragment(lambda: _end_at(access.expires), run_every=left + 1)()


def _end_at(moment: datetime | None) -> None:
    """Take what is on the screen away once the session has ended, with nobody there to ask."""
    if moment is not None and moment <= datetime.now(UTC):
        st.rerun()


def _offer_signing_in() -> None:
    for name in providers():
        label = f"Sign in with {name}" if name else "Sign in"
        if st.button(label):
            st.login(name or None)


def _clock(moment: datetime) -> str:
    return f"{moment:%d %B at %H:%M} (UTC)".lstrip("0")
