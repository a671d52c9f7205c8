"""Load, check, approve, withdraw: for the one user of a local server."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import sleep

import streamlit as st

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.exports import contract
from vrn_metrics.exports.release_datasets import releases_dataset
from vrn_metrics.store import Loaded, Release
from vrn_metrics.store.releases import APPROVED
from vrn_metrics.ui.deciding import Decide, decisions, show_decisions
from vrn_metrics.ui.downloads import offer_table
from vrn_metrics.ui.found import store
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain

QUICK_SECONDS = 0.3
KINDS = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "json", "geojson", "zip"]


def say_releases(releases: Sequence[Release]) -> None:
    """How much there is, and how much of it counts."""
    approved = sum(each.state == APPROVED for each in releases)
    if not releases:
        st.markdown("Nothing is loaded yet. Load a published file or a local extract below.")
        return
    st.markdown(
        f"**{len(releases)} releases** are loaded and **{approved} count**. A release counts "
        f"once it is approved; nothing is ever overwritten."
    )


def offer_loading() -> None:
    """A place to drop files; whoever may only read is told so."""
    if not may_change():
        st.info("Files are loaded by those whom the network lets: analysts and approvers.")
        return
    offered = st.file_uploader(
        "Files exactly as published, or local extracts in this project's layouts",
        type=KINDS,
        accept_multiple_files=True,
    )
    if offered and st.button("Read and store", type="primary"):
        for file in offered:
            _load(file.name, file.getvalue())


def show_releases(releases: Sequence[Release]) -> None:
    """The register, and what may be decided about each release."""
    if not releases:
        return
    show_decisions(str(store().engine.url))
    rows = [contract.release_json(each) for each in releases]
    show_table(
        [
            {
                "Release": row["release"],
                "State": row["state"],
                "Table": release.title,
                "File": row["file"],
                "Edition": row["edition"],
                "Rows": "not shown" if row["rows"] is None else f"{row['rows']:,}",
                "Made up": "yes" if row["demonstration_data"] else "no",
                "Counts from (UTC)": (row["counts_from"] or "").replace("T", " "),
                "Changed": row["changed_at"].replace("T", " "),
                "By": row["changed_by"],
            }
            for row, release in zip(rows, releases, strict=True)
        ],
        "Releases",
    )
    offer_table(releases_dataset(releases, date.today()), "Releases")
    _decide(releases)


def _decide(releases: Sequence[Release]) -> None:
    chosen = st.selectbox(
        "Release",
        releases,
        format_func=lambda each: f"{each.id} {each.title} – {each.file_name} ({each.state})",
    )
    if chosen is None:
        return
    if chosen.is_guarded:
        st.markdown(
            "What was read of a local extract is told to the person who loads it, and kept from "
            "this page: numbers of rows would count events."
        )
    else:
        for note in store().notes(chosen.id):
            count = f" ({note.rows:,} rows)" if note.rows else ""
            st.markdown(f"- *{note.kind}*: {plain(note.text)}{count}")
    if not store().access.may_approve:
        return
    if chosen.state == APPROVED:
        if st.button(f"Withdraw release {chosen.id}"):
            begin_deciding(f"Withdrawing release {chosen.id}", store().withdraw, chosen.id)
    elif st.button(f"Approve release {chosen.id}"):
        begin_deciding(f"Approving release {chosen.id}", store().approve, chosen.id)


def begin_deciding(title: str, decide: Decide, release_id: int) -> None:
    """In the background; a decision that is quick is seen at once all the same."""
    url = str(store().engine.url)
    decisions().begin(title, url, decide, release_id)
    sleep(QUICK_SECONDS)
    st.rerun()


def _load(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, st.status(f"Loading {plain(name)}") as status:
        path = Path(folder) / "offered"
        path.write_bytes(content)
        try:
            loaded = store().load(path, name=name, progress=_say)
        except VrnMetricsError as error:
            status.update(label=f"{plain(name)} was refused", state="error")
            refused = str(error)
        else:
            status.update(label=f"{plain(name)} was read", state="complete")
            refused = ""
    if refused:
        st.error(plain(refused))
    else:
        _report(name, loaded)


def _say(words: str) -> None:
    st.text(words)


def _report(name: str, loaded: Loaded) -> None:
    if loaded.was_known:
        st.info(f"{plain(name)} is already loaded as release {_number(loaded)}; nothing changed.")
        return
    st.success(
        f"{plain(name)}: {loaded.rows:,} rows of {loaded.title}, stored as release "
        f"{_number(loaded)}. It counts once it is approved below."
    )
    for note in loaded.notes:
        st.markdown(f"- *{note.kind}*: {plain(note.text)}")


def _number(loaded: Loaded) -> str:
    return str(loaded.release.id) if loaded.release else ""


def may_change() -> bool:
    """Whether whoever looks may load files."""
    return store().access.may_load
