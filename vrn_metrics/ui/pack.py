"""The board pack from the page: choose what it shall be, watch it being made, save it."""

from __future__ import annotations

import streamlit as st

from vrn_metrics.analyses.scorecard import Scorecard
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.exports import pack
from vrn_metrics.ui.found import store, version
from vrn_metrics.ui.share import site
from vrn_metrics.ui.vintage import as_of
from vrn_metrics.ui.words import plain

KEPT = 6
"""Packs that are kept for those who ask for the same one again."""


def offer_pack(card: Scorecard, baseline_key: str | None, definition_key: str) -> None:
    """The board pack of what is on the page, in the form that is chosen."""
    chosen = st.segmented_control(
        "Board pack",
        list(pack.KINDS),
        format_func=lambda key: pack.KINDS[key].title,
        key="board-pack-kind",
        help="Scorecard, every measure, districts, spending, programme, what changed, methods.",
    )
    if chosen is None:
        return
    kind = pack.KINDS[chosen]
    key = (version(), card.area.code, card.as_of, baseline_key, definition_key, site(), chosen)
    made = _packs()
    if key not in made:
        asked = pack.Asked(
            store(), card.area.code, baseline_key, definition_key, as_of=as_of(), site=site()
        )
        bar = st.progress(0.0, "Beginning")

        def tell(said: str, share: float) -> None:
            bar.progress(share, plain(said))

        try:
            found, content = pack.make(asked, kind, tell)
        except VrnMetricsError as error:
            st.error(plain(str(error)))
            return
        bar.empty()
        made[key] = (f"{found.name}.{chosen}", content)
        while len(made) > KEPT:
            made.pop(next(iter(made)), None)
    name, content = made[key]
    st.download_button(
        f"Save the board pack ({kind.title}, {len(content) / 1_000:,.0f} kB)",
        content,
        file_name=name,
        mime=kind.mime,
        on_click="ignore",
        type="primary",
    )


@st.cache_resource(max_entries=1)
def _packs() -> dict[tuple[object, ...], tuple[str, bytes]]:
    """Made packs, the oldest first; they hold published figures only, so one serves everyone."""
    return {}
