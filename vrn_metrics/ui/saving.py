"""What is edited in a page becomes a new release, by the reader that takes any file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import streamlit as st

from vrn_metrics.errors import BadInputError, Problem, VrnMetricsError
from vrn_metrics.store import Release
from vrn_metrics.store.releases import LOADED
from vrn_metrics.ui.deciding import show_decisions
from vrn_metrics.ui.found import store
from vrn_metrics.ui.loading import begin_deciding
from vrn_metrics.ui.words import plain

LONGEST_ROLE = 60


def save(text: str, source: str, role: str, now: datetime, where: Callable[[int], str]) -> None:
    """Load a layout as a file of its own; say what was saved, or every rule that it breaks.

    Parameters
    ----------
    role
        Who saves it.
    where
        Says of a row of the rows edited (0 the first) what it is, as nobody sees the file.
    """
    name = f"{source}-{now:%Y-%m-%d-%H%M%S}.csv"
    rows = text.splitlines()
    first = next(number for number, row in enumerate(rows) if not row.strip()) + 2
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8", newline="")
            # a role is typed by whoever saves, so it is no second person
            by = None if store().four_eyes() else role
            loaded = store().load(path, by=by, name=name)
    except BadInputError as error:
        said = "\n".join(_fault(each, first, where) for each in error.problems)
        st.error(f"Nothing was saved.\n{said}")
    except VrnMetricsError as error:
        st.error(f"Nothing was saved: {plain(str(error))}")
    else:
        number = loaded.release.id if loaded.release else ""
        st.success(f"Saved as release {number}. It counts once it is approved below.")


def offer_approval(source: str, release: Release | None) -> None:
    """The newest saved release that does not count yet, to be approved as on the data page."""
    show_decisions(str(store().engine.url))
    since = release.id if release else 0
    if (
        max(
            (each.id for each in store().view().releases.values() if each.source == source),
            default=0,
        )
        > since
    ):
        st.rerun()  # it was decided while this page was drawn
    waiting = [
        each
        for each in store().releases()
        if each.source == source and each.state == LOADED and each.id > since
    ]
    if not waiting:
        return
    newest = waiting[0]
    st.info(
        f"Release {newest.id} was saved by {plain(newest.changed_by)} on "
        f"{newest.changed_at:%Y-%m-%d at %H:%M} (UTC) and does not count yet."
    )
    if st.button(f"Approve release {newest.id}"):
        begin_deciding(f"Approving release {newest.id}", store().approve, newest.id)


def _fault(each: Problem, first: int, where: Callable[[int], str]) -> str:
    """A broken rule with what it is in; `first` is the row of the file that holds the first row."""
    row = None if each.row is None else each.row - first - 1
    place = where(row) if row is not None and row >= 0 else ""
    return f"- {plain(f'{place}expected {each.expected}, found {each.found}.')}"
