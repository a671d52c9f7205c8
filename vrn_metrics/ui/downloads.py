"""A table or a chart to take away, in one place for every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from vrn_metrics.exports import downloads
from vrn_metrics.exports.dataset import Dataset
from vrn_metrics.exports.downloads import Download
from vrn_metrics.exports.pictures import Caption, Spec
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.ui.folding import fold_chart


def offer_table(table: Dataset, what: str) -> None:
    """Buttons for a table's files; `what` names it, as in *Scorecard*."""
    _buttons(downloads.of_table(table), what)


def show_chart(
    spec: Spec,
    what: str,
    name: str,
    title: str,
    origin: Provenance,
    *,
    picture: Callable[[], Spec] | None = None,
    on_select: Callable[[], None] | None = None,
    rows: Callable[[], list[dict[str, str]]] | None = None,
) -> None:
    """Draw a chart, with buttons for its picture.

    Parameters
    ----------
    what
        Names it on the buttons, as in *Trend chart*: unlike any other's on the page.
    name
        Stem of the files.
    title
        What the picture says at its head.
    picture
        Draws the chart as it leaves the page, where that one fetches something from the server.
    on_select
        Called when something on the chart is chosen, which is then in the session's state under
        `name`.
    rows
        Gives the rows of the table under the chart, where that has more marks than can be read.
    """
    if on_select is None:
        st.vega_lite_chart(spec)
    else:
        st.vega_lite_chart(spec, key=name, on_select=on_select)
    offer_picture(picture or (lambda: spec), what, name, title, origin)
    fold_chart(spec, what, rows)


def offer_picture(
    picture: Callable[[], Spec], what: str, name: str, title: str, origin: Provenance
) -> None:
    """Buttons for a picture alone, where the page itself draws it otherwise; see `show_chart`."""
    _buttons(downloads.of_chart(name, picture, Caption.of(title, origin)), what)


def _buttons(files: Sequence[Download], what: str) -> None:
    """One button a file, made on the click; the page is not run again for it."""
    with st.container(horizontal=True, gap="small"):
        for each in files:
            st.download_button(
                f"{what}: {each.label}",
                each.make,
                file_name=each.file_name,
                mime=each.mime,
                on_click="ignore",
                key=f"download-{each.file_name}",
                type="tertiary",
                icon=":material/download:",
            )
